// Owns the facts of functions, procedures and aggregates.
#include "turnstone/server/fact_kinds.hpp"

namespace turnstone::server {

namespace {

constexpr const char *names_something = R"(
    (x.proargdefaults is not null or 16384 <= any (x.proargtypes::pg_catalog.oid[])
     or 16384 <= any (x.proallargtypes) or x.prorettype >= 16384))";

// Defaults that name nothing have no meaning, but their text.
// The output columns of RETURNS TABLE and OUT arguments are in proallargtypes too.
const std::string signature =
    std::string("case when ") + names_something + R"( then pg_catalog.md5(pg_catalog.concat_ws('/',
        x.proargtypes, x.proallargtypes, x.proargmodes, x.proargnames, x.pronargdefaults,
        coalesce(turnstone.meaning(x.proargdefaults), pg_catalog.pg_get_expr(x.proargdefaults, 0)))) end)";

const Property arguments{"arguments", "nullif(pg_catalog.pg_get_function_arguments(x.oid), '')", signature};

const Property parallel = letter_property("parallel", "x.proparallel", {{'s', "safe"}, {'r', "restricted"}});

// What returns is derived from OUT arguments says nothing of its own.
const Property returns{
    "returns",
    R"(case when x.proargmodes && '{o,b}'::pg_catalog."char"[] then case when x.proretset then 'setof' end
                 else pg_catalog.pg_get_function_result(x.oid) end)",
    "case when " + std::string(names_something) +
        " then pg_catalog.md5(pg_catalog.concat_ws('/', x.prorettype, x.proallargtypes, x.proargmodes, "
        "x.proargnames)) end"};

Properties routine_properties() {
    Properties all{
        arguments,
        returns,
        named_property("language", "pg_language", "lanname", "x.prolang"),
        {"body", "coalesce(pg_catalog.pg_get_function_sqlbody(x.oid), x.prosrc)",
         "turnstone.meaning(x.prosqlbody)"},
        {"library", "x.probin"},
        flag("window", "x.prokind = 'w'"),
        letter_property("volatility", "x.provolatile", {{'i', "immutable"}, {'s', "stable"}}),
        parallel,
        flag("strict", "x.proisstrict"),
        flag("security definer", "x.prosecdef"),
        flag("leakproof", "x.proleakproof"),
        // 12 is internal, 13 is C
        {"cost", "nullif(x.procost, case when x.prolang in (12, 13) then 1 else 100 end)"},
        {"rows", "case when x.proretset then nullif(x.prorows, 1000) end"},
        routine_property("support", "x.prosupport"),
        options_property("settings", "x.proconfig"),
        {"transforms",
         "(select pg_catalog.string_agg(pg_catalog.format_type(of.type, null), ', ' order by of.number)\n"
         "           from pg_catalog.unnest(x.protrftypes) with ordinality of(type, number))",
         "case when 16384 <= any (x.protrftypes) then x.protrftypes::pg_catalog.text end"},
        owner("x.proowner"),
        privileges("x.proacl", "'f'", "x.proowner"),
        needed_extensions("pg_proc", "x.oid"),
    };
    for (Property &remark : remarks("pg_proc", "x.oid"))
        all.push_back(std::move(remark));
    return all;
}

Properties aggregate_properties() {
    Properties all{
        arguments,
        letter_property("kind", "a.aggkind", {{'o', "ordered-set"}, {'h', "hypothetical-set"}}),
        {"direct arguments", "nullif(a.aggnumdirectargs, 0)"},
        routine_property("transition function", "a.aggtransfn"),
        type_property("state type", "a.aggtranstype"),
        {"state space", "nullif(a.aggtransspace, 0)"},
        {"initial value", "a.agginitval"},
        routine_property("final function", "a.aggfinalfn"),
        flag("final function takes all arguments", "a.aggfinalextra"),
        {"final function modifies",
         R"(case nullif(a.aggfinalmodify, case a.aggkind when 'n' then 'r' else 'w' end::pg_catalog."char")
             when 'r' then 'read only' when 's' then 'shareable' when 'w' then 'read write' end)"},
        routine_property("combine function", "a.aggcombinefn"),
        routine_property("serial function", "a.aggserialfn"),
        routine_property("deserial function", "a.aggdeserialfn"),
        routine_property("moving transition function", "a.aggmtransfn"),
        routine_property("moving inverse function", "a.aggminvtransfn"),
        type_property("moving state type", "a.aggmtranstype"),
        {"moving state space", "nullif(a.aggmtransspace, 0)"},
        {"moving initial value", "a.aggminitval"},
        routine_property("moving final function", "a.aggmfinalfn"),
        flag("moving final function takes all arguments", "a.aggmfinalextra"),
        {"moving final function modifies",
         R"(case nullif(a.aggmfinalmodify, case a.aggkind when 'n' then 'r' else 'w' end::pg_catalog."char")
             when 'r' then 'read only' when 's' then 'shareable' when 'w' then 'read write' end)"},
        operator_property("sort operator", "a.aggsortop"),
        parallel,
        owner("x.proowner"),
        privileges("x.proacl", "'f'", "x.proowner"),
    };
    for (Property &remark : remarks("pg_proc", "x.oid"))
        all.push_back(std::move(remark));
    return all;
}

constexpr const char *own_name = "pg_catalog.concat_ws('.', x.pronamespace, x.proname, x.proargtypes)";

} // namespace

// Functions that came with a type (a range's constructors) depend on it internally, and are no one's own.
std::span<FactQuery> facts_of_routines() {
    static FactQuery queries[] = {
        fact_query(RootKind{.kind = "routine",
                            .catalog = ProcedureRelationId,
                            .table = "pg_proc",
                            .from = "join user_schema s on s.oid = x.pronamespace",
                            .where = R"(x.prokind in ('f', 'p', 'w')
       and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                                                            and d.objid = x.oid and d.deptype = 'i'))",
                            .own_name = own_name,
                            .properties = routine_properties()}),
        fact_query(RootKind{.kind = "aggregate",
                            .catalog = ProcedureRelationId,
                            .table = "pg_proc",
                            .from = "join user_schema s on s.oid = x.pronamespace "
                                    "join pg_catalog.pg_aggregate a on a.aggfnoid = x.oid",
                            .where = "true",
                            .own_name = own_name,
                            .properties = aggregate_properties()}),
    };
    return queries;
}

} // namespace turnstone::server
