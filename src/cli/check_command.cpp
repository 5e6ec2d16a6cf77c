// Owns `check`, which a CI job ends with: everything that is wrong is told, and the exit code is that of the
// first thing in this order: a file that is no migration, files that are not what is registered, what is
// pending, drift.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/error.hpp"
#include "turnstone/core/script_name.hpp"

#include "turnstone/cli/commands.hpp"
#include "turnstone/cli/drift.hpp"
#include "turnstone/cli/error_report.hpp"
#include "turnstone/cli/load.hpp"

namespace turnstone::cli {

namespace {

using nlohmann::ordered_json;

class Check {
  public:
    explicit Check(Context &context) : context_(context), output_(context.output) {}

    ExitCode run() {
        const LocalFolder *local = read_folder();
        if (local != nullptr) {
            check_names(*local);
            check_registered(*local);
        }
        check_pending();
        if (!context_.options.no_drift)
            check_drift();
        if (findings_.empty() && !context_.options.quiet)
            output_.line(output_.painted("ok", Colour::green));
        output_.document(
            {{"ok", findings_.empty()}, {"exit_code", static_cast<int>(code_)}, {"findings", findings_}});
        return code_;
    }

  private:
    void find(ExitCode code, const char *what, const std::string &name, const std::string &message) {
        // Their numbers fall in the order in which they count.
        if (code_ == ExitCode::done || static_cast<int>(code) > static_cast<int>(code_))
            code_ = code;
        findings_.push_back(
            {{"kind", what}, {"exit_code", static_cast<int>(code)}, {"name", name}, {"message", message}});
        output_.line(fmt::format("{} {}", output_.painted(fmt::format("{}:", what), Colour::red), message));
    }

    const LocalFolder *read_folder() {
        try {
            return &context_.folder();
        } catch (const core::Error &error) {
            find(ExitCode::malformed, "malformed", "",
                 error.message() + (error.detail().empty() ? "" : ": " + error.detail()));
            return nullptr;
        }
    }

    void check_names(const LocalFolder &local) {
        if (!context_.project().strict_naming || local.folder.format != core::Format::native)
            return;
        for (const core::FolderMigration &migration : local.folder.migrations) {
            const std::string fault = core::naming_fault(migration.name);
            if (!fault.empty())
                find(ExitCode::malformed, "malformed", migration.name,
                     fmt::format("{}: {}", local.path_of(migration), fault));
        }
    }

    void check_registered(const LocalFolder &local) {
        Server &server = context_.server();
        const Comparison comparison = compare(local, registered_scripts(server));
        check_texts(local, comparison);
        for (const core::FolderMigration *migration : comparison.unknown)
            find(ExitCode::unregistered, "unregistered", migration->name,
                 fmt::format("{} is not registered", local.path_of(*migration)));
        for (const core::FolderMigration *migration : comparison.edited)
            find(ExitCode::unregistered, "edited", migration->name,
                 fmt::format("{} is not the text that is registered", local.path_of(*migration)));
        for (const RegisteredScript &script : comparison.without_file)
            find(ExitCode::unregistered, "missing", script.name,
                 fmt::format("{} is registered and has no file", script.name));
    }

    // The server's own parser reads what it does not know yet, and nothing of it is kept: all in one go, and
    // one by one where that fails, so that every fault is told.
    void check_texts(const LocalFolder &local, const Comparison &comparison) {
        Server &server = context_.server();
        try {
            Transaction transaction(server.connection());
            (void)upload(server, local, Comparison{comparison.unknown, {}, {}, 0});
            return;
        } catch (const ServerError &error) {
            if (error.sqlstate() == "42501") // whoever may not register may still look
                return;
        }
        for (const core::FolderMigration *migration : comparison.unknown) {
            Transaction transaction(server.connection());
            try {
                (void)upload(server, local, Comparison{{migration}, {}, {}, 0});
            } catch (const ServerError &error) {
                std::string rest;
                auto place = place_in_context(error.context(), rest);
                if (!place)
                    place = place_in_message(error.what(), rest);
                std::string message = local.path_of(*migration, place && place->down);
                if (place && place->line > 0)
                    message += fmt::format(":{}:{}", place->line, place->column);
                message += fmt::format(": {} (SQLSTATE {})", error.what(), error.sqlstate());
                if (place && !place->excerpt.empty())
                    message += "\n" + place->excerpt;
                find(ExitCode::malformed, "malformed", migration->name, message);
            }
        }
    }

    void check_pending() {
        Server &server = context_.server();
        const Result rows = server.select("migrate_status");
        for (int row = 0; row < rows.rows(); ++row) {
            const std::string_view state = rows.text(row, 2);
            for (const char *unfinished :
                 {"pending", "failed", "partial", "changed", "out_of_order", "rolled_back"}) {
                if (state == unfinished && !is_seed(rows.text(row, 1)))
                    find(ExitCode::pending, "pending", std::string(rows.text(row, 1)),
                         fmt::format("{} is {}", rows.text(row, 1), state));
            }
        }
    }

    // Seeds run when they are asked for.
    static bool is_seed(std::string_view name) {
        if (name.ends_with(".sql"))
            name.remove_suffix(4);
        return core::kind_of_name(name) == core::MigrationKind::seed;
    }

    void check_drift() {
        try {
            const DriftReport report = read_drift(context_);
            if (report.differences > 0)
                find(ExitCode::drift, "drift", "",
                     report.text.empty() ? fmt::format("{} differences", report.differences)
                                         : "\n" + report.text);
        } catch (const ServerError &error) {
            if (error.sqlstate() !=
                "55000") // nothing has run yet, or nothing was recorded: there is nothing to compare
                throw;
            if (output_.verbosity > 0)
                output_.note(fmt::format("drift is not looked for: {}", error.what()));
        }
    }

    Context &context_;
    const Output &output_;
    ExitCode code_ = ExitCode::done;
    ordered_json findings_ = ordered_json::array();
};

} // namespace

ExitCode check(Context &context) {
    return Check(context).run();
}

} // namespace turnstone::cli
