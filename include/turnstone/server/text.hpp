// Texts: between the database's encoding and UTF-8, and checksums.
#pragma once

#include <string>

namespace turnstone::server {

// Between the database's encoding and UTF-8. Bytes that are no UTF-8 are an error with line and column.
std::string from_utf8(const std::string &bytes);
std::string to_utf8(const std::string &text);

// Lower-case hexadecimal.
std::string sha256(const std::string &bytes);

} // namespace turnstone::server
