// Kinds of objects that no recorded state tells of: they are named, never passed over in silence.
#pragma once

#include <vector>

#include "turnstone/core/comparison.hpp"

namespace turnstone::server {

// A row for each kind of which the database has objects of its users.
std::vector<core::Difference> unmodelled_kinds();

} // namespace turnstone::server
