// Owns the run lock: taking it, waiting for it, and saying who has it.
#include "turnstone/server/lock.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/installed_version.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/stopwatch.hpp"
#include "turnstone/server/top_level.hpp"
#include "turnstone/server/waits.hpp"

namespace turnstone::server {

namespace {

constexpr long first_pause_ms = 2;
constexpr long longest_pause_ms = 100;
// The holder is asked whether it waits for us as often as the server itself looks for deadlocks.
constexpr long deadlock_check_ms = 1000;

constexpr std::int64_t run_lock_key = (static_cast<std::int64_t>(run_lock_high) << 32) | run_lock_low;

bool try_lock(std::int64_t number, LockOwner owner) {
    return pg([&] {
        const Datum key = Int64GetDatum(number);
        return DatumGetBool(owner == LockOwner::session
                                ? DirectFunctionCall1(pg_try_advisory_lock_int8, key)
                                : DirectFunctionCall1(pg_try_advisory_xact_lock_int8, key));
    });
}

struct Holder {
    std::string description; // a sentence
    bool waits_for_us = false;
};

Holder holder() {
    static Query query{R"(
        select l.pid, a.usename, a.application_name,
               pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - a.xact_start),
               a.state, pg_catalog.pg_backend_pid() = any (pg_catalog.pg_blocking_pids(l.pid)),
               p.gid, p.owner, pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - p.prepared)
          from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
               left join pg_catalog.pg_prepared_xacts p
                      on l.pid is null and l.virtualtransaction = '-1/' || p.transaction::pg_catalog.text
         where l.locktype = 'advisory' and l.granted and l.mode = 'ExclusiveLock' and l.objsubid = 1
           and l.database = (select d.oid from pg_catalog.pg_database d
                              where d.datname = pg_catalog.current_database())
           and l.classid::pg_catalog.int8 = $1 and l.objid::pg_catalog.int8 = $2)"};
    const Rows rows =
        run(query, {static_cast<std::int64_t>(run_lock_high), static_cast<std::int64_t>(run_lock_low)},
            Rights::caller);
    if (rows.empty())
        return {"It was released while this message was made.", false};
    if (!rows.is_null(0, 6))
        return {fmt::format("The prepared transaction \"{}\" (of role \"{}\") holds it, since {}. COMMIT "
                            "PREPARED or ROLLBACK PREPARED ends it.",
                            rows.text(0, 6), rows.text(0, 7), rows.text(0, 8)),
                false};
    return {
        fmt::format("Process {} (role \"{}\", application \"{}\", {}) holds it, in a transaction of age {}.",
                    rows.text(0, 0), rows.text(0, 1), rows.text(0, 2),
                    rows.is_null(0, 4) ? "state not visible to this role" : rows.text(0, 4),
                    rows.is_null(0, 3) ? "unknown" : rows.text(0, 3)),
        rows.boolean(0, 5)};
}

[[noreturn]] void give_up(int sqlstate, const char *message, const std::string &detail, const char *hint) {
    pg([&] {
        ereport(ERROR, (errcode(sqlstate), errmsg_internal("%s", message),
                        errdetail_internal("%s", detail.c_str()), errhint("%s", hint)));
    });
    pg_unreachable();
}

// Milliseconds; negative for none.
long longest_wait() {
    const int own = settings::lock_wait();
    if (LockTimeout <= 0)
        return own;
    return own < 0 ? LockTimeout : std::min(own, LockTimeout);
}

} // namespace

void take_run_lock(LockOwner owner) {
    pg([] { require_own_version(); });
    if (try_lock(run_lock_key, owner))
        return;
    const Stopwatch watch;
    const long limit = longest_wait();
    long next_check = deadlock_check_ms;
    for (long interval = first_pause_ms; limit != 0; interval = std::min(interval * 2, longest_pause_ms)) {
        pause(Wait::run_lock, interval);
        if (try_lock(run_lock_key, owner))
            return;
        const long waited = watch.milliseconds();
        if (waited >= next_check) {
            next_check = waited + deadlock_check_ms;
            const Holder now = holder();
            if (now.waits_for_us)
                give_up(ERRCODE_T_R_DEADLOCK_DETECTED,
                        "the run of migrations in progress waits for this session", now.description,
                        "End this transaction and call again: the other run then goes on.");
            if (owner == LockOwner::session)
                commit_and_begin(); // the question has taken locks on the catalog
        }
        if (limit > 0 && waited >= limit)
            break;
    }
    give_up(ERRCODE_LOCK_NOT_AVAILABLE, "another session is running migrations in this database",
            holder().description,
            "Call again when it has ended. turnstone.lock_wait and lock_timeout limit the wait.");
}

void take_advisory_lock(std::int64_t key, LockOwner owner, const char *tool) {
    const Stopwatch watch;
    const long limit = longest_wait();
    while (!try_lock(key, owner)) {
        if (limit >= 0 && watch.milliseconds() >= limit)
            give_up(ERRCODE_LOCK_NOT_AVAILABLE, "another migration tool is at work in this database",
                    fmt::format("Its advisory lock {}, that of {}, is held.", key, tool),
                    "Call again when it has ended. turnstone.lock_wait and lock_timeout limit the wait.");
        pause(Wait::run_lock, longest_pause_ms);
    }
}

static bool holds_run_lock() {
    return pg([] {
        LOCKTAG tag;
        SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, run_lock_high, run_lock_low, 1);
        return compat::holds_lock(tag, ExclusiveLock);
    });
}

void require_run_lock() {
    if (!holds_run_lock())
        throw core::Error(core::ErrorCode::wrong_state, "the script has given away the lock of this run",
                          "DISCARD ALL and pg_advisory_unlock_all() release it; another session may run "
                          "migrations now.",
                          "Take that out of the script. Where it is done already, the next call goes on "
                          "behind it.");
}

void release_run_lock() {
    if (holds_run_lock())
        pg([] { (void)DirectFunctionCall1(pg_advisory_unlock_int8, Int64GetDatum(run_lock_key)); });
}

} // namespace turnstone::server
