// Owns the facts of schemas and of the database as a whole: its settings, default privileges, the roles that
// it names, and privileges on what the server brought along.
#include "turnstone/server/fact_kinds.hpp"

namespace turnstone::server {

namespace {

constexpr const char *this_database =
    "(select here.oid from pg_catalog.pg_database here where here.datname = pg_catalog.current_database())";

RootKind schema() {
    Properties properties{owner("x.nspowner"), privileges("x.nspacl", "'n'", "x.nspowner")};
    for (Property &remark : remarks("pg_namespace", "x.oid"))
        properties.push_back(std::move(remark));
    return {.kind = "schema",
            .catalog = NamespaceRelationId,
            .table = "pg_namespace",
            .from = "join user_schema s on s.oid = x.oid",
            .properties = std::move(properties)};
}

// The same whatever the database is called. daticulocale became datlocale in 17; rules came in 16.
RootKind database() {
    return {
        .kind = "database",
        .catalog = DatabaseRelationId,
        .table = "pg_database",
        .where = "x.datname = pg_catalog.current_database()",
        .properties = {owner("x.datdba"),
                       privileges("x.datacl", "'d'", "x.datdba"),
                       {"comment", "pg_catalog.shobj_description(x.oid, 'pg_database')"},
                       {"security labels",
                        "(select pg_catalog.jsonb_object_agg(l.provider, l.label) from "
                        "pg_catalog.pg_shseclabel l where "
                        "l.objoid = x.oid and l.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass)"},
                       options_property("settings",
                                        "(select g.setconfig from pg_catalog.pg_db_role_setting g where "
                                        "g.setdatabase = x.oid and g.setrole = 0)"),
                       {"connection limit", "nullif(x.datconnlimit, -1)"},
                       flag("template", "x.datistemplate"),
                       flag("no connections", "not x.datallowconn"),
                       named_property("tablespace", "pg_tablespace", "spcname", "x.dattablespace"),
                       {"encoding", "pg_catalog.pg_encoding_to_char(x.encoding)"},
                       letter_property("locale provider", "x.datlocprovider",
                                       {{'c', "libc"}, {'i', "icu"}, {'b', "builtin"}}),
                       {"lc_collate", "x.datcollate"},
                       {"lc_ctype", "x.datctype"},
                       {"locale",
                        "coalesce(pg_catalog.to_jsonb(x) ->> 'datlocale', pg_catalog.to_jsonb(x) ->> "
                        "'daticulocale')"},
                       {"rules", "pg_catalog.to_jsonb(x) ->> 'daticurules'"}},
        .type = "'database'",
        .identity = "'current database'"};
}

// What is set for a role in this database only.
PartKind role_setting() {
    return {.kind = "role setting",
            .catalog = DbRoleSettingRelationId,
            .root_type = "'role setting'",
            .root_identity =
                "pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.setrole)) || ' in current database'",
            .root = "x.setrole",
            .type = "null",
            .name = "null",
            .number = "null::pg_catalog.int8",
            .from = "pg_catalog.pg_db_role_setting x",
            .where = std::string("x.setrole <> 0 and x.setdatabase = ") + this_database,
            .own_name = "x.setrole::pg_catalog.text",
            .properties = {options_property("settings", "x.setconfig")}};
}

// Roles are the cluster's. They are told, without any property, for their names alone: a renamed one shows in
// every owner and every privilege. Those that the database names; the first one is named without a record.
PartKind role() {
    return {.kind = "role",
            .catalog = AuthIdRelationId,
            .root_type = "'role'",
            .root_identity = "pg_catalog.quote_ident(x.rolname)",
            .root = "x.oid",
            .type = "null",
            .name = "null",
            .number = "null::pg_catalog.int8",
            .from = "pg_catalog.pg_roles x",
            .where = std::string(R"((x.oid = 10
       or x.oid = (select here.datdba from pg_catalog.pg_database here where here.datname = pg_catalog.current_database())
       or exists (select from pg_catalog.pg_db_role_setting g where g.setrole = x.oid and g.setdatabase = )") +
                     this_database + R"()
       or exists (select from pg_catalog.pg_shdepend d where d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
                     and d.refobjid = x.oid and d.dbid = )" +
                     this_database + "))"};
}

RootKind default_privileges() {
    return {
        .kind = "default acl",
        .catalog = DefaultAclRelationId,
        .table = "pg_default_acl",
        .own_name = "pg_catalog.concat_ws('.', x.defaclrole, x.defaclnamespace, x.defaclobjtype)",
        .properties =
            {{"privileges",
              R"(turnstone.privileges(x.defaclacl, case x.defaclnamespace when 0 then pg_catalog.acldefault(
             case x.defaclobjtype when 'S' then 's' else x.defaclobjtype end, x.defaclrole) else '{}'::pg_catalog.aclitem[] end))"}},
        .needed = DefaultAclRelationId};
}

// The cluster's as well, but granted by scripts that create what needs them.
RootKind parameter_privileges() {
    return {.kind = "parameter ACL",
            .catalog = ParameterAclRelationId,
            .table = "pg_parameter_acl",
            .properties = {privileges("x.paracl", "'p'", "10")},
            .needed = ParameterAclRelationId};
}

// What is in pg_catalog, where somebody has granted or revoked something: only then there is a fact.
// (information_schema's privileges are not told, nor are they dumped: nobody knows which it had.)
RootKind system_object(Oid catalog, const std::string &table, const std::string &prefix, const char *kind,
                       const std::string &of_columns = "") {
    const std::string acl = "x." + prefix + "acl";
    const std::string class_of = "'pg_catalog." + table + "'::pg_catalog.regclass";
    const std::string usual =
        "(select i.initprivs from pg_catalog.pg_init_privs i where i.objoid = x.oid and "
        "i.classoid = " +
        class_of + " and i.objsubid = 0)";
    const std::string value = "turnstone.privileges(" + acl + ", coalesce(" + usual +
                              ", pg_catalog.acldefault(" + kind + ", x." + prefix + "owner)))";
    const std::string changed = "case when " + acl + " is distinct from " + usual + " then " + value + " end";
    RootKind made{.kind = "system object",
                  .catalog = catalog,
                  .table = nullptr,
                  .properties = {{"privileges", changed}},
                  .type = "'system object'",
                  .identity = "o.type || ' ' || o.identity"};
    made.where = "x.oid < 16384 and ((" + changed + ") is not null";
    if (!of_columns.empty()) {
        made.where += " or (" + of_columns + ") is not null";
        made.properties.push_back({"column privileges", of_columns});
    }
    made.where += ")";
    return made;
}

constexpr const char *system_columns =
    R"((select pg_catalog.jsonb_object_agg(pg_catalog.quote_ident(c.attname), c.privileges::pg_catalog.text)
             from (select a.attname, turnstone.privileges(a.attacl, coalesce(i.initprivs, '{}'::pg_catalog.aclitem[])) as privileges
                     from pg_catalog.pg_attribute a
                     left join pg_catalog.pg_init_privs i on i.objoid = a.attrelid and i.objsubid = a.attnum
                               and i.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    where a.attrelid = x.oid and a.attacl is not null and a.attacl is distinct from i.initprivs) c
            where c.privileges is not null))";

FactQuery system_query(Oid catalog, const char *table, const char *prefix, const char *kind,
                       const std::string &condition, const std::string &of_columns = "") {
    RootKind made = system_object(catalog, table, prefix, kind, of_columns);
    made.table = table;
    made.where += condition;
    return fact_query(made);
}

} // namespace

std::span<FactQuery> facts_of_database() {
    static FactQuery queries[] = {
        fact_query(schema()),
        fact_query(database()),
        fact_query(role_setting()),
        fact_query(role()),
        fact_query(default_privileges()),
        fact_query(parameter_privileges()),
        system_query(
            RelationRelationId, "pg_class", "rel",
            "(case x.relkind when 'S' then 's' else 'r' end)::pg_catalog.\"char\"",
            " and x.relkind in ('r', 'v', 'S') and x.relnamespace = 'pg_catalog'::pg_catalog.regnamespace",
            system_columns),
        system_query(ProcedureRelationId, "pg_proc", "pro", "'f'",
                     " and x.pronamespace = 'pg_catalog'::pg_catalog.regnamespace"),
        system_query(TypeRelationId, "pg_type", "typ", "'T'",
                     " and x.typnamespace = 'pg_catalog'::pg_catalog.regnamespace"),
        system_query(NamespaceRelationId, "pg_namespace", "nsp", "'n'", " and x.nspname = 'pg_catalog'"),
        system_query(LanguageRelationId, "pg_language", "lan", "'l'", ""),
    };
    return queries;
}

} // namespace turnstone::server
