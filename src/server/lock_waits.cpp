// Owns the patience with locks: the note of the awaited lock, its holders, the retries.
#include "turnstone/server/lock_waits.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/server/lock.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/top_level.hpp"
#include "turnstone/server/waits.hpp"

namespace turnstone::server {

namespace {

constexpr int look_every_ms = 20;
constexpr long longest_pause_ms = 10000;

TimeoutId look_timeout = MAX_TIMEOUTS; // none yet
volatile bool awaited_known = false;
LOCKTAG awaited;
LOCKMODE awaited_mode = NoLock;

// A handler of SIGALRM: reads this process's own entry and its lock in shared memory, and nothing else. The
// lock cannot go away while this process waits in its queue.
void note_awaited_lock() {
    const LOCK *lock = MyProc == nullptr ? nullptr : MyProc->waitLock;
    if (lock == nullptr)
        return;
    awaited = lock->tag;
    awaited_mode = MyProc->waitLockMode;
    awaited_known = true;
}

// The processes in the way of the awaited lock; 0 for a prepared transaction. A leaf.
struct Pids {
    int *pids;
    int count;
};

bool conflicts(LOCKMASK modes) {
    for (LOCKMODE mode = AccessShareLock; mode <= AccessExclusiveLock; ++mode) {
        if ((modes & LOCKBIT_ON(mode)) != 0 && DoLockModesConflict(awaited_mode, mode))
            return true;
    }
    return false;
}

Pids in_the_way() {
    const LockData *locks = GetLockStatusData();
    Pids found{static_cast<int *>(palloc(sizeof(int) * static_cast<std::size_t>(locks->nelements + 1))), 0};
    const auto add = [&](bool holders) {
        for (int i = 0; i < locks->nelements; ++i) {
            const LockInstanceData &lock = locks->locks[i];
            const LOCKMASK modes = holders ? lock.holdMask : LOCKBIT_ON(lock.waitLockMode);
            if (lock.pid != MyProcPid && conflicts(modes) &&
                memcmp(&lock.locktag, &awaited, sizeof awaited) == 0)
                found.pids[found.count++] = lock.pid;
        }
    };
    add(true);
    if (found.count == 0)
        add(false); // it was the queue: they wait for the same lock, before us
    return found;
}

// With the caller's rights: the server's own functions say whom it may cancel or terminate.
void clear_away(const Blocker &blocker) {
    static Query terminate{"select pg_catalog.pg_terminate_backend($1::pg_catalog.int4)"};
    static Query cancel{"select pg_catalog.pg_cancel_backend($1::pg_catalog.int4)"};
    const CancelBlockers allowed = settings::cancel_blockers();
    const bool idle = blocker.state.starts_with("idle in transaction");
    if (allowed == CancelBlockers::off || blocker.pid.empty() || (!idle && allowed != CancelBlockers::all))
        return;
    try {
        // an idle session has no query to cancel
        if (!run(idle ? terminate : cancel, {blocker.pid}, Rights::caller).boolean(0, 0))
            return;
    } catch (const PgError &error) { // no reason to give the migration up
        abort_and_begin();
        pg([&] {
            ereport(WARNING,
                    (errcode(error.data()->sqlerrcode),
                     errmsg("process %s is not %s", blocker.pid.c_str(), idle ? "terminated" : "cancelled"),
                     errdetail_internal("%s", error.what())));
        });
        return;
    }
    pg([&] {
        ereport(NOTICE, (errmsg("process %s is %s, as turnstone.cancel_blockers says", blocker.pid.c_str(),
                                idle ? "terminated" : "cancelled")));
    });
}

} // namespace

LockWatch::LockWatch() {
    awaited_known = false;
    pg([] {
        if (look_timeout == MAX_TIMEOUTS)
            look_timeout = RegisterTimeout(USER_TIMEOUT, note_awaited_lock);
        enable_timeout_every(look_timeout, TimestampTzPlusMilliseconds(GetCurrentTimestamp(), look_every_ms),
                             look_every_ms);
    });
}

LockWatch::~LockWatch() {
    disable_timeout(look_timeout, false);
}

std::vector<Blocker> blockers_of_last_wait() {
    if (!awaited_known)
        return {};
    static Query query{R"(
        select a.pid, a.usename, a.application_name, coalesce(pg_catalog.host(a.client_addr), 'local'), a.state,
               pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - a.xact_start),
               pg_catalog.left(pg_catalog.regexp_replace(a.query, '\s+', ' ', 'g'), 100)
          from pg_catalog.pg_stat_activity a where a.pid::pg_catalog.text = any ($1))"};
    const Pids found = pg([] { return in_the_way(); });
    std::vector<std::string> pids;
    std::vector<Blocker> blockers;
    for (int i = 0; i < found.count; ++i) {
        if (found.pids[i] != 0)
            pids.push_back(std::to_string(found.pids[i]));
        else
            blockers.push_back({"", "a prepared transaction, see pg_prepared_xacts", ""});
    }
    if (pids.empty())
        return blockers;
    const Rows rows = run(query, {pids}, Rights::caller);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        std::string description =
            fmt::format("process {}: role \"{}\", application \"{}\", client {}", rows.text(row, 0),
                        rows.text(row, 1), rows.text(row, 2), rows.text(row, 3));
        if (!rows.is_null(row, 4))
            description += fmt::format(", {}, transaction of age {}, query: {}", rows.text(row, 4),
                                       rows.is_null(row, 5) ? "0" : rows.text(row, 5), rows.text(row, 6));
        blockers.push_back({rows.text(row, 0), std::move(description), rows.text(row, 4)});
    }
    return blockers;
}

bool Patience::wait_for_next_attempt(const ErrorData &error, const std::string &migration) {
    if (error.sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE && error.sqlerrcode != ERRCODE_T_R_DEADLOCK_DETECTED)
        return false;
    ++attempts_;
    const long waited = watch_.milliseconds();
    const int limit = settings::ddl_lock_wait();
    const bool again = limit < 0 || waited < limit;
    const std::vector<Blocker> blockers = blockers_of_last_wait();
    std::string detail;
    for (const Blocker &blocker : blockers)
        detail += fmt::format("{}{}", detail.empty() ? "In the way: " : "; ", blocker.description);
    detail += detail.empty() ? "Whoever was in the way has gone meanwhile." : ".";
    pg([&] {
        ereport(NOTICE,
                (errmsg("migration \"%s\" did not get a lock in attempt %d: %s", migration.c_str(), attempts_,
                        again ? "it is undone and tried again" : "turnstone.ddl_lock_wait is over"),
                 errdetail_internal("%s", detail.c_str())));
    });
    if (!again)
        return false;
    for (const Blocker &blocker : blockers)
        clear_away(blocker);
    commit_and_begin(); // queries were run: nothing of them is to be held
    const double jitter = pg_prng_double(&pg_global_prng_state);
    long rest = static_cast<long>(static_cast<double>(pause_ms_) * (0.5 + jitter));
    if (limit >= 0)
        rest = std::min(rest, std::max(limit - waited, 1L));
    pause_ms_ = std::min(pause_ms_ * 2, longest_pause_ms);
    const Stopwatch watch;
    for (long left = rest; left > 0; left = rest - watch.milliseconds())
        pause(Wait::ddl_lock, left);
    return true;
}

} // namespace turnstone::server
