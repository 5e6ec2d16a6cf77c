// Owns the commands that compare the folder with the server: load, status, plan.
#include <map>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/folder_entry.hpp"

#include "turnstone/cli/commands.hpp"
#include "turnstone/cli/load.hpp"

namespace turnstone::cli {

namespace {

using nlohmann::ordered_json;

Colour colour_of(std::string_view state) {
    if (state == "applied" || state == "baseline")
        return Colour::green;
    if (state == "pending" || state == "new" || state == "out_of_order" || state == "rolled_back")
        return Colour::yellow;
    if (state == "failed" || state == "partial" || state == "changed" || state == "missing" ||
        state == "edited")
        return Colour::red;
    return Colour::faint;
}

// What is to be said of a script's file beside its state on the server.
std::map<std::string, std::string, std::less<>> file_states(const Comparison &comparison) {
    std::map<std::string, std::string, std::less<>> states;
    for (const core::FolderMigration *migration : comparison.edited)
        states[migration->name] = "edited";
    for (const RegisteredScript &script : comparison.without_file)
        states[script.name] = "no file";
    return states;
}

struct StatusRow {
    std::string version;
    std::string name;
    std::string state;
    std::string file;
    std::string applied_at;
    std::string applied_by;
    std::optional<double> milliseconds;
};

std::vector<StatusRow> status_rows(Context &context) {
    Server &server = context.server();
    const LocalFolder *local = context.folder_if_any();
    Comparison comparison;
    if (local != nullptr)
        comparison = compare(*local, registered_scripts(server));
    const auto files = file_states(comparison);
    const Result rows = server.connection().query(
        fmt::format("select version, name, state, pg_catalog.date_trunc('second', applied_at), applied_by,"
                    "       extract(epoch from duration) * 1000 from {}()",
                    server.function("migrate_status"))
            .c_str());
    std::vector<StatusRow> all;
    for (int row = 0; row < rows.rows(); ++row) {
        StatusRow one{std::string(rows.text(row, 0)),
                      std::string(rows.text(row, 1)),
                      std::string(rows.text(row, 2)),
                      {},
                      std::string(rows.text(row, 3)),
                      std::string(rows.text(row, 4)),
                      {}};
        if (const auto found = files.find(one.name); found != files.end() && one.state != "missing")
            one.file = found->second;
        if (!rows.is_null(row, 5))
            one.milliseconds = std::strtod(std::string(rows.text(row, 5)).c_str(), nullptr);
        all.push_back(std::move(one));
    }
    for (const core::FolderMigration *migration : comparison.unknown)
        all.push_back(
            {core::registered_version(*migration).text(), migration->name, "pending", "new", {}, {}, {}});
    return all;
}

} // namespace

ordered_json uploaded_as_json(const Loaded &loaded) {
    ordered_json rows = ordered_json::array();
    for (const Uploaded &one : loaded.uploaded)
        rows.push_back({{"version", one.version}, {"name", one.name}, {"status", one.status}});
    return rows;
}

Loaded load_folder(Context &context, LoadTransaction whose) {
    context.begin_reading_folder(true);
    Server &server = context.server();
    const std::vector<RegisteredScript> registered = registered_scripts(server);
    if (const FolderGlance *glance = context.glance(); glance != nullptr && has_all(*glance, registered))
        return {{}, glance->entries.size()};
    const LocalFolder &local = context.folder();
    const Comparison comparison = compare(local, registered);
    Loaded loaded;
    loaded.unchanged = comparison.same;
    if (comparison.is_equal()) // the usual case, in one round trip
        return loaded;
    std::optional<Transaction> own;
    if (whose == LoadTransaction::own)
        own.emplace(server.connection());
    loaded.uploaded = upload(server, local, comparison);
    if (own)
        own->commit();
    return loaded;
}

void tell_of(const Output &output, const Loaded &loaded) {
    constexpr std::size_t most_lines = 20;
    if (output.quiet)
        return;
    if (loaded.uploaded.size() > most_lines && output.verbosity == 0) {
        std::map<std::string, std::size_t> counts;
        for (const Uploaded &one : loaded.uploaded)
            ++counts[one.status];
        for (const auto &[status, count] : counts)
            output.line(fmt::format("{} {} scripts", output.painted(status, Colour::blue), count));
        return;
    }
    for (const Uploaded &one : loaded.uploaded)
        output.line(fmt::format("{} {}", output.painted(one.status, Colour::blue), one.name));
}

ExitCode load(Context &context) {
    context.begin_reading_folder();
    Transaction transaction(context.server().connection());
    const Loaded loaded = load_folder(context);
    transaction.commit();
    tell_of(context.output, loaded);
    if (!context.output.quiet)
        context.output.line(fmt::format("{} of {} files sent, {} unchanged", loaded.uploaded.size(),
                                        context.folder().folder.migrations.size(), loaded.unchanged));
    context.output.document({{"format", core::format_name(context.folder().folder.format)},
                             {"scripts", uploaded_as_json(loaded)},
                             {"unchanged", loaded.unchanged}});
    return ExitCode::done;
}

ExitCode status(Context &context) {
    const std::vector<StatusRow> rows = status_rows(context);
    ordered_json migrations = ordered_json::array();
    Table table({"version", "name", "state", "file", "applied at", "by", "took"});
    std::map<std::string, int> counts;
    for (const StatusRow &row : rows) {
        ++counts[row.state];
        table.add({{row.version},
                   {row.name},
                   {row.state, colour_of(row.state)},
                   {row.file, Colour::yellow},
                   {row.applied_at},
                   {row.applied_by},
                   {row.milliseconds ? duration_text(*row.milliseconds) : "", Colour::faint}});
        const auto or_null = [](const std::string &text) {
            return text.empty() ? ordered_json() : ordered_json(text);
        };
        migrations.push_back(
            {{"version", row.version},
             {"name", row.name},
             {"state", row.state},
             {"file", or_null(row.file)},
             {"applied_at", or_null(row.applied_at)},
             {"applied_by", or_null(row.applied_by)},
             {"duration_ms", row.milliseconds ? ordered_json(*row.milliseconds) : ordered_json()}});
    }
    if (!table.empty())
        table.print(context.output);
    std::string summary;
    for (const auto &[state, count] : counts)
        summary += fmt::format("{}{} {}", summary.empty() ? "" : ", ", count, state);
    context.output.line(summary.empty() ? "no migrations" : summary);
    context.output.document(
        {{"database", context.server().database()}, {"counts", counts}, {"migrations", migrations}});
    return ExitCode::done;
}

// The folder is sent as `up` would send it, and taken back.
ExitCode plan(Context &context) {
    Server &server = context.server();
    Transaction transaction(server.connection());
    if (!context.options.down && context.folder_if_any() != nullptr)
        (void)load_folder(context);
    const Parameters parameters{context.options.target.empty() ? std::nullopt
                                                               : std::optional(context.options.target),
                                context.options.down ? "down" : "up"};
    const Result rows = server.select("migrate_plan", "$1, $2", parameters);
    Table table({"step", "name", "statement", "line", "command", "transaction", "note"});
    for (int row = 0; row < rows.rows(); ++row) {
        const bool first = row == 0 || rows.text(row, 0) != rows.text(row - 1, 0);
        const bool alone = !rows.truth(row, 7);
        table.add({{first ? std::string(rows.text(row, 0)) : ""},
                   {first ? std::string(rows.text(row, 2)) : ""},
                   {std::string(rows.text(row, 4))},
                   {std::string(rows.text(row, 5))},
                   {shortened(rows.text(row, 6), 60)},
                   {alone ? "its own" : "", Colour::yellow},
                   {std::string(rows.text(row, 8)), Colour::yellow}});
    }
    if (table.empty())
        context.output.line(context.options.down ? "nothing is to be rolled back" : "nothing is pending");
    else
        table.print(context.output);
    context.output.document({{"plan", rows_as_json(rows)}});
    return ExitCode::done;
}

} // namespace turnstone::cli
