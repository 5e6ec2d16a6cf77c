// Passwords and their like in statements that are kept.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/stamp_body.hpp"

namespace turnstone::core {

// A token and the offset of its first byte in the text.
struct PlacedToken {
    SqlToken token;
    std::size_t offset;
};

// Whether the text has a word that may stand before a secret: only then is it worth to cut it into tokens.
bool may_hold_secrets(std::string_view text);

// The text with *** for each literal that is a secret: the password of a role; options of foreign servers and
// user mappings whose name says so, and every option of a user mapping but "user"; the value of a setting
// whose name says so; and connection strings with a password in them.
std::string without_secrets(std::string_view text, const std::vector<PlacedToken> &tokens);

// The same with a star for each byte of such a literal, so that everything stays in its place.
std::string with_hidden_secrets(std::string_view text, const std::vector<PlacedToken> &tokens);

} // namespace turnstone::core
