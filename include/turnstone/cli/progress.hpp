// How far a run has come: what turnstone.progress says of it, and the line that shows it.
#pragma once

#include <optional>
#include <string>

#include "turnstone/cli/connection.hpp"
#include "turnstone/cli/output.hpp"

namespace turnstone::cli {

struct RunProgress {
    std::string run;
    std::string state; // queued, running, interrupted
    std::string migration;
    int position = 0; // of the migration, from 1
    int migrations = 0;
    int statement = 0;
    int statements = 0;
    std::string command;
    std::string phase;
    std::optional<double> percent;   // of the phase
    std::string blocked_by;          // process ids
    double elapsed = 0;              // seconds
    double statement_time = 0;       // seconds
    std::optional<double> remaining; // seconds, estimated
    int backend = 0;
};

// Which run: that of a server process; with `any`, if it has none, another one that is under way. Of a
// number, if one is given, that run.
class ProgressQuestion {
  public:
    ProgressQuestion(int backend, bool any, const std::string &run = {});
    static const char *sql();
    [[nodiscard]] const Parameters &parameters() const { return parameters_; }

  private:
    Parameters parameters_;
};

std::optional<RunProgress> read_progress(Connection &connection, const ProgressQuestion &question);
// The question's answer.
std::optional<RunProgress> progress_in(const Result &row);

// One line: a bar, the migration, the statement, its phase with per cent and what remains. At most `width`
// wide.
std::string progress_line(const RunProgress &progress, std::size_t width);

// The same for a log: without the bar.
std::string progress_words(const RunProgress &progress);

// A line at the bottom of a terminal that is drawn over and over again.
class ProgressBar {
  public:
    explicit ProgressBar(const Output &output) : output_(output) {}
    ~ProgressBar();
    ProgressBar(const ProgressBar &) = delete;
    ProgressBar &operator=(const ProgressBar &) = delete;

    void draw(const RunProgress &progress);
    // Before anything else is written.
    void clear();

  private:
    const Output &output_;
    bool drawn_ = false;
};

} // namespace turnstone::cli
