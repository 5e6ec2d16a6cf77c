// Owns the facts of what belongs to relations: columns, constraints, indexes, triggers, rules, policies.
#include "turnstone/server/relation_parts.hpp"

namespace turnstone::server {

// Whether it holds is told beside the text. conenforced came in 18.
Properties constraint_properties() {
    return {
        {"definition",
         R"(case when x.convalidated then pg_catalog.pg_get_constraintdef(x.oid)
             else pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(x.oid), ' NOT (VALID|ENFORCED)$', '') end)",
         "turnstone.meaning('pg_catalog.pg_constraint'::pg_catalog.regclass, x.oid)"},
        {"validated", "case when not x.convalidated and coalesce((pg_catalog.to_jsonb(x) -> "
                      "'conenforced')::pg_catalog.bool, true) then false end"},
        {"enforced", "case when not x.convalidated then nullif((pg_catalog.to_jsonb(x) -> "
                     "'conenforced')::pg_catalog.bool, true) end"},
    };
}

// Statistics targets: -1 up to 16, null since.
const char *const view_column_is_told = R"(a.atthasdef or a.attacl is not null
             or a.attoptions is not null and nullif(turnstone.options(a.attoptions) - 'pg_attver', '{}') is not null
             or coalesce(a.attstattarget, -1) <> -1 or a.attcompression <> ''
             or a.attstorage <> (select y.typstorage from pg_catalog.pg_type y where y.oid = a.atttypid)
             or exists (select from pg_catalog.pg_description d where d.objoid = a.attrelid
                           and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objsubid = a.attnum)
             or exists (select from pg_catalog.pg_seclabel l where l.objoid = a.attrelid
                           and l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass and l.objsubid = a.attnum))";

namespace {

PartKind part_of_relation(const char *kind, const char *name, const std::string &from,
                          const std::string &where, Properties properties) {
    return {.kind = kind,
            .catalog = RelationRelationId,
            .root_type = "r.object_type",
            .root_identity = "r.identity",
            .root = "r.oid",
            .type = std::string("'") + kind + "'",
            .name = name,
            .number = "x.oid::pg_catalog.int8",
            .from = "user_relation r " + from,
            .where = where,
            .properties = std::move(properties)};
}

void add(Properties &properties, const Properties &more) {
    properties.insert(properties.end(), more.begin(), more.end());
}

std::string comment_on(const char *catalog, const std::string &oid) {
    return remarks(catalog, oid).front().value;
}

// The sequence of an identity column a, as q, and its relation, as i: name and rights of it are properties of
// the column. A null is looked for nowhere.
constexpr const char *identity_sequence = R"(
      left join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype = 'i'
            and d.refobjid = case when a.attidentity <> '' then a.attrelid end and d.refobjsubid = a.attnum
      left join pg_catalog.pg_class i on i.oid = d.objid
      left join pg_catalog.pg_sequence q on q.seqrelid = d.objid)";

Properties identity_properties() {
    Properties properties{
        letter_property("identity", "a.attidentity", {{'a', "always"}, {'d', "by default"}}),
        {"identity sequence", "pg_catalog.quote_ident(i.relname)"},
        {"identity sequence privileges", privileges("i.relacl", "'s'", "i.relowner").value},
        {"identity sequence persistence",
         "case when i.relpersistence <> c.relpersistence then case i.relpersistence when 'u' then "
         "'unlogged' else 'permanent' end end"},
        {"identity sequence comment",
         "case when i.oid is not null then " + comment_on("pg_class", "i.oid") + " end"},
    };
    for (const Property &property : sequence_properties("q")) {
        if (property.name != "type") // the column's
            properties.push_back({"identity " + property.name, property.value});
    }
    return properties;
}

Properties what_is_set_of_columns() {
    return {
        letter_property("storage", "case when a.attstorage <> t.typstorage then a.attstorage end",
                        {{'p', "plain"}, {'e', "external"}, {'x', "extended"}, {'m', "main"}}),
        letter_property("compression", "a.attcompression", {{'p', "pglz"}, {'l', "lz4"}}),
        {"statistics", "nullif(a.attstattarget, -1)"},
        // pg_attver is the server's own book-keeping of late minor versions (catalog/pg_attribute.h:
        // ATTRIBUTE_VERSION_ATTOPTION), no property that anybody set; pg_dump leaves it out too.
        {"options", "nullif(turnstone.options(a.attoptions) - 'pg_attver', '{}')"},
        privileges("a.attacl", "'c'", "c.relowner"),
    };
}

PartKind columns() {
    Properties properties{
        type_property("type", "a.atttypid", "a.atttypmod"),
        {"collation",
         "case when a.attcollation <> t.typcollation then (pg_catalog.pg_identify_object("
         "'pg_catalog.pg_collation'::pg_catalog.regclass, a.attcollation, 0)).identity end",
         "case when a.attcollation <> t.typcollation and a.attcollation >= 16384 then "
         "a.attcollation::pg_catalog.text end"},
        tree_property("default",
                      "case when a.attgenerated = '' then pg_catalog.pg_get_expr(e.adbin, e.adrelid) end",
                      "case when a.attgenerated = '' then e.adbin end"),
        tree_property("generated",
                      "case a.attgenerated when 's' then 'stored ' when 'v' then 'virtual ' end || "
                      "pg_catalog.pg_get_expr(e.adbin, e.adrelid)",
                      "case when a.attgenerated <> '' then e.adbin end"),
        flag("not null", "a.attnotnull"),
        // NOT NULL is a constraint since 18, k here. Names that the server gave say nothing: they hold those
        // that table and column had then.
        {"not null name",
         R"(case when k.conname !~ '_not_null\d*$' then pg_catalog.quote_ident(k.conname) end)"},
        {"not null validated", "nullif(k.convalidated, true)"},
        flag("not null no inherit", "k.connoinherit"),
        {"not null comment",
         "case when k.oid is not null then " + comment_on("pg_constraint", "k.oid") + " end"},
        options_property("foreign options", "a.attfdwoptions"),
        flag("inherited", "not a.attislocal"),
    };
    // a stored column that becomes a virtual one of the same expression
    properties[3].meaning = "a.attgenerated::pg_catalog.text || " + properties[3].meaning;
    add(properties, identity_properties());
    add(properties, what_is_set_of_columns());
    add(properties, remarks("pg_class", "a.attrelid", "a.attnum"));
    PartKind part = part_of_relation(
        "table column", "pg_catalog.quote_ident(a.attname)",
        std::string(
            "join pg_catalog.pg_class c on c.oid = r.oid\n"
            "      join pg_catalog.pg_attribute a on a.attrelid = r.oid\n"
            "      join pg_catalog.pg_type t on t.oid = a.atttypid\n"
            "      left join pg_catalog.pg_attrdef e on e.adrelid = a.attrelid and e.adnum = a.attnum\n"
            "      left join pg_catalog.pg_constraint k on k.contype = 'n' and k.conrelid = a.attrelid and "
            "k.conkey = array[a.attnum]") +
            identity_sequence,
        "a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'f')", std::move(properties));
    part.number = "a.attnum::pg_catalog.int8";
    part.part = "(r.oid::pg_catalog.int8 * 65536 + a.attnum)";
    return part;
}

// The columns of views follow from their definition. Only what is set of them besides is told.
PartKind view_columns() {
    Properties properties{tree_property("default", "pg_catalog.pg_get_expr(e.adbin, e.adrelid)", "e.adbin")};
    add(properties, what_is_set_of_columns());
    add(properties, remarks("pg_class", "a.attrelid", "a.attnum"));
    PartKind part = part_of_relation(
        "view column", "pg_catalog.quote_ident(a.attname)",
        "join pg_catalog.pg_class c on c.oid = r.oid join pg_catalog.pg_attribute a on a.attrelid = r.oid\n"
        "      join pg_catalog.pg_type t on t.oid = a.atttypid\n"
        "      left join pg_catalog.pg_attrdef e on e.adrelid = a.attrelid and e.adnum = a.attnum",
        std::string("a.attnum > 0 and not a.attisdropped and r.relkind in ('v', 'm') and (") +
            view_column_is_told + ")",
        std::move(properties));
    part.type = "r.object_type || ' column'";
    part.number = "a.attnum::pg_catalog.int8";
    return part;
}

// What an index x, with its row c of pg_class, has besides its definition.
Properties index_properties(const std::string &prefix) {
    const auto named = [&](const char *name) { return prefix + name; };
    Properties properties{
        {named("valid"), "nullif(n.indisvalid, true)"},
        named_property("tablespace", "pg_tablespace", "spcname", "i.reltablespace"),
        {named("statistics"), "(select pg_catalog.jsonb_object_agg(a.attnum, a.attstattarget) from "
                              "pg_catalog.pg_attribute a where "
                              "a.attrelid = n.indexrelid and coalesce(a.attstattarget, -1) <> -1)"},
        needed_extensions("pg_class", "i.oid"),
    };
    properties[1].name = named("tablespace");
    properties[3].name = named("depends on extensions");
    return properties;
}

// Not those that a partition has from its parent; not the NOT NULL constraints of 18, which are a property of
// their column. A key's index has the key's name, and is no object of its own.
PartKind constraints() {
    Properties properties = constraint_properties();
    properties.push_back(flag("inherited", "not x.conislocal"));
    add(properties, index_properties("index "));
    properties.push_back({"index options", "turnstone.options(i.reloptions)"});
    properties.push_back(
        {"index comment", "case when i.oid is not null then " + comment_on("pg_class", "i.oid") + " end"});
    properties.push_back(remarks("pg_constraint", "x.oid").front());
    PartKind part = part_of_relation("table constraint", "pg_catalog.quote_ident(x.conname)",
                                     "join pg_catalog.pg_constraint x on x.conrelid = r.oid\n"
                                     "      left join pg_catalog.pg_index n on n.indexrelid = x.conindid and "
                                     "x.contype in ('p', 'u', 'x')\n"
                                     "      left join pg_catalog.pg_class i on i.oid = n.indexrelid",
                                     "x.contype in ('c', 'f', 'p', 'u', 'x') and x.conparentid = 0",
                                     std::move(properties));
    part.part = "x.oid::pg_catalog.int8";
    return part;
}

// Not those that stand behind a constraint, nor those that a partition has from its parent.
PartKind indexes() {
    Properties properties{{"definition", "pg_catalog.pg_get_indexdef(n.indexrelid)",
                           "turnstone.meaning('pg_catalog.pg_class'::pg_catalog.regclass, i.oid)"}};
    add(properties, index_properties(""));
    properties.push_back({"comment", comment_on("pg_class", "i.oid")});
    PartKind part = part_of_relation(
        "index", "pg_catalog.quote_ident(i.relname)",
        "join pg_catalog.pg_index n on n.indrelid = r.oid join pg_catalog.pg_class i on i.oid = n.indexrelid",
        R"(not i.relispartition
       and not exists (select from pg_catalog.pg_constraint k
                        where k.conrelid = n.indrelid and k.conindid = n.indexrelid and k.contype in ('p', 'u', 'x')))",
        std::move(properties));
    part.number = "i.oid::pg_catalog.int8";
    part.part = "i.oid::pg_catalog.int8";
    return part;
}

const std::initializer_list<std::pair<char, const char *>> firing{
    {'D', "disabled"}, {'R', "replica"}, {'A', "always"}};

PartKind triggers() {
    Properties properties{
        {"definition", "pg_catalog.pg_get_triggerdef(x.oid)",
         "turnstone.meaning('pg_catalog.pg_trigger'::pg_catalog.regclass, x.oid)"},
        letter_property("enabled", "x.tgenabled", firing),
        needed_extensions("pg_trigger", "x.oid"),
        remarks("pg_trigger", "x.oid").front(),
    };
    PartKind part = part_of_relation("trigger", "pg_catalog.quote_ident(x.tgname)",
                                     "join pg_catalog.pg_trigger x on x.tgrelid = r.oid",
                                     "not x.tgisinternal and x.tgparentid = 0", std::move(properties));
    part.needed = TriggerRelationId;
    return part;
}

// That of a view is its definition; it is told where it is disabled or has a comment.
PartKind rules() {
    Properties properties{
        {"definition", "case when x.rulename <> '_RETURN' then pg_catalog.pg_get_ruledef(x.oid) end",
         "case when x.rulename <> '_RETURN' then "
         "turnstone.meaning('pg_catalog.pg_rewrite'::pg_catalog.regclass, "
         "x.oid) end"},
        letter_property("enabled", "x.ev_enabled", firing),
        remarks("pg_rewrite", "x.oid").front(),
    };
    PartKind part = part_of_relation("rule", "pg_catalog.quote_ident(x.rulename)",
                                     "join pg_catalog.pg_rewrite x on x.ev_class = r.oid",
                                     "(x.rulename <> '_RETURN' or x.ev_enabled <> 'O' or " +
                                         comment_on("pg_rewrite", "x.oid") + " is not null)",
                                     std::move(properties));
    part.needed = RewriteRelationId;
    return part;
}

PartKind policies() {
    Properties properties{
        letter_property("command", "x.polcmd",
                        {{'r', "select"}, {'a', "insert"}, {'w', "update"}, {'d', "delete"}}),
        flag("restrictive", "not x.polpermissive"),
        {"roles",
         "(select pg_catalog.jsonb_agg(pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(role)) order by "
         "pg_catalog.pg_get_userbyid(role)) from pg_catalog.unnest(x.polroles) role where role <> 0)"},
        tree_property("using", "pg_catalog.pg_get_expr(x.polqual, x.polrelid)", "x.polqual"),
        tree_property("check", "pg_catalog.pg_get_expr(x.polwithcheck, x.polrelid)", "x.polwithcheck"),
        remarks("pg_policy", "x.oid").front(),
    };
    PartKind part =
        part_of_relation("policy", "pg_catalog.quote_ident(x.polname)",
                         "join pg_catalog.pg_policy x on x.polrelid = r.oid", "true", std::move(properties));
    part.needed = PolicyRelationId;
    return part;
}

} // namespace

std::vector<FactQuery> facts_of_relation_parts() {
    std::vector<FactQuery> all;
    for (const PartKind &part :
         {columns(), constraints(), indexes(), view_columns(), triggers(), rules(), policies()})
        all.push_back(fact_query(part));
    return all;
}

} // namespace turnstone::server
