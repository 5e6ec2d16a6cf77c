#include "turnstone/core/identity.hpp"

#include <algorithm>

namespace turnstone::core {

namespace {

bool is_of_a_word(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == '$' || byte >= 0x80;
}

// Behind the closing quote; the end where there is none.
std::size_t behind_quoted(std::string_view text, std::size_t at) {
    const char quote = text[at];
    for (++at; at < text.size(); ++at) {
        if (text[at] != quote)
            continue;
        if (at + 1 < text.size() && text[at + 1] == quote)
            ++at;
        else
            return at + 1;
    }
    return text.size();
}

// Where that letter first stands outside of quotes; npos for nowhere.
std::size_t find_outside_of_quotes(std::string_view text, char letter) {
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == letter)
            return at;
        at = text[at] == '"' ? behind_quoted(text, at) : at + 1;
    }
    return std::string_view::npos;
}

} // namespace

std::string unquoted(std::string_view name) {
    if (name.size() < 2 || name.front() != '"' || name.back() != '"')
        return std::string(name);
    std::string plain;
    for (std::size_t at = 1; at + 1 < name.size(); ++at) {
        plain += name[at];
        if (name[at] == '"')
            ++at;
    }
    return plain;
}

QualifiedName qualified_name(std::string_view identity) {
    const std::size_t dot = find_outside_of_quotes(identity, '.');
    // An operator without a schema, or one whose arguments have the dot.
    const std::size_t arguments = find_outside_of_quotes(identity, '(');
    if (dot == std::string_view::npos || arguments < dot)
        return {{}, identity};
    return {identity.substr(0, dot), identity.substr(dot + 1)};
}

std::string_view own_name(std::string_view identity) {
    const std::string_view name = qualified_name(identity).name;
    return name.substr(0, find_outside_of_quotes(name, '('));
}

std::vector<std::string> names_in(std::string_view sql) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at < sql.size();) {
        std::size_t end = at + 1;
        if (sql[at] == '\'' || sql[at] == '"') {
            end = behind_quoted(sql, at);
            if (sql[at] == '"')
                names.push_back(unquoted(sql.substr(at, end - at)));
        } else if (is_of_a_word(sql[at])) {
            while (end < sql.size() && is_of_a_word(sql[end]))
                ++end;
            names.emplace_back(sql.substr(at, end - at));
        }
        at = end;
    }
    return names;
}

bool mentions(std::string_view sql, std::string_view unquoted_name) {
    const std::vector<std::string> names = names_in(sql);
    return std::find(names.begin(), names.end(), unquoted_name) != names.end();
}

} // namespace turnstone::core
