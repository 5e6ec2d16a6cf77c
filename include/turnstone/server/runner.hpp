// Runs of migrations inside the caller's transaction: apply, roll back, redo.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/server/executor.hpp"

namespace turnstone::server {

// A migration that a run has applied or rolled back.
struct Done {
    std::string version;
    std::string name;
    const char *direction;
    SectionRun run;
};

// What a run is asked for. `dry` runs everything for real in a subtransaction and takes it back.
struct Request {
    std::optional<std::string> target = std::nullopt;
    bool dry = false;
};

// Applies what is pending up to the target, in order. All or nothing.
std::vector<Done> apply_pending(const Request &request);

// Undoes the newest `steps` applied migrations, the last applied first.
std::vector<Done> roll_back(int steps, const Request &request);

// Undoes all that was applied after the request's target.
std::vector<Done> roll_back_to(const Request &request);

// Undoes the newest `steps` and applies them again.
std::vector<Done> redo(int steps, const Request &request);

} // namespace turnstone::server
