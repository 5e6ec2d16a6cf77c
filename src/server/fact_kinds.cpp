// Owns how queries are made of lists of properties.
#include "turnstone/server/fact_kinds.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace turnstone::server {

namespace {

std::string catalog_class(const std::string &catalog) {
    return fmt::format("'pg_catalog.{}'::pg_catalog.regclass", catalog);
}

// OIDs of what the server brings along never change, nor do its names.
constexpr const char *first_of_users = "16384";

std::string object_of(const std::vector<std::string> &pairs) {
    // No function takes more than 100 arguments.
    constexpr std::size_t most = 48;
    std::string text;
    for (std::size_t from = 0; from < pairs.size(); from += most) {
        const std::size_t end = std::min(from + most, pairs.size());
        text += fmt::format("{}pg_catalog.jsonb_build_object({})", from == 0 ? "" : " || ",
                            fmt::join(pairs.begin() + static_cast<std::ptrdiff_t>(from),
                                      pairs.begin() + static_cast<std::ptrdiff_t>(end), ",\n        "));
    }
    return text;
}

std::string properties_of(const Properties &properties) {
    std::vector<std::string> pairs;
    for (const Property &property : properties)
        pairs.push_back(fmt::format("'{}', {}", property.name, property.value));
    return fmt::format("pg_catalog.jsonb_strip_nulls({})::pg_catalog.text",
                       pairs.empty() ? "'{}'::pg_catalog.jsonb" : object_of(pairs));
}

std::string meanings_of(const std::string &own_name, const Properties &properties) {
    std::vector<std::string> pairs;
    if (!own_name.empty())
        pairs.push_back(fmt::format("'', {}", own_name));
    for (const Property &property : properties) {
        if (!property.meaning.empty())
            pairs.push_back(fmt::format("'{}', {}", property.name, property.meaning));
    }
    if (pairs.empty())
        return "null::pg_catalog.text";
    return fmt::format("nullif(pg_catalog.jsonb_strip_nulls({}), '{{}}')::pg_catalog.text", object_of(pairs));
}

Property reference(const char *name, const std::string &oid, const char *type) {
    return {name, fmt::format("case when {0} <> 0 then {0}::{1}::pg_catalog.text end", oid, type),
            meaning_of(oid)};
}

std::vector<std::string> names_of(const Properties &properties) {
    std::vector<std::string> names;
    for (const Property &property : properties)
        names.push_back(property.name);
    return names;
}

} // namespace

std::string meaning_of(const std::string &oid) {
    return fmt::format("case when {0}::pg_catalog.oid >= {1} then {0}::pg_catalog.oid::pg_catalog.text end",
                       oid, first_of_users);
}

Property routine_property(const char *name, const std::string &oid) {
    return reference(name, oid, "pg_catalog.oid::pg_catalog.regprocedure");
}

Property operator_property(const char *name, const std::string &oid) {
    return reference(name, oid, "pg_catalog.oid::pg_catalog.regoperator");
}

Property type_property(const char *name, const std::string &oid, const std::string &typmod) {
    return {name, fmt::format("case when {0} <> 0 then pg_catalog.format_type({0}, {1}) end", oid, typmod),
            fmt::format("case when {0} >= {2} then pg_catalog.concat_ws('/', {0}, {1}) end", oid, typmod,
                        first_of_users)};
}

Property object_property(const char *name, const char *catalog, const std::string &oid) {
    return {name,
            fmt::format("case when {0} <> 0 then (pg_catalog.pg_identify_object({1}, {0}, 0)).identity end",
                        oid, catalog_class(catalog)),
            meaning_of(oid)};
}

Property named_property(const char *name, const char *catalog, const char *column, const std::string &oid) {
    return {name,
            fmt::format("(select pg_catalog.quote_ident(named.{0}) from pg_catalog.{1} named "
                        "where named.oid = {2})",
                        column, catalog, oid),
            meaning_of(oid)};
}

Property tree_property(const char *name, const std::string &value, const std::string &tree) {
    return {name, value, fmt::format("turnstone.meaning({})", tree)};
}

Property flag(const char *name, const std::string &condition) {
    return {name, fmt::format("nullif({}, false)", condition)};
}

Property letter_property(const char *name, const std::string &column,
                         std::initializer_list<std::pair<char, const char *>> words) {
    std::string text = "case " + column;
    for (const auto &[letter, word] : words)
        text += fmt::format(" when '{}' then '{}'", letter, word);
    return {name, text + " end"};
}

Property options_property(const char *name, const std::string &options) {
    return {name, fmt::format("turnstone.options({})", options)};
}

// SecLabelSupportsObjectType() has the kinds. Those of what all databases share stand apart.
Properties remarks(const char *catalog, const std::string &oid, const std::string &number) {
    const std::string of_object =
        fmt::format("remark.objoid = {} and remark.classoid = {}", oid, catalog_class(catalog));
    Properties all{
        {"comment", fmt::format("(select remark.description from pg_catalog.pg_description remark\n"
                                "          where {} and remark.objsubid = {})",
                                of_object, number)}};
    const std::string_view name = catalog;
    const bool shared = name == "pg_subscription";
    if (shared || name == "pg_class" || name == "pg_proc" || name == "pg_type" || name == "pg_namespace" ||
        name == "pg_event_trigger" || name == "pg_language" || name == "pg_publication")
        all.push_back({"security labels",
                       fmt::format("(select pg_catalog.jsonb_object_agg(remark.provider, remark.label)\n"
                                   "           from pg_catalog.{} remark where {}{})",
                                   shared ? "pg_shseclabel" : "pg_seclabel", of_object,
                                   shared ? "" : " and remark.objsubid = " + number)});
    return all;
}

Property needed_extensions(const char *catalog, const std::string &oid) {
    return {"depends on extensions",
            fmt::format("(select pg_catalog.string_agg(pg_catalog.quote_ident(needed.extname), ', ' "
                        "order by needed.extname)\n"
                        "           from pg_catalog.pg_depend d join pg_catalog.pg_extension needed on "
                        "needed.oid = d.refobjid\n"
                        "          where d.classid = {} and d.objid = {} and d.deptype = 'x')",
                        catalog_class(catalog), oid)};
}

Property privileges(const std::string &acl, const char *kind, const std::string &owner) {
    return {"privileges",
            fmt::format("case when {0} is not null then turnstone.privileges({0}, {1}, {2}) end", acl, kind,
                        owner)};
}

Property owner(const std::string &role) {
    return {"owner", fmt::format("pg_catalog.pg_get_userbyid({})", role)};
}

std::string is_no_member(const std::string &catalog) {
    return fmt::format(
        "not coalesce((select true from pg_catalog.pg_depend d where d.classid = {} and d.objid = x.oid\n"
        "            and d.deptype = 'e' limit 1), false)",
        catalog_class(catalog));
}

FactQuery fact_query(const RootKind &kind) {
    return FactQuery({.catalog = kind.catalog,
                      .kind = kind.kind,
                      .text = fmt::format(R"(
    select {0}, {1}, x.oid, null, null, null::pg_catalog.int8,
           {2},
           {3}
      from pg_catalog.{4} x {5}
      cross join lateral pg_catalog.pg_identify_object({6}, x.oid, 0) o
     where {7} and {8})",
                                          kind.type, kind.identity, properties_of(kind.properties),
                                          meanings_of(kind.own_name, kind.properties), kind.table, kind.from,
                                          catalog_class(kind.table), kind.where, is_no_member(kind.table)),
                      .object = "x.oid",
                      .needed = kind.needed,
                      .for_superusers = kind.for_superusers,
                      .properties = names_of(kind.properties)});
}

FactQuery fact_query(const PartKind &kind) {
    return FactQuery({.catalog = kind.catalog,
                      .kind = kind.kind,
                      .text = fmt::format(R"(
    select {0}, {1}, {2}, {3}, {4}, {5},
           {6},
           {7}
      from {8}
     where {9})",
                                          kind.root_type, kind.root_identity, kind.root, kind.type, kind.name,
                                          kind.number, properties_of(kind.properties),
                                          meanings_of(kind.own_name, kind.properties), kind.from, kind.where),
                      .object = kind.root,
                      .part = kind.part,
                      .needed = kind.needed,
                      .properties = names_of(kind.properties)});
}

} // namespace turnstone::server
