// The statements of a text as psql cuts it, for what a client sends without asking the server's parser first.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace turnstone::core {

struct SqlStatement {
    std::size_t begin = 0; // of its first byte that is neither blank nor comment
    std::size_t end = 0;   // of its semicolon, or of the text
    // As they are written; see sql_words().
    std::vector<std::string_view> words;

    // Whether the word number `place` (from 0) is this one, in any case; `word` is in lower case.
    [[nodiscard]] bool has_at(std::size_t place, std::string_view word) const;
    [[nodiscard]] bool has(std::string_view word) const;
};

// By psql's rules: a semicolon ends a statement outside of quotations, parentheses and the body of a routine
// that is written as BEGIN ATOMIC ... END. The text is that of psql_parts(): without data and meta-commands.
std::vector<SqlStatement> sql_statements(std::string_view text, bool standard_conforming_strings = true);

} // namespace turnstone::core
