#include "turnstone/core/text_position.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace turnstone::core {

namespace {

constexpr std::size_t widest_excerpt = 100;

struct LineBounds {
    std::size_t begin;
    std::size_t end; // before the line feed and a carriage return
};

LineBounds line_around(std::string_view text, std::size_t offset) {
    std::size_t begin = offset;
    while (begin > 0 && text[begin - 1] != '\n')
        --begin;
    std::size_t end = std::min(text.find('\n', offset), text.size());
    if (end > begin && text[end - 1] == '\r')
        --end;
    return {begin, std::max(begin, end)};
}

std::size_t next_character(std::string_view text, std::size_t offset, CharacterLength character_length) {
    const auto length = static_cast<std::size_t>(std::max(1, character_length(text.data() + offset)));
    return std::min(offset + length, text.size());
}

} // namespace

int utf8_character_length(const char *character) {
    const auto lead = static_cast<unsigned char>(*character);
    if (lead < 0xc0)
        return 1;
    if (lead < 0xe0)
        return 2;
    return lead < 0xf0 ? 3 : 4;
}

TextPosition locate(std::string_view text, std::size_t offset, CharacterLength character_length) {
    offset = std::min(offset, text.size());
    TextPosition position;
    position.line +=
        static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(offset), '\n'));
    for (std::size_t at = line_around(text, offset).begin; at < offset;
         at = next_character(text, at, character_length))
        ++position.column;
    return position;
}

std::size_t offset_of_character(std::string_view text, int character, CharacterLength character_length) {
    std::size_t at = 0;
    for (int passed = 1; passed < character && at < text.size(); ++passed)
        at = next_character(text, at, character_length);
    return at;
}

std::string excerpt(std::string_view text, std::size_t offset, CharacterLength character_length) {
    offset = std::min(offset, text.size());
    const LineBounds line = line_around(text, offset);
    std::vector<std::string_view> characters;
    std::size_t caret = 0;
    for (std::size_t at = line.begin; at < line.end;) {
        const std::size_t next = std::min(next_character(text, at, character_length), line.end);
        if (at < offset)
            caret = characters.size() + 1;
        characters.push_back(text.substr(at, next - at));
        at = next;
    }
    std::size_t first = 0;
    std::size_t last = characters.size();
    if (characters.size() > widest_excerpt) {
        first = caret > widest_excerpt / 2 ? caret - widest_excerpt / 2 : 0;
        last = std::min(first + widest_excerpt, characters.size());
        first = last - widest_excerpt;
    }
    std::string shown;
    std::string below;
    if (first > 0) {
        shown += "...";
        below += "   ";
    }
    for (std::size_t i = first; i < last; ++i) {
        shown += characters[i];
        if (i < caret)
            below += characters[i] == "\t" ? '\t' : ' ';
    }
    if (last < characters.size())
        shown += "...";
    return fmt::format("{:5} | {}\n      | {}^", locate(text, offset, character_length).line, shown, below);
}

} // namespace turnstone::core
