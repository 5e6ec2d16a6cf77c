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
    int statement; // from 1; 0 for a migration without statements
    int line;
    std::string command; // its command tag
    bool transactional;
    std::string note;
};

std::vector<PlannedStatement> plan_report(const std::string &target);

} // namespace turnstone::server
