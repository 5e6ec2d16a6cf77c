// Owns the commands that set states by hand: baseline, mark, repair, tag.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/folder_entry.hpp"

#include "turnstone/cli/commands.hpp"
#include "turnstone/cli/load.hpp"

namespace turnstone::cli {

namespace {

std::optional<std::string> or_null(const std::string &text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

ExitCode tell_of_marked(const Context &context, const Result &rows, const char *key) {
    if (!context.options.quiet)
        print_rows(context.output, rows);
    context.output.document({{key, rows_as_json(rows)}});
    return ExitCode::done;
}

// The version's file, where the folder has it: by its version, its name or the name without its ending.
const core::FolderMigration *find_by_version(const LocalFolder &local, const std::string &version) {
    const core::Version wanted = core::Version::from_text(version);
    for (const core::FolderMigration &migration : local.folder.migrations) {
        if (migration.name == version || migration.name == version + ".sql" ||
            core::registered_version(migration) == wanted)
            return &migration;
    }
    return nullptr;
}

} // namespace

ExitCode baseline(Context &context) {
    Server &server = context.server();
    Transaction transaction(server.connection());
    if (!context.options.no_load && context.folder_if_any() != nullptr)
        tell_of(context.output, load_folder(context));
    const Result rows = server.select("migrate_baseline", "$1, $2",
                                      {context.options.version, or_null(context.options.reason)});
    transaction.commit();
    return tell_of_marked(context, rows, "baseline");
}

ExitCode mark(Context &context) {
    const auto &options = context.options;
    const auto statement =
        options.statement ? std::optional(std::to_string(*options.statement)) : std::nullopt;
    return tell_of_marked(
        context,
        context.server().select("migrate_mark", "$1, $2, $3, $4",
                                {options.version, options.state, options.reason, statement}),
        "marked");
}

// The text of the file, where there is one.
ExitCode repair(Context &context) {
    Server &server = context.server();
    const LocalFolder *local = context.folder_if_any();
    const core::FolderMigration *migration = local == nullptr || context.options.no_load
                                                 ? nullptr
                                                 : find_by_version(*local, context.options.version);
    std::string version = context.options.version;
    std::optional<std::string> text;
    if (migration != nullptr) {
        version = core::registered_version(*migration).text();
        text = migration->up_bytes;
        if (!migration->down_bytes.empty())
            throw Failure(
                ExitCode::failed, fmt::format("\"{}\" has a Down in a file of its own", migration->name), {},
                "migrate_repair() takes one text; with --no-load it accepts the one that is registered.");
    }
    return tell_of_marked(context,
                          server.select("migrate_repair", "$1, $2::pg_catalog.text, $3",
                                        {version, text, or_null(context.options.reason)}),
                          "repaired");
}

ExitCode tag(Context &context) {
    return tell_of_marked(context,
                          context.server().select("migrate_tag", "$1, $2",
                                                  {context.options.name, or_null(context.options.version)}),
                          "tagged");
}

} // namespace turnstone::cli
