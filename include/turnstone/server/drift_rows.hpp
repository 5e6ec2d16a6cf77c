// What the SQL functions about differences of schemas have in common.
#pragma once

#include <vector>

#include "turnstone/core/comparison.hpp"

#include "turnstone/server/sql.hpp"

namespace turnstone::server {

// severity, change, object_type, identity, property, expected, actual.
void put(ResultRows &result, const std::vector<core::Difference> &differences);

} // namespace turnstone::server
