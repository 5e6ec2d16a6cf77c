// What the facts of relations, of their parts and of domains share.
#pragma once

#include "turnstone/server/fact_kinds.hpp"

namespace turnstone::server {

// Columns, constraints and indexes first, in this order.
std::vector<FactQuery> facts_of_relation_parts();

Properties constraint_properties(); // x: the constraint

Properties sequence_properties(const std::string &q);

// Whether a view's column a has a fact of its own.
extern const char *const view_column_is_told;

} // namespace turnstone::server
