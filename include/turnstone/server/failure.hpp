// Failures of runs, recorded durably although the run's own transaction rolls back.
#pragma once

#include <optional>
#include <string>

#include "turnstone/server/executor.hpp"

namespace turnstone::server {

struct Failure {
    std::string command; // of the run
    std::optional<std::string> target;
    const char *event; // as turnstone.journal.event
    std::string version;
    std::string name;
    std::string checksum;
    SectionRun run;
    const ErrorData *error;
};

// Has a background worker write the failure's row into turnstone.journal, in a transaction of its own, and
// waits for it (5 seconds at most). Never fails itself: where no worker can be had, a warning says so. Silent
// where the tables are not there for others yet (CREATE EXTENSION in the same transaction). Then calls the
// hook after_failure, if there is one.
void record_failure(const Failure &failure) noexcept;

// Writes the row in this session's own transaction.
void write_failure(const Failure &failure, std::int64_t run_id);

// Main function of that worker, inside entry().
void write_recorded_failure(Datum segment_handle);

} // namespace turnstone::server
