// Owns detached runs: how a session hands one to a background worker, waits for it and ends it, and what the
// worker does.
#include "turnstone/server/detached.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/deploy.hpp"
#include "turnstone/server/functions.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/progress.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/session_settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/stopwatch.hpp"
#include "turnstone/server/top_level.hpp"
#include "turnstone/server/waits.hpp"
#include "turnstone/server/worker.hpp"

namespace turnstone::server {

namespace {

// The fields of the errand: run id, role ("none" for the session's own), session user, 1 and the target or 0
// and nothing, then names and values of settings.
constexpr std::size_t first_setting = 5;

// Not carried over: what belongs to the connection, and what the worker sets itself.
bool is_carried(const std::string &name) {
    constexpr std::string_view left_out[] = {"application_name", "client_encoding", "role",
                                             "session_authorization"};
    return std::find(std::begin(left_out), std::end(left_out), name) == std::end(left_out);
}

std::string setting(const char *name) {
    const char *value = pg([&] { return GetConfigOption(name, true, false); });
    return value == nullptr ? std::string{} : std::string(value);
}

std::vector<std::string> fields_of_session(std::int64_t run_id, const std::optional<std::string> &target) {
    const std::string session_user = pg([] { return GetUserNameFromId(GetSessionUserId(), false); });
    std::string role = setting("role");
    if (role == "none" && current_role() != session_user)
        role = current_role(); // a SECURITY DEFINER function's owner: the worker has it only if it may
    std::vector<std::string> fields{std::to_string(run_id), role, session_user, target ? "1" : "0",
                                    target.value_or("")};
    for (const auto &[name, value] : settings_of_session()) {
        if (!is_carried(name))
            continue;
        fields.push_back(name);
        fields.push_back(value);
    }
    return fields;
}

void require_login_role() {
    pg([] {
        PreventCommandDuringRecovery("migrate_submit()");
        HeapTuple role = SearchSysCache1(AUTHOID, ObjectIdGetDatum(GetAuthenticatedUserId()));
        if (!HeapTupleIsValid(role))
            elog(ERROR, "cache lookup failed for role %u", GetAuthenticatedUserId());
        const bool may_log_in = reinterpret_cast<Form_pg_authid>(GETSTRUCT(role))->rolcanlogin;
        ReleaseSysCache(role);
        if (!may_log_in)
            ereport(ERROR,
                    (errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
                     errmsg("role \"%s\" is not permitted to log in",
                            GetUserNameFromId(GetAuthenticatedUserId(), false)),
                     errdetail("A detached run is a session of the role that this session logged in as."),
                     errhint("Give it the attribute LOGIN, or use CALL migrate_deploy().")));
    });
}

} // namespace

Datum submit(FunctionCallInfo fcinfo) {
    const auto target = optional_text_argument(fcinfo, 0);
    require_login_role();
    const std::int64_t run_id = next_run_id();
    const std::string title = fmt::format("turnstone run {}", run_id);
    const ErrandEnd end =
        send_worker({"turnstone_run_worker", title.c_str(), pg([] { return GetAuthenticatedUserId(); }),
                     fields_of_session(run_id, target)},
                    Until::its_answer);
    if (!end.started)
        pg([] {
            ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_RESOURCES), errmsg("no background worker is free"),
                            errhint("Call again when one has ended, or increase max_worker_processes.")));
        });
    if (!end.answer)
        pg([&] {
            ereport(ERROR,
                    (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                     errmsg(end.ended ? "the background worker ended before its run began"
                                      : "the background worker did not begin its run within 10 seconds"),
                     errhint("The server's log says why.")));
        });
    return pg([&] { return Int64GetDatum(run_id); });
}

namespace {

void take_over_session(const std::vector<std::string> &fields) {
    for (std::size_t i = first_setting; i + 1 < fields.size(); i += 2)
        set_for_session(fields[i], fields[i + 1].c_str());
    const std::string login_role = pg([] { return GetUserNameFromId(GetAuthenticatedUserId(), false); });
    pg([&] {
        // As errors: a run with other rights than its caller's must not begin.
        if (fields[2] != login_role)
            (void)set_config_option("session_authorization", fields[2].c_str(),
                                    superuser() ? PGC_SUSET : PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SET,
                                    true, ERROR, false);
        if (fields[1] != "none")
            (void)set_config_option("role", fields[1].c_str(), superuser() ? PGC_SUSET : PGC_USERSET,
                                    PGC_S_SESSION, GUC_ACTION_SET, true, ERROR, false);
        (void)set_config_option("application_name", psprintf("turnstone run %s", fields[0].c_str()),
                                PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SET, true, ERROR, false);
    });
}

// What deploy() has not recorded itself: an error before the run lock was held.
void record_end_of_queued(std::int64_t run_id, const PgError &error) {
    static Query query{"select exists (select from turnstone.run where id = $1 and state = 'queued')"};
    abort_and_begin();
    if (run(query, {run_id}).boolean(0, 0))
        end_visible_run(run_id, error.data()->sqlerrcode == ERRCODE_QUERY_CANCELED ? "cancelled" : "failed",
                        run_error(*error.data()));
    commit_and_begin();
}

} // namespace

void run_submitted(Datum segment_handle) {
    const TakenErrand errand(segment_handle);
    if (!errand.asked())
        return;
    const std::vector<std::string> &fields = errand.fields();
    const std::int64_t run_id = std::stoll(fields[0]);
    const std::optional<std::string> target =
        fields[3] == "1" ? std::optional<std::string>(fields[4]) : std::nullopt;
    pg([] {
        // What SPI and portals are given to outlive transactions; a session has that of its client's portal.
        PortalContext = AllocSetContextCreate(TopMemoryContext, "turnstone run", ALLOCSET_DEFAULT_SIZES);
        MemoryContextSwitchTo(PortalContext);
        SetCurrentStatementStartTimestamp();
        pgstat_report_activity(STATE_RUNNING, "turnstone: a detached run of migrations");
        StartTransactionCommand();
        MemoryContextSwitchTo(PortalContext);
    });
    const ErrorMemory errors(PortalContext);
    take_over_session(fields);
    const ProgressReport report(run_id);
    begin_visible_run(run_id, "deploy", target, "queued", report.handle());
    commit_and_begin();
    errand.answer(run_id);
    try {
        as_pg_errors([&] { deploy(deployment_to(target), run_id); });
    } catch (const PgError &error) {
        record_end_of_queued(run_id, error);
        pg([] { CommitTransactionCommand(); });
        throw; // into the server's log
    }
    pg([] { CommitTransactionCommand(); });
}

namespace {

struct RunRow {
    std::string state;
    std::string backend;
    bool alive = false;
    RunError error;
};

RunRow read_run(std::int64_t run_id) {
    static Query query{R"(
        select state, backend, progress_handle, error_sqlstate, error_message, error_detail, error_hint,
               error_context
          from turnstone.run where id = $1)"};
    const Rows rows = run(query, {run_id});
    if (rows.empty())
        throw core::Error(core::ErrorCode::undefined, fmt::format("there is no run {}", run_id), {},
                          "turnstone.run lists the runs.");
    RunRow row{rows.text(0, 0),
               rows.text(0, 1),
               false,
               {rows.text(0, 3), rows.text(0, 4), rows.text(0, 5), rows.text(0, 6), rows.text(0, 7)}};
    const bool open = row.state == "queued" || row.state == "running";
    row.alive = open && !rows.is_null(0, 2) && read_progress(rows.integer(0, 2), run_id).has_value();
    if (open && !row.alive) // it ended between the two, or its process is gone
        row.state = run(query, {run_id}).text(0, 0);
    return row;
}

bool is_open(const RunRow &row) {
    return row.state == "queued" || row.state == "running";
}

[[noreturn]] void throw_error_of(std::int64_t run_id, const RunRow &row) {
    if (row.error.sqlstate.empty())
        throw core::Error(core::ErrorCode::wrong_state, fmt::format("run {} was interrupted", run_id),
                          "Its process ended before it could say how.",
                          "CALL migrate_deploy() or migrate_submit() goes on where it was.");
    const RunError &error = row.error;
    pg([&] {
        const char *code = error.sqlstate.c_str();
        ereport(ERROR, (errcode(MAKE_SQLSTATE(code[0], code[1], code[2], code[3], code[4])),
                        errmsg_internal("%s", error.message.c_str()),
                        error.detail.empty() ? 0 : errdetail_internal("%s", error.detail.c_str()),
                        error.hint.empty() ? 0 : errhint("%s", error.hint.c_str()),
                        error.context.empty() ? 0 : errcontext_msg("%s", error.context.c_str())));
    });
    pg_unreachable();
}

// What the run waits for, where that is this session: a sentence; empty where it is not.
std::string waits_for_us(const std::string &backend) {
    static Query query{R"(
        select pg_catalog.format('Process %s waits for %s%s%s.', l.pid, l.mode,
                                 ' on ' || l.locktype,
                                 ' ' || l.relation::pg_catalog.regclass::pg_catalog.text)
          from pg_catalog.pg_locks l
         where l.pid = $1::pg_catalog.int4 and not l.granted
           and pg_catalog.pg_backend_pid() = any (pg_catalog.pg_blocking_pids(l.pid)))"};
    const Rows rows = run(query, {backend}, Rights::caller);
    return rows.empty() ? std::string{} : rows.text(0, 0);
}

bool cancel(const std::string &backend) {
    static Query query{"select pg_catalog.pg_cancel_backend($1::pg_catalog.int4)"};
    return run(query, {backend}, Rights::caller).boolean(0, 0);
}

// A line for each change that a person would like to hear of.
void say_progress(std::int64_t run_id, std::string &said) {
    static Query query{R"(
        select pg_catalog.format('run %s: %s', run,
                   pg_catalog.concat_ws(', ',
                       case when state = 'queued' then 'waiting for another run to end' end,
                       'migration "' || migration || '" (' || position || ' of ' || migrations || ')',
                       'statement ' || statement || ' of ' || statements, phase,
                       pg_catalog.round(percent)::pg_catalog.text || ' %',
                       'waits for process ' || pg_catalog.array_to_string(blocked_by, ', ')))
          from turnstone.progress where run = $1 and (migration is not null or state = 'queued'))"};
    const Rows rows = run(query, {run_id});
    if (rows.empty() || rows.text(0, 0) == said)
        return;
    said = rows.text(0, 0);
    pg([&] { ereport(NOTICE, (errmsg_internal("%s", said.c_str()))); });
}

} // namespace

Datum cancel_run(FunctionCallInfo fcinfo) {
    const std::int64_t run_id = PG_GETARG_INT64(0);
    const RunRow row = read_run(run_id);
    if (!is_open(row) || !row.alive)
        throw core::Error(core::ErrorCode::wrong_state,
                          fmt::format("run {} is {}", run_id, is_open(row) ? "interrupted" : row.state),
                          "Only a run that is under way can be cancelled.");
    const bool sent = cancel(row.backend);
    return pg([&] { return BoolGetDatum(sent); });
}

Datum wait_for_run(FunctionCallInfo fcinfo) {
    constexpr long longest_pause_ms = 50;
    constexpr long report_every_ms = 1000;
    require_direct_call(fcinfo, "migrate_wait");
    const std::int64_t run_id = PG_GETARG_INT64(0);
    const MemoryScope memory(PortalContext);
    std::string said;
    long next_report = report_every_ms;
    const Stopwatch watch;
    for (long interval = 1;; interval = std::min(interval * 2, longest_pause_ms)) {
        commit_and_begin(); // while it waits, the session holds nothing
        const RunRow row = read_run(run_id);
        if (row.state == "done")
            return 0;
        if (!is_open(row) || !row.alive)
            throw_error_of(run_id, row);
        const long waited = watch.milliseconds();
        if (waited >= next_report) {
            next_report = waited + report_every_ms;
            const std::string deadlock = waits_for_us(row.backend);
            if (!deadlock.empty()) {
                (void)cancel(row.backend);
                pg([&] {
                    ereport(ERROR, (errcode(ERRCODE_T_R_DEADLOCK_DETECTED),
                                    errmsg("run %lld waits for this session, which waits for it",
                                           static_cast<long long>(run_id)),
                                    errdetail_internal("%s", deadlock.c_str()),
                                    errhint("The run is cancelled. Give the lock back, then call again.")));
                });
            }
            say_progress(run_id, said);
        }
        commit_and_begin();
        pause(Wait::run, interval);
    }
}

} // namespace turnstone::server
