// One runner per database.
#pragma once

#include <cstdint>

namespace turnstone::server {

// The advisory lock's key (pg_locks: locktype advisory, classid and objid as below, objsubid 1): the ASCII of
// "turnston". Users may take it themselves to keep migrations away.
inline constexpr unsigned run_lock_high = 0x7475726e; // "turn"
inline constexpr unsigned run_lock_low = 0x73746f6e;  // "ston"

// Who holds the lock: a transaction, until its end; or the session, until release_run_lock() or its end.
enum class LockOwner { transaction, session };

// Takes the lock. Waits by polling, since a session that waits in the lock
// manager inside a SELECT would be in the way of a holder that waits for old snapshots (CREATE INDEX
// CONCURRENTLY). Ends with 55P03 and the holder's name after turnstone.lock_wait or lock_timeout, and with
// 40P01 at once when the holder waits for this session.
void take_run_lock(LockOwner owner = LockOwner::transaction);

// Another tool's advisory lock, waited for in the same way.
void take_advisory_lock(std::int64_t key, LockOwner owner, const char *tool);

// Throws wrong_state where the session does not hold it any more: DISCARD ALL and pg_advisory_unlock_all() in
// a script give it away.
void require_run_lock();

// Gives the session's lock back. To be called outside of failed transactions.
void release_run_lock();

} // namespace turnstone::server
