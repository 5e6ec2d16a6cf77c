// graphile-migrate's committed migrations: a header of "--! Key: value" lines, placeholders, includes.
#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/format_variables.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

constexpr std::string_view mark = "--!";

// Of "--! Key: value" or "--! Key", with a capital letter.
struct HeaderLine {
    std::string_view key;
    std::string_view value;
};

std::optional<HeaderLine> header_line(std::string_view line) {
    if (!line.starts_with("--! "))
        return std::nullopt;
    line.remove_prefix(4);
    const std::string_view key = line.substr(0, line.find(':'));
    const bool well_formed =
        !key.empty() && key.front() >= 'A' && key.front() <= 'Z' &&
        key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
            std::string_view::npos;
    if (!well_formed)
        return std::nullopt;
    return HeaderLine{key,
                      key.size() < line.size() ? trimmed(line.substr(key.size() + 1)) : std::string_view{}};
}

// What stands behind "--!" and blanks; empty for other lines.
std::string_view command_of(std::string_view line) {
    return line.starts_with(mark) ? trimmed(line.substr(mark.size())) : std::string_view{};
}

} // namespace

GraphileHeader graphile_header(std::string_view text) {
    GraphileHeader header;
    bool any_previous = false;
    for (const TextLine &line : lines_of(text)) {
        header.body = line.begin;
        const auto found = header_line(line.text);
        if (!found) {
            header.complete = any_previous && !header.hash.empty() && line.text.empty();
            return header;
        }
        if (found->key == "Previous") {
            any_previous = !found->value.empty();
            header.previous = found->value == "-" ? std::string_view{} : found->value;
        } else if (found->key == "Hash")
            header.hash = found->value;
        else if (found->key == "AllowInvalidHash")
            header.allows_invalid_hash = true;
    }
    header.body = text.size();
    header.complete = any_previous && !header.hash.empty();
    return header;
}

Script read_graphile_migrate(std::string_view text, const Variables &variables,
                             bool standard_conforming_strings) {
    const GraphileHeader header = graphile_header(text);
    bool transactional = true;
    bool first = true;
    for (const SqlLine &line : sql_lines(text, standard_conforming_strings)) {
        if (line.begin < header.body)
            continue;
        const std::string_view content = text.substr(line.begin, line.end - line.begin);
        const std::string_view command = line.plain ? command_of(content) : std::string_view{};
        // The switch counts in the first line of the body only.
        const std::vector<std::string_view> words = words_of(command);
        if (!words.empty() && words.front() == "no-transaction") {
            if (!first)
                throw script_error(line.number, "\"--! no-transaction\" counts in the first line only",
                                   "Put it there, or take it out.");
            transactional = false;
        } else if (!words.empty() && words.front() == "include")
            throw script_error(
                line.number, fmt::format("\"{}\" was not included", trimmed(command.substr(7))),
                "graphile-migrate puts the text of the file here when it commits a migration.");
        first = first && trimmed(content).empty();
    }
    return {{}, false, whole_section(substitute_graphile(text, variables), transactional), {}};
}

bool has_graphile_header(std::string_view text) {
    return text.starts_with("--! Previous:");
}

} // namespace turnstone::core
