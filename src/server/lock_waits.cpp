// Owns the patience with locks: the note of the awaited lock, its holders, the retries.
#include "turnstone/server/lock_waits.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/server/lock.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/top_level.hpp"

namespace turnstone::server {

namespace {

constexpr int look_every_ms = 20;
constexpr long longest_pause_ms = 10000;

TimeoutId look_timeout = MAX_TIMEOUTS; // none yet
volatile bool awaited_known = false;
LOCKTAG awaited;

// A handler of SIGALRM: reads this process's own entry and its lock in shared memory, and nothing else. The
// lock cannot go away while this process waits in its queue.
void note_awaited_lock() {
    const LOCK *lock = MyProc == nullptr ? nullptr : MyProc->waitLock;
    if (lock == nullptr)
        return;
    awaited = lock->tag;
    awaited_known = true;
}

// The processes that hold the awaited lock, in a mode whichever. A leaf.
struct Pids {
    int *pids;
    int count;
};

Pids holders_of_awaited() {
    const LockData *locks = GetLockStatusData();
    Pids found{static_cast<int *>(palloc(sizeof(int) * static_cast<std::size_t>(locks->nelements + 1))), 0};
    for (int i = 0; i < locks->nelements; ++i) {
        const LockInstanceData &lock = locks->locks[i];
        if (lock.holdMask != 0 && lock.pid != MyProcPid &&
            memcmp(&lock.locktag, &awaited, sizeof awaited) == 0)
            found.pids[found.count++] = lock.pid;
    }
    return found;
}

// With the caller's rights: the server's own functions say whom it may cancel or terminate.
void clear_away(const Blocker &blocker) {
    static Query terminate{"select pg_catalog.pg_terminate_backend($1::pg_catalog.int4)"};
    static Query cancel{"select pg_catalog.pg_cancel_backend($1::pg_catalog.int4)"};
    const CancelBlockers allowed = settings::cancel_blockers();
    const bool idle = blocker.state.starts_with("idle in transaction");
    if (allowed == CancelBlockers::off || (!idle && allowed != CancelBlockers::all))
        return;
    run(idle ? terminate : cancel, {blocker.pid}, Rights::caller); // an idle session has no query to cancel
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
    const Pids holders = pg([] { return holders_of_awaited(); });
    std::vector<std::string> pids;
    for (int i = 0; i < holders.count; ++i)
        pids.push_back(std::to_string(holders.pids[i]));
    if (pids.empty())
        return {};
    const Rows rows = run(query, {pids}, Rights::caller);
    std::vector<Blocker> blockers;
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
    if (error.sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE)
        return false;
    ++attempts_;
    const long waited = TimestampDifferenceMilliseconds(start_, GetCurrentTimestamp());
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
    const TimestampTz until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), rest);
    for (long left = rest; left > 0; left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), until))
        pause(left);
    return true;
}

} // namespace turnstone::server
