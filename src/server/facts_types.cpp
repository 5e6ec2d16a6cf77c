// Owns the facts of types: enums, composite types, domains, ranges, base types and shells, with what belongs
// to them.
#include "turnstone/server/relation_parts.hpp"

namespace turnstone::server {

namespace {

constexpr const char *own_name = "x.typnamespace || '.' || x.typname";

FactQuery type_query(const char *kind, const std::string &where, Properties properties,
                     const std::string &from = "") {
    properties.insert(properties.begin(), {{"kind", std::string("'") + kind + "'"},
                                           owner("x.typowner"),
                                           privileges("x.typacl", "'T'", "x.typowner")});
    for (Property &remark : remarks("pg_type", "x.oid"))
        properties.push_back(std::move(remark));
    return fact_query(RootKind{.kind = kind,
                               .catalog = TypeRelationId,
                               .table = "pg_type",
                               .from = "join user_schema s on s.oid = x.typnamespace " + from,
                               .where = where,
                               .own_name = own_name,
                               .properties = std::move(properties)});
}

// NOT NULL of a domain is a constraint since 17.
Property of_not_null(const char *name, const std::string &value) {
    return {name, "(select " + value +
                      " from pg_catalog.pg_constraint k where k.contypid = x.oid and k.contype = 'n')"};
}

Properties domain_properties() {
    return {
        type_property("base type", "x.typbasetype", "x.typtypmod"),
        {"collation",
         R"(case when x.typcollation <> (select base.typcollation from pg_catalog.pg_type base where base.oid = x.typbasetype)
             then (pg_catalog.pg_identify_object('pg_catalog.pg_collation'::pg_catalog.regclass, x.typcollation, 0)).identity end)",
         meaning_of("x.typcollation")},
        tree_property("default", "coalesce(pg_catalog.pg_get_expr(x.typdefaultbin, 0), x.typdefault)",
                      "x.typdefaultbin"),
        flag("not null", "x.typnotnull"),
        // Names that the server gave say nothing: they hold the name that the domain had then.
        of_not_null("not null name", R"(case when k.conname !~ '_not_null\d*$' then k.conname end)"),
        of_not_null("not null comment", remarks("pg_constraint", "k.oid").front().value),
    };
}

Properties range_properties() {
    return {
        type_property("subtype", "r.rngsubtype"),
        {"subtype operator class",
         R"((select (pg_catalog.pg_identify_object('pg_catalog.pg_opclass'::pg_catalog.regclass, c.oid, 0)).identity
            from pg_catalog.pg_opclass c where c.oid = r.rngsubopc and not c.opcdefault))",
         meaning_of("r.rngsubopc")},
        {"subtype collation",
         R"(case when r.rngcollation <> (select base.typcollation from pg_catalog.pg_type base where base.oid = r.rngsubtype)
             then (pg_catalog.pg_identify_object('pg_catalog.pg_collation'::pg_catalog.regclass, r.rngcollation, 0)).identity end)",
         meaning_of("r.rngcollation")},
        routine_property("canonical function", "r.rngcanonical"),
        routine_property("subtype difference function", "r.rngsubdiff"),
        {"multirange type", "pg_catalog.format_type(r.rngmultitypid, null)",
         "(select m.typnamespace || '.' || m.typname from pg_catalog.pg_type m where m.oid = "
         "r.rngmultitypid)"},
        {"multirange comment", remarks("pg_type", "r.rngmultitypid").front().value},
    };
}

Properties base_properties() {
    return {
        {"internal length", "case x.typlen when -1 then 'variable' when -2 then 'cstring' "
                            "else x.typlen::pg_catalog.text end"},
        flag("passed by value", "x.typbyval"),
        letter_property("alignment", "x.typalign", {{'c', "char"}, {'s', "int2"}, {'d', "double"}}),
        letter_property("storage", "x.typstorage", {{'e', "external"}, {'x', "extended"}, {'m', "main"}}),
        {"category", "nullif(x.typcategory, 'U')"},
        flag("preferred", "x.typispreferred"),
        {"delimiter", "nullif(x.typdelim, ',')"},
        type_property("element type", "x.typelem"),
        {"default", "x.typdefault"},
        flag("collatable", "x.typcollation <> 0"),
        routine_property("input function", "x.typinput"),
        routine_property("output function", "x.typoutput"),
        routine_property("receive function", "x.typreceive"),
        routine_property("send function", "x.typsend"),
        routine_property("type modifier input function", "x.typmodin"),
        routine_property("type modifier output function", "x.typmodout"),
        routine_property("analyze function", "x.typanalyze"),
        routine_property("subscript function", "x.typsubscript"),
    };
}

// What belongs to a type x.
PartKind part_of_type(const char *kind, const char *name, const char *number, const std::string &from,
                      Properties properties) {
    return {.kind = kind,
            .catalog = TypeRelationId,
            .root_type = "'type'",
            .root_identity = "s.identity || '.' || pg_catalog.quote_ident(t.typname)",
            .root = "t.oid",
            .type = std::string("'") + kind + "'",
            .name = name,
            .number = number,
            .from = from + " join user_schema s on s.oid = t.typnamespace",
            .where = "(select true from pg_catalog.pg_depend d where d.classid = "
                     "'pg_catalog.pg_type'::pg_catalog.regclass and d.objid = t.oid and d.deptype = 'e' "
                     "limit 1) is null",
            .properties = std::move(properties)};
}

FactQuery enum_labels() {
    PartKind part =
        part_of_type("enum label", "pg_catalog.quote_ident(x.enumlabel)", "x.oid::pg_catalog.int8",
                     "pg_catalog.pg_enum x join pg_catalog.pg_type t on t.oid = x.enumtypid", {});
    part.needed = EnumRelationId;
    return fact_query(part);
}

FactQuery domain_constraints() {
    Properties properties = constraint_properties();
    properties.push_back(remarks("pg_constraint", "x.oid").front());
    PartKind part = part_of_type(
        "domain constraint", "pg_catalog.quote_ident(x.conname)", "x.oid::pg_catalog.int8",
        "pg_catalog.pg_constraint x join pg_catalog.pg_type t on t.oid = x.contypid", std::move(properties));
    part.where += " and x.contypid <> 0 and x.contype = 'c'";
    part.needed = ConstraintRelationId;
    return fact_query(part);
}

FactQuery attributes() {
    PartKind part = part_of_type(
        "composite type column", "pg_catalog.quote_ident(x.attname)", "x.attnum::pg_catalog.int8",
        "pg_catalog.pg_class c join pg_catalog.pg_type t on t.oid = c.reltype "
        "join pg_catalog.pg_attribute x on x.attrelid = c.oid",
        {type_property("type", "x.atttypid", "x.atttypmod"),
         {"collation",
          R"(case when x.attcollation <> (select of_type.typcollation from pg_catalog.pg_type of_type where of_type.oid = x.atttypid)
             then (pg_catalog.pg_identify_object('pg_catalog.pg_collation'::pg_catalog.regclass, x.attcollation, 0)).identity end)",
          meaning_of("x.attcollation")},
         remarks("pg_class", "x.attrelid", "x.attnum").front()});
    part.where += " and c.relkind = 'c' and x.attnum > 0 and not x.attisdropped";
    return fact_query(part);
}

} // namespace

std::span<FactQuery> facts_of_types() {
    static FactQuery queries[] = {
        type_query(
            "enum", "x.typtype = 'e'",
            {{"label order", "(select pg_catalog.jsonb_agg(pg_catalog.quote_ident(l.enumlabel) order by "
                             "l.enumsortorder) from pg_catalog.pg_enum l where l.enumtypid = x.oid)"}}),
        enum_labels(),
        type_query(
            "composite", "x.typtype = 'c' and c.relkind = 'c'",
            {{"column order",
              "(select pg_catalog.jsonb_agg(a.attname order by a.attnum) from pg_catalog.pg_attribute a "
              "where a.attrelid = x.typrelid and a.attnum > 0 and not a.attisdropped)"}},
            "join pg_catalog.pg_class c on c.oid = x.typrelid"),
        attributes(),
        type_query("domain", "x.typtype = 'd'", domain_properties()),
        domain_constraints(),
        type_query("range", "x.typtype = 'r'", range_properties(),
                   "join pg_catalog.pg_range r on r.rngtypid = x.oid"),
        // not the array types that come with others
        type_query("base",
                   "x.typtype = 'b' and not exists (select from pg_catalog.pg_type element "
                   "where element.oid = x.typelem and element.typarray = x.oid)",
                   base_properties()),
        type_query("shell", "x.typtype = 'p' and not x.typisdefined", {}),
    };
    return queries;
}

} // namespace turnstone::server
