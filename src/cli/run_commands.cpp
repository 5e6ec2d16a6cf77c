// Owns the commands that run migrations: up, down, redo, seed, reset.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/cli/commands.hpp"
#include "turnstone/cli/load.hpp"
#include "turnstone/cli/long_call.hpp"
#include "turnstone/cli/terminal.hpp"

namespace turnstone::cli {

namespace {

using nlohmann::ordered_json;

std::optional<std::string> target_of(const Context &context) {
    return context.options.target.empty() ? std::nullopt : std::optional(context.options.target);
}

// "3" is a number of migrations; "0003", "+3" and what is longer are targets, and so is all that --to names.
bool is_count(const std::string &text) {
    return text.size() <= 4 && !text.starts_with('0') &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

ordered_json done_as_json(const CallOutcome &outcome) {
    ordered_json rows = ordered_json::array();
    for (const MigrationDone &one : outcome.done)
        rows.push_back({{"name", one.name}, {"state", one.state}, {"duration_ms", one.milliseconds}});
    return rows;
}

// The rows of migrate_apply() and its like.
ordered_json tell_of_rows(const Output &output, const Result &rows) {
    ordered_json all = ordered_json::array();
    for (int row = 0; row < rows.rows(); ++row) {
        const std::string direction(rows.text(row, 2));
        const std::string state = direction == "down"   ? "rolled back"
                                  : direction == "seed" ? "seeded"
                                                        : "applied";
        const double took = std::strtod(std::string(rows.text(row, 4)).c_str(), nullptr);
        all.push_back({{"name", std::string(rows.text(row, 1))}, {"state", state}, {"duration_ms", took}});
        if (!output.quiet)
            output.line(fmt::format("{} {}  {}", output.painted(state, Colour::green), rows.text(row, 1),
                                    output.painted(duration_text(took), Colour::faint)));
    }
    return all;
}

// A function that runs in the transaction that is open, or in one of its own. What it returns are its rows.
Result run_function(Context &context, const char *function, const std::string &arguments,
                    const Parameters &parameters) {
    CallOutcome outcome;
    return long_call(
        context,
        fmt::format(
            "select version, name, direction, statements, extract(epoch from duration) * 1000 from {}({})",
            context.server().function(function), arguments),
        parameters, outcome);
}

void tell_the_end(const Output &output, std::size_t count, const char *what, const char *nothing) {
    if (output.quiet)
        return;
    if (count == 0)
        output.line(nothing);
    else
        output.line(fmt::format("{} {} {}", count, count == 1 ? "migration is" : "migrations are", what));
}

ExitCode deploy(Context &context, const Loaded &loaded) {
    CallOutcome outcome;
    long_call(context, fmt::format("call {}($1)", context.server().function("migrate_deploy")),
              {target_of(context)}, outcome);
    tell_the_end(context.output, outcome.done.size(), "applied", "nothing is pending");
    context.output.document({{"uploaded", uploaded_as_json(loaded)}, {"migrations", done_as_json(outcome)}});
    return ExitCode::done;
}

ExitCode submit(Context &context, const Loaded &loaded) {
    const std::string sql = fmt::format("select {}($1)", context.server().function("migrate_submit"));
    const Result run = context.server().connection().query(sql.c_str(), {target_of(context)});
    context.output.line(fmt::format("run {} is submitted; \"turnstone watch {}\" follows it", run.text(0, 0),
                                    run.text(0, 0)));
    context.output.document(
        {{"uploaded", uploaded_as_json(loaded)}, {"run", std::stoll(std::string(run.text(0, 0)))}});
    return ExitCode::done;
}

// Files and migrations in one transaction, which a dry run takes back.
ExitCode apply(Context &context) {
    const bool dry = context.options.dry_run;
    Transaction transaction(context.server().connection());
    const Loaded loaded = context.options.no_load ? Loaded{} : load_folder(context);
    tell_of(context.output, loaded);
    const Result rows =
        run_function(context, "migrate_apply", "$1, $2", {target_of(context), dry ? "t" : "f"});
    if (!dry)
        transaction.commit();
    const ordered_json done = tell_of_rows(context.output, rows);
    tell_the_end(context.output, done.size(), dry ? "applied and taken back" : "applied",
                 "nothing is pending");
    context.output.document({{"dry_run", dry}, {"uploaded", uploaded_as_json(loaded)}, {"migrations", done}});
    return ExitCode::done;
}

Loaded load_and_commit(Context &context) {
    if (context.options.no_load)
        return {};
    Loaded loaded = load_folder(context, LoadTransaction::own);
    if (!loaded.uploaded.empty())
        tell_of(context.output, loaded);
    return loaded;
}

} // namespace

ExitCode up(Context &context) {
    if (context.options.atomic || context.options.dry_run)
        return apply(context);
    const Loaded loaded = load_and_commit(context);
    return context.options.detach ? submit(context, loaded) : deploy(context, loaded);
}

ExitCode down(Context &context) {
    (void)context.folder_if_any(); // for the telling of errors
    const bool named = !context.options.version.empty();
    const std::string target = named                            ? context.options.version
                               : context.options.target.empty() ? "1"
                                                                : context.options.target;
    const bool count = !named && is_count(target);
    ordered_json done;
    if (context.options.atomic || context.options.dry_run) {
        const char *dry = context.options.dry_run ? "t" : "f";
        done = tell_of_rows(
            context.output,
            count ? run_function(context, "migrate_rollback", "$1::pg_catalog.int4, $2", {target, dry})
                  : run_function(context, "migrate_rollback_to", "$1, $2", {target, dry}));
    } else {
        CallOutcome outcome;
        long_call(context,
                  fmt::format("call {}($1::pg_catalog.{})", context.server().function("migrate_revert"),
                              count ? "int4" : "text"),
                  {target}, outcome);
        done = done_as_json(outcome);
    }
    tell_the_end(context.output, done.size(),
                 context.options.dry_run ? "rolled back, and the rollback undone" : "rolled back",
                 "nothing is to be rolled back");
    context.output.document({{"dry_run", context.options.dry_run}, {"migrations", done}});
    return ExitCode::done;
}

namespace {

// The newest migrations are undone by the texts that were applied, and applied again by those of the folder.
// One transaction, so that a text that fails leaves everything as it was.
ordered_json redo_at_once(Context &context, const std::string &steps, const LocalFolder *local,
                          const Comparison &comparison) {
    Server &server = context.server();
    Transaction transaction(server.connection());
    ordered_json done;
    if (local == nullptr || comparison.is_equal())
        done = tell_of_rows(context.output,
                            run_function(context, "migrate_redo", "$1::pg_catalog.int4", {steps}));
    else {
        const Result undone = run_function(context, "migrate_rollback", "$1::pg_catalog.int4", {steps});
        done = tell_of_rows(context.output, undone);
        tell_of(context.output, Loaded{upload(server, *local, comparison), comparison.same});
        if (undone.rows() > 0) { // up to the first that was undone: the newest
            const Result applied =
                run_function(context, "migrate_apply", "$1", {std::string(undone.text(0, 0))});
            for (auto &one : tell_of_rows(context.output, applied))
                done.push_back(std::move(one));
        }
    }
    transaction.commit();
    return done;
}

// The same with a commit for each migration, where one has statements that no transaction can hold.
ordered_json redo_one_by_one(Context &context, const std::string &steps, const LocalFolder *local,
                             const Comparison &comparison) {
    Server &server = context.server();
    CallOutcome outcome;
    long_call(context, fmt::format("call {}($1::pg_catalog.int4)", server.function("migrate_revert")),
              {steps}, outcome);
    if (outcome.done.empty())
        return done_as_json(outcome);
    const std::string newest = outcome.done.front().name;
    if (local != nullptr && !comparison.is_equal()) {
        Transaction transaction(server.connection());
        const Loaded loaded{upload(server, *local, comparison), comparison.same};
        transaction.commit();
        tell_of(context.output, loaded);
    }
    long_call(context, fmt::format("call {}($1)", server.function("migrate_deploy")), {newest}, outcome);
    return done_as_json(outcome);
}

} // namespace

ExitCode redo(Context &context) {
    const std::string steps = context.options.target.empty() ? "1" : context.options.target;
    const LocalFolder *local = context.options.no_load ? nullptr : context.folder_if_any();
    const Comparison comparison =
        local == nullptr ? Comparison{} : compare(*local, registered_scripts(context.server()));
    ordered_json done;
    try {
        done = redo_at_once(context, steps, local, comparison);
    } catch (const ServerError &error) {
        if (error.sqlstate() != "25001") // refused before anything ran: it needs transactions of its own
            throw;
        done = redo_one_by_one(context, steps, local, comparison);
    }
    if (done.empty())
        context.output.line("nothing is to be rolled back");
    context.output.document({{"migrations", done}});
    return ExitCode::done;
}

ExitCode seed(Context &context) {
    const std::string environment =
        context.options.target.empty() ? context.environment() : context.options.target;
    if (environment.empty())
        throw Failure(ExitCode::usage, "no environment is given", {},
                      "Write \"turnstone seed dev\", or --env.");
    Transaction transaction(context.server().connection());
    if (!context.options.no_load && context.folder_if_any() != nullptr)
        tell_of(context.output, load_folder(context));
    const Result rows =
        run_function(context, "migrate_seed", "$1, $2", {environment, context.options.dry_run ? "t" : "f"});
    if (!context.options.dry_run)
        transaction.commit();
    const ordered_json done = tell_of_rows(context.output, rows);
    if (done.empty())
        context.output.line("nothing is to be seeded");
    context.output.document(
        {{"environment", environment}, {"dry_run", context.options.dry_run}, {"seeds", done}});
    return ExitCode::done;
}

ExitCode reset(Context &context) {
    const std::string environment =
        context.options.target.empty() ? context.environment() : context.options.target;
    Server &server = context.server();
    if (!context.options.yes && !context.options.dry_run &&
        !confirmed(
            fmt::format("Undo and apply again every migration of database \"{}\"?", server.database())))
        throw Failure(ExitCode::usage, "reset was not confirmed", {}, "Say --yes where nobody can be asked.");
    Transaction transaction(server.connection());
    if (!context.options.no_load && context.folder_if_any() != nullptr)
        tell_of(context.output, load_folder(context));
    const Result rows = run_function(context, "migrate_reset", "$1, $2",
                                     {environment.empty() ? std::nullopt : std::optional(environment),
                                      context.options.dry_run ? "t" : "f"});
    if (!context.options.dry_run)
        transaction.commit();
    context.output.document(
        {{"dry_run", context.options.dry_run}, {"migrations", tell_of_rows(context.output, rows)}});
    return ExitCode::done;
}

} // namespace turnstone::cli
