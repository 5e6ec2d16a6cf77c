// Owns the course of a run: lock, plan, checks before the first statement, execution, journal, record of the
// schema.
#include "turnstone/server/runner.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/drift.hpp"
#include "turnstone/server/failure.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/statement_rules.hpp"

namespace turnstone::server {

namespace {

// A script that calls migrate_apply() would run itself again.
class RunInProgress {
  public:
    RunInProgress() {
        if (active)
            throw core::Error(core::ErrorCode::wrong_state,
                              "a run of migrations is in progress in this session",
                              "A migration cannot start another run.");
        active = true;
    }
    RunInProgress(const RunInProgress &) = delete;
    RunInProgress &operator=(const RunInProgress &) = delete;
    ~RunInProgress() { active = false; }

  private:
    static inline bool active = false;
};

void require_fresh_snapshot() {
    if (!journal_is_newer_than_transaction())
        return;
    pg([] {
        ereport(
            ERROR,
            (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
             errmsg("could not serialize access due to migrations run by another session"),
             errdetail("They were committed after this transaction's snapshot had been taken; scripts that "
                       "read data would not see what they did."),
             errhint("Retry the transaction, or use READ COMMITTED.")));
    });
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

constexpr const char *lock_table_hint =
    "Increase max_locks_per_transaction, or apply fewer migrations in one transaction, "
    "as with migrate_apply('+100').";

// A transaction keeps a lock on every relation that it makes; the lock table of the whole server has room for
// about max_locks_per_transaction * (max_connections + max_prepared_transactions) locks
// (storage/lmgr/lock.c).
void foresee_full_lock_table(std::int64_t locks) {
    const std::int64_t room =
        static_cast<std::int64_t>(max_locks_per_xact) * (MaxBackends + max_prepared_xacts);
    if (locks <= room)
        return;
    pg([&] {
        ereport(WARNING, (errmsg("this run may need about %lld locks", static_cast<long long>(locks)),
                          errdetail("The lock table has room for about %lld, for all sessions.",
                                    static_cast<long long>(room)),
                          errhint("%s", lock_table_hint)));
    });
}

// All scripts of a run are read and parsed before the first statement of the first one runs.
void check_scripts(const core::Plan &plan, core::Direction direction) {
    std::int64_t locks = 0;
    for (const core::MigrationFacts *migration : plan) {
        const MemoryScope memory;
        const core::Script script = registered_script(migration->version.text());
        const core::ScriptSection &section = script.section(direction);
        if (!section.transactional)
            throw core::Error(core::ErrorCode::unsupported,
                              fmt::format("migration \"{}\" ({}) is marked notransaction", migration->name,
                                          core::direction_name(direction)),
                              "All migrations of this run share one transaction.",
                              "Take the mark out if its statements can run in a transaction; otherwise run "
                              "them by themselves.");
        const ScriptPlace place{migration->name, direction, section.text};
        const std::vector<Statement> statements = parse_section(place);
        require_transactional(place, statements);
        for (const Statement &statement : statements)
            locks += pg([&] { return locks_of_new_relations(statement.raw); });
    }
    foresee_full_lock_table(locks);
}

// The run that a migration is part of.
struct RunFrame {
    const char *command; // as turnstone.run.command
    const Request &request;
    std::optional<Failure> &failure; // set where a migration fails
    std::int64_t run_id = begin_run(command, request.target);
};

void undone_note(const PgError &error, core::Direction direction, std::size_t done, std::size_t planned) {
    add_context(error.data(),
                fmt::format("{} of {} migrations had been {} before; the whole run is undone.", done, planned,
                            direction == core::Direction::up ? "applied" : "rolled back"));
    if (error.data()->sqlerrcode == ERRCODE_OUT_OF_MEMORY && direction == core::Direction::up)
        pg([&] {
            error.data()->hint = MemoryContextStrdup(
                error.data()->assoc_context, psprintf("If it was the lock table: %s", lock_table_hint));
        });
}

void execute(const core::Plan &plan, core::Direction direction, const RunFrame &frame,
             std::vector<Done> &all_done) {
    check_scripts(plan, direction);
    std::size_t done = 0;
    for (const core::MigrationFacts *migration : plan) {
        const core::Script script = registered_script(migration->version.text());
        const ScriptPlace place{migration->name, direction, script.section(direction).text};
        SectionRun run;
        const bool up = direction == core::Direction::up;
        try {
            run_section(place, script.options, run);
        } catch (const PgError &error) {
            undone_note(error, direction, done, plan.size());
            frame.failure = Failure{frame.command,
                                    frame.request.target,
                                    up ? "apply" : "rollback",
                                    migration->version.text(),
                                    migration->name,
                                    migration->checksum,
                                    run,
                                    error.data()};
            throw;
        }
        write_event({frame.run_id, up ? "apply" : "rollback", up ? "applied" : "pending",
                     migration->version.text(), migration->name, migration->checksum, std::nullopt, true,
                     run});
        all_done.push_back(
            {migration->version.text(), migration->name, core::direction_name(direction), run});
        ++done;
    }
}

// The frame of every run: the lock, a history read behind it, and a subtransaction around it all, so that a
// failure can be recorded from a session that is in order again, and a rehearsal be taken back.
// `only_if_unsettled`: there is nothing to do where all that is registered is applied.
template <class Body>
std::vector<Done> in_run(const Request &request, bool only_if_unsettled, Body &&body) {
    const RunInProgress run;
    take_run_lock();
    std::vector<Done> done;
    if (only_if_unsettled && !anything_unsettled())
        return done;
    std::optional<Failure> failure;
    try {
        SubTransaction attempt;
        body(read_history(), done, failure);
        if (!request.dry)
            attempt.commit();
    } catch (const PgError &) {
        if (failure && !request.dry)
            record_failure(*failure);
        throw;
    }
    return done;
}

} // namespace

std::vector<Done> apply_pending(const Request &request) {
    const bool to_head = !request.target || request.target->empty() || *request.target == "head";
    return in_run(
        request, to_head,
        [&](const core::History &history, std::vector<Done> &done, std::optional<Failure> &failure) {
            const core::Plan plan = history.pending(request.target.value_or(""));
            check_order(history, plan);
            if (plan.empty())
                return;
            require_fresh_snapshot();
            SchemaRecorder recorder;
            execute(plan, core::Direction::up, {"apply", request, failure}, done);
            recorder.finish();
        });
}

namespace {

void undo(const core::Plan &plan, const Request &request, std::vector<Done> &done,
          std::optional<Failure> &failure) {
    if (plan.empty())
        return;
    require_fresh_snapshot();
    SchemaRecorder recorder;
    execute(plan, core::Direction::down, {"rollback", request, failure}, done);
    recorder.finish();
}

void require_steps(int steps) {
    if (steps < 0)
        throw core::Error(core::ErrorCode::wrong_state, fmt::format("cannot roll back {} migrations", steps),
                          {}, "Give the number of migrations to undo.");
}

} // namespace

std::vector<Done> roll_back(int steps, const Request &request) {
    require_steps(steps);
    return in_run(
        request, false,
        [&](const core::History &history, std::vector<Done> &done, std::optional<Failure> &failure) {
            undo(history.to_roll_back(steps), request, done, failure);
        });
}

std::vector<Done> roll_back_to(const Request &request) {
    return in_run(
        request, false,
        [&](const core::History &history, std::vector<Done> &done, std::optional<Failure> &failure) {
            undo(history.to_roll_back_to(request.target.value_or("")), request, done, failure);
        });
}

std::vector<Done> redo(int steps, const Request &request) {
    require_steps(steps);
    return in_run(
        request, false,
        [&](const core::History &history, std::vector<Done> &done, std::optional<Failure> &failure) {
            core::Plan plan = history.to_roll_back(steps);
            if (plan.empty())
                return;
            require_fresh_snapshot();
            check_scripts(plan, core::Direction::up); // before the first Down runs
            SchemaRecorder recorder;
            const RunFrame frame{"redo", request, failure};
            execute(plan, core::Direction::down, frame, done);
            std::reverse(plan.begin(), plan.end()); // in the order in which they had been applied
            execute(plan, core::Direction::up, frame, done);
            recorder.finish();
        });
}

} // namespace turnstone::server
