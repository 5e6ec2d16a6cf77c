// Owns the rows of turnstone.ddl_log.
#include "turnstone/server/ddl_log.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/functions.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

std::string quoted_json(const std::string &text) {
    const MemoryScope memory;
    return pg([&] {
        StringInfoData quoted;
        initStringInfo(&quoted);
        escape_json(&quoted, text.c_str());
        return quoted.data;
    });
}

std::string objects_as_json(const std::vector<TouchedObject> &objects) {
    std::string json = "[";
    for (const TouchedObject &object : objects)
        json +=
            fmt::format(R"({}{{"type":{},"identity":{},"catalog":{},"oid":{},"subid":{},"dropped":{}}})",
                        json.size() > 1 ? "," : "", quoted_json(object.type), quoted_json(object.identity),
                        object.catalog, object.object, object.subid, object.dropped);
    return json + "]";
}

} // namespace

void write_ddl_log(const LoggedStatement &statement) {
    static Query query{R"(
        insert into turnstone.ddl_log
               (at, session_role, role, application, client_address, backend, transaction, command, statement, objects,
                break_glass)
        values (pg_catalog.clock_timestamp(), session_user, $1, pg_catalog.current_setting('application_name'),
                pg_catalog.inet_client_addr(), pg_catalog.pg_backend_pid(), pg_catalog.pg_current_xact_id(), $2, $3,
                $4::pg_catalog.jsonb,
                (select pg_catalog.max(g.id) from turnstone.break_glass g
                  where g.role in ($1, session_user) and g.ended_at is null
                    and g.until > pg_catalog.clock_timestamp())))"};
    const std::string role = current_role(); // while the query runs it is the engine's
    const std::string objects = objects_as_json(statement.objects);
    run(query, {role, statement.command, statement.text, objects});
}

std::int64_t prune_ddl_log(const std::string &older_than) {
    static Query query{R"(
        with gone as (
            delete from turnstone.ddl_log
             where at < pg_catalog.clock_timestamp() - $1::pg_catalog.interval returning 1)
        select pg_catalog.count(*) from gone)"};
    return run(query, {older_than}).integer(0, 0);
}

std::optional<std::string> time_of_last_snapshot() {
    static Query query{"select taken_at::pg_catalog.text from turnstone.snapshot order by id desc limit 1"};
    const Rows rows = run(query);
    return rows.empty() ? std::nullopt : rows.cell(0, 0);
}

std::vector<std::optional<LoggedChange>> last_changes_of(const std::vector<ChangedObject> &objects,
                                                         const std::optional<std::string> &since) {
    static Query query{R"(
        with touched as materialized (
            select l.id, o.catalog, o.oid, o.subid, o.identity
              from turnstone.ddl_log l
             cross join lateral pg_catalog.jsonb_to_recordset(l.objects)
                   as o(catalog pg_catalog.oid, oid pg_catalog.oid, subid pg_catalog.int4, identity pg_catalog.text)
             where $7::pg_catalog.timestamptz is null or l.at >= $7::pg_catalog.timestamptz
        ), newest_by_oid as materialized (
            select catalog, oid, subid, pg_catalog.max(id) as id from touched group by catalog, oid, subid
        ), newest_by_identity as materialized (
            select catalog, identity, pg_catalog.max(id) as id from touched group by catalog, identity
        ), newest_of_whole as materialized (
            select catalog, oid, pg_catalog.max(id) as id from touched group by catalog, oid
        ), asked as (
            select a.number, a.catalog::pg_catalog.oid, a.oid::pg_catalog.oid, a.subid::pg_catalog.int4, a.identity,
                   a.whole_catalog::pg_catalog.oid, a.whole::pg_catalog.oid, a.whole_identity
              from rows from (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3),
                              pg_catalog.unnest($4), pg_catalog.unnest($5), pg_catalog.unnest($6),
                              pg_catalog.unnest($8))
                   with ordinality as a(catalog, oid, subid, identity, whole_catalog, whole, whole_identity, number)
        ), found as (
            select a.number,
                   coalesce(greatest(o.id, i.id), greatest(w.id, n.id)) as id
              from asked a
              left join newest_by_oid o on o.catalog = a.catalog and o.oid = a.oid and o.subid = a.subid
              left join newest_by_identity i on i.catalog = a.catalog and i.identity = a.identity and a.identity <> ''
              left join newest_of_whole w on w.catalog = a.whole_catalog and w.oid = a.whole
              left join newest_by_identity n on n.catalog = a.whole_catalog and n.identity = a.whole_identity
                                            and a.whole_identity <> ''
        )
        select f.number, l.id, l.at::pg_catalog.text, l.session_role, l.role, l.application,
               pg_catalog.host(l.client_address), l.command, l.statement, l.break_glass
          from found f join turnstone.ddl_log l on l.id = f.id)"};
    std::vector<std::optional<LoggedChange>> changes(objects.size());
    if (objects.empty())
        return changes;
    std::vector<std::string> columns[7];
    for (const ChangedObject &object : objects) {
        columns[0].push_back(std::to_string(object.catalog));
        columns[1].push_back(std::to_string(object.object));
        columns[2].push_back(std::to_string(object.subid));
        columns[3].push_back(object.identity);
        columns[4].push_back(std::to_string(object.whole_catalog));
        columns[5].push_back(std::to_string(object.whole));
        columns[6].push_back(object.whole_identity);
    }
    const Rows rows = run(
        query, {columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], since, columns[6]});
    for (std::size_t row = 0; row < rows.size(); ++row)
        changes.at(static_cast<std::size_t>(rows.integer(row, 0) - 1)) =
            LoggedChange{rows.integer(row, 1),
                         rows.text(row, 2),
                         rows.text(row, 3),
                         rows.text(row, 4),
                         rows.text(row, 5),
                         rows.text(row, 6),
                         rows.text(row, 7),
                         rows.text(row, 8),
                         rows.is_null(row, 9) ? std::nullopt : std::optional(rows.integer(row, 9))};
    return changes;
}

Datum prune_log(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0))
        throw core::Error(core::ErrorCode::invalid_argument, "argument \"older_than\" must not be null");
    const std::int64_t removed = prune_ddl_log(interval_argument(fcinfo, 0));
    return pg([&] { return Int64GetDatum(removed); });
}

} // namespace turnstone::server
