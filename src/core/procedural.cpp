// Owns the search of PL/pgSQL bodies for commands that end a transaction.
#include "turnstone/core/procedural.hpp"

#include <algorithm>
#include <array>

#include "turnstone/core/format_text.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

// Whether a statement may begin behind this word.
bool begins_statement_behind(const std::string &word) {
    constexpr std::array<std::string_view, 7> openers{"", ";", "begin", "then", "else", "loop", ">"};
    return std::find(openers.begin(), openers.end(), word) != openers.end();
}

// What may stand behind COMMIT and ROLLBACK.
bool ends_command(const std::string &word) {
    return word == ";" || word == "and" || word == "work" || word == "transaction";
}

} // namespace

TransactionControl transaction_control(std::string_view body) {
    TransactionControl found = TransactionControl::none;
    const std::vector<std::string_view> words = sql_words(body);
    std::string before;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string word = lower_case(words[i]);
        if (begins_statement_behind(before)) {
            const std::string next = i + 1 < words.size() ? lower_case(words[i + 1]) : std::string(";");
            if ((word == "commit" || word == "rollback") && ends_command(next))
                return TransactionControl::certain;
            if (word == "call")
                found = TransactionControl::perhaps;
        }
        before = word;
    }
    return found;
}

} // namespace turnstone::core
