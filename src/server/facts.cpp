// Owns how the queries of facts are made and run, and what they have in common.
#include "turnstone/server/facts.hpp"

namespace turnstone::server {

// What belongs to users: not to the system, to the engine, to an extension or to a session (temporary
// objects).
const char *const user_objects = R"(with member as (
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

Rows FactQuery::run_form(Form &form, const char *expression, const char *type,
                         const std::vector<std::string> &numbers) {
    if (form.query.text == nullptr) {
        form.text = std::string(text_) + " and " + expression + " = any ($1::" + type + "[])";
        form.query = {.text = form.text.c_str(), .prelude = user_objects};
    }
    return run(form.query, {numbers});
}

Rows FactQuery::of_all() {
    if (all_.query.text == nullptr)
        all_.query = {.text = text_, .prelude = user_objects};
    return run(all_.query);
}

Rows FactQuery::of_objects(const std::vector<std::string> &oids) {
    return run_form(objects_, object_, "pg_catalog.oid", oids);
}

Rows FactQuery::of_parts(const std::vector<std::string> &numbers) {
    return run_form(parts_, part_, "pg_catalog.int8", numbers);
}

std::vector<FactQuery *> fact_queries() {
    std::vector<FactQuery *> all;
    for (const std::span<FactQuery> queries :
         {facts_of_schemas(), facts_of_relations(), facts_of_routines(), facts_of_types()}) {
        for (FactQuery &query : queries)
            all.push_back(&query);
    }
    return all;
}

} // namespace turnstone::server
