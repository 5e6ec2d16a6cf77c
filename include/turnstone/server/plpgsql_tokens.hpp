// Texts as the tokens of the server's own scanner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/secrets.hpp"
#include "turnstone/core/stamp_body.hpp"

namespace turnstone::server {

// No word is taken for a key word of SQL. Null where the text cannot be scanned.
std::optional<std::vector<core::PlacedToken>> placed_tokens(const std::string &text);

// The same where an error is being dealt with, in whatever state the transaction then is.
std::optional<std::vector<core::PlacedToken>> placed_tokens_behind_error(const std::string &text);

// The same of a function's body, which PL/pgSQL has cut by the same scanner.
std::optional<std::vector<core::SqlToken>> plpgsql_tokens(const std::string &body);

} // namespace turnstone::server
