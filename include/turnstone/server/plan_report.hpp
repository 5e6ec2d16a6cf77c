// What a run would do, statement by statement, without running anything: migrate_plan().
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace turnstone::server {

struct PlannedStatement {
    int step;
    std::string version;
    std::string name;
    const char *direction;
    int statement; // from 1; 0 for a migration without statements
    int line;
    std::string command; // its command tag
    bool transactional;
    std::string note;
};

// Direction "up": of migrate_apply(target). "down": of migrate_rollback_to(target), or, without a target, of
// migrate_rollback(); what cannot be rolled back has a note that says why.
std::vector<PlannedStatement> plan_report(const std::string &target, const std::string &direction);

} // namespace turnstone::server
