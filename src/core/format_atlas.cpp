// Atlas: directives at the top of a file, its own delimiters, and archives of several files in one.
#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

constexpr std::string_view marker = "atlas:";

// "-- atlas:name value": the name and the value; none for other comments.
std::optional<std::pair<std::string_view, std::string_view>> directive_of(std::string_view line) {
    if (!line.starts_with("--") && !line.starts_with('#'))
        return std::nullopt;
    const std::size_t at = line.find(marker);
    if (at == std::string_view::npos)
        return std::nullopt;
    const std::string_view rest = line.substr(at + marker.size());
    const std::size_t end = std::min(rest.find_first_of(blank_characters), rest.size());
    if (end == 0)
        return std::nullopt;
    return std::pair{rest.substr(0, end), trimmed(rest.substr(end))};
}

// What stands in a delimiter's place: a semicolon, and its lines. Where it is made of line feeds only, the
// semicolon has no place of its own: behind the first of them it is on a line that is empty. Of one line feed
// it comes before it, so that nothing is moved; but behind it where a comment would swallow it.
std::string instead_of(std::string_view delimiter, std::string_view last_line) {
    const std::size_t visible = delimiter.find_first_not_of(blank_characters);
    std::string result(delimiter);
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = i == visible ? ';' : result[i] == '\n' ? '\n' : ' ';
    if (visible != std::string_view::npos)
        return result;
    const std::size_t first = result.find('\n');
    const bool is_alone = first == result.rfind('\n');
    const bool behind = !is_alone || last_line.find("--") != std::string_view::npos;
    return result.insert(first == std::string::npos ? 0 : first + (behind ? 1 : 0), 1, ';');
}

// Every statement ends at the delimiter.
std::string with_semicolons(std::string_view text, std::string_view delimiter, bool standard_strings) {
    std::string result;
    std::size_t done = 0;
    for (const std::size_t at : plain_occurrences(text, delimiter, standard_strings)) {
        const std::string_view statement = text.substr(done, at - done);
        result += statement;
        result += instead_of(delimiter, statement.substr(statement.rfind('\n') + 1));
        done = at + delimiter.size();
    }
    return result.append(text.substr(done));
}

std::string blank(std::string_view text) {
    std::string result(text);
    std::replace_if(
        result.begin(), result.end(), [](char c) { return c != '\n'; }, ' ');
    return result;
}

// The delimiter counts only where it is the first line.
std::string delimiter_of(std::string_view text) {
    const auto first = directive_of(text.substr(0, text.find('\n')));
    return text.starts_with("-- ") && first && first->first == "delimiter" ? unescaped(first->second, "nrt")
                                                                           : std::string{};
}

bool is_without_transaction(const std::vector<AtlasDirective> &directives) {
    return std::any_of(directives.begin(), directives.end(), [](const AtlasDirective &directive) {
        return directive.name == "txmode" && directive.value == "none";
    });
}

void check_modes(const std::vector<AtlasDirective> &directives) {
    for (const AtlasDirective &directive : directives) {
        if (directive.name == "txmode" && directive.value != "none" && directive.value != "file" &&
            directive.value != "all")
            throw script_error(directive.line, fmt::format("txmode \"{}\" is unknown", directive.value),
                               "Atlas's transaction modes are none, file and all.");
    }
}

ScriptSection section_of(std::string_view text, const AtlasPart &part, bool standard_strings) {
    const std::string_view content = text.substr(part.begin, part.end - part.begin);
    ScriptSection section;
    section.present = true;
    std::vector<AtlasDirective> directives = atlas_directives(content);
    for (AtlasDirective &directive : directives)
        directive.line += part.line - 1;
    check_modes(directives);
    section.transactional = !is_without_transaction(directives);
    const std::string delimiter = delimiter_of(content);
    section.text =
        blank(text.substr(0, part.begin)) +
        (delimiter.empty() ? std::string(content) : with_semicolons(content, delimiter, standard_strings)) +
        blank(text.substr(part.end));
    return section;
}

} // namespace

std::vector<AtlasDirective> atlas_directives(std::string_view text) {
    std::vector<AtlasDirective> directives;
    for (const TextLine &line : lines_of(text)) {
        if (line.text.empty() && line.number > 1)
            return directives;
        if (!line.text.starts_with("--") && !line.text.starts_with('#'))
            break;
        if (const auto directive = directive_of(line.text))
            directives.push_back(
                {line.number, std::string(directive->first), std::string(directive->second)});
    }
    // Without a blank line behind them the comments belong to the first statement; but Atlas looks for the
    // delimiter and the sum in the first line whatever follows.
    std::erase_if(directives, [&](const AtlasDirective &directive) {
        return directive.line != 1 || (directive.name != "delimiter" && directive.name != "sum");
    });
    return directives;
}

std::vector<AtlasPart> atlas_parts(std::string_view text) {
    std::vector<AtlasPart> parts;
    const auto directives = atlas_directives(text);
    if (std::none_of(directives.begin(), directives.end(), [](const auto &d) { return d.name == "txtar"; }))
        return parts;
    for (const TextLine &line : lines_of(text)) {
        const std::string_view content = trimmed(line.text);
        if (!line.text.starts_with("-- ") || !content.ends_with(" --") || content.size() < 7)
            continue;
        const std::string_view name = trimmed(content.substr(3, content.size() - 6));
        if (name.find_first_of(blank_characters) != std::string_view::npos || !name.ends_with(".sql"))
            continue;
        if (!parts.empty())
            parts.back().end = line.begin;
        const std::size_t begin = std::min(text.find('\n', line.begin), text.size() - 1) + 1;
        parts.push_back({line.number + 1, std::string(name), begin, text.size()});
    }
    return parts;
}

Script read_atlas(std::string_view text, bool standard_conforming_strings) {
    Script script;
    const std::vector<AtlasPart> parts = atlas_parts(text);
    if (parts.empty()) {
        script.up = section_of(text, {1, {}, 0, text.size()}, standard_conforming_strings);
        return script;
    }
    script.annotated = true;
    const std::vector<AtlasDirective> directives = atlas_directives(text);
    check_modes(directives);
    for (const AtlasPart &part : parts) {
        ScriptSection *section = part.name == "migration.sql" ? &script.up
                                 : part.name == "down.sql"    ? &script.down
                                                              : nullptr;
        if (section == nullptr)
            continue;
        if (section->present)
            throw script_error(part.line - 1, fmt::format("there is a second {}", part.name), {});
        *section = section_of(text, part, standard_conforming_strings);
        section->transactional = section->transactional && !is_without_transaction(directives);
    }
    if (!script.up.present)
        throw Error(ErrorCode::invalid_script, "the archive holds no migration.sql", {},
                    "What is to be done stands behind a line \"-- migration.sql --\".");
    return script;
}

bool has_atlas_directive(std::string_view text) {
    return text.find(marker) != std::string_view::npos && !atlas_directives(text).empty();
}

} // namespace turnstone::core
