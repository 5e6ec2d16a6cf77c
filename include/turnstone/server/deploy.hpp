// Runs that commit after each migration, and run single statements at top level: migrate_deploy(),
// migrate_revert().
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "turnstone/core/plan.hpp"
#include "turnstone/core/script.hpp"

namespace turnstone::server {

struct Deployment {
    const char *command; // as turnstone.run.command
    std::optional<std::string> target;
    core::Direction direction;
    std::function<core::Plan(const core::History &)> plan;
};

// To be called outside of a transaction block, where commits are possible (require_direct_call()). Takes the
// run lock for the session and gives it back at the end, whatever the end is. A migration whose statements
// all may run in a transaction runs in one, again and again while it does not get its locks; one with others
// runs statement by statement, and goes on where an earlier run was cut off. An error leaves what was
// committed before it, is recorded, and says what state the migration is in.
// `run_id`: of a run whose row and report are there already, queued; 0 for one of the call's own.
void deploy(const Deployment &deployment, std::int64_t run_id = 0);

Deployment deployment_to(const std::optional<std::string> &target);

} // namespace turnstone::server
