// Owns the look for catalogs with users' objects that facts.hpp tells nothing of: large objects, and whatever
// a later server brings.
#include "turnstone/server/unmodelled.hpp"

#include <string>

#include <fmt/format.h>

#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

// Those whose rows are captured as objects, as parts or as properties of them; but for the last line: these
// are the cluster's, and no database's schema.
constexpr const char *other_catalogs = R"(
    select c.relname
      from pg_catalog.pg_class c
      join pg_catalog.pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace and c.relkind = 'r' and a.attname = 'oid'
       and c.relname <> all ('{pg_am, pg_amop, pg_amproc, pg_attrdef, pg_authid, pg_cast, pg_class, pg_collation,
           pg_constraint, pg_conversion, pg_database, pg_default_acl, pg_enum, pg_event_trigger, pg_extension,
           pg_foreign_data_wrapper, pg_foreign_server, pg_language, pg_namespace, pg_opclass, pg_operator,
           pg_opfamily, pg_parameter_acl, pg_policy, pg_proc, pg_publication, pg_publication_namespace,
           pg_publication_rel, pg_rewrite, pg_statistic_ext, pg_subscription, pg_transform, pg_trigger,
           pg_ts_config, pg_ts_dict, pg_ts_parser, pg_ts_template, pg_type, pg_user_mapping,
           pg_auth_members, pg_tablespace}')
     order by c.relname)";

constexpr int most_counted = 1000;

struct OtherKind {
    std::string name;
    std::string catalog;
    std::string text;
    Query query{};
};

// There are none but with another version of the server: found once a session.
std::vector<OtherKind> &other_kinds() {
    static std::vector<OtherKind> kinds = [] {
        static Query query{other_catalogs};
        std::vector<OtherKind> found;
        const Rows rows = run(query);
        for (std::size_t row = 0; row < rows.size(); ++row) {
            const std::string &catalog = rows.text(row, 0);
            const std::string quoted = pg([&] { return quote_identifier(catalog.c_str()); });
            found.push_back(
                {catalog == "pg_largeobject_metadata" ? "large object" : catalog, "pg_catalog." + quoted,
                 fmt::format(
                     "select pg_catalog.count(*) from (select from pg_catalog.{} where oid >= {} limit {}) o",
                     quoted, FirstNormalObjectId, most_counted)});
        }
        return found;
    }();
    for (OtherKind &kind : kinds)
        kind.query.text = kind.text.c_str();
    return kinds;
}

} // namespace

std::vector<core::Difference> unmodelled_kinds() {
    std::vector<core::Difference> found;
    for (OtherKind &kind : other_kinds()) {
        const std::int64_t number = run(kind.query).integer(0, 0);
        if (number == 0)
            continue;
        core::Difference difference{};
        difference.change = core::Change::unmodelled;
        difference.object_type = kind.name;
        difference.severity = core::severity_of(kind.name, difference.change, {}, core::Turn::other);
        difference.identity = kind.catalog;
        difference.actual = fmt::format("{}{}", number, number < most_counted ? "" : " or more");
        found.push_back(std::move(difference));
    }
    return found;
}

} // namespace turnstone::server
