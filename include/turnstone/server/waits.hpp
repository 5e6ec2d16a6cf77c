// What a session waits for where it waits by itself, as pg_stat_activity shows it.
#pragma once

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

enum class Wait {
    run_lock, // for another run to end
    ddl_lock, // before a migration that found no lock is tried again
    run,      // migrate_wait()
    worker,   // for a background worker's answer or end
};

// For WaitLatch(). To be called within pg().
uint32 wait_event(Wait wait);

// Sleeps, open to interrupts, and without a snapshot of its own that anybody's CONCURRENTLY would wait for.
void pause(Wait wait, long milliseconds);

} // namespace turnstone::server
