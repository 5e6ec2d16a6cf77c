// Owns the way of a failure from the session that met it, through shared memory and a background worker, into
// the journal.
#include "turnstone/server/failure.hpp"

#include <cstring>
#include <vector>

#include "turnstone/server/raii.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

constexpr int longest_wait_ms = 5000;
constexpr int wait_step_ms = 5;

// The worker runs: insert_failure's parameters from the segment, in order, after the database's OID.
Query insert_run{"insert into turnstone.run (command, target) values ($1, $2) returning id"};
Query insert_failure{R"(
    insert into turnstone.journal
           (run, event, version, name, checksum, script, statements, rows, wal_bytes, started_at, finished_at, duration,
            session_role, role, search_path, application, client_address, backend, transaction, server_version,
            turnstone_version, error_sqlstate, error_message, error_detail, error_hint, error_context, error_statement,
            error_line, error_column)
    select $1, f[3], f[4], f[5], f[6],
           (select m.script from turnstone.migration m where m.version = f[4] and m.checksum = f[6]),
           f[7]::pg_catalog.int4, 0, 0, t.now - f[8]::pg_catalog.int8 * interval '1 microsecond', t.now,
           f[8]::pg_catalog.int8 * interval '1 microsecond', f[9], f[10], f[11], f[12],
           nullif(f[13], '')::pg_catalog.inet, f[14]::pg_catalog.int4, f[15]::pg_catalog.xid8,
           pg_catalog.current_setting('server_version'), f[16], f[17], f[18], nullif(f[19], ''), nullif(f[20], ''),
           nullif(f[21], ''), f[22]::pg_catalog.int4, f[23]::pg_catalog.int4, f[24]::pg_catalog.int4
      from (select pg_catalog.clock_timestamp() as now, $2 as f) t)"};
constexpr std::size_t field_count = 24;

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

// Layout of the segment: the database's OID, then each field's length and bytes.
std::string packed(const std::vector<std::string> &fields) {
    std::string bytes(reinterpret_cast<const char *>(&MyDatabaseId), sizeof(Oid));
    for (const std::string &field : fields) {
        const auto length = static_cast<std::uint32_t>(field.size());
        bytes.append(reinterpret_cast<const char *>(&length), sizeof length);
        bytes += field;
    }
    return bytes;
}

std::vector<std::string> unpacked(const char *bytes) {
    std::vector<std::string> fields;
    bytes += sizeof(Oid);
    for (std::size_t i = 0; i < field_count; ++i) {
        std::uint32_t length = 0;
        memcpy(&length, bytes, sizeof length);
        fields.emplace_back(bytes + sizeof length, length);
        bytes += sizeof length + length;
    }
    return fields;
}

// A leaf.
BackgroundWorkerHandle *start_worker(dsm_segment *segment) {
    BackgroundWorker worker;
    memset(&worker, 0, sizeof worker);
    worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
    worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
    worker.bgw_restart_time = BGW_NEVER_RESTART;
    strlcpy(worker.bgw_library_name, "turnstone", sizeof worker.bgw_library_name);
    strlcpy(worker.bgw_function_name, "turnstone_failure_worker", sizeof worker.bgw_function_name);
    strlcpy(worker.bgw_name, "turnstone: recording a failure", sizeof worker.bgw_name);
    strlcpy(worker.bgw_type, "turnstone", sizeof worker.bgw_type);
    worker.bgw_main_arg = UInt32GetDatum(dsm_segment_handle(segment));
    worker.bgw_notify_pid = MyProcPid;
    BackgroundWorkerHandle *handle = nullptr;
    return RegisterDynamicBackgroundWorker(&worker, &handle) ? handle : nullptr;
}

// Does not look at interrupts: the session is on its way out with an error already, and this is short.
bool wait_for(BackgroundWorkerHandle *handle) {
    for (int waited = 0; waited < longest_wait_ms; waited += wait_step_ms) {
        pid_t pid = 0;
        if (GetBackgroundWorkerPid(handle, &pid) == BGWH_STOPPED)
            return true;
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, wait_step_ms,
                        PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
    }
    return false;
}

void warn_unrecorded(const std::string &name, const char *why) {
    pg([&] {
        ereport(WARNING,
                (errmsg("the failure of migration \"%s\" is not in the journal", name.c_str()),
                 errdetail_internal("%s", why), errhint("You might need to increase max_worker_processes.")));
    });
}

// False where no worker could be had.
bool hand_over(const Failure &failure) {
    const std::string bytes = packed(fields_of(failure));
    return pg([&] {
        dsm_segment *segment = dsm_create(bytes.size(), DSM_CREATE_NULL_IF_MAXSEGMENTS);
        if (segment == nullptr)
            return false;
        memcpy(dsm_segment_address(segment), bytes.data(), bytes.size());
        BackgroundWorkerHandle *handle = start_worker(segment);
        const bool written = handle != nullptr && wait_for(handle);
        dsm_detach(segment);
        return written;
    });
}

} // namespace

void record_failure(const Failure &failure) noexcept {
    try {
        std::string why;
        try {
            if (!hand_over(failure))
                why = "No background worker could be had to record it.";
        } catch (const std::exception &error) {
            why = error.what(); // as in a transaction that can only be rolled back
        }
        if (!why.empty())
            warn_unrecorded(failure.name, why.c_str());
    } catch (...) { // the run's own error is the one to tell of
    }
}

void write_failure(std::int64_t run_id, const Failure &failure) {
    run(insert_failure, {run_id, fields_of(failure)});
}

void write_recorded_failure(Datum segment_handle) {
    static Query installed{"select pg_catalog.to_regclass('turnstone.journal') is not null"};
    const bool attached = pg([&] {
        dsm_segment *segment = dsm_attach(DatumGetUInt32(segment_handle));
        if (segment == nullptr)
            return false; // whoever asked has gone
        Oid database = InvalidOid;
        memcpy(&database, dsm_segment_address(segment), sizeof database);
        BackgroundWorkerInitializeConnectionByOid(database, InvalidOid, 0);
        return true;
    });
    if (!attached)
        return;
    const std::vector<std::string> fields = unpacked(pg([&] {
        return static_cast<const char *>(
            dsm_segment_address(dsm_find_mapping(DatumGetUInt32(segment_handle))));
    }));
    pg([] {
        SetCurrentStatementStartTimestamp();
        StartTransactionCommand();
        PushActiveSnapshot(GetTransactionSnapshot());
    });
    if (run(installed, {}, Rights::caller).boolean(0, 0)) {
        const std::string &target = fields[1];
        const Rows run_row = run(insert_run, {fields[0], Value::or_null(target)});
        run(insert_failure, {run_row.integer(0, 0), fields});
    }
    pg([] {
        PopActiveSnapshot();
        CommitTransactionCommand();
    });
}

} // namespace turnstone::server
