// Owns the commands that ask what has happened: drift, log, blame.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/cli/commands.hpp"
#include "turnstone/cli/drift.hpp"

namespace turnstone::cli {

namespace {

using nlohmann::ordered_json;

std::optional<std::string> schemas_of(const Context &context) {
    return context.options.schemas.empty() ? std::nullopt
                                           : std::optional(array_literal(context.options.schemas));
}

} // namespace

DriftReport read_drift(Context &context) {
    Server &server = context.server();
    const std::string sql =
        fmt::format("select {}($1, $2::pg_catalog.text[])", server.function("migrate_drift"));
    const Result rows = server.connection().query(sql.c_str(), {"json", schemas_of(context)});
    DriftReport report;
    report.document = rows.text(0, 0);
    const ordered_json parsed = ordered_json::parse(report.document, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("summary"))
        throw Failure(ExitCode::failed, "the report of drift could not be read");
    report.differences = parsed["summary"].value("differences", 0);
    // For people the server writes it itself; where nothing differs there is nothing to be written.
    if (report.differences > 0 && !context.output.json)
        report.text = server.connection().query(sql.c_str(), {"text", schemas_of(context)}).text(0, 0);
    return report;
}

ExitCode drift(Context &context) {
    if (context.options.accept) {
        const Result rows = context.server().select("migrate_accept_drift", "$1, $2::pg_catalog.text[]",
                                                    {context.options.reason, schemas_of(context)});
        if (rows.rows() > 0)
            print_rows(context.output, rows);
        context.output.line(
            fmt::format("{} {} accepted", rows.rows(), rows.rows() == 1 ? "difference" : "differences"));
        context.output.document({{"accepted", rows_as_json(rows)}});
        return ExitCode::done;
    }
    const DriftReport report = read_drift(context);
    if (context.output.json)
        context.output.document(ordered_json::parse(report.document));
    else if (report.differences > 0)
        context.output.line(report.text);
    else if (!context.options.quiet)
        context.output.line("no drift");
    return report.differences > 0 ? ExitCode::drift : ExitCode::done;
}

ExitCode log(Context &context) {
    const auto &options = context.options;
    const std::string sql =
        "select id, run, pg_catalog.date_trunc('second', at) as at, event, name, statements,"
        "       (extract(epoch from duration) * 1000)::pg_catalog.float8 as duration_ms, role, application, "
        "address,"
        "       reason, error"
        "  from turnstone.history"
        " where $1::pg_catalog.text is null or version = $1 or name = $1 or name = $1 || '.sql'"
        " order by id desc limit $2::pg_catalog.int4";
    const Result rows = context.server().connection().query(
        sql.c_str(), {options.version.empty() ? std::nullopt : std::optional(options.version),
                      std::to_string(options.count)});
    Table table({"id", "at", "event", "name", "took", "role", "from", "note"});
    for (int row = 0; row < rows.rows(); ++row) {
        const bool failed = !rows.is_null(row, 11);
        std::string from(rows.text(row, 9));
        if (!rows.text(row, 8).empty())
            from += fmt::format("{}{}", from.empty() ? "" : " ", rows.text(row, 8));
        std::string note(failed ? rows.text(row, 11) : rows.text(row, 10));
        std::replace(note.begin(), note.end(), '\n', ' ');
        table.add(
            {{std::string(rows.text(row, 0))},
             {std::string(rows.text(row, 2))},
             {std::string(rows.text(row, 3))},
             {std::string(rows.text(row, 4))},
             {duration_text(std::strtod(std::string(rows.text(row, 6)).c_str(), nullptr)), Colour::faint},
             {std::string(rows.text(row, 7))},
             {std::move(from), Colour::faint},
             {shortened(note, 80), failed ? Colour::red : Colour::none}});
    }
    if (table.empty())
        context.output.line("the journal has no such event");
    else
        table.print(context.output);
    context.output.document({{"log", rows_as_json(rows)}});
    return ExitCode::done;
}

ExitCode blame(Context &context) {
    const Result rows = context.server().connection().query(
        fmt::format(
            "select object_type, identity, property, change, version, name, event, statement, line, text, "
            "applied_by,"
            "       pg_catalog.date_trunc('second', applied_at) as applied_at, journal_id, run from {}($1)",
            context.server().function("migrate_blame"))
            .c_str(),
        {context.options.name});
    Table table({"what", "property", "change", "script", "line", "by", "at", "statement"});
    for (int row = 0; row < rows.rows(); ++row) {
        std::string statement(rows.text(row, 9));
        std::replace(statement.begin(), statement.end(), '\n', ' ');
        table.add({{fmt::format("{} {}", rows.text(row, 0), rows.text(row, 1))},
                   {std::string(rows.text(row, 2))},
                   {std::string(rows.text(row, 3))},
                   {std::string(rows.text(row, 5)), Colour::blue},
                   {std::string(rows.text(row, 8))},
                   {std::string(rows.text(row, 10))},
                   {std::string(rows.text(row, 11)), Colour::faint},
                   {shortened(statement, 60), Colour::faint}});
    }
    table.print(context.output);
    context.output.document({{"blame", rows_as_json(rows)}});
    return ExitCode::done;
}

} // namespace turnstone::cli
