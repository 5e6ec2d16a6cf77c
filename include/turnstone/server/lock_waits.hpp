// Waits for locks that end with lock_timeout: who was in the way, what may be done about it, and how long to
// wait until the next attempt.
#pragma once

#include <string>
#include <vector>

#include "turnstone/server/guard.hpp"
#include "turnstone/server/stopwatch.hpp"

namespace turnstone::server {

// While it lives, the lock that this session waits for is noted again and again: behind a lock_timeout
// nothing else tells which one it was.
class LockWatch {
  public:
    LockWatch();
    LockWatch(const LockWatch &) = delete;
    LockWatch &operator=(const LockWatch &) = delete;
    ~LockWatch();
};

// A session that holds the lock which was last noted.
struct Blocker {
    std::string pid;
    std::string description; // role, application, client, state, age of its transaction, query
    std::string state;       // as pg_stat_activity.state; empty where this role may not see it
};

std::vector<Blocker> blockers_of_last_wait();

// The patience of one migration: how often it was tried, and for how long.
class Patience {
  public:
    // To be called behind abort_and_begin(). False where the error is no lock_timeout (55P03) and no
    // deadlock (40P01), or
    // turnstone.ddl_lock_wait is over. Otherwise says who blocks, does to them what turnstone.cancel_blockers
    // allows, and waits: with jitter, each time twice as long, 10 seconds at most. Holds nothing meanwhile.
    bool wait_for_next_attempt(const ErrorData &error, const std::string &migration);

  private:
    Stopwatch watch_;
    long pause_ms_ = 100;
    int attempts_ = 0;
};

} // namespace turnstone::server
