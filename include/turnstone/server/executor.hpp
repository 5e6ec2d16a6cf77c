// Runs the statements of one section inside the caller's transaction.
#pragma once

#include <cstdint>
#include <vector>

#include "turnstone/server/parser.hpp"

namespace turnstone::server {

struct SectionRun {
    int statements = 0;
    std::int64_t microseconds = 0;
};

// Each statement runs through a portal whose source text is the whole section, so that errors, also those
// inside the bodies of functions it creates, are places in the script. What the section sets (SET,
// search_path, role) ends with it. An error leaves through locate_error().
SectionRun run_section(const ScriptPlace &place);

} // namespace turnstone::server
