// What the SQL functions about differences of schemas have in common.
#pragma once

#include <string>
#include <vector>

#include "turnstone/core/comparison.hpp"

#include "turnstone/server/sql.hpp"

namespace turnstone::server {

// An array of names; empty for null. Null elements are left out.
std::vector<std::string> schemas_argument(FunctionCallInfo fcinfo, int number);

// severity, change, object_type, identity, property, expected, actual.
void put(ResultRows &result, const std::vector<core::Difference> &differences);

} // namespace turnstone::server
