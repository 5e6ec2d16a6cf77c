// Owns the facts of operators, operator classes and families, access methods and casts.
#include "turnstone/server/fact_kinds.hpp"

namespace turnstone::server {

namespace {

Properties with_remarks(Properties properties, const char *catalog) {
    for (Property &remark : remarks(catalog, "x.oid"))
        properties.push_back(std::move(remark));
    return properties;
}

// A member of a family: its operator or support function. They belong to the family also where they came with
// a class of it.
PartKind member_of_family(const char *kind, const char *word, const char *number_column,
                          const std::string &catalog, const std::string &family, const std::string &left,
                          const std::string &right, Oid needed, Properties properties) {
    const std::string numbered = std::string("x.") + number_column;
    return {
        .kind = kind,
        .catalog = OperatorFamilyRelationId,
        .root_type = "o.type",
        .root_identity = "o.identity",
        .root = "f.oid",
        .type = std::string("'") + kind + "'",
        .name = std::string("pg_catalog.format('") + word + " %s (%s, %s)', " + numbered +
                ", pg_catalog.format_type(" + left + ", null), pg_catalog.format_type(" + right + ", null))",
        .number = "x.oid::pg_catalog.int8",
        .from = "pg_catalog." + catalog + " x join pg_catalog.pg_opfamily f on f.oid = " + family +
                " join user_schema s on s.oid = f.opfnamespace cross join lateral "
                "pg_catalog.pg_identify_object('pg_catalog.pg_opfamily'::pg_catalog.regclass, f.oid, 0) o",
        .where = "(select true from pg_catalog.pg_depend d where d.classid = "
                 "'pg_catalog.pg_opfamily'::pg_catalog.regclass and d.objid = f.oid and d.deptype = 'e' "
                 "limit 1) is null",
        .own_name = "pg_catalog.concat_ws('.', " + numbered + ", " + left + ", " + right + ")",
        .properties = std::move(properties),
        .needed = needed};
}

} // namespace

std::span<FactQuery> facts_of_operators() {
    static FactQuery queries[] = {
        fact_query(RootKind{
            .kind = "operator",
            .catalog = OperatorRelationId,
            .table = "pg_operator",
            .from = "join user_schema s on s.oid = x.oprnamespace",
            .own_name = "pg_catalog.concat_ws('.', x.oprnamespace, x.oprname, x.oprleft, x.oprright)",
            .properties = with_remarks(
                {routine_property("function", "x.oprcode"), operator_property("commutator", "x.oprcom"),
                 operator_property("negator", "x.oprnegate"),
                 routine_property("restriction estimator", "x.oprrest"),
                 routine_property("join estimator", "x.oprjoin"), flag("hashes", "x.oprcanhash"),
                 flag("merges", "x.oprcanmerge"), owner("x.oprowner")},
                "pg_operator"),
            .needed = OperatorRelationId}),
        fact_query(RootKind{
            .kind = "operator class",
            .catalog = OperatorClassRelationId,
            .table = "pg_opclass",
            .from = "join user_schema s on s.oid = x.opcnamespace",
            .own_name = "pg_catalog.concat_ws('.', x.opcnamespace, x.opcname, x.opcmethod)",
            .properties =
                with_remarks({type_property("type", "x.opcintype"),
                              type_property("stored type", "x.opckeytype"), flag("default", "x.opcdefault"),
                              object_property("family", "pg_opfamily", "x.opcfamily"), owner("x.opcowner")},
                             "pg_opclass"),
            .needed = OperatorClassRelationId}),
        fact_query(RootKind{.kind = "operator family",
                            .catalog = OperatorFamilyRelationId,
                            .table = "pg_opfamily",
                            .from = "join user_schema s on s.oid = x.opfnamespace",
                            .own_name = "pg_catalog.concat_ws('.', x.opfnamespace, x.opfname, x.opfmethod)",
                            .properties = with_remarks({owner("x.opfowner")}, "pg_opfamily"),
                            .needed = OperatorFamilyRelationId}),
        fact_query(member_of_family("operator of access method", "operator", "amopstrategy", "pg_amop",
                                    "x.amopfamily", "x.amoplefttype", "x.amoprighttype",
                                    AccessMethodOperatorRelationId,
                                    {operator_property("operator", "x.amopopr"),
                                     object_property("for order by", "pg_opfamily", "x.amopsortfamily")})),
        fact_query(member_of_family("function of access method", "function", "amprocnum", "pg_amproc",
                                    "x.amprocfamily", "x.amproclefttype", "x.amprocrighttype",
                                    AccessMethodProcedureRelationId,
                                    {routine_property("function", "x.amproc")})),
        fact_query(RootKind{
            .kind = "access method",
            .catalog = AccessMethodRelationId,
            .table = "pg_am",
            .where = "x.oid >= 16384",
            .properties = with_remarks({letter_property("type", "x.amtype", {{'i', "index"}, {'t', "table"}}),
                                        routine_property("handler", "x.amhandler")},
                                       "pg_am"),
            .needed = AccessMethodRelationId}),
        fact_query(RootKind{
            .kind = "cast",
            .catalog = CastRelationId,
            .table = "pg_cast",
            .where = "x.oid >= 16384",
            .own_name = "x.castsource || '.' || x.casttarget",
            .properties = with_remarks(
                {routine_property("function", "x.castfunc"),
                 letter_property("method", "x.castmethod", {{'i', "with inout"}, {'b', "without function"}}),
                 letter_property("context", "x.castcontext", {{'i', "implicit"}, {'a', "assignment"}})},
                "pg_cast"),
            .needed = CastRelationId}),
    };
    return queries;
}

} // namespace turnstone::server
