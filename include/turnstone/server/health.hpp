// migrate_health(): what somebody on call, or a monitor, wants to know of turnstone in this database.
#pragma once

#include <string>
#include <vector>

namespace turnstone::server {

struct HealthCheck {
    std::string check;
    std::string state;  // ok, warning, critical
    std::string detail; // a sentence
    std::string hint;   // a sentence where the state is not ok; else empty
};

std::vector<HealthCheck> look_at_health();

} // namespace turnstone::server
