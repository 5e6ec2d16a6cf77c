// Any bytes as SQL, the first letter chooses the meaning of backslashes: the lines cover the text without a
// gap, each ends at its line feed; words, statements and what only psql reads lie within it, in order.
#include "input.hpp"
#include "turnstone/core/procedural.hpp"
#include "turnstone/core/sql_lines.hpp"
#include "turnstone/core/sql_statements.hpp"
#include "turnstone/core/text_position.hpp"

using namespace turnstone::core;
using turnstone::fuzz::require;

namespace {

void check_lines(std::string_view text, bool standard_strings) {
    std::size_t at = 0;
    int number = 0;
    for (const SqlLine &line : sql_lines(text, standard_strings)) {
        require(line.number == ++number && line.begin == at && line.end > at && line.end <= text.size());
        require(text.substr(line.begin, line.end - line.begin).find('\n') >= line.end - line.begin - 1);
        at = line.end;
        if (line.plain) {
            const std::size_t code = first_code(text, line.begin);
            require(code >= line.begin && code <= text.size());
        }
    }
    require(at == text.size());
}

void check_words(std::string_view text, bool standard_strings) {
    const char *at = text.data();
    for (const std::string_view word : sql_words(text, standard_strings)) {
        require(!word.empty() && word.data() >= at && word.data() + word.size() <= text.data() + text.size());
        at = word.data() + word.size();
    }
    std::size_t behind = 0;
    for (const std::size_t place : plain_occurrences(text, "--> ", standard_strings)) {
        require(place >= behind && text.substr(place, 4) == "--> ");
        behind = place + 4;
    }
}

void check_psql_parts(std::string_view text, bool standard_strings) {
    const PsqlParts parts = psql_parts(text, standard_strings);
    require(parts.sql.size() == text.size());
    std::size_t at = 0;
    for (const CopyData &data : parts.data) {
        require(data.begin >= at && data.begin <= data.end && data.end <= text.size());
        at = data.end;
    }
    for (const MetaCommand &command : parts.commands) {
        require(text.substr(command.offset, command.name.size()) == command.name);
        require(!meta_command_hint(command.name).empty());
    }
}

void check_statements(std::string_view text, bool standard_strings) {
    std::size_t at = 0;
    for (const SqlStatement &statement : sql_statements(text, standard_strings)) {
        require(statement.begin >= at && statement.begin < statement.end && statement.end <= text.size());
        require(statement.end == text.size() || text[statement.end] == ';');
        for (const std::string_view word : statement.words) {
            const auto place = static_cast<std::size_t>(word.data() - text.data());
            require(place >= statement.begin && place + word.size() <= statement.end);
        }
        at = statement.end;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    turnstone::fuzz::Input input(data, size);
    const bool standard_strings = !input.flag();
    const std::string_view text = input.rest();
    check_lines(text, standard_strings);
    check_words(text, standard_strings);
    check_psql_parts(text, standard_strings);
    check_statements(text, standard_strings);
    transaction_control(text);
    for (const std::size_t offset : {std::size_t{0}, text.size() / 2, text.size()}) {
        require(locate(text, offset).line >= 1 && locate(text, offset).column >= 1);
        require(!excerpt(text, offset).empty());
    }
    require(offset_of_character(text, static_cast<int>(size)) <= text.size());
    return 0;
}
