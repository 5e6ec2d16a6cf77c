// Where something stands in a text, for people: line, column and an excerpt with a caret.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace turnstone::core {

struct TextPosition {
    int line = 1;   // from 1
    int column = 1; // from 1, in characters
};

// Bytes of the character at the start of a text that is not empty; at least 1.
using CharacterLength = int (*)(const char *);

int utf8_character_length(const char *character);

TextPosition locate(std::string_view text, std::size_t offset,
                    CharacterLength character_length = utf8_character_length);

// Byte offset of the character number `character` (from 1); the text's size where it has fewer.
std::size_t offset_of_character(std::string_view text, int character,
                                CharacterLength character_length = utf8_character_length);

// Two lines without a closing line feed: "   12 | the line" and a caret below the character at `offset`. A
// line of over 100 characters is cut to the part around it.
std::string excerpt(std::string_view text, std::size_t offset,
                    CharacterLength character_length = utf8_character_length);

} // namespace turnstone::core
