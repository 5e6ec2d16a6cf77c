// Owns migrate_health(): one question of the server a check. Nothing is changed, and nothing waited for.
#include "turnstone/server/health.hpp"

#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/drift.hpp"
#include "turnstone/server/functions.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/own_event_triggers.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

// Names, not too many of them.
std::string listed(const Rows &rows, std::size_t column) {
    constexpr std::size_t most = 5;
    std::vector<std::string> names;
    for (std::size_t row = 0; row < std::min(most, rows.size()); ++row)
        names.push_back(rows.text(row, column));
    return fmt::format("{}{}", fmt::join(names, ", "),
                       rows.size() > most ? fmt::format(" and {} more", rows.size() - most) : "");
}

HealthCheck run_lock() {
    static Query query{R"(
        select l.pid, coalesce(a.usename, '?'), coalesce(a.application_name, ''),
               pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - a.state_change),
               coalesce(a.state like 'idle in transaction%', false)
          from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
         where l.locktype = 'advisory' and l.granted and l.objsubid = 1
           and l.database = (select d.oid from pg_catalog.pg_database d
                              where d.datname = pg_catalog.current_database())
           and l.classid::pg_catalog.int8 = $1 and l.objid::pg_catalog.int8 = $2
           and l.pid <> pg_catalog.pg_backend_pid())"};
    const Rows rows =
        run(query, {static_cast<std::int64_t>(run_lock_high), static_cast<std::int64_t>(run_lock_low)});
    if (rows.empty())
        return {"run lock", "ok", "Nobody is running migrations.", {}};
    const std::string who = fmt::format("process {} (role \"{}\", application \"{}\")", rows.text(0, 0),
                                        rows.text(0, 1), rows.text(0, 2));
    if (rows.boolean(0, 4))
        return {"run lock", "warning",
                fmt::format("It is held by {}, idle in its transaction for {}.", who, rows.text(0, 3)),
                "Every run waits for it: end its transaction, or the session."};
    return {"run lock", "ok", fmt::format("It is held by {}.", who), {}};
}

HealthCheck partial_migrations() {
    static Query query{
        "select distinct version from turnstone.step where settled_by is null order by version"};
    const Rows rows = run(query);
    if (rows.empty())
        return {"partial migrations", "ok", "None.", {}};
    return {"partial migrations", "critical", fmt::format("Applied in part: {}.", listed(rows, 0)),
            "CALL migrate_deploy() goes on where it stopped; migrate_mark() sets the state by hand."};
}

HealthCheck failed_migrations() {
    static Query query{R"(
        select j.name, j.error_sqlstate, j.error_message
          from (select version, pg_catalog.max(id) as id from turnstone.journal
                 where event in ('apply', 'rollback', 'baseline', 'mark') group by version) newest
          join turnstone.journal j on j.id = newest.id
         where j.error_sqlstate is not null order by j.id desc)"};
    const Rows rows = run(query);
    if (rows.empty())
        return {"failed migrations", "ok", "None whose last attempt failed.", {}};
    return {"failed migrations", "warning",
            fmt::format("The last attempt failed of {}. The newest: {} ({}).", listed(rows, 0),
                        rows.text(0, 2), rows.text(0, 1)),
            "turnstone.journal has the error's place and context. Correct the script and run again."};
}

HealthCheck changed_scripts() {
    const core::History history = read_history();
    std::vector<std::string> changed;
    std::size_t pending = 0;
    for (const core::MigrationFacts &migration : history.migrations()) {
        const auto state = history.state(migration);
        if (state == core::MigrationState::changed && !migration.version.is_repeatable())
            changed.push_back(migration.name);
        pending += state == core::MigrationState::pending ? 1 : 0;
    }
    if (changed.empty())
        return {
            "scripts", "ok", fmt::format("{} pending, none was edited behind its application.", pending), {}};
    return {"scripts", "warning",
            fmt::format("Edited behind their application: {}.", fmt::join(changed, ", ")),
            "Register the text that ran, or accept the new one with migrate_repair()."};
}

HealthCheck worker_slots() {
    static Query query{R"(
        select pg_catalog.current_setting('max_worker_processes')::pg_catalog.int4 - pg_catalog.count(*),
               pg_catalog.current_setting('max_worker_processes')
          from pg_catalog.pg_stat_activity
         where backend_type not in ('client backend', 'autovacuum launcher', 'autovacuum worker', 'background writer',
                                    'checkpointer', 'walwriter', 'walsender', 'walreceiver', 'walsummarizer', 'archiver',
                                    'startup', 'logger', 'io worker', 'slotsync worker', 'standalone backend'))"};
    const Rows rows = run(query);
    const std::int64_t free = rows.integer(0, 0);
    const std::string detail =
        fmt::format("{} of {} (max_worker_processes) are free.", free, rows.text(0, 1));
    if (free > 0)
        return {"worker slots", "ok", detail, {}};
    return {"worker slots", "warning", detail,
            "migrate_submit() and the record of failures need one each: raise max_worker_processes."};
}

HealthCheck fires(const char *what, bool wanted, std::initializer_list<const char *> triggers,
                  const char *hint) {
    if (!wanted)
        return {what, "ok", "It is off.", {}};
    std::vector<std::string> silent;
    for (const char *trigger : triggers) {
        if (!event_trigger_fires(trigger))
            silent.emplace_back(trigger);
    }
    if (silent.empty())
        return {what, "ok", "It is on, and its event triggers fire.", {}};
    return {
        what, "critical",
        fmt::format("It is on, but these event triggers are gone or disabled: {}.", fmt::join(silent, ", ")),
        hint};
}

bool switched_on(const char *text) {
    Query query{text};
    return run(query).boolean(0, 0);
}

HealthCheck watching() {
    return fires(
        "watching",
        switched_on("select coalesce((select reason = 'on' from turnstone.journal where event = 'watch' "
                    "order by id desc limit 1), false)"),
        {"turnstone_watch_command", "turnstone_watch_drop"},
        "SELECT migrate_watch(true) makes them fire again.");
}

HealthCheck sealing() {
    return fires("sealing", switched_on("select exists (select from turnstone.seal)"),
                 {"turnstone_seal_command", "turnstone_seal_drop", "turnstone_seal_start"},
                 "Call migrate_seal() again with what is to be sealed.");
}

HealthCheck policies() {
    return fires("updated_at policies",
                 switched_on("select exists (select from turnstone.updated_at_policy)"),
                 {"turnstone_updated_at_before", "turnstone_updated_at_after"},
                 "ALTER EVENT TRIGGER ... ENABLE ALWAYS; where one is gone, create the extension again.");
}

HealthCheck open_break_glass() {
    static Query query{"select role from turnstone.break_glass where ended_at is null and until > "
                       "pg_catalog.clock_timestamp() order by until"};
    const Rows rows = run(query);
    if (rows.empty())
        return {"break glass", "ok", "Nobody passes the seal.", {}};
    return {"break glass", "warning", fmt::format("These roles pass the seal now: {}.", listed(rows, 0)),
            "migrate_break_glass_end() ends that."};
}

HealthCheck invalid_indexes() {
    static Query query{R"(
        select x.indexrelid::pg_catalog.regclass::pg_catalog.text
          from pg_catalog.pg_index x join pg_catalog.pg_class c on c.oid = x.indexrelid
         where not x.indisvalid and c.relkind = 'i'
           and not exists (select from pg_catalog.pg_stat_progress_create_index p where p.index_relid = x.indexrelid)
         order by 1)"};
    const Rows rows = run(query);
    if (rows.empty())
        return {"invalid indexes", "ok", "None.", {}};
    return {"invalid indexes", "warning",
            fmt::format("Left behind by a build that failed: {}.", listed(rows, 0)),
            "REINDEX INDEX CONCURRENTLY makes one valid; DROP INDEX CONCURRENTLY takes it away."};
}

HealthCheck drift() {
    static Query query{R"(
        select stale, pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - taken_at)
          from turnstone.snapshot order by id desc limit 1)"};
    const Rows rows = run(query);
    if (rows.empty())
        return {"drift", "ok", "No run has recorded the schema yet.", {}};
    if (rows.boolean(0, 0))
        return {"drift", "warning", "The last run was not recorded, so there is nothing to compare with.",
                "turnstone.record_schema was off, or the extension was updated. The next run takes over what "
                "it finds."};
    const std::size_t found = schema_drift({}).size();
    const std::string age = fmt::format("the record is {} old", rows.text(0, 1));
    if (found == 0)
        return {"drift", "ok", fmt::format("None; {}.", age), {}};
    return {"drift", "warning",
            fmt::format("{} {}; {}.", found, found == 1 ? "difference" : "differences", age),
            "migrate_drift() shows them."};
}

} // namespace

std::vector<HealthCheck> look_at_health() {
    return {run_lock(), partial_migrations(), failed_migrations(), changed_scripts(),
            drift(),    watching(),           sealing(),           open_break_glass(),
            policies(), invalid_indexes(),    worker_slots()};
}

Datum health(FunctionCallInfo fcinfo) {
    ResultRows result(fcinfo);
    for (const HealthCheck &check : look_at_health())
        result.put({check.check, check.state, check.detail, Value::or_null(check.hint)});
    return 0; // the rows are in the result
}

} // namespace turnstone::server
