// One runner per database.
#pragma once

namespace turnstone::server {

// The advisory lock's key (pg_locks: locktype advisory, classid and objid as below, objsubid 1): the ASCII of
// "turnston". Users may take it themselves to keep migrations away.
inline constexpr unsigned run_lock_high = 0x7475726e; // "turn"
inline constexpr unsigned run_lock_low = 0x73746f6e;  // "ston"

// Takes the lock until the end of the transaction. Waits by polling, since a session that waits in the lock
// manager inside a SELECT would be in the way of a holder that waits for old snapshots (CREATE INDEX
// CONCURRENTLY). Ends with 55P03 and the holder's name after turnstone.lock_wait or lock_timeout, and with
// 40P01 at once when the holder waits for this session.
void take_run_lock();

} // namespace turnstone::server
