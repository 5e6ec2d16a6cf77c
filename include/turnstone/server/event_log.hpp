// What runs have done, in the server's log (unless turnstone.log_events is off). Each line is of level LOG
// and begins with "turnstone: ". Of a transaction that is prepared for two-phase commit there is none.
#pragma once

#include <cstdint>

#include "turnstone/server/failure.hpp"
#include "turnstone/server/journal.hpp"

namespace turnstone::server {

// Written when the transaction commits: what is rolled back, as by a dry run, leaves no line.
void log_event(const JournalEvent &event, const std::string &role);
void log_interruption(std::int64_t run_id);

// Written at once, with the error's SQLSTATE.
void log_failure(const Failure &failure);

} // namespace turnstone::server
