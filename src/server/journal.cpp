// Owns the rows of turnstone.journal: writing them, and reading a History from them.
#include "turnstone/server/journal.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/coexist.hpp"
#include "turnstone/server/event_log.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"
#include "turnstone/server/touched.hpp"

namespace turnstone::server {

std::vector<std::string> split_list(const std::string &list) {
    constexpr char separator = '\x1f';
    std::vector<std::string> items;
    for (std::size_t start = 0; start < list.size();) {
        const std::size_t end = std::min(list.find(separator, start), list.size());
        items.push_back(list.substr(start, end - start));
        start = end + 1;
    }
    return items;
}

core::History read_history() {
    // The newest event that set a state says whether a migration is applied; the newest of all has the
    // checksum that was last accepted; the newest application gives it its place in the order of application.
    static Query query{R"(
        select coalesce(m.version, j.version), coalesce(m.name, j.name), m.version is not null,
               coalesce(m.has_down, false), m.checksum, pg_catalog.array_to_string(m.requirements, e'\x1f'),
               pg_catalog.array_to_string(m.conflicts, e'\x1f'),
               pg_catalog.array_to_string(m.tags || t.tags, e'\x1f'), coalesce(m.out_of_order_allowed, false),
               j.state is not null, coalesce(j.state = 'applied', false), coalesce(j.event = 'baseline', false),
               j.applied_id, j.checksum, coalesce(j.failed, false), p.version is not null,
               coalesce(m.environments <> '{}' and $1 <> all (m.environments), false)
          from (select * from turnstone.migration where kind not in ('seed', 'hook')) m
          left join (select version, pg_catalog.array_agg(tag) as tags from turnstone.tag group by version) t
            on t.version = m.version
          left join (select distinct version from turnstone.step where settled_by is null) p
            on p.version = m.version
          full join (select newest.version, newest.name, s.event, s.state, newest.applied_id, l.checksum,
                            newest.failed_id > coalesce(newest.id, 0) as failed
                       from (select version, pg_catalog.max(name) as name,
                                    pg_catalog.max(id) filter (where error_sqlstate is null) as id,
                                    pg_catalog.max(id) filter (where error_sqlstate is not null) as failed_id,
                                    pg_catalog.max(id) filter (where state is not null) as state_id,
                                    pg_catalog.max(id) filter (where state = 'applied') as applied_id
                               from turnstone.journal where event not in ('tag', 'seed', 'hook', 'policy', 'accept', 'watch', 'seal',
                                                                        'break_glass')
                              group by version) newest
                       left join turnstone.journal l on l.id = newest.id
                       left join turnstone.journal s on s.id = newest.state_id) j on j.version = m.version)"};
    const Rows rows = run(query, {settings::environment()});
    std::vector<core::MigrationFacts> facts;
    facts.reserve(rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
        core::MigrationFacts migration;
        migration.version = core::Version::from_text(rows.text(row, 0));
        migration.name = rows.text(row, 1);
        migration.registered = rows.boolean(row, 2);
        migration.has_down = rows.boolean(row, 3);
        migration.checksum = rows.text(row, 4);
        migration.requirements = split_list(rows.text(row, 5));
        migration.conflicts = split_list(rows.text(row, 6));
        migration.tags = split_list(rows.text(row, 7));
        migration.out_of_order_allowed = rows.boolean(row, 8);
        migration.in_journal = rows.boolean(row, 9);
        migration.applied = rows.boolean(row, 10);
        migration.baseline = rows.boolean(row, 11);
        migration.journal_id = rows.integer(row, 12);
        migration.applied_checksum = rows.text(row, 13);
        migration.failed = rows.boolean(row, 14);
        migration.partial = rows.boolean(row, 15);
        migration.elsewhere = rows.boolean(row, 16);
        facts.push_back(std::move(migration));
    }
    return core::History(std::move(facts));
}

bool journal_is_newer_than_transaction() {
    if (!IsolationUsesXactSnapshot())
        return false;
    static Query latest{"select pg_catalog.max(id) from turnstone.journal"};
    static Query visible{"select pg_catalog.max(id) from turnstone.journal"};
    return run(latest).integer(0, 0) !=
           run(visible, {}, Rights::engine, Freshness::transaction).integer(0, 0);
}

std::int64_t begin_run(const char *command, const std::optional<std::string> &target) {
    static Query query{"insert into turnstone.run (command, target) values ($1, $2) returning id"};
    return run(query, {command, target}).integer(0, 0);
}

std::int64_t next_run_id() {
    static Query query{"select pg_catalog.nextval('turnstone.run_id_seq')"};
    return run(query).integer(0, 0);
}

void begin_visible_run(std::int64_t run_id, const char *command, const std::optional<std::string> &target,
                       const char *state, std::int64_t progress_handle) {
    static Query query{R"(
        insert into turnstone.run (id, command, target, state, backend, role, progress_handle)
        overriding system value
        values ($1, $2, $3, $4, pg_catalog.pg_backend_pid(), $5, $6))"};
    run(query, {run_id, command, target, state, current_role(), progress_handle});
}

void start_visible_run(std::int64_t run_id) {
    static Query query{R"(
        update turnstone.run set state = 'running' where id = $1)"};
    run(query, {run_id});
}

RunError run_error(const ErrorData &error) {
    const auto text = [](const char *field) { return std::string(field == nullptr ? "" : field); };
    return {unpack_sql_state(error.sqlerrcode), text(error.message), text(error.detail), text(error.hint),
            text(error.context)};
}

void end_visible_run(std::int64_t run_id, const char *state, const RunError &error) {
    static Query query{R"(
        update turnstone.run
           set state = $2, finished_at = pg_catalog.clock_timestamp(), error_sqlstate = $3, error_message = $4,
               error_detail = $5, error_hint = $6, error_context = $7
         where id = $1)"};
    run(query, {run_id, state, Value::or_null(error.sqlstate), Value::or_null(error.message),
                Value::or_null(error.detail), Value::or_null(error.hint), Value::or_null(error.context)});
}

namespace {

// On the channel "turnstone". By the server's own function: a query around it would cost a third of the row.
void notify(const JournalEvent &event, std::int64_t id, const std::string &role) {
    pg([&] {
        StringInfoData payload;
        initStringInfo(&payload);
        const auto text = [&](const char *name, const char *value) {
            appendStringInfo(&payload, ",\"%s\":", name);
            if (value == nullptr)
                appendStringInfoString(&payload, "null");
            else
                escape_json(&payload, value);
        };
        appendStringInfo(&payload, "{\"id\":%lld,\"run\":%lld", static_cast<long long>(id),
                         static_cast<long long>(event.run_id));
        text("event", event.event);
        text("version", event.version.c_str());
        text("name", event.name.c_str());
        text("state", event.state);
        text("role", role.c_str());
        appendStringInfoChar(&payload, '}');
        Async_Notify("turnstone", payload.data);
        pfree(payload.data);
    });
}

} // namespace

void write_event(const JournalEvent &event) {
    static Query query{R"(
        insert into turnstone.journal
               (run, event, state, version, name, checksum, script, reason, statements, rows, wal_bytes,
                started_at, finished_at, duration, session_role, role, search_path, application, client_address,
                backend, transaction, server_version, turnstone_version)
        select $1, $2, $3, $4, $5, $6,
               case when $8 then (select case when $2 = 'rollback' then coalesce(m.down_script, m.script)
                                      else m.script end
                                 from turnstone.migration m where m.version = $4) end, $7,
               $9::pg_catalog.int4, $10, $11,
               t.now - $12 * interval '1 microsecond', t.now, $12 * interval '1 microsecond',
               session_user, $13, $14, coalesce($17, pg_catalog.current_setting('application_name')),
               pg_catalog.inet_client_addr(), pg_catalog.pg_backend_pid(), pg_catalog.pg_current_xact_id(),
               pg_catalog.current_setting('server_version'), $15
          from (select coalesce($16::pg_catalog.timestamptz, pg_catalog.clock_timestamp()) as now) t
        returning id)"};
    // Read here: while the query runs, role and search_path are the engine's.
    const std::string role = event.origin.role.empty() ? current_role() : event.origin.role;
    const std::string search_path = run_search_path();
    const Rows rows =
        run(query, {event.run_id, event.event,
                    event.state == nullptr ? Value(std::nullopt) : Value(event.state), event.version,
                    event.name, event.checksum, event.reason, event.ran, event.run.statements, event.run.rows,
                    event.run.wal_bytes, event.run.microseconds, role, search_path, TURNSTONE_VERSION,
                    Value::or_null(event.origin.finished_at), Value::or_null(event.origin.application)});
    write_foreign_row(event);
    if (event.ran)
        touches_belong_to(event.name, rows.integer(0, 0));
    if (settings::notify())
        notify(event, rows.integer(0, 0), role);
    log_event(event, role);
}

void write_database_event(const char *event, const std::string &name, const std::string &reason) {
    const std::string no_version;
    const std::string checksum = sha256(to_utf8(reason));
    write_event({begin_run(event, name), event, nullptr, no_version, name, checksum, reason});
}

} // namespace turnstone::server
