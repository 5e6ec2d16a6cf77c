// Owns the checks that all runs share.
#include "turnstone/server/run_checks.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/guard.hpp"
#include "turnstone/server/settings.hpp"

namespace turnstone::server {

namespace {

bool run_in_progress = false;

} // namespace

RunInProgress::RunInProgress() {
    if (run_in_progress)
        throw core::Error(core::ErrorCode::wrong_state, "a run of migrations is in progress in this session",
                          "A migration cannot start another run.");
    run_in_progress = true;
}

RunInProgress::~RunInProgress() {
    run_in_progress = false;
}

bool run_is_in_progress() noexcept {
    return run_in_progress;
}

void check_order(const core::History &history, const core::Plan &plan) {
    const core::Plan late = history.late(plan);
    if (late.empty() || settings::out_of_order() == OutOfOrder::allow)
        return;
    const core::Error error = core::late_arrivals(late, *history.newest_applied());
    if (settings::out_of_order() == OutOfOrder::error)
        throw error;
    pg([&] { ereport(WARNING, (errmsg_internal("%s", error.message().c_str()))); });
}

void require_whole(const core::Plan &plan) {
    for (const core::MigrationFacts *migration : plan) {
        if (migration->partial)
            throw core::Error(core::ErrorCode::wrong_state,
                              fmt::format("migration \"{}\" is {} in part", migration->name,
                                          migration->applied ? "rolled back" : "applied"),
                              "Its statements run one by one, each in a transaction of its own.",
                              fmt::format("Finish it with CALL {}.",
                                          migration->applied ? "migrate_revert()" : "migrate_deploy()"));
    }
}

} // namespace turnstone::server
