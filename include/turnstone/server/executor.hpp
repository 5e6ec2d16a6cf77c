// Runs the statements of one section inside the caller's transaction.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "turnstone/server/parser.hpp"

namespace turnstone::server {

struct SectionRun {
    int statements = 0;
    std::int64_t rows = 0;      // that INSERT, UPDATE, DELETE, MERGE and COPY touched
    std::int64_t wal_bytes = 0; // written by the statements
    std::int64_t microseconds = 0;
    bool keeps_times = false;        // each statement's time is wanted
    std::vector<std::int64_t> times; // in microseconds
    int failed_statement = 0;        // where it ended with an error: number of the statement,
    int failed_line = 0;             // line and column in the script
    int failed_column = 0;
};

// Each statement runs through a portal whose source text is the whole section, so that errors, also those
// inside the bodies of functions it creates, are places in the script. What the section sets (SET,
// search_path, role) ends with it, and temporary objects that it makes are dropped behind it. Of the script's
// options those about time are looked at. An error leaves through locate_error(); `done` then says how far it
// came.
void run_section(const ScriptPlace &place, const core::ScriptOptions &options, SectionRun &done);

} // namespace turnstone::server
