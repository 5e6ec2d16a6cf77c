// Owns the runs of migrations inside a transaction: which plan each of them carries out.
#include "turnstone/server/runner.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/course.hpp"
#include "turnstone/server/run_checks.hpp"

namespace turnstone::server {

namespace {

void undo(const core::Plan &plan, const Request &request, RunState &state) {
    if (plan.empty())
        return;
    Course course("rollback", request, state);
    course.check(plan, core::Direction::down);
    course.begin();
    course.execute(plan, core::Direction::down);
    course.end();
}

void require_steps(int steps) {
    if (steps < 0)
        throw core::Error(core::ErrorCode::wrong_state, fmt::format("cannot roll back {} migrations", steps),
                          {}, "Give the number of migrations to undo.");
}

} // namespace

std::vector<Done> apply_pending(const Request &request) {
    const bool to_head = !request.target || request.target->empty() || *request.target == "head";
    return in_run(request, to_head, [&](const core::History &history, RunState &state) {
        const core::Plan plan = history.pending(request.target.value_or(""));
        check_order(history, plan);
        if (plan.empty())
            return;
        Course course("apply", request, state);
        course.check(plan, core::Direction::up);
        check_drift();
        course.begin();
        course.execute(plan, core::Direction::up);
        course.end();
    });
}

std::vector<Done> roll_back(int steps, const Request &request) {
    require_steps(steps);
    return in_run(request, false, [&](const core::History &history, RunState &state) {
        undo(history.to_roll_back(steps), request, state);
    });
}

std::vector<Done> roll_back_to(const Request &request) {
    return in_run(request, false, [&](const core::History &history, RunState &state) {
        undo(history.to_roll_back_to(request.target.value_or("")), request, state);
    });
}

std::vector<Done> redo(int steps, const Request &request) {
    require_steps(steps);
    return in_run(request, false, [&](const core::History &history, RunState &state) {
        core::Plan plan = history.to_roll_back(steps);
        if (plan.empty())
            return;
        Course course("redo", request, state);
        course.check(plan, core::Direction::down);
        course.check(plan, core::Direction::up); // before the first Down runs
        course.begin();
        course.execute(plan, core::Direction::down);
        std::reverse(plan.begin(), plan.end()); // in the order in which they had been applied
        course.execute(plan, core::Direction::up);
        course.end();
    });
}

} // namespace turnstone::server
