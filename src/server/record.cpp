// Owns what is recorded of the schema: reading and writing of turnstone.snapshot, turnstone.recorded_object
// and turnstone.found_drift.
#include "turnstone/server/record.hpp"

#include <string>
#include <vector>

#include "turnstone/server/attribution.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

std::string system_identifier() {
    return std::to_string(GetSystemIdentifier());
}

// Objects, each part an array for a query.
struct Columns {
    std::vector<std::string> types;
    std::vector<std::string> identities;
    std::vector<std::string> documents;

    void push(const core::ObjectKey &key, const std::string &document) {
        types.push_back(key.type);
        identities.push_back(from_utf8(key.identity));
        documents.push_back(from_utf8(document));
    }
};

Columns columns_of(const core::SchemaDocuments &documents) {
    Columns columns;
    for (const auto &[key, document] : documents)
        columns.push(key, document);
    return columns;
}

// Those that `first` has and `second` has not so.
core::SchemaDocuments of_first_only(const core::SchemaDocuments &first, const core::SchemaDocuments &second) {
    core::SchemaDocuments documents;
    for (const auto &entry : first) {
        const auto found = second.find(entry.first);
        if (found == second.end() || found->second != entry.second)
            documents.insert(documents.end(), entry);
    }
    return documents;
}

core::SchemaDocuments documents_of(const Rows &rows) {
    core::SchemaDocuments documents;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (!rows.is_null(row, 2))
            documents.emplace(core::ObjectKey{to_utf8(rows.text(row, 1)), rows.text(row, 0)},
                              to_utf8(rows.text(row, 2)));
    }
    return documents;
}

} // namespace

std::string digest_of(const core::ObjectKey &key, const std::string &document) {
    return sha256(core::portable(key, document));
}

std::map<core::ObjectKey, std::string> recorded_digests() {
    static Query query{
        "select object_type, identity, digest from turnstone.recorded_object where until is null"};
    const Rows rows = run(query);
    std::map<core::ObjectKey, std::string> digests;
    for (std::size_t row = 0; row < rows.size(); ++row)
        digests.emplace(core::ObjectKey{to_utf8(rows.text(row, 1)), rows.text(row, 0)}, rows.text(row, 2));
    return digests;
}

LastRecord last_record() {
    static Query query{R"(
        select stale, system_identifier = $1 and server_version_num / 10000 = $2
                      and database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
          from turnstone.snapshot order by id desc limit 1)"};
    const Rows rows = run(query, {system_identifier(), PG_VERSION_NUM / 10000});
    if (rows.empty())
        return {};
    return {true, rows.boolean(0, 0), rows.boolean(0, 1)};
}

core::SchemaDocuments recorded_schema() {
    static Query query{"select object_type, identity, document::pg_catalog.text from "
                       "turnstone.recorded_object where until is null"};
    return documents_of(run(query));
}

core::SchemaDocuments recorded_objects(const std::vector<RootId> &roots,
                                       const core::SchemaDocuments &and_under_names_of) {
    static Query by_id{R"(
        select r.object_type, r.identity, r.document::pg_catalog.text
          from rows from (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.oid[]))
               as wanted(catalog, object)
          join turnstone.recorded_object r on r.object = wanted.object and r.catalog = wanted.catalog
         where r.until is null
        union all
        select r.object_type, r.identity, r.document::pg_catalog.text
          from turnstone.recorded_object r where r.object = 0 and r.until is null)"};
    static Query by_name{R"(
        select r.object_type, r.identity, r.document::pg_catalog.text
          from rows from (pg_catalog.unnest($1), pg_catalog.unnest($2)) as wanted(object_type, identity)
          join turnstone.recorded_object r
            on r.object_type = wanted.object_type and r.identity = wanted.identity
         where r.until is null)"};
    std::vector<std::string> catalogs;
    std::vector<std::string> objects;
    for (const RootId &root : roots) {
        catalogs.push_back(std::to_string(root.catalog));
        objects.push_back(std::to_string(root.object));
    }
    core::SchemaDocuments found = documents_of(run(by_id, {catalogs, objects}));
    Columns names;
    for (const auto &[key, document] : and_under_names_of) {
        if (!found.contains(key))
            names.push(key, {});
    }
    if (!names.types.empty())
        found.merge(documents_of(run(by_name, {names.types, names.identities})));
    return found;
}

std::int64_t add_snapshot(bool stale) {
    static Query query{R"(
        insert into turnstone.snapshot (journal_id, server_version_num, system_identifier, database, stale)
        select coalesce(pg_catalog.max(j.id), 0), pg_catalog.current_setting('server_version_num')::pg_catalog.int4, $1,
               (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()), $2
          from turnstone.journal j
        returning id)"};
    return run(query, {system_identifier(), stale}).integer(0, 0);
}

void write_record(std::int64_t snapshot, const core::SchemaDocuments &recorded,
                  const core::SchemaDocuments &now, const Attribution *attribution) {
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
               (object_type, identity, catalog, object, since, document, digest, origin)
        select object_type, identity, (document::pg_catalog.json -> 'id' ->> 0)::pg_catalog.oid,
               (document::pg_catalog.json -> 'id' ->> 1)::pg_catalog.oid, $1, document::pg_catalog.json, digest,
               case when origin <> '' then origin::pg_catalog.json
                    else (select old.origin from turnstone.recorded_object old
                           where old.object_type = written.object_type and old.identity = written.identity
                             and old.until = $1) end
          from rows from (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4),
                          pg_catalog.unnest($5), pg_catalog.unnest($6))
               as written(object_type, identity, document, digest, origin))"};
    const core::SchemaDocuments gone = of_first_only(recorded, now);
    const core::SchemaDocuments fresh = of_first_only(now, recorded);
    const ChangedOrigins origins =
        attribution != nullptr
            ? attribution->of_changes(core::objects_of(gone), core::objects_of(fresh))
            : ChangedOrigins{std::vector<std::string>(gone.size()), std::vector<std::string>(fresh.size())};
    if (!gone.empty()) {
        const Columns columns = columns_of(gone);
        run(close, {snapshot, columns.types, columns.identities, origins.removals});
    }
    if (!fresh.empty()) {
        const Columns columns = columns_of(fresh);
        std::vector<std::string> digests;
        for (const auto &[key, document] : fresh)
            digests.push_back(digest_of(key, document));
        run(insert,
            {snapshot, columns.types, columns.identities, columns.documents, digests, origins.origins});
    }
}

void keep_found_drift(const FoundDrift &found) {
    static Query forget{"delete from turnstone.found_drift"};
    static Query keep{R"(
        insert into turnstone.found_drift (catalog, object, raw_hash, object_type, identity, document)
        select catalog, object, raw_hash, object_type, identity, document::pg_catalog.json
          from rows from (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.oid[]),
                          pg_catalog.unnest($3::pg_catalog.int8[])) as root(catalog, object, raw_hash)
          left join rows from (pg_catalog.unnest($4), pg_catalog.unnest($5), pg_catalog.unnest($6))
               as there(object_type, identity, document)
            on (document::pg_catalog.json -> 'id' ->> 0)::pg_catalog.oid = catalog
           and (document::pg_catalog.json -> 'id' ->> 1)::pg_catalog.oid = object)"};
    run(forget);
    if (found.roots.empty())
        return;
    std::vector<std::string> catalogs;
    std::vector<std::string> objects;
    std::vector<std::string> hashes;
    for (const FoundObject &object : found.roots) {
        catalogs.push_back(std::to_string(object.root.catalog));
        objects.push_back(std::to_string(object.root.object));
        hashes.push_back(std::to_string(object.raw_hash));
    }
    const Columns there = columns_of(found.documents);
    run(keep, {catalogs, objects, hashes, there.types, there.identities, there.documents});
}

FoundDrift found_drift() {
    static Query query{R"(
        select object_type, identity, document::pg_catalog.text, catalog, object, raw_hash from turnstone.found_drift)"};
    const Rows rows = run(query);
    FoundDrift found;
    found.documents = documents_of(rows);
    for (std::size_t row = 0; row < rows.size(); ++row)
        found.roots.push_back(
            {{static_cast<Oid>(rows.integer(row, 3)), static_cast<Oid>(rows.integer(row, 4))},
             rows.integer(row, 5)});
    return found;
}

} // namespace turnstone::server
