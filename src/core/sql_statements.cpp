// Owns the cut of a text into statements as psql makes it.
#include "turnstone/core/sql_statements.hpp"

#include <algorithm>

#include "turnstone/core/format_text.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

bool is_word(std::string_view text, std::string_view word) {
    return text.size() == word.size() && lower_case(text) == word;
}

bool makes_a_routine(const SqlStatement &statement) {
    const std::size_t kind = statement.has_at(1, "or") && statement.has_at(2, "replace") ? 3 : 1;
    return statement.has_at(0, "create") &&
           (statement.has_at(kind, "function") || statement.has_at(kind, "procedure"));
}

// Whether what the statement is in has been left, so that a semicolon ends it.
class Nesting {
  public:
    void enter(const SqlStatement &statement, std::string_view word) {
        if (word == "(")
            ++parentheses_;
        else if (word == ")")
            parentheses_ = std::max(parentheses_ - 1, 0);
        else if (makes_a_routine(statement)) {
            if (is_word(word, "begin") || (blocks_ > 0 && is_word(word, "case")))
                ++blocks_;
            else if (is_word(word, "end"))
                blocks_ = std::max(blocks_ - 1, 0);
        }
    }
    [[nodiscard]] bool is_left() const { return parentheses_ == 0 && blocks_ == 0; }

  private:
    int parentheses_ = 0;
    int blocks_ = 0;
};

} // namespace

bool SqlStatement::has_at(std::size_t place, std::string_view word) const {
    return place < words.size() && is_word(words[place], word);
}

bool SqlStatement::has(std::string_view word) const {
    return std::any_of(words.begin(), words.end(), [&](std::string_view one) { return is_word(one, word); });
}

std::vector<SqlStatement> sql_statements(std::string_view text, bool standard_conforming_strings) {
    std::vector<SqlStatement> statements;
    SqlStatement statement;
    Nesting nesting;
    statement.begin = first_code(text, 0);
    const auto finish = [&](std::size_t end) {
        statement.end = end;
        if (statement.begin < end)
            statements.push_back(std::move(statement));
        statement = {};
        nesting = {};
        statement.begin = first_code(text, end);
    };
    for (const std::string_view word : sql_words(text, standard_conforming_strings)) {
        const auto offset = static_cast<std::size_t>(word.data() - text.data());
        if (offset < statement.begin) // a semicolon with nothing before it
            continue;
        if (word == ";" && nesting.is_left()) {
            finish(offset);
            continue;
        }
        statement.words.push_back(word);
        nesting.enter(statement, word);
    }
    finish(text.size());
    return statements;
}

} // namespace turnstone::core
