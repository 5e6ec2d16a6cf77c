// Owns the queries of tables, views, materialized views, sequences and foreign tables, and of what belongs to
// them. For plain tables, which are nearly all of a schema, plain_facts.cpp tells the same without a query.
#include "turnstone/server/facts.hpp"

namespace turnstone::server {

namespace {

// A sequence of an identity column is a property of that column.
constexpr const char *relations = R"(
    select r.object_type, r.identity, c.oid, null, null, null,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
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
           'options', (select pg_catalog.jsonb_object_agg(o.option_name, o.option_value)
                         from pg_catalog.pg_options_to_table(c.reloptions) o),
           'access method', (select m.amname from pg_catalog.pg_am m where m.oid = c.relam),
           'tablespace', (select t.spcname from pg_catalog.pg_tablespace t where t.oid = c.reltablespace),
           'replica identity', case when c.relkind in ('r', 'p') then nullif(c.relreplident, 'd') end,
           'row security', nullif(c.relrowsecurity, false),
           'forced row security', nullif(c.relforcerowsecurity, false),
           'partition key', case when c.relkind = 'p' then pg_catalog.pg_get_partkeydef(c.oid) end,
           'partition bound', pg_catalog.pg_get_expr(c.relpartbound, c.oid),
           'parents', (select pg_catalog.jsonb_agg((pg_catalog.pg_identify_object(
                                   'pg_catalog.pg_class'::pg_catalog.regclass, i.inhparent, 0)).identity
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
                    and d.deptype = 'a' and d.refobjsubid > 0) end))::pg_catalog.text,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           '', c.relnamespace || '.' || c.relname,
           'definition', (select turnstone.meaning('pg_catalog.pg_rewrite'::pg_catalog.regclass, w.oid)
                            from pg_catalog.pg_rewrite w
                           where w.ev_class = c.oid and w.rulename = '_RETURN' and c.relkind in ('v', 'm')),
           'parents', (select pg_catalog.string_agg(i.inhparent::pg_catalog.text, ' ' order by i.inhseqno)
                         from pg_catalog.pg_inherits i where i.inhrelid = c.oid),
           'partition key', case when c.relkind = 'p' then
                (select pg_catalog.concat_ws(' ', p.partstrat, p.partattrs, p.partclass, p.partcollation,
                                             turnstone.meaning(p.partexprs))
                   from pg_catalog.pg_partitioned_table p where p.partrelid = c.oid) end,
           'partition bound', turnstone.meaning(c.relpartbound),
           'owned by', case when c.relkind = 'S' then
                (select d.refobjid || '.' || d.refobjsubid from pg_catalog.pg_depend d
                  where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                    and d.deptype = 'a' and d.refobjsubid > 0) end))::pg_catalog.text
      from user_relation r join pg_catalog.pg_class c on c.oid = r.oid
     where r.object_type is not null
       and not (c.relkind = 'S' and exists (
                select from pg_catalog.pg_depend d
                 where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                   and d.deptype = 'i')))";

// The option pg_attver is the server's own book-keeping of late minor versions (catalog/pg_attribute.h:
// ATTRIBUTE_VERSION_ATTOPTION), no property that anybody set; pg_dump leaves it out too.
constexpr const char *columns = R"(
    select r.object_type, r.identity, r.oid, 'table column', pg_catalog.quote_ident(a.attname), a.attnum,
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
           'options', (select pg_catalog.jsonb_object_agg(o.option_name, o.option_value)
                         from pg_catalog.pg_options_to_table(a.attoptions) o where o.option_name <> 'pg_attver'),
           'inherited', nullif(not a.attislocal, false),
           'privileges', case when a.attacl is not null then turnstone.privileges(a.attacl, 'c', c.relowner) end,
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = a.attrelid
                        and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = a.attnum)))::pg_catalog.text,
           nullif(pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'type', case when a.atttypid >= 16384 then a.atttypid || '/' || a.atttypmod end,
           case when a.attgenerated = '' then 'default' else 'generated' end, turnstone.meaning(e.adbin),
           'collation', case when a.attcollation <> t.typcollation and a.attcollation >= 16384
                             then a.attcollation::pg_catalog.text end)), '{}')::pg_catalog.text
      from user_relation r join pg_catalog.pg_class c on c.oid = r.oid
      join pg_catalog.pg_attribute a on a.attrelid = r.oid
      join pg_catalog.pg_type t on t.oid = a.atttypid
      left join pg_catalog.pg_attrdef e on e.adrelid = a.attrelid and e.adnum = a.attnum
     where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'f'))";

// Not those that a partition has from its parent; not the NOT NULL constraints of 18, which are a property of
// their column.
constexpr const char *constraints = R"(
    select r.object_type, r.identity, r.oid, 'table constraint', pg_catalog.quote_ident(k.conname), k.oid,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'definition', pg_catalog.pg_get_constraintdef(k.oid),
           'inherited', nullif(not k.conislocal, false),
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = k.oid
                        and d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text,
           pg_catalog.jsonb_build_object('definition',
                turnstone.meaning('pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid))::pg_catalog.text
      from user_relation r join pg_catalog.pg_constraint k on k.conrelid = r.oid
     where k.contype in ('c', 'f', 'p', 'u', 'x') and k.conparentid = 0)";

// Not those that stand behind a constraint, nor those that a partition has from its parent.
constexpr const char *indexes = R"(
    select r.object_type, r.identity, r.oid, 'index', pg_catalog.quote_ident(c.relname), c.oid,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'definition', pg_catalog.pg_get_indexdef(x.indexrelid),
           'valid', nullif(x.indisvalid, true),
           'replica identity', nullif(x.indisreplident, false),
           'clustered', nullif(x.indisclustered, false),
           'tablespace', (select t.spcname from pg_catalog.pg_tablespace t where t.oid = c.reltablespace),
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = c.oid
                        and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text,
           pg_catalog.jsonb_build_object('definition',
                turnstone.meaning('pg_catalog.pg_class'::pg_catalog.regclass, c.oid))::pg_catalog.text
      from user_relation r join pg_catalog.pg_index x on x.indrelid = r.oid
      join user_relation i on i.oid = x.indexrelid join pg_catalog.pg_class c on c.oid = x.indexrelid
     where not c.relispartition
       and not exists (select from pg_catalog.pg_constraint k
                        where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x')))";

constexpr const char *triggers = R"(
    select r.object_type, r.identity, r.oid, 'trigger', pg_catalog.quote_ident(g.tgname), g.oid,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'definition', pg_catalog.pg_get_triggerdef(g.oid),
           'enabled', nullif(g.tgenabled, 'O'),
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = g.oid
                        and d.classoid = 'pg_catalog.pg_trigger'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text,
           pg_catalog.jsonb_build_object('definition',
                turnstone.meaning('pg_catalog.pg_trigger'::pg_catalog.regclass, g.oid))::pg_catalog.text
      from user_relation r join pg_catalog.pg_trigger g on g.tgrelid = r.oid
     where not g.tgisinternal and g.tgparentid = 0)";

FactQuery queries[] = {
    {RelationRelationId, relations, "r.oid", "c.oid::pg_catalog.int8"},
    {RelationRelationId, columns, "r.oid", "(r.oid::pg_catalog.int8 * 65536 + a.attnum)"},
    {RelationRelationId, constraints, "r.oid", "k.oid::pg_catalog.int8"},
    {RelationRelationId, indexes, "r.oid", "c.oid::pg_catalog.int8"},
    {RelationRelationId, triggers, "r.oid"},
};

} // namespace

std::span<FactQuery> facts_of_relations() {
    return queries;
}

FactQuery &relations_query() {
    return queries[0];
}

FactQuery &columns_query() {
    return queries[1];
}

FactQuery &constraints_query() {
    return queries[2];
}

FactQuery &indexes_query() {
    return queries[3];
}

} // namespace turnstone::server
