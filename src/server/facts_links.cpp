// Owns the facts of what links a database with others: foreign data wrappers, servers, user mappings,
// publications and subscriptions.
#include "turnstone/server/fact_kinds.hpp"

namespace turnstone::server {

namespace {

RootKind root(const char *kind, Oid catalog, const char *table, Properties properties) {
    for (Property &remark : remarks(table, "x.oid"))
        properties.push_back(std::move(remark));
    return {.kind = kind,
            .catalog = catalog,
            .table = table,
            .where = "x.oid >= 16384",
            .properties = std::move(properties),
            .needed = catalog};
}

RootKind user_mapping() {
    RootKind made = root("user mapping", UserMappingRelationId, "pg_user_mapping", {});
    made.own_name = "x.umuser || '.' || x.umserver";
    made.properties = {options_property("options", "x.umoptions")};
    made.for_superusers = true;
    return made;
}

// A column that not every version has.
std::string column_of_some_versions(const char *name) {
    return std::string("pg_catalog.to_jsonb(x) ->> '") + name + "'";
}

Properties publication_properties() {
    return {
        flag("all tables", "x.puballtables"),
        {"operations",
         "nullif(pg_catalog.concat_ws(', ', case when x.pubinsert then 'insert' end, case when x.pubupdate "
         "then "
         "'update' end,\n            case when x.pubdelete then 'delete' end, case when x.pubtruncate then "
         "'truncate' end), 'insert, update, delete, truncate')"},
        flag("via partition root", "x.pubviaroot"),
        {"generated columns",
         "case when " + column_of_some_versions("pubgencols") + " = 's' then 'stored' end"}, // 18
        owner("x.pubowner"),
    };
}

// What a publication has: x is the row that says so.
PartKind published(const char *kind, Oid needed, const std::string &from, const char *name,
                   const char *own_name, Properties properties) {
    return {.kind = kind,
            .catalog = PublicationRelationId,
            .root_type = "'publication'",
            .root_identity = "pg_catalog.quote_ident(p.pubname)",
            .root = "p.oid",
            .type = std::string("'") + kind + "'",
            .name = name,
            .number = "x.oid::pg_catalog.int8",
            .from = from,
            .where =
                "(select true from pg_catalog.pg_depend d where d.classid = "
                "'pg_catalog.pg_publication'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e' "
                "limit 1) is null",
            .own_name = own_name,
            .properties = std::move(properties),
            .needed = needed};
}

// No list of columns and one that names all of them are not the same: the latter stays as it is when a column
// is added.
Properties published_relation_properties() {
    return {
        tree_property("row filter", "pg_catalog.pg_get_expr(x.prqual, x.prrelid)", "x.prqual"),
        {"columns",
         "(select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by a.attnum) "
         "from pg_catalog.pg_attribute a\n            where a.attrelid = x.prrelid and a.attnum = any "
         "(x.prattrs))",
         "x.prattrs::pg_catalog.text"},
    };
}

// Columns that came or changed their type: streaming is a letter since 16, origin, password_required and
// run_as_owner came in 16, failover in 17.
Properties subscription_properties() {
    return {
        {"connection", "turnstone.connection(x.subconninfo)"},
        flag("disabled", "not x.subenabled"),
        {"slot name", "coalesce(pg_catalog.quote_ident(x.subslotname), 'none')"},
        {"publications", "(select pg_catalog.jsonb_object_agg(pg_catalog.quote_ident(p), true) from "
                         "pg_catalog.unnest(x.subpublications) p)"},
        flag("binary", "x.subbinary"),
        {"streaming", "case " + column_of_some_versions("substream") +
                          " when 'true' then 'on' when 't' then 'on' when 'p' then 'parallel' end"},
        flag("two phase", "x.subtwophasestate <> 'd'"),
        flag("disabled on error", "x.subdisableonerr"),
        {"synchronous commit", "nullif(x.subsynccommit, 'off')"},
        {"origin", "nullif(" + column_of_some_versions("suborigin") + ", 'any')"},
        flag("no password required", column_of_some_versions("subpasswordrequired") + " = 'false'"),
        flag("runs as owner", column_of_some_versions("subrunasowner") + " = 'true'"),
        flag("failover", column_of_some_versions("subfailover") + " = 'true'"),
        owner("x.subowner"),
    };
}

RootKind subscription() {
    RootKind made =
        root("subscription", SubscriptionRelationId, "pg_subscription", subscription_properties());
    made.where += " and x.subdbid = (select here.oid from pg_catalog.pg_database here "
                  "where here.datname = pg_catalog.current_database())";
    made.for_superusers = true;
    return made;
}

} // namespace

std::span<FactQuery> facts_of_links() {
    static FactQuery queries[] = {
        fact_query(root("foreign-data wrapper", ForeignDataWrapperRelationId, "pg_foreign_data_wrapper",
                        {routine_property("handler", "x.fdwhandler"),
                         routine_property("validator", "x.fdwvalidator"),
                         options_property("options", "x.fdwoptions"), owner("x.fdwowner"),
                         privileges("x.fdwacl", "'F'", "x.fdwowner")})),
        fact_query(
            root("server", ForeignServerRelationId, "pg_foreign_server",
                 {named_property("foreign-data wrapper", "pg_foreign_data_wrapper", "fdwname", "x.srvfdw"),
                  {"type", "x.srvtype"},
                  {"version", "x.srvversion"},
                  options_property("options", "x.srvoptions"),
                  owner("x.srvowner"),
                  privileges("x.srvacl", "'S'", "x.srvowner")})),
        fact_query(user_mapping()),
        fact_query(root("publication", PublicationRelationId, "pg_publication", publication_properties())),
        fact_query(published("publication relation", PublicationRelRelationId,
                             "pg_catalog.pg_publication_rel x join pg_catalog.pg_publication p on p.oid = "
                             "x.prpubid cross join lateral "
                             "pg_catalog.pg_identify_object('pg_catalog.pg_class'::pg_catalog.regclass, "
                             "x.prrelid, 0) o",
                             "o.identity", "x.prrelid::pg_catalog.text", published_relation_properties())),
        fact_query(
            published("publication namespace", PublicationNamespaceRelationId,
                      "pg_catalog.pg_publication_namespace x join pg_catalog.pg_publication p on p.oid "
                      "= x.pnpubid join pg_catalog.pg_namespace n on n.oid = x.pnnspid",
                      "pg_catalog.quote_ident(n.nspname)", "x.pnnspid::pg_catalog.text", {})),
        fact_query(subscription()),
    };
    return queries;
}

} // namespace turnstone::server
