// Owns the capture: facts of the queries and of the short way, put together as documents.
#include "turnstone/server/capture.hpp"

#include <map>

#include "turnstone/server/catalog_scan.hpp"
#include "turnstone/server/facts.hpp"
#include "turnstone/server/plain_facts.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

// UTF-8, whatever the database holds. In one without an encoding, bytes that are no UTF-8 become characters
// of the private use area.
std::string utf8(std::string text) {
    const int encoding = GetDatabaseEncoding();
    if (encoding == PG_UTF8)
        return text;
    if (encoding != PG_SQL_ASCII)
        return to_utf8(text);
    if (pg_encoding_verifymbstr(PG_UTF8, text.data(), static_cast<int>(text.size())) ==
        static_cast<int>(text.size()))
        return text;
    std::string replaced;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte < 0x80)
            replaced += letter;
        else // U+E000 and the byte
            replaced.append(
                {'\xee', static_cast<char>(0x80 | (byte >> 6)), static_cast<char>(0x80 | (byte & 0x3f))});
    }
    return replaced;
}

const char *relation_type(char kind) {
    switch (kind) {
    case RELKIND_FOREIGN_TABLE:
        return "foreign table";
    case RELKIND_VIEW:
        return "view";
    case RELKIND_MATVIEW:
        return "materialized view";
    case RELKIND_SEQUENCE:
        return "sequence";
    default:
        return "table";
    }
}

class Capture {
  public:
    void put(Oid catalog, const Rows &rows);
    void put(const PlainFacts &plain);
    void put_parts(FactQuery &query, const Array<Oid> &parts);
    void put_columns(const Array<ColumnKey> &columns);

    [[nodiscard]] core::SchemaDocuments end() {
        core::SchemaDocuments documents;
        for (auto &[root, object] : objects_)
            documents.emplace_hint(documents.end(), root, core::document_of(object));
        return documents;
    }

  private:
    core::Snapshot objects_;
};

std::string canonical(const Rows &rows, std::size_t row, std::size_t column) {
    return rows.is_null(row, column) ? std::string()
                                     : core::canonical_properties(utf8(rows.text(row, column)));
}

void Capture::put(Oid catalog, const Rows &rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        core::SchemaObject &object = objects_[{utf8(rows.text(row, 1)), rows.text(row, 0)}];
        object.physical.catalog = catalog;
        object.physical.id = rows.integer(row, 2);
        if (rows.is_null(row, 3)) {
            object.properties = canonical(rows, row, 6);
            object.physical.meanings = canonical(rows, row, 7);
        } else {
            object.parts.push_back({rows.text(row, 3),
                                    utf8(rows.text(row, 4)),
                                    canonical(rows, row, 6),
                                    {0, rows.integer(row, 5), canonical(rows, row, 7)}});
        }
    }
}

void Capture::put_parts(FactQuery &query, const Array<Oid> &parts) {
    if (parts.size == 0)
        return;
    std::vector<std::string> numbers;
    for (const Oid part : parts)
        numbers.push_back(std::to_string(part));
    put(query.catalog(), query.of_parts(numbers));
}

void Capture::put_columns(const Array<ColumnKey> &columns) {
    if (columns.size == 0)
        return;
    std::vector<std::string> numbers;
    for (const ColumnKey &column : columns)
        numbers.push_back(std::to_string(static_cast<std::int64_t>(column.table) * 65536 + column.number));
    put(RelationRelationId, columns_query().of_parts(numbers));
}

void Capture::put(const PlainFacts &plain) {
    const ScannedRelation *table = nullptr;
    core::SchemaObject *object = nullptr;
    const auto text = [](const char *value) { return value == nullptr ? std::string() : utf8(value); };
    for (const PlainFact &fact : plain.facts) {
        if (fact.table != table) {
            table = fact.table;
            object = &objects_[{utf8(table->identity), relation_type(table->kind)}];
            object->physical.catalog = RelationRelationId;
            object->physical.id = table->oid;
        }
        if (fact.type == nullptr) {
            object->properties = utf8(fact.properties);
            object->physical.meanings = text(fact.meanings);
        } else {
            object->parts.push_back(
                {fact.type, utf8(fact.name), utf8(fact.properties), {0, fact.id, text(fact.meanings)}});
        }
    }
}

} // namespace

core::SchemaDocuments capture_schema() {
    const MemoryScope memory;
    struct Scanned {
        ScannedCatalogs catalogs;
        PlainFacts plain;
    };
    const auto [catalogs, plain] = pg([] {
        const int level = pin_settings();
        Scanned scanned{};
        scanned.catalogs = scan_catalogs();
        scanned.plain = plain_facts(scanned.catalogs);
        AtEOXact_GUC(true, level);
        return scanned;
    });
    Capture capture;
    capture.put(plain);
    capture.put_parts(relations_query(), plain.odd_relations);
    capture.put_columns(plain.odd_columns);
    capture.put_parts(constraints_query(), plain.odd_constraints);
    capture.put_parts(indexes_query(), plain.odd_indexes);
    for (FactQuery *query : fact_queries()) {
        const bool told = query == &relations_query() || query == &columns_query() ||
                          query == &constraints_query() || query == &indexes_query();
        if (!told)
            capture.put(query->catalog(), query->of_all());
    }
    return capture.end();
}

core::SchemaDocuments capture_schema_by_queries() {
    Capture capture;
    for (FactQuery *query : fact_queries())
        capture.put(query->catalog(), query->of_all());
    return capture.end();
}

core::SchemaDocuments capture_objects(const std::vector<RootId> &roots) {
    std::map<Oid, std::vector<std::string>> by_catalog;
    for (const RootId &root : roots)
        by_catalog[root.catalog].push_back(std::to_string(root.object));
    Capture capture;
    for (FactQuery *query : fact_queries()) {
        const auto wanted = by_catalog.find(query->catalog());
        if (wanted != by_catalog.end())
            capture.put(query->catalog(), query->of_objects(wanted->second));
    }
    return capture.end();
}

std::string unmodelled_objects() {
    static Query query{R"(
        , thing(kind, classid, oid) as (
            select 'aggregate', 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid
              from pg_catalog.pg_proc p join user_schema s on s.oid = p.pronamespace where p.prokind = 'a'
            union all
            select case t.typtype when 'd' then 'domain' when 'c' then 'composite type' when 'r' then 'range type'
                                  else 'base type' end, 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid
              from pg_catalog.pg_type t join user_schema s on s.oid = t.typnamespace
              left join pg_catalog.pg_class c on c.oid = t.typrelid
             where t.typtype in ('b', 'd', 'r', 'c') and t.typcategory <> 'A' and coalesce(c.relkind, 'c') = 'c'
            union all
            select 'policy', 'pg_catalog.pg_policy'::pg_catalog.regclass, p.oid
              from pg_catalog.pg_policy p join user_relation r on r.oid = p.polrelid
            union all
            select 'rule', 'pg_catalog.pg_rewrite'::pg_catalog.regclass, w.oid
              from pg_catalog.pg_rewrite w join user_relation r on r.oid = w.ev_class where w.rulename <> '_RETURN'
            union all
            select 'operator', 'pg_catalog.pg_operator'::pg_catalog.regclass, o.oid
              from pg_catalog.pg_operator o join user_schema s on s.oid = o.oprnamespace
            union all
            select 'operator class', 'pg_catalog.pg_opclass'::pg_catalog.regclass, o.oid
              from pg_catalog.pg_opclass o join user_schema s on s.oid = o.opcnamespace
            union all
            select 'collation', 'pg_catalog.pg_collation'::pg_catalog.regclass, c.oid
              from pg_catalog.pg_collation c join user_schema s on s.oid = c.collnamespace
            union all
            select 'statistics object', 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, e.oid
              from pg_catalog.pg_statistic_ext e join user_schema s on s.oid = e.stxnamespace
            union all
            select 'text search configuration', 'pg_catalog.pg_ts_config'::pg_catalog.regclass, c.oid
              from pg_catalog.pg_ts_config c join user_schema s on s.oid = c.cfgnamespace
            union all
            select 'event trigger', 'pg_catalog.pg_event_trigger'::pg_catalog.regclass, oid
              from pg_catalog.pg_event_trigger
            union all
            select 'publication', 'pg_catalog.pg_publication'::pg_catalog.regclass, oid from pg_catalog.pg_publication
            union all
            select 'foreign server', 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, oid
              from pg_catalog.pg_foreign_server
            union all
            select 'default privilege', 'pg_catalog.pg_default_acl'::pg_catalog.regclass, oid
              from pg_catalog.pg_default_acl)
        select pg_catalog.string_agg(counted.kind || ': ' || counted.number, ', ' order by counted.kind)
          from (select kind, pg_catalog.count(*) as number from thing
                 where not exists (select from member
                                    where member.classid = thing.classid and member.objid = thing.oid)
                 group by kind) counted)",
                       user_objects};
    return run(query, {}, Rights::engine).text(0, 0);
}

} // namespace turnstone::server
