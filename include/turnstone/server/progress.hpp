// How far the run of a session has come, for other sessions to see while it is under way: in shared memory,
// since what a transaction has done is not to be seen before it commits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

struct ProgressState {
    std::int64_t run_id = 0;
    std::string migration; // name of its script; empty before the first one
    int position = 0;      // of how many migrations, from 1
    int migrations = 0;
    int statement = 0; // of how many statements, from 1
    int statements = 0;
    std::string command; // the statement's beginning
    std::int64_t statement_started = 0;
};

// The report of one run: while it lives, report_*() write to it. At most one a session.
class ProgressReport {
  public:
    explicit ProgressReport(std::int64_t run_id);
    ProgressReport(const ProgressReport &) = delete;
    ProgressReport &operator=(const ProgressReport &) = delete;
    ~ProgressReport();

    // By which other sessions find it (turnstone.run.progress_handle).
    [[nodiscard]] std::int64_t handle() const;

  private:
    dsm_segment *segment_;
};

// Nothing where no report lives.
void report_migration(std::string_view name, std::size_t position, std::size_t migrations);
void report_statement(int statement, int statements, std::string_view text);

// The state of a run; none where its process has ended.
std::optional<ProgressState> read_progress(std::int64_t handle, std::int64_t run_id);

} // namespace turnstone::server
