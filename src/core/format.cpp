#include "turnstone/core/format.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/format_variables.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

constexpr std::array<std::pair<Format, const char *>, 20> names{
    {{Format::native, "native"},
     {Format::goose, "goose"},
     {Format::dbmate, "dbmate"},
     {Format::golang_migrate, "golang-migrate"},
     {Format::flyway, "flyway"},
     {Format::drizzle, "drizzle"},
     {Format::diesel, "diesel"},
     {Format::sqlx, "sqlx"},
     {Format::prisma, "prisma"},
     {Format::sqitch, "sqitch"},
     {Format::liquibase, "liquibase"},
     {Format::atlas, "atlas"},
     {Format::graphile_migrate, "graphile-migrate"},
     {Format::node_pg_migrate, "node-pg-migrate"},
     {Format::supabase, "supabase"},
     {Format::postgrator, "postgrator"},
     {Format::knex, "knex"},
     {Format::alembic, "alembic"},
     {Format::dump, "dump"},
     {Format::plain, "plain"}}};

constexpr std::string_view sqlx_no_transaction = "-- no-transaction";

constexpr const char *flyway_hint =
    "Give the variable of that name a value, or, where the text is meant as it stands, set the variable "
    "\"flyway:placeholderReplacement\" to \"false\".";
constexpr const char *native_hint =
    "Give it one with migrate_set_variable(), or, where the text is meant as it stands, put \"-- +migrate "
    "Placeholders: off\" into the head of the script.";

// The texts of formats that keep each direction in a file of its own, without annotations.
ScriptSection read_plain(Format format, std::string_view text, const Variables &variables) {
    switch (format) {
    case Format::diesel:
        if (text.empty())
            throw Error(ErrorCode::invalid_script, "the file is empty", {},
                        "diesel refuses that. If nothing is to be done, say so in a comment.");
        break;
    case Format::flyway: {
        const auto replace = variables.find("flyway:placeholderReplacement");
        if (replace == variables.end() || lower_case(replace->second) != "false")
            return whole_section(substitute_placeholders(text, variables, flyway_hint));
        break;
    }
    case Format::sqlx:
        return whole_section(text, !has_sqlx_annotation(text));
    default:
        break;
    }
    return whole_section(text);
}

ScriptSection read_native_down(std::string_view text, bool standard_strings) {
    if (has_native_annotation(text))
        throw Error(ErrorCode::invalid_script, "the file holds annotations, and is itself the Down", {},
                    "Take the annotations out, or put both directions into one file.");
    return read_script(text, standard_strings).up;
}

Script read_one_file(Format format, std::string_view text, const Variables &variables,
                     bool standard_strings) {
    switch (format) {
    case Format::native:
        return read_script(text, standard_strings);
    case Format::goose:
        return read_goose(text, variables, standard_strings);
    case Format::dbmate:
        return read_dbmate(text, standard_strings);
    case Format::drizzle:
        return read_drizzle(text, standard_strings);
    case Format::atlas:
        return read_atlas(text, standard_strings);
    case Format::graphile_migrate:
        return read_graphile_migrate(text, variables, standard_strings);
    case Format::node_pg_migrate:
        return read_node_pg_migrate(text, standard_strings);
    case Format::alembic:
        return read_alembic(text, standard_strings);
    case Format::liquibase:
        return read_liquibase(text, variables, standard_strings);
    default:
        Script script;
        script.up = read_plain(format, text, variables);
        return script;
    }
}

} // namespace

const char *format_name(Format format) {
    for (const auto &[known, name] : names) {
        if (known == format)
            return name;
    }
    return "";
}

std::optional<Format> parse_format(std::string_view name) {
    std::string wanted = lower_case(name);
    std::replace(wanted.begin(), wanted.end(), '_', '-');
    for (const auto &[format, known] : names) {
        if (wanted == known)
            return format;
    }
    return std::nullopt;
}

std::string format_names() {
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i)
        list += fmt::format("{}{}", i == 0 ? "" : i + 1 == names.size() ? " and " : ", ", names[i].second);
    return list;
}

bool has_down_file(Format format) {
    switch (format) {
    case Format::native: // by migrate_register(name, up, down)
    case Format::golang_migrate:
    case Format::flyway:
    case Format::diesel:
    case Format::sqlx:
    case Format::sqitch:
    case Format::node_pg_migrate:
    case Format::postgrator:
    case Format::knex:
    case Format::alembic: // the output of a downgrade
        return true;
    default:
        return false;
    }
}

bool any_plain_line(std::string_view text, std::string_view mark, bool (*is_wanted)(std::string_view)) {
    const std::size_t at = find_in_any_case(text, mark);
    if (at == std::string_view::npos)
        return false;
    // Most often it is at the very beginning, and what stands behind it need not be read.
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    for (const std::string_view part : {text.substr(0, end), text}) {
        const std::vector<SqlLine> lines = sql_lines(part);
        if (std::any_of(lines.begin(), lines.end(), [&](const SqlLine &line) {
                return line.plain && is_wanted(part.substr(line.begin, line.end - line.begin));
            }))
            return true;
    }
    return false;
}

bool has_native_annotation(std::string_view text) {
    return any_plain_line(text, "+migrate", [](std::string_view line) {
        const std::vector<std::string_view> words =
            line.starts_with("--") ? words_of(line.substr(2)) : std::vector<std::string_view>{};
        return !words.empty() && words.front() == "+migrate";
    });
}

bool has_sqlx_annotation(std::string_view text) {
    return text.starts_with(sqlx_no_transaction);
}

Script read_migration(Format format, std::string_view up, std::string_view down, const Variables &variables,
                      bool standard_conforming_strings, bool placeholders) {
    Script script = read_one_file(format, script_text(up), variables, standard_conforming_strings);
    const bool put_in = format == Format::native && script.options.placeholders.value_or(placeholders);
    if (put_in) {
        script.up.text = substitute_placeholders(script.up.text, variables, native_hint);
        script.down.text = substitute_placeholders(script.down.text, variables, native_hint);
    }
    if (down.empty())
        return script;
    if (!has_down_file(format))
        throw Error(ErrorCode::invalid_script,
                    fmt::format("format {} keeps no Down in a file of its own", format_name(format)));
    if (script.down.present)
        throw Error(ErrorCode::invalid_script, "there is a Down in the script and another one beside it");
    try {
        const std::string_view text = script_text(down);
        script.down = format == Format::native    ? read_native_down(text, standard_conforming_strings)
                      : format == Format::alembic ? read_alembic(text, standard_conforming_strings).up
                                                  : read_plain(format, text, variables);
        if (put_in)
            script.down.text = substitute_placeholders(script.down.text, variables, native_hint);
    } catch (const Error &error) {
        throw Error(error.code(), fmt::format("down file: {}", error.message()), error.detail(),
                    error.hint());
    }
    return script;
}

} // namespace turnstone::core
