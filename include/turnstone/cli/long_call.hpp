// A statement that may take long: its notices and its progress are shown while it runs, Ctrl-C cancels it on
// the server, and its end is waited for.
#pragma once

#include <string>
#include <vector>

#include "turnstone/cli/context.hpp"

namespace turnstone::cli {

struct MigrationDone {
    std::string name;
    std::string state; // applied, rolled back
    double milliseconds = 0;
};

struct CallOutcome {
    std::vector<MigrationDone> done;
    std::vector<Notice> notices; // all of them
};

// Throws like Connection::query(); what was done before that stands in `outcome`.
Result long_call(Context &context, const std::string &sql, const Parameters &parameters,
                 CallOutcome &outcome);

} // namespace turnstone::cli
