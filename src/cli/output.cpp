// Owns how results look.
#include "turnstone/cli/output.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace turnstone::cli {

namespace {

using nlohmann::ordered_json;

// pg_type.h's numbers, which never change.
constexpr Oid bool_type = 16;
constexpr Oid int8_type = 20;
constexpr Oid int2_type = 21;
constexpr Oid int4_type = 23;
constexpr Oid json_type = 114;
constexpr Oid float4_type = 700;
constexpr Oid float8_type = 701;
constexpr Oid numeric_type = 1700;
constexpr Oid jsonb_type = 3802;

const char *code_of(Colour colour) {
    switch (colour) {
    case Colour::red:
        return "31";
    case Colour::green:
        return "32";
    case Colour::yellow:
        return "33";
    case Colour::blue:
        return "36";
    case Colour::faint:
        return "2";
    case Colour::bold:
        return "1";
    case Colour::none:
        break;
    }
    return "0";
}

bool is_first_byte(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
}

ordered_json value_as_json(const Result &result, int row, int column) {
    if (result.is_null(row, column))
        return nullptr;
    const std::string_view text = result.text(row, column);
    switch (result.type(column)) {
    case bool_type:
        return text == "t";
    case int2_type:
    case int4_type:
    case int8_type:
        return std::strtoll(std::string(text).c_str(), nullptr, 10);
    case float4_type:
    case float8_type:
    case numeric_type:
        return std::strtod(std::string(text).c_str(), nullptr);
    case json_type:
    case jsonb_type:
        return ordered_json::parse(text, nullptr, false);
    default:
        return std::string(text);
    }
}

} // namespace

void Output::look_at_terminal(bool no_colour) {
    const char *forbidden = std::getenv("NO_COLOR");
    const char *terminal = std::getenv("TERM");
    const bool able = terminal != nullptr && std::string_view(terminal) != "dumb";
    const bool coloured = !no_colour && (forbidden == nullptr || *forbidden == '\0') && able;
    colour_out = coloured && isatty(STDOUT_FILENO) != 0;
    colour_err = coloured && isatty(STDERR_FILENO) != 0;
    bar = !quiet && able && isatty(STDERR_FILENO) != 0;
}

std::string Output::paint(std::string_view text, Colour colour, bool coloured) {
    if (!coloured || colour == Colour::none)
        return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", code_of(colour), text);
}

void Output::line(std::string_view text) const {
    if (!json)
        fmt::print(stdout, "{}\n", text);
}

void Output::note(std::string_view text) const {
    if (!quiet)
        fmt::print(stderr, "{}\n", text);
}

void Output::document(const ordered_json &value) const {
    if (json)
        fmt::print(stdout, "{}\n", value.dump(2, ' ', false, ordered_json::error_handler_t::replace));
}

void Table::print(const Output &output) const {
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < headings_.size(); ++column) {
        std::size_t widest = 0;
        for (const auto &row : rows_)
            widest = std::max(widest, width_of(row[column].text));
        widths.push_back(widest == 0 ? 0 : std::max(widest, width_of(headings_[column])));
    }
    const auto print_line = [&](const auto &cell_of) {
        std::string line;
        std::size_t owed = 0; // blanks in front of the next cell; none at the end of a line
        for (std::size_t column = 0; column < headings_.size(); ++column) {
            if (widths[column] == 0)
                continue;
            const Cell cell = cell_of(column);
            if (!cell.text.empty()) {
                line += std::string(owed, ' ') + output.painted(cell.text, cell.colour);
                owed = 0;
            }
            owed += widths[column] - width_of(cell.text) + 2;
        }
        output.line(line);
    };
    print_line([&](std::size_t column) { return Cell{headings_[column], Colour::bold}; });
    for (const auto &row : rows_)
        print_line([&](std::size_t column) { return row[column]; });
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_first_byte));
}

std::string shortened(std::string_view text, std::size_t width) {
    if (width_of(text) <= width)
        return std::string(text);
    if (width == 0)
        return {};
    std::size_t kept = 0;
    std::size_t end = 0;
    while (end < text.size() && (kept < width - 1 || !is_first_byte(text[end])))
        kept += is_first_byte(text[end++]) ? 1 : 0;
    return std::string(text.substr(0, end)) + "…";
}

std::string duration_text(double milliseconds) {
    if (milliseconds < 9.95)
        return fmt::format("{:.1f} ms", milliseconds);
    if (milliseconds < 999.5)
        return fmt::format("{:.0f} ms", milliseconds);
    const double seconds = milliseconds / 1000;
    if (seconds < 59.95)
        return fmt::format("{:.1f} s", seconds);
    const auto whole = std::lround(seconds);
    if (whole < 3600)
        return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

ordered_json rows_as_json(const Result &result) {
    ordered_json rows = ordered_json::array();
    for (int row = 0; row < result.rows(); ++row) {
        ordered_json object = ordered_json::object();
        for (int column = 0; column < result.columns(); ++column)
            object[std::string(result.name(column))] = value_as_json(result, row, column);
        rows.push_back(std::move(object));
    }
    return rows;
}

void print_rows(const Output &output, const Result &result) {
    std::vector<std::string> headings;
    headings.reserve(static_cast<std::size_t>(result.columns()));
    for (int column = 0; column < result.columns(); ++column)
        headings.emplace_back(result.name(column));
    Table table(headings);
    for (int row = 0; row < result.rows(); ++row) {
        std::vector<Table::Cell> cells;
        for (int column = 0; column < result.columns(); ++column) {
            std::string text(result.text(row, column));
            std::replace(text.begin(), text.end(), '\n', ' ');
            cells.push_back({std::move(text)});
        }
        table.add(std::move(cells));
    }
    table.print(output);
}

} // namespace turnstone::cli
