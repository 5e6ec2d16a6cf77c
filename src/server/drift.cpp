// Owns turnstone.snapshot and turnstone.recorded_object: what the runs left, and the comparison with what is.
#include "turnstone/server/drift.hpp"

#include "turnstone/core/error.hpp"

#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

bool any_recorded() {
    static Query query{"select exists (select from turnstone.snapshot)"};
    return run(query).boolean(0, 0);
}

core::Snapshot recorded_schema() {
    static Query query{
        "select object_type, identity, parent_type, parent_identity, properties::pg_catalog.text "
        "from turnstone.recorded_object"};
    const Rows rows = run(query);
    return snapshot_of(rows);
}

void write(const core::SnapshotDelta &delta) {
    static Query erase{R"(
        delete from turnstone.recorded_object r
         using rows from (pg_catalog.unnest($1), pg_catalog.unnest($2)) as gone(object_type, identity)
         where r.object_type = gone.object_type and r.identity = gone.identity)"};
    static Query upsert{R"(
        insert into turnstone.recorded_object (object_type, identity, parent_type, parent_identity, properties)
        select object_type, identity, parent_type, parent_identity, properties::pg_catalog.jsonb
          from rows from (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),
                          pg_catalog.unnest($5))
               as written(object_type, identity, parent_type, parent_identity, properties)
            on conflict (object_type, identity)
            do update set parent_type = excluded.parent_type, parent_identity = excluded.parent_identity,
                          properties = excluded.properties)"};
    std::vector<std::string> types;
    std::vector<std::string> identities;
    for (const core::ObjectKey &key : delta.removed) {
        types.push_back(key.type);
        identities.push_back(key.identity);
    }
    if (!types.empty())
        run(erase, {types, identities});
    types.clear();
    identities.clear();
    std::vector<std::string> parent_types;
    std::vector<std::string> parent_identities;
    std::vector<std::string> properties;
    for (const auto *object : delta.written) {
        types.push_back(object->first.type);
        identities.push_back(object->first.identity);
        parent_types.push_back(object->second.parent.type);
        parent_identities.push_back(object->second.parent.identity);
        properties.push_back(from_utf8(object->second.properties));
    }
    if (!types.empty())
        run(upsert, {types, identities, parent_types, parent_identities, properties});
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
        quoted.emplace_back(pg([&] { return quote_identifier(schema.c_str()); }));
    std::erase_if(snapshot,
                  [&](const auto &object) { return !in_schemas(object.first, object.second, quoted); });
}

} // namespace

SchemaRecorder::SchemaRecorder() : first_(!any_recorded()) {
    if (!first_)
        before_ = capture_schema();
}

void SchemaRecorder::finish() {
    const core::Snapshot after = capture_schema();
    const core::Snapshot recorded = recorded_schema();
    // The first run takes over what it finds.
    write(core::delta(recorded, first_ ? after : core::advanced(recorded, before_, after)));
    static Query query{R"(
        insert into turnstone.snapshot (journal_id, objects, server_version_num)
        select pg_catalog.max(id), $1, pg_catalog.current_setting('server_version_num')::pg_catalog.int4
          from turnstone.journal)"};
    run(query, {static_cast<std::int64_t>(after.size())});
}

std::vector<core::Difference> schema_drift(const std::vector<std::string> &schemas) {
    if (!any_recorded())
        throw core::Error(core::ErrorCode::wrong_state,
                          "no run of migrations has been recorded in this database",
                          "There is nothing to compare the schema with.", "Run migrate_apply() first.");
    core::Snapshot expected = recorded_schema();
    core::Snapshot actual = capture_schema();
    keep_schemas(expected, schemas);
    keep_schemas(actual, schemas);
    std::vector<core::Difference> found = core::differences(expected, actual);
    for (core::Difference &difference : found) {
        difference.expected = from_utf8(difference.expected);
        difference.actual = from_utf8(difference.actual);
    }
    return found;
}

} // namespace turnstone::server
