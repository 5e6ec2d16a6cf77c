// Owns the course of a run that commits after each migration.
#include "turnstone/server/deploy.hpp"

#include <memory>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/coexist.hpp"
#include "turnstone/server/failure.hpp"
#include "turnstone/server/functions.hpp"
#include "turnstone/server/hooks.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/lock_waits.hpp"
#include "turnstone/server/prepared.hpp"
#include "turnstone/server/progress.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/recorder.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/run_checks.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/steps.hpp"
#include "turnstone/server/stepwise.hpp"
#include "turnstone/server/top_level.hpp"

namespace turnstone::server {

namespace {

void say(const std::string &message) {
    pg([&] { ereport(NOTICE, (errmsg_internal("%s", message.c_str()))); });
}

class Run {
  public:
    Run(const Deployment &deployment, std::int64_t run_id) : deployment_(deployment), run_id_(run_id) {}

    void run() {
        try {
            as_pg_errors([&] { run_all(); });
        } catch (const PgError &error) {
            CancelHold::hold();
            abort_and_begin();
            say_state(error);
            if (run_id_ != 0)
                fail(error);
            throw;
        }
    }

  private:
    void run_all() {
        if (nothing_to_do_at_a_glance()) {
            say("nothing is pending");
            return;
        }
        settle_interrupted_runs();
        commit_and_begin();
        history_.reset(new core::History(read_history()));
        const core::Plan plan = deployment_.plan(*history_);
        if (up())
            check_order(*history_, plan);
        if (plan.empty()) {
            say(up() ? "nothing is pending" : "nothing is to be rolled back");
            if (run_id_ != 0)
                end_visible_run(run_id_, "done");
            return;
        }
        hooks_.emplace(deployment_.command, deployment_.target, failure_);
        if (up())
            check_drift();
        planned_ = plan.size();
        if (run_id_ == 0) {
            run_id_ = next_run_id();
            report_.emplace(run_id_);
            begin_visible_run(run_id_, deployment_.command, deployment_.target, "queued", report_->handle());
        }
        recorder_.emplace();
        recorder_->keep_found_drift();
        start_visible_run(run_id_);
        commit_and_begin();
        run_plan(plan);
    }

    // The usual case of a deployment that finds nothing new, at a small part of the cost of a plan. A run
    // that was cut off is something to do.
    [[nodiscard]] bool nothing_to_do_at_a_glance() const {
        const auto &target = deployment_.target;
        const bool to_head = !target || target->empty() || *target == "head";
        return up() && to_head && run_id_ == 0 && !anything_unsettled();
    }

    [[nodiscard]] bool up() const { return deployment_.direction == core::Direction::up; }
    [[nodiscard]] const char *event() const { return up() ? "apply" : "rollback"; }

    void run_plan(const core::Plan &plan) {
        try {
            parse_all(plan);
        } catch (...) {
            recorder_.reset(); // nothing has run
            throw;
        }
        hooks_->before_run(run_id_);
        commit_and_begin();
        for (const core::MigrationFacts *migration : plan) {
            run_migration(*migration);
            ++done_;
        }
        hooks_->after_run(run_id_);
        recorder_->finish();
        end_visible_run(run_id_, "done");
        commit_and_begin();
    }

    // All scripts are read and parsed before the first statement of the first one runs.
    void parse_all(const core::Plan &plan) {
        for (const core::MigrationFacts *migration : plan) {
            current_ = migration;
            const MemoryScope memory;
            (void)script_of(*migration);
        }
        current_ = nullptr;
    }

    // Not kept from the one to the other: such a run may take hours.
    [[nodiscard]] PreparedScript script_of(const core::MigrationFacts &migration) const {
        return prepare_script(migration.version.text(), migration.name, deployment_.direction);
    }

    [[nodiscard]] Hooks::Occasion occasion() const {
        return {current_->version.text(), current_->name, core::direction_name(deployment_.direction)};
    }

    void run_migration(const core::MigrationFacts &migration) {
        const MemoryScope memory;
        const PreparedScript prepared = script_of(migration);
        const core::Script &script = prepared.script;
        const std::vector<Statement> &statements = prepared.statements;
        const core::ScriptSection &section = script.section(deployment_.direction);
        const ScriptPlace place{migration.name, deployment_.direction, section.text};
        const TimeLimits limits{script.options.timeout, script.options.lock_timeout,
                                settings::ddl_lock_timeout()};
        current_ = &migration;
        section_run_ = {};
        report_migration(migration.name, done_ + 1, planned_);
        if (migration.partial || must_run_stepwise(section, statements)) {
            hooks_->before_each(run_id_, occasion());
            commit_and_begin();
            run_stepwise({run_id_, migration, place, statements, limits}, section_run_);
            write_outcome(migration);
            settle_steps(migration.version.text());
            hooks_->after_each(run_id_, occasion());
            commit_and_begin();
        } else
            run_in_one_transaction(place, statements, limits);
        say(fmt::format("migration \"{}\" is {} ({} of {})", migration.name, up() ? "applied" : "rolled back",
                        done_ + 1, planned_));
        current_ = nullptr;
    }

    void run_in_one_transaction(const ScriptPlace &place, const std::vector<Statement> &statements,
                                const TimeLimits &limits) {
        Patience patience;
        for (;;) {
            section_run_ = {};
            failure_.reset(); // of a hook that was undone with the rest
            try {
                const LockWatch watch;
                hooks_->before_each(run_id_, occasion());
                run_statements(place, statements, limits, section_run_);
                write_outcome(*current_);
                hooks_->after_each(run_id_, occasion());
                require_run_lock();
                commit(place);
                return;
            } catch (const PgError &error) {
                abort_and_begin();
                if (!patience.wait_for_next_attempt(*error.data(), current_->name)) {
                    CancelHold::hold();
                    throw;
                }
            }
        }
    }

    // Deferred constraints fail here, with no place in the script.
    static void commit(const ScriptPlace &place) {
        try {
            commit_and_begin();
        } catch (const PgError &error) {
            add_context(error.data(), fmt::format("migration \"{}\" ({}), in its commit", place.name,
                                                  core::direction_name(place.direction)));
            throw;
        }
    }

    void write_outcome(const core::MigrationFacts &migration) const {
        write_event({run_id_, event(), up() ? "applied" : "pending", migration.version.text(), migration.name,
                     migration.checksum, std::nullopt, true, section_run_});
    }

    // What the error's reader needs to know first: what is in the database now.
    void say_state(const PgError &error) {
        if (current_ == nullptr)
            return;
        bool partial = true;
        try {
            partial = keep_open_steps(current_->version.text());
        } catch (const PgError &) { // the first error is the one to tell of
            CancelHold::hold();
            abort_and_begin();
        }
        add_context(error.data(),
                    fmt::format("{} of {} migrations are {} and committed. {}", done_, planned_,
                                up() ? "applied" : "rolled back",
                                partial
                                    ? fmt::format("\"{}\" is {} in part: the next CALL {} goes on where it "
                                                  "stopped.",
                                                  current_->name, up() ? "applied" : "rolled back",
                                                  up() ? "migrate_deploy()" : "migrate_revert()")
                                    : fmt::format("\"{}\" has left nothing.", current_->name)));
    }

    // Never fails itself: the run's own error is the one to tell of.
    void fail(const PgError &error) noexcept {
        try {
            if (!failure_ && current_ != nullptr)
                failure_ =
                    Failure{deployment_.command, deployment_.target, event(),      current_->version.text(),
                            current_->name,      current_->checksum, section_run_, error.data()};
            if (failure_)
                write_failure(*failure_, run_id_);
            const bool cancelled = error.data()->sqlerrcode == ERRCODE_QUERY_CANCELED;
            end_visible_run(run_id_, cancelled ? "cancelled" : "failed", run_error(*error.data()));
            if (recorder_)
                recorder_->finish();
            commit_and_begin();
            CancelHold::release();
            if (failure_)
                call_after_failure(*failure_, run_id_);
        } catch (const std::exception &second) {
            try {
                abort_and_begin();
                pg([&] {
                    ereport(WARNING,
                            (errmsg("the end of run %lld is not recorded", static_cast<long long>(run_id_)),
                             errdetail_internal("%s", second.what())));
                });
            } catch (...) { // NOLINT(bugprone-empty-catch): the run's own error is on its way
            }
        }
    }

    const Deployment &deployment_;
    std::int64_t run_id_;
    std::unique_ptr<const core::History> history_; // current_ points into it
    std::optional<ProgressReport> report_;         // of a run of the call's own
    std::optional<SchemaRecorder> recorder_;
    std::size_t planned_ = 0;
    std::size_t done_ = 0;
    const core::MigrationFacts *current_ = nullptr;
    SectionRun section_run_;
    std::optional<Failure> failure_;
    std::optional<Hooks> hooks_; // asked for when there is something to do
};

} // namespace

void deploy(const Deployment &deployment, std::int64_t run_id) {
    const RunInProgress in_progress;
    const CancelHold cancel_hold;
    const MemoryScope memory(PortalContext);
    const ErrorMemory errors(memory.context());
    commit_and_begin(); // from here on the session holds no snapshot while it waits
    take_run_lock(LockOwner::session);
    std::optional<Coexistence> coexistence;
    try {
        coexistence.emplace(LockOwner::session);
        Run(deployment, run_id).run();
        coexistence->release();
    } catch (...) {
        try {
            abort_and_begin(); // the locks are given back by a session that is in order
            if (coexistence)
                coexistence->release();
            release_run_lock();
        } catch (const std::exception &) { // it ends with the session
        }
        throw;
    }
    release_run_lock();
}

Deployment deployment_to(const std::optional<std::string> &target) {
    return {"deploy", target, core::Direction::up,
            [target](const core::History &history) { return history.pending(target.value_or("")); }};
}

Datum deploy_to(FunctionCallInfo fcinfo) {
    require_direct_call(fcinfo, "migrate_deploy");
    const auto target = optional_text_argument(fcinfo, 0);
    deploy(deployment_to(target));
    return 0;
}

Datum revert_steps(FunctionCallInfo fcinfo) {
    require_direct_call(fcinfo, "migrate_revert");
    const int steps = PG_ARGISNULL(0) ? 1 : PG_GETARG_INT32(0);
    if (steps < 0)
        throw core::Error(core::ErrorCode::wrong_state, fmt::format("cannot roll back {} migrations", steps),
                          {}, "Give the number of migrations to undo.");
    deploy({"revert", fmt::format("-{}", steps), core::Direction::down,
            [&](const core::History &history) { return history.to_roll_back(steps); }});
    return 0;
}

Datum revert_to(FunctionCallInfo fcinfo) {
    require_direct_call(fcinfo, "migrate_revert");
    const auto target = optional_text_argument(fcinfo, 0);
    if (!target)
        throw core::Error(core::ErrorCode::wrong_state, "argument \"target\" must not be null");
    deploy({"revert", target, core::Direction::down,
            [&](const core::History &history) { return history.to_roll_back_to(*target); }});
    return 0;
}

} // namespace turnstone::server
