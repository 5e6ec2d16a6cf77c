// The journal: turnstone.journal, to which every event adds a row, and what it says of each migration.
#pragma once

#include <cstdint>
#include <string>

#include "turnstone/core/plan.hpp"

#include "turnstone/server/executor.hpp"

namespace turnstone::server {

// The state of all migrations, read with a fresh snapshot. Reliable while the run lock is held.
core::History read_history();

// True where this transaction's snapshot is older than the journal: another session's migrations were
// committed after it was taken (REPEATABLE READ, SERIALIZABLE).
bool journal_is_newer_than_transaction();

struct JournalEvent {
    const char *event; // apply, rollback, reformat
    const std::string &version;
    const std::string &name;
    const std::string &checksum;
    SectionRun run{};
};

// Returns the row's id.
std::int64_t write_event(const JournalEvent &event);

} // namespace turnstone::server
