// Owns the join of drift with turnstone.ddl_log.
#include "turnstone/server/culprits.hpp"

#include <string>
#include <utility>

#include "turnstone/server/attribution.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

struct Wanted {
    std::vector<std::string> catalogs;
    std::vector<std::string> objects;
    std::vector<std::string> subs;
};

bool anything_is_logged() {
    static Query query{"select exists (select from turnstone.ddl_log)"};
    return run(query).boolean(0, 0);
}

// What the log calls it by: the part, where the server tells of such parts, else the object.
TouchedObject logged_object(const core::Difference &difference) {
    core::Physical root;
    root.catalog = difference.root_catalog;
    root.id = difference.root_id;
    if (!difference.part.empty()) {
        core::Part part;
        part.type = difference.object_type;
        part.name = difference.part;
        part.physical.id = difference.part_id;
        if (const TouchedObject what = object_of_part(root, part); OidIsValid(what.object))
            return what;
    }
    return {static_cast<Oid>(root.catalog), static_cast<Oid>(root.id), 0};
}

Wanted wanted_of(const std::vector<core::Difference> &differences) {
    Wanted wanted;
    for (const core::Difference &difference : differences) {
        const TouchedObject what = logged_object(difference);
        wanted.catalogs.push_back(std::to_string(what.catalog));
        wanted.objects.push_back(std::to_string(what.object));
        wanted.subs.push_back(std::to_string(what.sub));
    }
    return wanted;
}

} // namespace

core::DriftReport with_culprits(std::vector<core::Difference> differences) {
    // "objects @>" goes by the index of that column.
    static Query query{R"(
        select w.number - 1, l.at, l.session_role, l.application, pg_catalog.host(l.client_address), l.statement
          from rows from (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3))
               with ordinality as w(catalog, object, sub, number)
         cross join lateral pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object(
                   'catalog', w.catalog::pg_catalog.int8, 'oid', w.object::pg_catalog.int8,
                   'subid', w.sub::pg_catalog.int4)) as it(object)
         cross join lateral (
                select found.* from turnstone.ddl_log found
                 where found.objects @> it.object
                   and found.at > all (select j.finished_at from turnstone.journal j where j.event = 'accept')
                 order by found.id desc limit 1) l)"};
    core::DriftReport report;
    report.reserve(differences.size());
    const bool is_logged = !differences.empty() && anything_is_logged();
    const Wanted wanted = is_logged ? wanted_of(differences) : Wanted{};
    for (core::Difference &difference : differences)
        report.push_back({std::move(difference), std::nullopt});
    if (!is_logged)
        return report;
    const Rows rows = run(query, {wanted.catalogs, wanted.objects, wanted.subs});
    for (std::size_t row = 0; row < rows.size(); ++row)
        report[static_cast<std::size_t>(rows.integer(row, 0))].culprit = {
            rows.text(row, 1), rows.text(row, 2), rows.text(row, 3), rows.text(row, 4), rows.text(row, 5)};
    return report;
}

} // namespace turnstone::server
