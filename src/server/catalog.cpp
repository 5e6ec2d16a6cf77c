// Owns the queries that read the catalogs as facts: one a kind of object, each returning object type,
// identity, the parent's type and identity, and the properties as jsonb text. Identities and deparsed texts
// are fully qualified, because the queries run with search_path = pg_catalog. Properties that have their
// default value are null, and left out. They are the definition of what is captured; for plain tables, which
// are nearly all of a schema, plain_facts.cpp tells the same without a query.
#include "turnstone/server/drift.hpp"

#include "turnstone/server/catalog_scan.hpp"
#include "turnstone/server/plain_facts.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

// What belongs to users: not to the system, to the engine, to an extension or to a session (temporary
// objects).
constexpr const char *user_objects = R"(with member as (
        select d.classid, d.objid from pg_catalog.pg_depend d where d.deptype = 'e'
    ), user_schema as (
        select n.oid, pg_catalog.quote_ident(n.nspname) as identity from pg_catalog.pg_namespace n
         where n.nspname not in ('pg_catalog', 'information_schema', 'turnstone')
           and n.nspname !~ '^pg_(toast|temp|toast_temp)'
           and not exists (select from member
                            where classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and objid = n.oid)
    ), user_relation as (
        select c.oid, s.identity || '.' || pg_catalog.quote_ident(c.relname) as identity, c.relkind,
               case c.relkind when 'r' then 'table' when 'p' then 'table' when 'f' then 'foreign table'
                              when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
                end as object_type
          from pg_catalog.pg_class c join user_schema s on s.oid = c.relnamespace
         where c.relpersistence <> 't'
           and not exists (select from member
                            where classid = 'pg_catalog.pg_class'::pg_catalog.regclass and objid = c.oid)
    ) )";

Query schemas{R"(
    select 'schema', s.identity, null, null, pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'owner', pg_catalog.pg_get_userbyid(n.nspowner),
           'privileges', case when n.nspacl is not null then turnstone.privileges(n.nspacl, 'n', n.nspowner) end,
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = n.oid
                        and d.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text
      from user_schema s join pg_catalog.pg_namespace n on n.oid = s.oid)",
              user_objects};

// A sequence of an identity column is a property of that column.
Query relations{R"(
    select r.object_type, r.identity, null, null, pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'owner', pg_catalog.pg_get_userbyid(c.relowner),
           'privileges', case when c.relacl is not null then turnstone.privileges(c.relacl,
                              (case c.relkind when 'S' then 's' else 'r' end)::pg_catalog."char", c.relowner) end,
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = c.oid
                        and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = 0),
           'column order', case when c.relkind in ('r', 'p', 'f') then
                (select pg_catalog.jsonb_agg(a.attname order by a.attnum) from pg_catalog.pg_attribute a
                  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) end,
           'definition', case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) end,
           'populated', case when c.relkind = 'm' then c.relispopulated end,
           'persistence', nullif(c.relpersistence, 'p'),
           'options', (select pg_catalog.string_agg(o, ', ' order by o collate "C")
                         from pg_catalog.unnest(c.reloptions) o),
           'access method', (select m.amname from pg_catalog.pg_am m where m.oid = c.relam),
           'tablespace', (select t.spcname from pg_catalog.pg_tablespace t where t.oid = c.reltablespace),
           'replica identity', case when c.relkind in ('r', 'p') then nullif(c.relreplident, 'd') end,
           'row security', nullif(c.relrowsecurity, false),
           'forced row security', nullif(c.relforcerowsecurity, false),
           'partition key', case when c.relkind = 'p' then pg_catalog.pg_get_partkeydef(c.oid) end,
           'partition bound', pg_catalog.pg_get_expr(c.relpartbound, c.oid),
           'inherits', (select pg_catalog.string_agg((pg_catalog.pg_identify_object(
                                   'pg_catalog.pg_class'::pg_catalog.regclass, i.inhparent, 0)).identity, ', '
                               order by i.inhseqno)
                          from pg_catalog.pg_inherits i where i.inhrelid = c.oid),
           'sequence', (select pg_catalog.concat_ws(' ', pg_catalog.format_type(q.seqtypid, null), 'start', q.seqstart,
                               'increment', q.seqincrement, 'min', q.seqmin, 'max', q.seqmax, 'cache', q.seqcache,
                               case when q.seqcycle then 'cycle' end)
                          from pg_catalog.pg_sequence q where q.seqrelid = c.oid),
           'owned by', case when c.relkind = 'S' then
                (select (pg_catalog.pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid)).identity
                   from pg_catalog.pg_depend d
                  where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                    and d.deptype = 'a' and d.refobjsubid > 0) end))::pg_catalog.text
      from user_relation r join pg_catalog.pg_class c on c.oid = r.oid
     where r.object_type is not null
       and not (c.relkind = 'S' and exists (
                select from pg_catalog.pg_depend d
                 where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                   and d.deptype = 'i'))
       and ($1 or r.oid in (select pg_catalog.unnest($2::pg_catalog.oid[]))))",
                user_objects};

// The option pg_attver is the server's own book-keeping of late minor versions (catalog/pg_attribute.h:
// ATTRIBUTE_VERSION_ATTOPTION), no property that anybody set; pg_dump leaves it out too.
Query columns{R"(
    select 'table column', r.identity || '.' || pg_catalog.quote_ident(a.attname), r.object_type, r.identity,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
           'not null', nullif(a.attnotnull, false),
           'default', case when a.attgenerated = '' then pg_catalog.pg_get_expr(e.adbin, e.adrelid) end,
           'generated', case when a.attgenerated <> '' then
                pg_catalog.concat_ws(' ', a.attgenerated, pg_catalog.pg_get_expr(e.adbin, e.adrelid)) end,
           'identity', case when a.attidentity <> '' then
                (select pg_catalog.concat_ws(' ', a.attidentity, 'start', q.seqstart, 'increment', q.seqincrement,
                        'min', q.seqmin, 'max', q.seqmax, 'cache', q.seqcache, case when q.seqcycle then 'cycle' end)
                   from pg_catalog.pg_depend d join pg_catalog.pg_sequence q on q.seqrelid = d.objid
                  where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and d.refobjid = a.attrelid and d.refobjsubid = a.attnum and d.deptype = 'i') end,
           'collation', case when a.attcollation <> t.typcollation then
                (pg_catalog.pg_identify_object('pg_catalog.pg_collation'::pg_catalog.regclass, a.attcollation, 0)
                ).identity end,
           'storage', case when a.attstorage <> t.typstorage then a.attstorage end,
           'compression', nullif(a.attcompression, ''),
           'statistics', nullif(a.attstattarget, -1),
           'options', (select pg_catalog.string_agg(o, ', ' order by o collate "C")
                         from pg_catalog.unnest(a.attoptions) o where o not like 'pg\_attver=%'),
           'inherited', nullif(not a.attislocal, false),
           'privileges', case when a.attacl is not null then turnstone.privileges(a.attacl, 'c', c.relowner) end,
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = a.attrelid
                        and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = a.attnum)))::pg_catalog.text
      from user_relation r join pg_catalog.pg_class c on c.oid = r.oid
      join pg_catalog.pg_attribute a on a.attrelid = r.oid
      join pg_catalog.pg_type t on t.oid = a.atttypid
      left join pg_catalog.pg_attrdef e on e.adrelid = a.attrelid and e.adnum = a.attnum
     where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'f')
       and ($1 or (r.oid, a.attnum) in (select oid, number from rows from (
               pg_catalog.unnest($2::pg_catalog.oid[]), pg_catalog.unnest($3::pg_catalog.int2[])) as odd(oid, number))))",
              user_objects};

// Not those that a partition has from its parent; not the NOT NULL constraints of 18, which are a property of
// their column.
Query constraints{R"(
    select 'table constraint', pg_catalog.quote_ident(k.conname) || ' on ' || r.identity, r.object_type, r.identity,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'definition', pg_catalog.pg_get_constraintdef(k.oid),
           'inherited', nullif(not k.conislocal, false),
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = k.oid
                        and d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text
      from user_relation r join pg_catalog.pg_constraint k on k.conrelid = r.oid
     where k.contype in ('c', 'f', 'p', 'u', 'x') and k.conparentid = 0
       and ($1 or k.oid in (select pg_catalog.unnest($2::pg_catalog.oid[]))))",
                  user_objects};

// Not those that stand behind a constraint, nor those that a partition has from its parent.
Query indexes{R"(
    select 'index', i.identity, r.object_type, r.identity,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'definition', pg_catalog.pg_get_indexdef(x.indexrelid),
           'valid', nullif(x.indisvalid, true),
           'replica identity', nullif(x.indisreplident, false),
           'clustered', nullif(x.indisclustered, false),
           'tablespace', (select t.spcname from pg_catalog.pg_tablespace t where t.oid = c.reltablespace),
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = c.oid
                        and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text
      from user_relation r join pg_catalog.pg_index x on x.indrelid = r.oid
      join user_relation i on i.oid = x.indexrelid join pg_catalog.pg_class c on c.oid = x.indexrelid
     where not c.relispartition
       and not exists (select from pg_catalog.pg_constraint k
                        where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))
       and ($1 or x.indexrelid in (select pg_catalog.unnest($2::pg_catalog.oid[]))))",
              user_objects};

Query triggers{R"(
    select 'trigger', pg_catalog.quote_ident(g.tgname) || ' on ' || r.identity, r.object_type, r.identity,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'definition', pg_catalog.pg_get_triggerdef(g.oid),
           'enabled', nullif(g.tgenabled, 'O'),
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = g.oid
                        and d.classoid = 'pg_catalog.pg_trigger'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text
      from user_relation r join pg_catalog.pg_trigger g on g.tgrelid = r.oid
     where not g.tgisinternal and g.tgparentid = 0)",
               user_objects};

Query functions{R"(
    select o.type, o.identity, null, null, pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'definition', pg_catalog.pg_get_functiondef(p.oid),
           'owner', pg_catalog.pg_get_userbyid(p.proowner),
           'privileges', case when p.proacl is not null then turnstone.privileges(p.proacl, 'f', p.proowner) end,
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = p.oid
                        and d.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text
      from user_schema s join pg_catalog.pg_proc p on p.pronamespace = s.oid
      cross join lateral pg_catalog.pg_identify_object('pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0) o
     where p.prokind in ('f', 'p', 'w')
       and not exists (select from member
                        where classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and objid = p.oid))",
                user_objects};

Query enums{R"(
    select 'type', s.identity || '.' || pg_catalog.quote_ident(t.typname), null, null,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'labels', (select pg_catalog.string_agg(pg_catalog.quote_literal(l.enumlabel), ', ' order by l.enumsortorder)
                        from pg_catalog.pg_enum l where l.enumtypid = t.oid),
           'owner', pg_catalog.pg_get_userbyid(t.typowner),
           'privileges', case when t.typacl is not null then turnstone.privileges(t.typacl, 'T', t.typowner) end,
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = t.oid
                        and d.classoid = 'pg_catalog.pg_type'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text
      from user_schema s join pg_catalog.pg_type t on t.typnamespace = s.oid
     where t.typtype = 'e'
       and not exists (select from member
                        where classid = 'pg_catalog.pg_type'::pg_catalog.regclass and objid = t.oid))",
            user_objects};

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

class Capture {
  public:
    void all_of(Query &query) { put(run(query)); }
    void those_of(Query &query, const Array<Oid> &objects) {
        if (objects.size == 0)
            return;
        std::vector<std::string> oids;
        for (const Oid oid : objects)
            oids.push_back(std::to_string(oid));
        put(run(query, {false, oids}));
    }
    void these_columns(const Array<ColumnKey> &keys) {
        if (keys.size == 0)
            return;
        std::vector<std::string> tables;
        std::vector<std::string> numbers;
        for (const ColumnKey &key : keys) {
            tables.push_back(std::to_string(key.table));
            numbers.push_back(std::to_string(key.number));
        }
        put(run(columns, {false, tables, numbers}));
    }
    void everything() {
        const std::vector<std::string> none;
        for (Query *query : {&relations, &constraints, &indexes})
            put(run(*query, {true, none}));
        put(run(columns, {true, none, none}));
        for (Query *query : {&schemas, &triggers, &functions, &enums})
            all_of(*query);
    }
    void plain_tables(const PlainFacts &plain);

    [[nodiscard]] CapturedSchema end() {
        CapturedSchema captured;
        for (auto &[root, group] : groups_) {
            captured.objects += group.parts.size() + (group.properties.empty() ? 0 : 1);
            captured.documents.emplace_hint(captured.documents.end(), root, core::document_of(group));
        }
        return captured;
    }

  private:
    void put(const Rows &rows) {
        for (std::size_t row = 0; row < rows.size(); ++row) {
            std::string properties = core::canonical_properties(utf8(rows.text(row, 4)));
            if (rows.is_null(row, 3))
                groups_[{utf8(rows.text(row, 1)), rows.text(row, 0)}].properties = std::move(properties);
            else
                groups_[{utf8(rows.text(row, 3)), rows.text(row, 2)}].parts.push_back(
                    {rows.text(row, 0), utf8(rows.text(row, 1)), std::move(properties)});
        }
    }

    core::ObjectGroups groups_;
};

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

void Capture::plain_tables(const PlainFacts &plain) {
    const ScannedRelation *table = nullptr;
    core::ObjectGroup *group = nullptr;
    for (const PlainFact &fact : plain.facts) {
        if (fact.table != table) {
            table = fact.table;
            group = &groups_[{utf8(table->identity), relation_type(table->kind)}];
        }
        if (fact.type == nullptr)
            group->properties = utf8(fact.properties);
        else
            group->parts.push_back({fact.type, utf8(fact.identity), utf8(fact.properties)});
    }
}

} // namespace

CapturedSchema capture_schema() {
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
    capture.plain_tables(plain);
    capture.all_of(schemas);
    capture.those_of(relations, plain.odd_relations);
    capture.these_columns(plain.odd_columns);
    capture.those_of(constraints, plain.odd_constraints);
    capture.those_of(indexes, plain.odd_indexes);
    if (catalogs.any_trigger)
        capture.all_of(triggers);
    if (catalogs.any_function)
        capture.all_of(functions);
    if (catalogs.any_enum)
        capture.all_of(enums);
    CapturedSchema captured = capture.end();
    captured.fingerprint = static_cast<std::int64_t>(catalogs.fingerprint);
    return captured;
}

CapturedSchema capture_schema_by_queries() {
    Capture capture;
    capture.everything();
    return capture.end();
}

std::int64_t schema_fingerprint() {
    const MemoryScope memory;
    return static_cast<std::int64_t>(pg([] { return catalog_fingerprint(); }));
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
