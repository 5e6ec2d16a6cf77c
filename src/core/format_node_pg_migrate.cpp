// node-pg-migrate's SQL files: "-- Up Migration" and "-- Down Migration", each for what follows.
#include <algorithm>
#include <optional>

#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

constexpr const char *markers_hint =
    "node-pg-migrate's markers are \"-- Up Migration\" and \"-- Down Migration\".";

// "-- Up Migration", with any number of dashes and blanks before it and anything behind it, in any case.
std::optional<Direction> marker_of(std::string_view line) {
    line = trimmed(line);
    if (!line.starts_with("--"))
        return std::nullopt;
    line.remove_prefix(std::min(line.find_first_not_of("- \t"), line.size()));
    const bool up = take_prefix(line, "up");
    if (!up && !take_prefix(line, "down"))
        return std::nullopt;
    const std::string_view rest = trimmed(line);
    if (rest.size() == line.size() || !same_in_any_case(rest.substr(0, 9), "migration"))
        return std::nullopt;
    return up ? Direction::up : Direction::down;
}

} // namespace

Script read_node_pg_migrate(std::string_view text, bool standard_conforming_strings) {
    Sections sections(text.size());
    int first_code_line = 0;
    bool any_marker = false;
    for (const SqlLine &line : sql_lines(text, standard_conforming_strings)) {
        const std::string_view content = text.substr(line.begin, line.end - line.begin);
        const auto marker = line.plain ? marker_of(content) : std::nullopt;
        if (marker) {
            if (sections.has(*marker))
                throw script_error(line.number, "this marker stands here for the second time", markers_hint);
            any_marker = true;
            sections.begin(*marker);
            sections.add_separator(content);
        } else if (sections.begun())
            sections.add(content);
        else {
            if (line.has_code && first_code_line == 0)
                first_code_line = line.number;
            sections.add_blank(content);
        }
    }
    if (!any_marker)
        return {{}, false, whole_section(text), {}};
    if (!sections.has(Direction::up))
        throw Error(ErrorCode::invalid_script, "there is a Down and no \"-- Up Migration\"",
                    "node-pg-migrate would run the whole file as its Up.", markers_hint);
    if (first_code_line != 0)
        throw script_error(first_code_line, "SQL stands before the first marker, in no direction",
                           markers_hint);
    return sections.take();
}

bool has_node_pg_migrate_marker(std::string_view text) {
    return any_plain_line(text, "migration", [](std::string_view line) { return !!marker_of(line); });
}

} // namespace turnstone::core
