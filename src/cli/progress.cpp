// Owns how a run's progress is read and drawn.
#include "turnstone/cli/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "turnstone/cli/terminal.hpp"

namespace turnstone::cli {

namespace {

int integer(const Result &row, int column) {
    return std::atoi(std::string(row.text(0, column)).c_str());
}

std::optional<double> real(const Result &row, int column) {
    if (row.is_null(0, column))
        return std::nullopt;
    return std::strtod(std::string(row.text(0, column)).c_str(), nullptr);
}

// 0:07, 12:03, 1:02:03
std::string clock_text(double seconds) {
    const auto whole = std::lround(std::max(0.0, seconds));
    if (whole < 3600)
        return fmt::format("{}:{:02}", whole / 60, whole % 60);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole % 3600 / 60, whole % 60);
}

// Migrations that are done, and what is done of the one at work.
double share_done(const RunProgress &progress) {
    if (progress.migrations == 0)
        return 0;
    double within = 0;
    if (progress.statements > 0 && progress.statement > 0) {
        const double of_statement = progress.percent.value_or(0) / 100;
        within = (progress.statement - 1 + of_statement) / progress.statements;
    }
    return std::clamp((progress.position - 1 + within) / progress.migrations, 0.0, 1.0);
}

std::string bar_of(double share, std::size_t width) {
    const auto filled = static_cast<std::size_t>(share * static_cast<double>(width));
    return "[" + std::string(filled, '#') + std::string(width - filled, '-') + "]";
}

} // namespace

ProgressQuestion::ProgressQuestion(int backend, bool any, const std::string &run)
    : parameters_({std::to_string(backend), any ? "t" : "f", run}) {}

const char *ProgressQuestion::sql() {
    return "select run, state, migration, \"position\", migrations, statement, statements, command, phase, "
           "percent,"
           "       pg_catalog.array_to_string(blocked_by, ', '), extract(epoch from elapsed),"
           "       extract(epoch from statement_time), extract(epoch from remaining), backend"
           "  from turnstone.progress"
           " where case when $3::pg_catalog.text <> '' then run::pg_catalog.text = $3"
           "            else backend = $1::pg_catalog.int4 or $2::pg_catalog.bool end"
           " order by backend = $1::pg_catalog.int4 desc, state = 'running' desc limit 1";
}

std::optional<RunProgress> read_progress(Connection &connection, const ProgressQuestion &question) {
    return progress_in(connection.query(ProgressQuestion::sql(), question.parameters()));
}

std::optional<RunProgress> progress_in(const Result &row) {
    if (row.rows() == 0)
        return std::nullopt;
    RunProgress progress;
    progress.run = row.text(0, 0);
    progress.state = row.text(0, 1);
    progress.migration = row.text(0, 2);
    progress.position = integer(row, 3);
    progress.migrations = integer(row, 4);
    progress.statement = integer(row, 5);
    progress.statements = integer(row, 6);
    progress.command = row.text(0, 7);
    progress.phase = row.text(0, 8);
    progress.percent = real(row, 9);
    progress.blocked_by = row.text(0, 10);
    progress.elapsed = real(row, 11).value_or(0);
    progress.statement_time = real(row, 12).value_or(0);
    progress.remaining = real(row, 13);
    progress.backend = integer(row, 14);
    return progress;
}

std::string progress_words(const RunProgress &progress) {
    if (progress.state == "queued")
        return fmt::format("run {} waits for another run to end", progress.run);
    std::string words = progress.migration;
    if (progress.statement > 0)
        words += fmt::format("  statement {}/{}", progress.statement, progress.statements);
    // What the server says of it tells more than its text.
    std::string what = progress.phase.empty() ? progress.command : progress.phase;
    std::replace_if(
        what.begin(), what.end(), [](unsigned char letter) { return letter < 0x20; }, ' ');
    if (!what.empty())
        words += "  " + shortened(what, 60);
    return words;
}

std::string progress_line(const RunProgress &progress, std::size_t width) {
    if (progress.state == "queued")
        return shortened(progress_words(progress), width);
    std::string tail;
    if (progress.percent)
        tail += fmt::format("  {:.0f} %", std::floor(*progress.percent));
    if (!progress.blocked_by.empty())
        tail += fmt::format("  waits for process {}", progress.blocked_by);
    tail += fmt::format("  {}", clock_text(progress.elapsed));
    if (progress.remaining)
        tail += fmt::format("  ETA {}", clock_text(*progress.remaining));
    const std::string head = fmt::format("{} {}/{}  ", bar_of(share_done(progress), width < 60 ? 10 : 20),
                                         progress.position, progress.migrations);
    const std::size_t taken = width_of(head) + width_of(tail);
    if (taken >= width)
        return shortened(head + tail, width);
    return head + shortened(progress_words(progress), width - taken) + tail;
}

ProgressBar::~ProgressBar() {
    try {
        clear();
    } catch (...) { // NOLINT(bugprone-empty-catch): a line that stays on the terminal is no reason to end
    }
}

void ProgressBar::draw(const RunProgress &progress) {
    if (!output_.bar)
        return;
    // One column is left free, so that no terminal begins a new line.
    fmt::print(stderr, "\r{}\x1b[K", progress_line(progress, terminal_width() - 1));
    std::fflush(stderr);
    drawn_ = true;
}

void ProgressBar::clear() {
    if (!drawn_)
        return;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
    drawn_ = false;
}

} // namespace turnstone::cli
