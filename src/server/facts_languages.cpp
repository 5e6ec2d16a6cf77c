// Owns the facts of procedural languages, transforms, collations, conversions and text search.
#include "turnstone/server/fact_kinds.hpp"

namespace turnstone::server {

namespace {

RootKind root(const char *kind, Oid catalog, const char *table, const std::string &prefix,
              Properties properties) {
    for (Property &remark : remarks(table, "x.oid"))
        properties.push_back(std::move(remark));
    return {.kind = kind,
            .catalog = catalog,
            .table = table,
            .from = "join user_schema s on s.oid = x." + prefix + "namespace",
            .own_name = "x." + prefix + "namespace || '.' || x." + prefix + "name",
            .properties = std::move(properties),
            .needed = catalog};
}

RootKind root_without_schema(const char *kind, Oid catalog, const char *table, Properties properties) {
    RootKind made = root(kind, catalog, table, "", std::move(properties));
    made.from.clear();
    made.where = "x.oid >= 16384";
    made.own_name.clear();
    return made;
}

RootKind transform() {
    RootKind made = root_without_schema("transform", TransformRelationId, "pg_transform",
                                        {routine_property("from sql function", "x.trffromsql"),
                                         routine_property("to sql function", "x.trftosql")});
    made.own_name = "x.trftype || '.' || x.trflang";
    // pg_identify_object() says "on language" or "language", by version: the same has to have one name in
    // all.
    made.identity =
        "'for ' || pg_catalog.format_type(x.trftype, null) || ' language ' || (select "
        "pg_catalog.quote_ident(l.lanname) from pg_catalog.pg_language l where l.oid = x.trflang)";
    return made;
}

// colllocale was called colliculocale up to 16; rules came in 16. The version of the library's collation is
// the machine's, not the schema's.
Properties collation_properties() {
    return {
        letter_property("provider", "x.collprovider",
                        {{'c', "libc"}, {'i', "icu"}, {'b', "builtin"}, {'d', "default"}}),
        {"locale",
         "coalesce(pg_catalog.to_jsonb(x) ->> 'colllocale', pg_catalog.to_jsonb(x) ->> 'colliculocale')"},
        {"lc_collate", "x.collcollate"},
        {"lc_ctype", "x.collctype"},
        {"rules", "pg_catalog.to_jsonb(x) ->> 'collicurules'"},
        flag("nondeterministic", "not x.collisdeterministic"),
        {"encoding", "case when x.collencoding >= 0 then pg_catalog.pg_encoding_to_char(x.collencoding) end"},
        owner("x.collowner"),
    };
}

// Which dictionaries a configuration asks for a kind of token.
PartKind mapping() {
    const std::string of_this =
        "from pg_catalog.pg_ts_config_map m where m.mapcfg = c.oid and m.maptokentype = k.tokid";
    return {.kind = "text search mapping",
            .catalog = TSConfigRelationId,
            .root_type = "'text search configuration'",
            .root_identity = "s.identity || '.' || pg_catalog.quote_ident(c.cfgname)",
            .root = "c.oid",
            .type = "'text search mapping'",
            .name = "pg_catalog.quote_ident(k.alias)",
            .number = "k.tokid::pg_catalog.int8",
            .from = "pg_catalog.pg_ts_config c join user_schema s on s.oid = c.cfgnamespace "
                    "cross join lateral pg_catalog.ts_token_type(c.cfgparser) k",
            .where = "exists (select " + of_this + R"()
       and (select true from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_ts_config'::pg_catalog.regclass
               and d.objid = c.oid and d.deptype = 'e' limit 1) is null)",
            .properties =
                {{"dictionaries",
                  "(select pg_catalog.string_agg(m.mapdict::pg_catalog.regdictionary::pg_catalog.text, "
                  "', ' order by m.mapseqno) " +
                      of_this + ")",
                  "(select pg_catalog.string_agg(m.mapdict::pg_catalog.text, ' ' order by m.mapseqno) " +
                      of_this + " having pg_catalog.max(m.mapdict) >= 16384)"}},
            .needed = TSConfigRelationId};
}

} // namespace

std::span<FactQuery> facts_of_languages() {
    static FactQuery queries[] = {
        fact_query(root_without_schema("language", LanguageRelationId, "pg_language",
                                       {flag("trusted", "x.lanpltrusted"),
                                        routine_property("handler", "x.lanplcallfoid"),
                                        routine_property("inline handler", "x.laninline"),
                                        routine_property("validator", "x.lanvalidator"), owner("x.lanowner"),
                                        privileges("x.lanacl", "'l'", "x.lanowner")})),
        fact_query(transform()),
        fact_query(root("collation", CollationRelationId, "pg_collation", "coll", collation_properties())),
        fact_query(root("conversion", ConversionRelationId, "pg_conversion", "con",
                        {{"source encoding", "pg_catalog.pg_encoding_to_char(x.conforencoding)"},
                         {"destination encoding", "pg_catalog.pg_encoding_to_char(x.contoencoding)"},
                         routine_property("function", "x.conproc"),
                         flag("default", "x.condefault"),
                         owner("x.conowner")})),
        fact_query(root("text search parser", TSParserRelationId, "pg_ts_parser", "prs",
                        {routine_property("start function", "x.prsstart"),
                         routine_property("token function", "x.prstoken"),
                         routine_property("end function", "x.prsend"),
                         routine_property("headline function", "x.prsheadline"),
                         routine_property("token types function", "x.prslextype")})),
        fact_query(root("text search template", TSTemplateRelationId, "pg_ts_template", "tmpl",
                        {routine_property("init function", "x.tmplinit"),
                         routine_property("lexize function", "x.tmpllexize")})),
        fact_query(root("text search dictionary", TSDictionaryRelationId, "pg_ts_dict", "dict",
                        {object_property("template", "pg_ts_template", "x.dicttemplate"),
                         {"options", "x.dictinitoption"},
                         owner("x.dictowner")})),
        fact_query(root("text search configuration", TSConfigRelationId, "pg_ts_config", "cfg",
                        {object_property("parser", "pg_ts_parser", "x.cfgparser"), owner("x.cfgowner")})),
        fact_query(mapping()),
    };
    return queries;
}

} // namespace turnstone::server
