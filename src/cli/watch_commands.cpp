// Owns the commands about a run of somebody else's, or of the background: watch, cancel.
#include <chrono>
#include <poll.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/cli/commands.hpp"
#include "turnstone/cli/progress.hpp"
#include "turnstone/cli/terminal.hpp"

namespace turnstone::cli {

namespace {

using nlohmann::ordered_json;

// The run that is asked for, or the one that is under way; empty for none.
std::string run_to_watch(Context &context) {
    if (!context.options.run.empty())
        return context.options.run;
    const auto progress = read_progress(context.server().connection(), ProgressQuestion(0, true));
    return progress ? progress->run : std::string{};
}

// How it ended; throws its error.
ExitCode tell_of_end(Context &context, const std::string &run) {
    const Result rows = context.server().connection().query(
        "select id as run, command, target, started_at, finished_at, state, error_sqlstate, error_message, "
        "error_detail,"
        "       error_hint, error_context from turnstone.run where id = $1::pg_catalog.int8",
        {run});
    if (rows.rows() == 0)
        throw Failure(ExitCode::failed, fmt::format("there is no run {}", run), {},
                      "\"turnstone log\" shows runs.");
    const std::string state(rows.text(0, 5));
    if (!rows.is_null(0, 6) && !context.output.json)
        throw ServerError(std::string(rows.text(0, 6)), std::string(rows.text(0, 7)),
                          std::string(rows.text(0, 8)), std::string(rows.text(0, 9)),
                          std::string(rows.text(0, 10)));
    context.output.line(fmt::format("run {} is {}", run, state));
    context.output.document({{"run", rows_as_json(rows).at(0)}});
    if (state == "cancelled")
        return ExitCode::interrupted;
    return state == "done" ? ExitCode::done : ExitCode::failed;
}

} // namespace

// Ctrl-C ends the watching, not the run.
ExitCode watch(Context &context) {
    const std::string run = run_to_watch(context);
    if (run.empty()) {
        context.output.line("no run is under way");
        context.output.document({{"run", nullptr}});
        return ExitCode::done;
    }
    (void)context.folder_if_any(); // for the telling of errors
    Connection &connection = context.server().connection();
    ProgressBar bar(context.output);
    InterruptWatch interrupts;
    std::string told;
    const ProgressQuestion question(0, false, run);
    for (auto progress = read_progress(connection, question); progress;
         progress = read_progress(connection, question)) {
        if (progress->state == "interrupted") {
            bar.clear();
            throw Failure(ExitCode::failed, fmt::format("run {} was cut off", run), {},
                          "The next \"turnstone up\" goes on where it stopped.");
        }
        if (context.output.bar)
            bar.draw(*progress);
        else if (const std::string words = progress_words(*progress); words != told) {
            context.output.note(words);
            told = words;
        }
        pollfd signal{interrupts.file(), POLLIN, 0};
        poll(&signal, interrupts.file() < 0 ? 0 : 1, 200);
        if (interrupts.take()) {
            bar.clear();
            context.output.note(fmt::format("run {} goes on; \"turnstone cancel {}\" ends it", run, run));
            return ExitCode::interrupted;
        }
    }
    bar.clear();
    return tell_of_end(context, run);
}

ExitCode cancel(Context &context) {
    const std::string run = run_to_watch(context);
    if (run.empty()) {
        context.output.line("no run is under way");
        context.output.document({{"run", nullptr}, {"cancelled", false}});
        return ExitCode::done;
    }
    const std::string sql =
        fmt::format("select {}($1::pg_catalog.int8)", context.server().function("migrate_cancel"));
    const bool done = context.server().connection().query(sql.c_str(), {run}).truth(0, 0);
    context.output.line(fmt::format("run {} is {}", run, done ? "told to end" : "not under way"));
    context.output.document({{"run", std::stoll(run)}, {"cancelled", done}});
    return done ? ExitCode::done : ExitCode::failed;
}

} // namespace turnstone::cli
