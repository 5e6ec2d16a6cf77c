// Seeds: scripts of data for an environment, which run when they are asked for. And the reset, which ends
// with them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/plan.hpp"

#include "turnstone/server/runner.hpp"

namespace turnstone::server {

struct Seed {
    std::string version; // its name without ".sql"
    std::string name;
    std::string checksum;
    std::vector<std::string> environments; // none for all
    std::vector<std::string> requirements;
    core::MigrationState state; // pending, failed, applied, changed, rolled_back, skipped
    bool applied;               // with whatever checksum
    std::optional<std::string> applied_at, applied_by, duration;
};

// The registered ones, in the order of their names.
std::vector<Seed> read_seeds();

// Runs the seeds of the environment that is the request's target, but for those that have run with their
// present text.
std::vector<Done> seed(const Request &request);

// Undoes all that is applied, applies everything, and runs all seeds of the environment that is the request's
// target, if any.
std::vector<Done> reset(const Request &request);

// None where no seed has that name.
std::optional<Seed> mark_seed(const std::string &name, const std::string &state, const std::string &reason);

} // namespace turnstone::server
