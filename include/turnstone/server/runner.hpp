// Runs of migrations inside the caller's transaction: migrate_apply() and migrate_rollback().
#pragma once

#include <functional>
#include <string>

#include "turnstone/server/executor.hpp"

namespace turnstone::server {

struct Done {
    const std::string &version;
    const std::string &name;
    const char *direction;
    SectionRun run;
};

using Report = std::function<void(const Done &)>;

// Applies all that is pending, in order; reports each one. All or nothing.
void apply_pending(const Report &report);

// Undoes the newest `steps` applied migrations, the last applied first.
void roll_back(int steps, const Report &report);

} // namespace turnstone::server
