// Whether two texts of SQL say the same.
#pragma once

#include "turnstone/core/comparison.hpp"

namespace turnstone::server {

// What ComparedStates::equivalent asks. PostgreSQL's own text of an expression, read again, is now and then
// written otherwise (varchar IN (...)), so that a schema and its restored dump differ as texts. Here the
// server reads both, against the relation, function or domain of that name as it is now, and both are the
// same when it writes the same of both. Changes nothing; works in read-only transactions and on a standby.
// What cannot be read, in this database, is different; throws only what ends the statement anyway.
bool equivalent(const core::TextPair &pair);

} // namespace turnstone::server
