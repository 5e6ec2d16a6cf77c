// A function's body as tokens.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/stamp_body.hpp"

namespace turnstone::server {

// As the server's own scanner cuts the text, which is what PL/pgSQL uses. No word is taken for a key word of
// SQL. Null where the text is none.
std::optional<std::vector<core::SqlToken>> plpgsql_tokens(const std::string &body);

} // namespace turnstone::server
