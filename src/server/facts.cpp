// Owns how the queries of facts are run, and what they have in common.
#include "turnstone/server/facts.hpp"

#include "turnstone/server/functions.hpp"

namespace turnstone::server {

// What belongs to users: not to the system, to the engine, to an extension or to a session (temporary
// objects). A schema of an extension may hold users' objects; they count, as pg_dump has it. The lookups of
// members are subqueries of their own, so that they go by the index of pg_depend, which is too large to be
// read for each query.
const char *const user_objects = R"(with user_schema as (
        select n.oid, pg_catalog.quote_ident(n.nspname) as identity from pg_catalog.pg_namespace n
         where n.nspname not in ('pg_catalog', 'information_schema', 'turnstone')
           and n.nspname !~ '^pg_(toast|temp|toast_temp)'
    ), user_relation as (
        select c.oid, s.identity || '.' || pg_catalog.quote_ident(c.relname) as identity, c.relkind,
               case c.relkind when 'r' then 'table' when 'p' then 'table' when 'f' then 'foreign table'
                              when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
                end as object_type
          from pg_catalog.pg_class c join user_schema s on s.oid = c.relnamespace
         where c.relpersistence <> 't'
           and not coalesce((select true from pg_catalog.pg_depend d where d.deptype = 'e' and d.objid = c.oid
                                and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass limit 1), false)
    ) )";

namespace {

// Whether the catalog holds a row that the server did not bring along. All of it is a leaf.
bool any_row_of_users(Oid catalog) {
    Relation relation = table_open(catalog, AccessShareLock);
    list_free(RelationGetIndexList(relation)); // finds the primary key
    ScanKeyData key;
    ScanKeyInit(&key, 1, BTGreaterEqualStrategyNumber, F_OIDGE, ObjectIdGetDatum(FirstNormalObjectId));
    SysScanDesc scan = systable_beginscan(relation, relation->rd_pkindex, true, nullptr, 1, &key);
    const bool any = HeapTupleIsValid(systable_getnext(scan));
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
    return any;
}

} // namespace

bool FactQuery::is_for_others() const {
    return form_.for_superusers && !pg([] { return superuser_arg(engine_owner()); });
}

Rows FactQuery::of_all() {
    if (is_for_others() || (OidIsValid(form_.needed) && !pg([&] { return any_row_of_users(form_.needed); })))
        return {0, 0};
    if (all_.query.text == nullptr)
        all_.query = {.text = form_.text.c_str(), .prelude = user_objects};
    return run(all_.query);
}

Rows FactQuery::of_objects(const std::vector<std::string> &oids) {
    if (is_for_others())
        return {0, 0};
    if (objects_.query.text == nullptr) {
        objects_.text = form_.text + " and " + form_.object + " = any ($1::pg_catalog.oid[])";
        objects_.query = {.text = objects_.text.c_str(), .prelude = user_objects};
    }
    return run(objects_.query, {oids});
}

Rows FactQuery::of_parts(const std::vector<std::string> &objects, const std::vector<std::string> &numbers) {
    if (parts_.query.text == nullptr) {
        parts_.text = form_.text + " and " + form_.object + " = any ($1::pg_catalog.oid[]) and " +
                      form_.part + " = any ($2::pg_catalog.int8[])";
        parts_.query = {.text = parts_.text.c_str(), .prelude = user_objects, .planned_for_values = true};
    }
    return run(parts_.query, {objects, numbers});
}

std::vector<FactQuery *> fact_queries() {
    std::vector<FactQuery *> all;
    for (const std::span<FactQuery> queries :
         {facts_of_relations(), facts_of_routines(), facts_of_types(), facts_of_operators(),
          facts_of_languages(), facts_of_links(), facts_of_extensions(), facts_of_database()}) {
        for (FactQuery &query : queries)
            all.push_back(&query);
    }
    return all;
}

Datum captured_properties(FunctionCallInfo fcinfo) {
    ResultRows result(fcinfo);
    for (const FactQuery *query : fact_queries()) {
        for (const std::string &property : query->properties())
            result.put({query->kind(), property});
        if (query->properties().empty())
            result.put({query->kind(), std::nullopt});
    }
    return static_cast<Datum>(0);
}

} // namespace turnstone::server
