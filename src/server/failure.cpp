// Owns the way of a failure from the session that met it, through background workers, into the journal and to
// the hook after_failure.
#include "turnstone/server/failure.hpp"

#include <vector>

#include "turnstone/server/event_log.hpp"
#include "turnstone/server/hooks.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/touched.hpp"
#include "turnstone/server/worker.hpp"

namespace turnstone::server {

namespace {

// The worker's; its fields come in this order.
Query insert_failure{R"(
    insert into turnstone.journal
           (run, event, version, name, checksum, script, statements, rows, wal_bytes, started_at, finished_at, duration,
            session_role, role, search_path, application, client_address, backend, transaction, server_version,
            turnstone_version, error_sqlstate, error_message, error_detail, error_hint, error_context, error_statement,
            error_line, error_column)
    select $1, f[3], f[4], f[5], f[6],
           (select case when f[3] = 'rollback' then coalesce(m.down_script, m.script) else m.script end
              from turnstone.migration m where m.version = f[4] and m.checksum = f[6]),
           f[7]::pg_catalog.int4, 0, 0, t.now - f[8]::pg_catalog.int8 * interval '1 microsecond', t.now,
           f[8]::pg_catalog.int8 * interval '1 microsecond', f[9], f[10], f[11], f[12],
           nullif(f[13], '')::pg_catalog.inet, f[14]::pg_catalog.int4, f[15]::pg_catalog.xid8,
           pg_catalog.current_setting('server_version'), f[16], f[17], f[18], nullif(f[19], ''), nullif(f[20], ''),
           nullif(f[21], ''), nullif(f[22], '0')::pg_catalog.int4, nullif(f[23], '0')::pg_catalog.int4,
           nullif(f[24], '0')::pg_catalog.int4
      from (select pg_catalog.clock_timestamp() as now, $2 as f) t
    returning id)"};

std::string text_of(const char *text) {
    return text == nullptr ? std::string{} : std::string(text);
}

// What only SQL knows of this session.
struct Session {
    std::string session_role;
    std::string address;
    std::string transaction;
};

Session this_session() {
    static Query query{"select session_user, pg_catalog.host(pg_catalog.inet_client_addr()), "
                       "pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.text"};
    const Rows rows = run(query);
    return {rows.text(0, 0), rows.text(0, 1), rows.is_null(0, 2) ? "0" : rows.text(0, 2)};
}

std::vector<std::string> fields_of(const Failure &failure) {
    const Session session = this_session();
    const ErrorData &error = *failure.error;
    return {failure.command,
            failure.target.value_or(""),
            failure.event,
            failure.version,
            failure.name,
            failure.checksum,
            std::to_string(failure.run.statements),
            std::to_string(failure.run.microseconds),
            session.session_role,
            current_role(),
            run_search_path(),
            text_of(application_name),
            session.address,
            std::to_string(MyProcPid),
            session.transaction,
            TURNSTONE_VERSION,
            unpack_sql_state(error.sqlerrcode),
            text_of(error.message),
            text_of(error.detail),
            text_of(error.hint),
            text_of(error.context),
            std::to_string(failure.run.failed_statement),
            std::to_string(failure.run.failed_line),
            std::to_string(failure.run.failed_column)};
}

void warn_unrecorded(const std::string &name, const char *why) {
    pg([&] {
        ereport(WARNING,
                (errmsg("the failure of migration \"%s\" is not in the journal", name.c_str()),
                 errdetail_internal("%s", why), errhint("You might need to increase max_worker_processes.")));
    });
}

// The number of the run that the failure is recorded under; none where no worker could be had.
std::optional<std::int64_t> hand_over(const Failure &failure) {
    return send_worker(
               {"turnstone_failure_worker", "turnstone: recording a failure", InvalidOid, fields_of(failure)})
        .answer;
}

} // namespace

void record_failure(const Failure &failure) noexcept {
    try {
        log_failure(failure);
        std::string why;
        std::optional<std::int64_t> run_id;
        try {
            run_id = hand_over(failure);
            if (!run_id)
                why = "No background worker could be had to record it.";
        } catch (const std::exception &error) {
            why = error.what(); // as in a transaction that can only be rolled back
        }
        if (!why.empty())
            warn_unrecorded(failure.name, why.c_str());
        if (run_id && *run_id != 0)
            call_after_failure(failure, *run_id);
    } catch (...) { // the run's own error is the one to tell of
    }
}

void write_failure(const Failure &failure, std::int64_t run_id) {
    log_failure(failure);
    const Rows row = run(insert_failure, {run_id, fields_of(failure)});
    touches_belong_to(failure.name, row.integer(0, 0)); // of a migration that is done in part
}

void write_recorded_failure(Datum segment_handle) {
    do_errand(segment_handle, [](const std::vector<std::string> &fields) -> std::int64_t {
        static Query installed{"select pg_catalog.to_regclass('turnstone.journal') is not null"};
        if (!run(installed, {}, Rights::caller).boolean(0, 0))
            return 0;
        const std::string &target = fields[1];
        const std::int64_t run_id =
            begin_run(fields[0].c_str(), target.empty() ? std::nullopt : std::optional(target));
        run(insert_failure, {run_id, fields});
        return run_id;
    });
}

} // namespace turnstone::server
