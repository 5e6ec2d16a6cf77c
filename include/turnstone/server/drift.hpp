// Drift: the schema as it is against the schema as the last run left it.
#pragma once

#include <string>
#include <vector>

#include "turnstone/core/comparison.hpp"

namespace turnstone::server {

// Throws wrong_state while no run has been recorded, and where the last one was not. Schemas: unquoted names;
// empty for all.
std::vector<core::Difference> schema_drift(const std::vector<std::string> &schemas);

// The same, and makes it the state that is expected: a row of the journal gives the reason.
std::vector<core::Difference> accept_drift(const std::string &reason,
                                           const std::vector<std::string> &schemas);

// A SHA-256 of the schema: the same for the same schema in any database.
std::string schema_fingerprint(const std::vector<std::string> &schemas);

} // namespace turnstone::server
