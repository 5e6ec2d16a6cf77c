// What every run looks at before its first statement, whether it commits on its way or not.
#pragma once

#include "turnstone/core/plan.hpp"

#include "turnstone/server/engine_at_work.hpp"

namespace turnstone::server {

// A script that starts a run would run itself again: one run a session. Throws wrong_state for a second one.
class RunInProgress {
  public:
    RunInProgress();
    RunInProgress(const RunInProgress &) = delete;
    RunInProgress &operator=(const RunInProgress &) = delete;
    ~RunInProgress();

  private:
    EngineAtWork at_work_;
};

// Whether one is, in this session.
bool run_is_in_progress() noexcept;

// Refuses late arrivals, warns of them or lets them pass, as turnstone.out_of_order says.
void check_order(const core::History &history, const core::Plan &plan);

// Refuses a plan with a migration that is partial: only a run by single statements can go on with it.
void require_whole(const core::Plan &plan);

// Warns of drift, or refuses the run while there is some, as turnstone.drift_check says. For runs that have
// something to apply, before they record anything.
void check_drift();

} // namespace turnstone::server
