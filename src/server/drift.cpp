// Owns turnstone.snapshot and turnstone.recorded_object: what the runs left, and the comparison with what is.
#include "turnstone/server/drift.hpp"

#include <algorithm>
#include <utility>

#include "turnstone/core/error.hpp"

#include "turnstone/server/attribution.hpp"
#include "turnstone/server/capture.hpp"
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

struct NewSnapshot {
    std::int64_t id;
    std::int64_t journal_id; // the last row
};

NewSnapshot add_snapshot(std::size_t objects, bool stale, std::optional<std::int64_t> fingerprint) {
    static Query query{R"(
        insert into turnstone.snapshot (journal_id, objects, server_version_num, stale, fingerprint)
        select coalesce(pg_catalog.max(id), 0), $1, pg_catalog.current_setting('server_version_num')::pg_catalog.int4, $2,
               case when $3 then $4 end
          from turnstone.journal
        returning id, journal_id)"};
    const Rows row = run(
        query, {static_cast<std::int64_t>(objects), stale, fingerprint.has_value(), fingerprint.value_or(0)});
    return {row.integer(0, 0), row.integer(0, 1)};
}

// Objects, each part an array for a query.
struct Columns {
    std::vector<std::string> types;
    std::vector<std::string> identities;
    std::vector<std::string> documents;
    core::Snapshot objects; // in the same order
};

// Those that `first` has and `second` has not so.
Columns documents_of_first_only(const core::SchemaDocuments &first, const core::SchemaDocuments &second) {
    Columns columns;
    for (const auto &[key, document] : first) {
        const auto found = second.find(key);
        if (found != second.end() && found->second == document)
            continue;
        columns.types.push_back(key.type);
        columns.identities.push_back(from_utf8(key.identity));
        columns.documents.push_back(from_utf8(document));
        columns.objects.emplace_hint(columns.objects.end(), key, core::object_of(key, document));
    }
    return columns;
}

// The schema as the run that was cut off had found it; none where that is what is recorded.
std::optional<core::SchemaDocuments> found_schema() {
    static Query query{"select object_type, identity, document::pg_catalog.text from turnstone.found_drift"};
    const Rows rows = run(query);
    if (rows.empty())
        return std::nullopt;
    core::SchemaDocuments found = recorded_schema();
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const core::ObjectKey key{to_utf8(rows.text(row, 1)), rows.text(row, 0)};
        if (rows.is_null(row, 2))
            found.erase(key);
        else
            found.insert_or_assign(key, to_utf8(rows.text(row, 2)));
    }
    return found;
}

// Turns what is recorded into `now`, as of the snapshot.
void write(std::int64_t snapshot, const core::SchemaDocuments &recorded, const core::SchemaDocuments &now,
           const Attribution &attribution) {
    static Query close{R"(
        update turnstone.recorded_object r
           set until = $1,
               origin = case when gone.removals = '' then r.origin
                             else (coalesce(r.origin::pg_catalog.jsonb, '{}') || gone.removals::pg_catalog.jsonb
                                  )::pg_catalog.json end
          from rows from (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4))
               as gone(object_type, identity, removals)
         where r.object_type = gone.object_type and r.identity = gone.identity and r.until is null)"};
    static Query insert{R"(
        insert into turnstone.recorded_object
               (object_type, identity, catalog, object, since, document, origin)
        select object_type, identity, (document::pg_catalog.json -> 'id' ->> 0)::pg_catalog.oid,
               (document::pg_catalog.json -> 'id' ->> 1)::pg_catalog.oid, $1, document::pg_catalog.json,
               origin::pg_catalog.json
          from rows from (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),
                          pg_catalog.unnest($5))
               as written(object_type, identity, document, origin))"};
    const Columns gone = documents_of_first_only(recorded, now);
    const Columns fresh = documents_of_first_only(now, recorded);
    const ChangedOrigins origins = attribution.of_changes(gone.objects, fresh.objects);
    if (!gone.types.empty())
        run(close, {snapshot, gone.types, gone.identities, origins.removals});
    if (!fresh.types.empty())
        run(insert, {snapshot, fresh.types, fresh.identities, fresh.documents, origins.origins});
}

void keep_schemas(core::Snapshot &objects, const std::vector<std::string> &schemas) {
    if (schemas.empty())
        return;
    std::vector<std::string> quoted;
    quoted.reserve(schemas.size());
    for (const std::string &schema : schemas)
        quoted.push_back(to_utf8(pg([&] { return quote_identifier(schema.c_str()); })));
    std::erase_if(objects, [&](const auto &object) { // an identity begins with its schema
        return std::none_of(quoted.begin(), quoted.end(), [&](const std::string &schema) {
            const std::string &identity = object.first.identity;
            return identity == schema || identity.starts_with(schema + ".");
        });
    });
}

} // namespace

SchemaRecorder::SchemaRecorder() : recording_(settings::record_schema()) {
    if (!recording_)
        return;
    log_.emplace();
    const LastRecord last = last_record();
    takes_over_ = !last.exists || last.stale;
    if (takes_over_ || last.fingerprint == schema_fingerprint())
        return;
    before_ = capture_schema().documents;
}

SchemaRecorder::SchemaRecorder(std::optional<core::SchemaDocuments> before)
    : recording_(settings::record_schema()), before_(std::move(before)) {}

void SchemaRecorder::keep_found_drift() const {
    static Query forget{"delete from turnstone.found_drift"};
    static Query keep{R"(
        insert into turnstone.found_drift (object_type, identity, document)
        select object_type, identity, document::pg_catalog.json
          from rows from (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3))
               as found(object_type, identity, document))"};
    static Query keep_gone{R"(
        insert into turnstone.found_drift (object_type, identity)
        select object_type, identity
          from rows from (pg_catalog.unnest($1), pg_catalog.unnest($2)) as gone(object_type, identity))"};
    run(forget);
    if (!before_)
        return;
    const core::SchemaDocuments recorded = recorded_schema();
    const Columns found = documents_of_first_only(*before_, recorded);
    if (!found.types.empty())
        run(keep, {found.types, found.identities, found.documents});
    Columns gone;
    for (const auto &[key, document] : recorded) {
        if (!before_->contains(key)) {
            gone.types.push_back(key.type);
            gone.identities.push_back(from_utf8(key.identity));
        }
    }
    if (!gone.types.empty())
        run(keep_gone, {gone.types, gone.identities});
}

namespace {

bool any_run_is_open() {
    static Query query{"select exists (select from turnstone.run where state = 'running')"};
    return run(query).boolean(0, 0);
}

} // namespace

void settle_interrupted_run() {
    static Query settle{R"(
        update turnstone.run set state = 'interrupted', finished_at = pg_catalog.clock_timestamp()
         where state = 'running')"};
    if (!any_run_is_open())
        return;
    run(settle);
    const LastRecord last = last_record();
    if (last.exists && !last.stale) // else the next run takes over what there is
        SchemaRecorder(found_schema()).finish();
}

void SchemaRecorder::finish() {
    if (!recording_) {
        add_snapshot(0, true, std::nullopt);
        return;
    }
    CapturedSchema after = capture_schema();
    const core::SchemaDocuments recorded = recorded_schema();
    const auto record = [&](const core::SchemaDocuments &now, std::optional<std::int64_t> fingerprint) {
        const NewSnapshot snapshot = add_snapshot(after.objects, false, fingerprint);
        // What was there before the first run, or has changed while no run was recorded, no run has made.
        const core::Origin otherwise{takes_over_ ? 0 : snapshot.journal_id};
        write(snapshot.id, recorded, now, Attribution(log_ ? &*log_ : nullptr, otherwise));
    };
    if (!before_)
        return record(after.documents, after.fingerprint);
    const std::vector<core::Snapshot> states =
        core::objects_that_differ({&recorded, &*before_, &after.documents});
    core::SchemaDocuments expected = core::documents_of(core::advanced(states[0], states[1], states[2]));
    for (const auto &[root, document] : recorded) { // those that are the same in all three
        const auto old = before_->find(root);
        const auto now = after.documents.find(root);
        if (old != before_->end() && now != after.documents.end() && old->second == document &&
            now->second == document)
            expected.emplace(root, document);
    }
    const bool drifted = expected != after.documents;
    record(expected, drifted ? std::nullopt : std::optional(after.fingerprint));
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
            "The last run of migrations was not recorded: turnstone.record_schema was off.",
            "The next run with turnstone.record_schema on takes the schema over as it finds it.");
    if (last.fingerprint && *last.fingerprint == schema_fingerprint())
        return {};
    if (any_run_is_open())
        pg([] {
            ereport(NOTICE,
                    (errmsg("a run of migrations is under way, or was cut off"),
                     errdetail("What it has done shows as drift until it ends, or the next run begins.")));
        });
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
