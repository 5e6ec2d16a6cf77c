// The readers of the single formats, behind read_migration() (format.hpp). They get texts, not bytes: no byte
// order mark, no NUL.
#pragma once

#include <string_view>

#include "turnstone/core/format.hpp"

namespace turnstone::core {

Script read_goose(std::string_view text, const Variables &variables, bool standard_conforming_strings);
Script read_dbmate(std::string_view text, bool standard_conforming_strings);
Script read_drizzle(std::string_view text, bool standard_conforming_strings);

// Whether `is_wanted` holds for a line that begins outside of every quotation. `mark` is in each such line,
// in small letters: without it nothing is lexed.
bool any_plain_line(std::string_view text, std::string_view mark, bool (*is_wanted)(std::string_view));

// Whether any line of the text is an annotation of that format; quotations are known, the rest is not
// checked.
bool has_goose_annotation(std::string_view text);
bool has_dbmate_annotation(std::string_view text);
bool has_native_annotation(std::string_view text);
bool has_sqlx_annotation(std::string_view text); // "-- no-transaction" as the very first bytes

} // namespace turnstone::core
