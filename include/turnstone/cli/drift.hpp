// The server's report of drift, which two commands read.
#pragma once

#include <string>

#include "turnstone/cli/context.hpp"

namespace turnstone::cli {

struct DriftReport {
    int differences = 0;
    std::string document; // JSON
    std::string text;     // for people; empty where nothing differs, and with --json
};

DriftReport read_drift(Context &context);

} // namespace turnstone::cli
