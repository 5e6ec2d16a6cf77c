// Owns the queries of schemas, functions and types.
#include "turnstone/server/facts.hpp"

namespace turnstone::server {

namespace {

FactQuery schemas[] = {{NamespaceRelationId, R"(
    select 'schema', s.identity, s.oid, null, null, null,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'owner', pg_catalog.pg_get_userbyid(n.nspowner),
           'privileges', case when n.nspacl is not null then turnstone.privileges(n.nspacl, 'n', n.nspowner) end,
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = n.oid
                        and d.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text,
           null
      from user_schema s join pg_catalog.pg_namespace n on n.oid = s.oid
     where true)",
                        "s.oid"}};

FactQuery routines[] = {{ProcedureRelationId, R"(
    select o.type, o.identity, p.oid, null, null, null,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'definition', pg_catalog.pg_get_functiondef(p.oid),
           'owner', pg_catalog.pg_get_userbyid(p.proowner),
           'privileges', case when p.proacl is not null then turnstone.privileges(p.proacl, 'f', p.proowner) end,
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = p.oid
                        and d.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text,
           pg_catalog.jsonb_build_object('', pg_catalog.concat_ws('.', p.pronamespace, p.proname, p.proargtypes),
                'definition', turnstone.meaning('pg_catalog.pg_proc'::pg_catalog.regclass, p.oid))::pg_catalog.text
      from user_schema s join pg_catalog.pg_proc p on p.pronamespace = s.oid
      cross join lateral pg_catalog.pg_identify_object('pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0) o
     where p.prokind in ('f', 'p', 'w')
       and not exists (select from member
                        where classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and objid = p.oid))",
                         "p.oid"}};

FactQuery types[] = {{TypeRelationId, R"(
    select 'type', s.identity || '.' || pg_catalog.quote_ident(t.typname), t.oid, null, null, null,
           pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'labels', (select pg_catalog.string_agg(pg_catalog.quote_literal(l.enumlabel), ', ' order by l.enumsortorder)
                        from pg_catalog.pg_enum l where l.enumtypid = t.oid),
           'owner', pg_catalog.pg_get_userbyid(t.typowner),
           'privileges', case when t.typacl is not null then turnstone.privileges(t.typacl, 'T', t.typowner) end,
           'comment', (select d.description from pg_catalog.pg_description d where d.objoid = t.oid
                        and d.classoid = 'pg_catalog.pg_type'::pg_catalog.regclass and d.objsubid = 0)))::pg_catalog.text,
           pg_catalog.jsonb_build_object('', t.typnamespace || '.' || t.typname)::pg_catalog.text
      from user_schema s join pg_catalog.pg_type t on t.typnamespace = s.oid
     where t.typtype = 'e'
       and not exists (select from member
                        where classid = 'pg_catalog.pg_type'::pg_catalog.regclass and objid = t.oid))",
                      "t.oid"}};

} // namespace

std::span<FactQuery> facts_of_schemas() {
    return schemas;
}

std::span<FactQuery> facts_of_routines() {
    return routines;
}

std::span<FactQuery> facts_of_types() {
    return types;
}

} // namespace turnstone::server
