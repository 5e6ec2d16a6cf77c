// Owns the course of a run: its frame, the checks before the first statement, execution, journal, hooks, and
// what becomes of an error.
#include "turnstone/server/course.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/coexist.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/run_checks.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/statement_rules.hpp"

namespace turnstone::server {

namespace {

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

void undone_note(const PgError &error, const char *what, std::size_t done, std::size_t planned) {
    add_context(error.data(),
                fmt::format("{} of {} {} before; the whole run is undone.", done, planned, what));
    if (error.data()->sqlerrcode == ERRCODE_OUT_OF_MEMORY)
        pg([&] {
            error.data()->hint = MemoryContextStrdup(
                error.data()->assoc_context, psprintf("If it was the lock table: %s", lock_table_hint));
        });
}

// What migrate_deploy() would run is refused here. Not a fault of the script: it leaves no failure.
void require_one_transaction(const ScriptPlace &place, const core::ScriptSection &section,
                             const std::vector<Statement> &statements) {
    if (!section.transactional)
        throw core::Error(core::ErrorCode::unsupported,
                          fmt::format("migration \"{}\" ({}) is marked notransaction", place.name,
                                      core::direction_name(place.direction)),
                          "All migrations of this run share one transaction.",
                          "Use CALL migrate_deploy() and CALL migrate_revert(), which run its statements by "
                          "themselves; or take the mark out if they can run in a transaction.");
    require_transactional(place, statements);
}

ScriptPlace place_of(const RegisteredScript &seed) {
    return {seed.name, core::Direction::up, seed.script.up.text, core::MigrationKind::seed};
}

const char *event_of(core::Direction direction) {
    return direction == core::Direction::up ? "apply" : "rollback";
}

} // namespace

Course::Course(const char *command, const Request &request, RunState &state)
    : command_(command), request_(request), state_(state), hooks_(command, request.target, state.failure) {}

template <class Body>
void Course::noting_failure(const Subject &subject, const SectionRun &run, Body &&body) {
    try {
        as_pg_errors(body);
    } catch (const PgError &error) {
        state_.failure = Failure{command_,     request_.target,  subject.event, subject.version,
                                 subject.name, subject.checksum, run,           error.data()};
        throw;
    }
}

void Course::check(const core::Plan &plan, core::Direction direction) {
    require_whole(plan);
    std::int64_t locks = 0;
    for (const core::MigrationFacts *migration : plan) {
        const PreparedScript *prepared = nullptr;
        noting_failure(
            {event_of(direction), migration->version.text(), migration->name, migration->checksum}, {},
            [&] { prepared = &scripts_.prepare(migration->version.text(), migration->name, direction); });
        const core::ScriptSection &section = prepared->script.section(direction);
        require_one_transaction({migration->name, direction, section.text}, section, prepared->statements);
        for (const Statement &statement : prepared->statements)
            locks += pg([&] { return locks_of_new_relations(statement.raw); });
    }
    foresee_full_lock_table(locks);
}

void Course::begin() {
    require_fresh_snapshot();
    recorder_.emplace();
    run_id_ = begin_run(command_, request_.target);
    hooks_.before_run(run_id_);
}

template <class Items, class Body>
void Course::for_each(const Items &items, const char *what, Body &&body) {
    std::size_t done = 0;
    for (const auto &item : items) {
        try {
            body(item);
        } catch (const PgError &error) {
            undone_note(error, what, done, items.size());
            throw;
        }
        ++done;
    }
}

void Course::execute(const core::Plan &plan, core::Direction direction) {
    for_each(plan,
             direction == core::Direction::up ? "migrations had been applied"
                                              : "migrations had been rolled back",
             [&](const core::MigrationFacts *migration) { execute_one(*migration, direction); });
}

void Course::check(const std::vector<RegisteredScript> &seeds) {
    for (const RegisteredScript &seed : seeds)
        noting_failure({"seed", seed.version, seed.name, seed.checksum}, {}, [&] {
            const MemoryScope memory;
            const ScriptPlace place = place_of(seed);
            require_transactional(place, parse_section(place));
        });
}

void Course::execute(const std::vector<RegisteredScript> &seeds) {
    for_each(seeds, "seeds had been run", [&](const RegisteredScript &seed) { execute_one(seed); });
}

void Course::execute_one(const RegisteredScript &seed) {
    SectionRun run;
    run.keeps_times = request_.dry;
    noting_failure({"seed", seed.version, seed.name, seed.checksum}, run,
                   [&] { run_section(place_of(seed), seed.script.options, run); });
    write_event(
        {run_id_, "seed", "applied", seed.version, seed.name, seed.checksum, std::nullopt, true, run});
    state_.done.push_back({seed.version, seed.name, "seed", run});
}

void Course::execute_one(const core::MigrationFacts &migration, core::Direction direction) {
    const Subject subject{event_of(direction), migration.version.text(), migration.name, migration.checksum};
    const Hooks::Occasion occasion{subject.version, subject.name, core::direction_name(direction)};
    hooks_.before_each(run_id_, occasion);
    SectionRun run;
    run.keeps_times = request_.dry;
    noting_failure(subject, run, [&] {
        const MemoryScope memory;
        const PreparedScript prepared = scripts_.take(subject.version, subject.name, direction);
        const core::ScriptOptions &options = prepared.script.options;
        run_statements({subject.name, direction, prepared.script.section(direction).text},
                       prepared.statements, {options.timeout, options.lock_timeout}, run);
    });
    write_event({run_id_, subject.event, direction == core::Direction::up ? "applied" : "pending",
                 subject.version, subject.name, subject.checksum, std::nullopt, true, run});
    hooks_.after_each(run_id_, occasion);
    state_.done.push_back({subject.version, subject.name, core::direction_name(direction), run});
}

void Course::end() {
    hooks_.after_run(run_id_);
    recorder_->finish();
}

std::vector<Done> in_run(const Request &request, bool only_if_unsettled,
                         const std::function<void(const core::History &, RunState &)> &body) {
    const RunInProgress run;
    take_run_lock();
    RunState state;
    if (only_if_unsettled && !anything_unsettled())
        return {};
    settle_interrupted_runs();
    const Coexistence coexistence(LockOwner::transaction);
    try {
        SubTransaction attempt;
        body(read_history(), state);
        if (!request.dry)
            attempt.commit();
    } catch (const PgError &) {
        if (state.failure && !request.dry)
            record_failure(*state.failure);
        throw;
    }
    return std::move(state.done);
}

} // namespace turnstone::server
