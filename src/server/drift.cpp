// Owns turnstone.snapshot and turnstone.recorded_object: what the runs left, and the comparison with what is.
#include "turnstone/server/drift.hpp"

#include <utility>

#include "turnstone/core/error.hpp"

#include "turnstone/server/raii.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

// The last row of turnstone.snapshot.
struct LastRecord {
    bool exists = false;
    bool stale = false;
    // Of the catalogs when the record was exactly what they said; none where there was drift, or another
    // major version of the server.
    std::optional<std::int64_t> fingerprint;
};

LastRecord last_record() {
    static Query query{R"(
        select stale, case when server_version_num / 10000
                                = pg_catalog.current_setting('server_version_num')::pg_catalog.int4 / 10000
                           then fingerprint end
          from turnstone.snapshot order by id desc limit 1)"};
    const Rows rows = run(query);
    if (rows.empty())
        return {};
    return {true, rows.boolean(0, 0), rows.is_null(0, 1) ? std::nullopt : std::optional(rows.integer(0, 1))};
}

core::SchemaDocuments recorded_schema() {
    static Query query{"select object_type, identity, document::pg_catalog.text from "
                       "turnstone.recorded_object where until is null"};
    const Rows rows = run(query);
    core::SchemaDocuments documents;
    for (std::size_t row = 0; row < rows.size(); ++row)
        documents.emplace(core::ObjectKey{to_utf8(rows.text(row, 1)), rows.text(row, 0)},
                          to_utf8(rows.text(row, 2)));
    return documents;
}

std::int64_t add_snapshot(std::size_t objects, bool stale, std::optional<std::int64_t> fingerprint) {
    static Query query{R"(
        insert into turnstone.snapshot (journal_id, objects, server_version_num, stale, fingerprint)
        select coalesce(pg_catalog.max(id), 0), $1, pg_catalog.current_setting('server_version_num')::pg_catalog.int4, $2,
               case when $3 then $4 end
          from turnstone.journal
        returning id)"};
    return run(query,
               {static_cast<std::int64_t>(objects), stale, fingerprint.has_value(), fingerprint.value_or(0)})
        .integer(0, 0);
}

// Turns what is recorded into `now`, as of the snapshot.
void write(std::int64_t snapshot, const core::SchemaDocuments &recorded, const core::SchemaDocuments &now) {
    static Query close{R"(
        update turnstone.recorded_object r set until = $1
          from rows from (pg_catalog.unnest($2), pg_catalog.unnest($3)) as gone(object_type, identity)
         where r.object_type = gone.object_type and r.identity = gone.identity and r.until is null)"};
    static Query insert{R"(
        insert into turnstone.recorded_object (object_type, identity, since, document)
        select object_type, identity, $1, document::pg_catalog.json
          from rows from (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4))
               as written(object_type, identity, document))"};
    std::vector<std::string> types;
    std::vector<std::string> identities;
    for (const auto &[key, document] : recorded) {
        const auto found = now.find(key);
        if (found == now.end() || found->second != document) {
            types.push_back(key.type);
            identities.push_back(from_utf8(key.identity));
        }
    }
    if (!types.empty())
        run(close, {snapshot, types, identities});
    types.clear();
    identities.clear();
    std::vector<std::string> documents;
    for (const auto &[key, document] : now) {
        const auto found = recorded.find(key);
        if (found == recorded.end() || found->second != document) {
            types.push_back(key.type);
            identities.push_back(from_utf8(key.identity));
            documents.push_back(from_utf8(document));
        }
    }
    if (!types.empty())
        run(insert, {snapshot, types, identities, documents});
}

bool in_schemas(const core::ObjectKey &key, const core::ObjectState &state,
                const std::vector<std::string> &quoted_schemas) {
    // An identity begins with its schema; that of a constraint or trigger stands in its parent's.
    const std::string &qualified =
        state.parent.identity.empty() || key.type == "index" ? key.identity : state.parent.identity;
    for (const std::string &schema : quoted_schemas) {
        if (qualified == schema || qualified.starts_with(schema + "."))
            return true;
    }
    return quoted_schemas.empty();
}

void keep_schemas(core::Snapshot &snapshot, const std::vector<std::string> &schemas) {
    std::vector<std::string> quoted;
    quoted.reserve(schemas.size());
    for (const std::string &schema : schemas)
        quoted.push_back(to_utf8(pg([&] { return quote_identifier(schema.c_str()); })));
    std::erase_if(snapshot,
                  [&](const auto &object) { return !in_schemas(object.first, object.second, quoted); });
}

} // namespace

SchemaRecorder::SchemaRecorder() : recording_(settings::record_schema()) {
    if (!recording_)
        return;
    const LastRecord last = last_record();
    takes_over_ = !last.exists || last.stale;
    if (takes_over_ || last.fingerprint == schema_fingerprint())
        return;
    before_ = capture_schema().documents;
}

void SchemaRecorder::mark_stale() const {
    if (recording_)
        add_snapshot(0, true, std::nullopt);
}

void SchemaRecorder::finish() {
    if (!recording_) {
        add_snapshot(0, true, std::nullopt);
        return;
    }
    CapturedSchema after = capture_schema();
    const core::SchemaDocuments recorded = recorded_schema();
    if (!before_) {
        write(add_snapshot(after.objects, false, after.fingerprint), recorded, after.documents);
        return;
    }
    const core::SchemaDocuments expected = core::advanced(recorded, *before_, after.documents);
    const bool drifted = expected != after.documents;
    write(add_snapshot(after.objects, false, drifted ? std::nullopt : std::optional(after.fingerprint)),
          recorded, expected);
}

std::vector<core::Difference> schema_drift(const std::vector<std::string> &schemas) {
    const LastRecord last = last_record();
    if (!last.exists)
        throw core::Error(core::ErrorCode::wrong_state,
                          "no run of migrations has been recorded in this database",
                          "There is nothing to compare the schema with.", "Run migrate_apply() first.");
    if (last.stale)
        throw core::Error(
            core::ErrorCode::wrong_state, "the record of the schema is stale",
            "The last run of migrations is under way, was cut off, or ran with turnstone.record_schema off.",
            "The next run with turnstone.record_schema on takes the schema over as it finds it.");
    if (last.fingerprint && *last.fingerprint == schema_fingerprint())
        return {};
    const core::SchemaDocuments recorded = recorded_schema();
    const core::SchemaDocuments live = capture_schema().documents;
    std::vector<core::Snapshot> objects = core::objects_that_differ({&recorded, &live});
    for (core::Snapshot &state : objects)
        keep_schemas(state, schemas);
    std::vector<core::Difference> found = core::differences(objects[0], objects[1]);
    for (core::Difference &difference : found) {
        difference.object.identity = from_utf8(difference.object.identity);
        difference.expected = from_utf8(difference.expected);
        difference.actual = from_utf8(difference.actual);
    }
    return found;
}

} // namespace turnstone::server
