// Owns `verify`: the verify script of each applied change, in a transaction that is rolled back.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/error.hpp"
#include "turnstone/core/folder_entry.hpp"
#include "turnstone/core/script.hpp"
#include "turnstone/core/text_position.hpp"

#include "turnstone/cli/commands.hpp"
#include "turnstone/cli/long_call.hpp"
#include "turnstone/cli/verify_script.hpp"

namespace turnstone::cli {

namespace {

using core::FolderMigration;
using nlohmann::ordered_json;

bool is_meant(const FolderMigration &migration, std::string_view target) {
    const std::string_view tag = target.starts_with('@') ? target.substr(1) : target;
    const auto &tags = migration.beside.tags;
    return migration.name == target || core::registered_version(migration).text() == target ||
           std::find(tags.begin(), tags.end(), tag) != tags.end();
}

class Verification {
  public:
    explicit Verification(Context &context)
        : context_(context), output_(context.output), server_(context.server()) {}

    ExitCode run() {
        const LocalFolder &local = context_.folder();
        const std::set<std::string, std::less<>> applied = names_of_applied();
        const auto &all = local.folder.migrations;
        auto end = all.end();
        if (const std::string &target = context_.options.target; !target.empty()) {
            end = std::find_if(all.begin(), all.end(),
                               [&](const FolderMigration &one) { return is_meant(one, target); });
            if (end == all.end())
                throw Failure(ExitCode::failed, fmt::format("\"{}\" is not in the folder", target), {},
                              "Name a version, a tag or a script.");
            ++end;
        }
        for (auto migration = all.begin(); migration != end; ++migration) {
            if (!applied.contains(migration->name))
                continue;
            if (migration->verify_path.empty())
                pass_over(*migration);
            else
                check(*migration, (local.directory / migration->verify_path).lexically_normal().string());
        }
        return tell_the_end();
    }

  private:
    std::set<std::string, std::less<>> names_of_applied() {
        const Result rows = server_.connection().query(
            fmt::format("select name from {}() where state in ('applied', 'changed', 'baseline')",
                        server_.function("migrate_status"))
                .c_str());
        std::set<std::string, std::less<>> names;
        for (int row = 0; row < rows.rows(); ++row)
            names.emplace(rows.text(row, 0));
        return names;
    }

    void pass_over(const FolderMigration &migration) {
        ++without_;
        checks_.push_back({{"name", migration.name}, {"state", "none"}});
        if (output_.verbosity > 0)
            output_.line(fmt::format("{} {}", output_.painted("no check", Colour::faint), migration.name));
    }

    void check(const FolderMigration &migration, const std::string &path) {
        ++made_;
        std::string_view text;
        try {
            text = core::script_text(migration.verify_bytes);
            carry_out(text);
        } catch (const ServerError &error) {
            if (error.is_cancel())
                throw;
            return fail(migration, path, text, offset_of(error, text), error.what(), error.sqlstate(),
                        error.hint());
        } catch (const VerifyRefused &refused) {
            return fail(migration, path, text, refused.offset(), refused.what(), {}, refused.hint());
        } catch (const Failure &failure) {
            if (failure.code() != ExitCode::no_connection)
                throw;
            throw Failure(failure.code(), failure.what(),
                          fmt::format("The connection was lost while \"{}\" ran.", path),
                          "A check leaves nothing: run it again.");
        } catch (const core::Error &error) { // a text that nobody can read
            return fail(migration, path, text, 0, error.message(), {}, error.hint());
        }
        checks_.push_back({{"name", migration.name}, {"file", path}, {"state", "ok"}});
        if (!output_.quiet)
            output_.line(fmt::format("{} {}", output_.painted("ok", Colour::green), migration.name));
    }

    // The script's own BEGIN and ROLLBACK mean what they say; its end is ours.
    void carry_out(std::string_view text) {
        Connection &connection = server_.connection();
        const char *strings = PQparameterStatus(connection.raw(), "standard_conforming_strings");
        const auto steps = read_verify_script(text, strings == nullptr || std::string_view(strings) != "off");
        Transaction transaction(connection);
        bool fresh = true;
        for (const VerifyStep &step : steps) {
            at_ = step.begin;
            const std::string statement(text.substr(step.begin, step.end - step.begin));
            if (step.kind == VerifyStep::Kind::rollback) {
                connection.command("ROLLBACK");
                connection.command("BEGIN");
            } else if (step.kind == VerifyStep::Kind::begin && fresh) {
                connection.command("ROLLBACK"); // it may ask for an isolation level
                connection.command(statement.c_str());
            } else {
                CallOutcome outcome;
                (void)long_call(context_, statement, {}, outcome);
            }
            fresh = step.kind == VerifyStep::Kind::rollback;
        }
    }

    [[nodiscard]] std::size_t offset_of(const ServerError &error, std::string_view text) const {
        return error.position() <= 0 ? at_
                                     : at_ + core::offset_of_character(text.substr(at_), error.position());
    }

    void fail(const FolderMigration &migration, const std::string &path, std::string_view text,
              std::size_t offset, std::string message, const std::string &sqlstate, const std::string &hint) {
        ++failed_;
        const core::TextPosition place = core::locate(text, offset);
        ordered_json one{{"name", migration.name}, {"file", path},           {"state", "failed"},
                         {"line", place.line},     {"column", place.column}, {"message", message}};
        if (!sqlstate.empty()) {
            one["sqlstate"] = sqlstate;
            message += fmt::format(" (SQLSTATE {})", sqlstate);
        }
        std::string told = fmt::format("{} {}:{}:{}: {}", output_.painted("not ok", Colour::red), path,
                                       place.line, place.column, message);
        if (!text.empty())
            told += "\n" + core::excerpt(text, offset);
        if (!hint.empty()) {
            one["hint"] = hint;
            told += fmt::format("\n{} {}", output_.painted("hint:", Colour::yellow), hint);
        }
        checks_.push_back(std::move(one));
        output_.line(told);
    }

    ExitCode tell_the_end() {
        if (!output_.quiet) {
            std::string told = made_ == 0     ? "no check is there to be made"
                               : failed_ == 0 ? fmt::format("{} passed", made_)
                                              : fmt::format("{} of {} failed", failed_, made_);
            if (without_ > 0)
                told += fmt::format("; {} {} none", without_,
                                    without_ == 1 ? "applied migration has" : "applied migrations have");
            output_.line(told);
        }
        const ExitCode code = failed_ == 0 ? ExitCode::done : ExitCode::failed;
        output_.document({{"ok", failed_ == 0}, {"exit_code", static_cast<int>(code)}, {"checks", checks_}});
        return code;
    }

    Context &context_;
    const Output &output_;
    Server &server_;
    std::size_t at_ = 0; // where in its script the statement begins that is being run
    int made_ = 0;
    int failed_ = 0;
    int without_ = 0;
    ordered_json checks_ = ordered_json::array();
};

} // namespace

ExitCode verify(Context &context) {
    context.begin_reading_folder();
    return Verification(context).run();
}

} // namespace turnstone::cli
