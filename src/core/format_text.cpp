#include "turnstone/core/format_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace turnstone::core {

namespace {

char in_lower_case(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

void append_blank(std::string &text, std::string_view line) {
    for (const char c : line)
        text += c == '\n' ? '\n' : ' ';
}

} // namespace

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    for (std::size_t at = line.find_first_not_of(blank_characters); at != std::string_view::npos;) {
        const std::size_t end = std::min(line.find_first_of(blank_characters, at), line.size());
        words.push_back(line.substr(at, end - at));
        at = line.find_first_not_of(blank_characters, end);
    }
    return words;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blank_characters);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blank_characters) - first + 1);
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char &c : lower)
        c = in_lower_case(c);
    return lower;
}

std::size_t find_in_any_case(std::string_view text, std::string_view mark) {
    // What is looked for by memchr() is the mark's rarest character.
    const auto rare = std::find_if(mark.begin(), mark.end(), [](char c) { return c == '+' || c == ':'; });
    const std::size_t anchor = rare == mark.end() ? 0 : static_cast<std::size_t>(rare - mark.begin());
    const bool is_letter = mark[anchor] >= 'a' && mark[anchor] <= 'z';
    const char capital = static_cast<char>(is_letter ? mark[anchor] - 'a' + 'A' : mark[anchor]);
    const auto next_capital = [&](std::size_t from) {
        return is_letter ? text.find(capital, from) : std::string_view::npos;
    };
    std::size_t small = text.find(mark[anchor], anchor);
    std::size_t large = next_capital(anchor);
    while (small != std::string_view::npos || large != std::string_view::npos) {
        const std::size_t at = std::min(small, large);
        if (same_in_any_case(text.substr(at - anchor, mark.size()), mark))
            return at - anchor;
        if (at == small)
            small = text.find(mark[anchor], at + 1);
        else
            large = next_capital(at + 1);
    }
    return std::string_view::npos;
}

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string unescaped(std::string_view text, std::string_view letters) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_escape =
            text[i] == '\\' && i + 1 < text.size() && letters.find(text[i + 1]) != std::string_view::npos;
        if (!is_escape) {
            plain += text[i];
            continue;
        }
        const char letter = text[++i];
        plain += letter == 'n' ? '\n' : letter == 'r' ? '\r' : letter == 't' ? '\t' : letter;
    }
    return plain;
}

bool same_in_any_case(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return in_lower_case(a) == in_lower_case(b); });
}

bool take_prefix(std::string_view &text, std::string_view prefix) {
    if (!same_in_any_case(text.substr(0, prefix.size()), prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::vector<TextLine> lines_of(std::string_view text) {
    std::vector<TextLine> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t feed = std::min(text.find('\n', begin), text.size());
        std::string_view line = text.substr(begin, feed - begin);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back({static_cast<int>(lines.size()) + 1, begin, line});
        begin = feed + 1;
    }
    return lines;
}

Error script_error(int line, std::string_view message, std::string hint) {
    return {ErrorCode::invalid_script, fmt::format("line {}: {}", line, message), {}, std::move(hint)};
}

Sections::Sections(std::size_t size) {
    script_.annotated = true;
    script_.up.text.reserve(size);
    script_.down.text.reserve(size);
}

ScriptSection &Sections::begin(Direction direction) {
    current_ = direction == Direction::up ? &script_.up : &script_.down;
    current_->present = true;
    return *current_;
}

void Sections::add_blank(std::string_view line) {
    append_blank(script_.up.text, line);
    append_blank(script_.down.text, line);
}

void Sections::add_separator(std::string_view line) {
    const std::size_t at = current_ == nullptr ? 0 : current_->text.size();
    add_blank(line);
    if (current_ != nullptr && !line.empty())
        current_->text[at] = ';';
}

void Sections::put(std::string_view line, std::string_view original) {
    for (ScriptSection *section : {&script_.up, &script_.down}) {
        if (section == current_)
            section->text += line;
        else
            append_blank(section->text, original);
    }
}

Script Sections::take() {
    for (ScriptSection *section : {&script_.up, &script_.down}) {
        if (!section->present)
            section->text.clear();
    }
    return std::move(script_);
}

ScriptSection whole_section(std::string_view text, bool transactional) {
    return {true, transactional, std::string(text)};
}

} // namespace turnstone::core
