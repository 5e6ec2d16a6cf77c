// What the journals of other tools look like.
#pragma once

#include <span>

#include "turnstone/core/foreign_history.hpp"

namespace turnstone::server {

struct KnownJournal { // NOLINT(clang-analyzer-optin.performance.Padding): in the order in which one reads
                      // them
    core::ForeignTool tool;
    const char *schema;  // the only one it can be in; or empty
    const char *table;   // its usual name
    const char *columns; // that it has, with ',' between
    const char *rows;    // the query of its rows; see foreign_queries.cpp
    const char *apply =
        ""; // the statement that writes the row of a migration; empty where that cannot be done
    const char *rollback = "";
    bool needs_foreign_id = false; // for that
    bool keeps_mark = false;       // in place of rows
};

// In the order in which they are to be looked for.
std::span<const KnownJournal> known_journals();

} // namespace turnstone::server
