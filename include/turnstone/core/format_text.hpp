// What the readers of the formats share: words of a line, errors with a line, and the cut of a text into Up
// and Down that keeps every line where it was.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/error.hpp"
#include "turnstone/core/script.hpp"

namespace turnstone::core {

inline constexpr std::string_view blank_characters = " \t\r\n\f\v";

std::vector<std::string_view> words_of(std::string_view line);
std::string_view trimmed(std::string_view text);
std::string lower_case(std::string_view text); // ASCII only
// Where `mark`, in small letters, stands in the text in any case.
std::size_t find_in_any_case(std::string_view text, std::string_view mark);
bool all_digits(std::string_view text); // at least one

// "\\n" and the like as what they stand for; which of n, r, t and the backslash are written so differs by
// tool.
std::string unescaped(std::string_view text, std::string_view letters);

// Whether both are the same but for the case of ASCII letters.
bool same_in_any_case(std::string_view left, std::string_view right);
// `prefix` taken off, if the text begins with it in any case.
bool take_prefix(std::string_view &text, std::string_view prefix);

struct TextLine {
    int number = 1; // from 1
    std::size_t begin = 0;
    std::string_view text; // without its end
};
std::vector<TextLine> lines_of(std::string_view text);

// invalid_script, "line 3: message".
Error script_error(int line, std::string_view message, std::string hint);

// A script under construction, line by line. What is not added to a direction is blank in it.
class Sections {
  public:
    explicit Sections(std::size_t size);

    // Lines now go to `direction`; its section is present from here on.
    ScriptSection &begin(Direction direction);
    [[nodiscard]] bool begun() const noexcept { return current_ != nullptr; }
    [[nodiscard]] bool has(Direction direction) const noexcept { return script_.section(direction).present; }

    void add(std::string_view line) { put(line, line); }
    void add_blank(std::string_view line);
    // A blank line with a lone semicolon, for marks that end a statement: `line` must begin with a byte of
    // its own.
    void add_separator(std::string_view line);
    // `line` in the present direction, `original` as its blank in the other one. Both have the same line
    // feeds.
    void put(std::string_view line, std::string_view original);

    Script take();

  private:
    Script script_;
    ScriptSection *current_ = nullptr;
};

// All of the text in one section.
ScriptSection whole_section(std::string_view text, bool transactional = true);

} // namespace turnstone::core
