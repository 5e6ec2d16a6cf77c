// Owns the course of a run: lock, plan, checks before the first statement, execution, journal, record of the
// schema.
#include "turnstone/server/runner.hpp"

#include <vector>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/drift.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/settings.hpp"

namespace turnstone::server {

namespace {

using Plan = std::vector<const core::MigrationFacts *>;

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

void check_order(const core::History &history) {
    const Plan late = history.late();
    if (late.empty() || settings::out_of_order() == OutOfOrder::allow)
        return;
    const core::Error error = core::late_arrivals(late, *history.newest_applied());
    if (settings::out_of_order() == OutOfOrder::error)
        throw error;
    pg([&] { ereport(WARNING, (errmsg_internal("%s", error.message().c_str()))); });
}

// All scripts of a run are read and parsed before the first statement of the first one runs.
void check_scripts(const Plan &plan, core::Direction direction) {
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
        require_transactional(place, parse_section(place));
    }
}

void undone_note(const PgError &error, core::Direction direction, std::size_t done, std::size_t planned) {
    add_context(error.data(),
                fmt::format("{} of {} migrations had been {} before; the whole run is undone.", done, planned,
                            direction == core::Direction::up ? "applied" : "rolled back"));
}

void execute(const Plan &plan, core::Direction direction, const Report &report) {
    if (plan.empty())
        return;
    require_fresh_snapshot();
    check_scripts(plan, direction);
    SchemaRecorder recorder;
    std::size_t done = 0;
    for (const core::MigrationFacts *migration : plan) {
        const core::Script script = registered_script(migration->version.text());
        const ScriptPlace place{migration->name, direction, script.section(direction).text};
        SectionRun run;
        try {
            run = run_section(place);
        } catch (const PgError &error) {
            undone_note(error, direction, done, plan.size());
            throw;
        }
        write_event({direction == core::Direction::up ? "apply" : "rollback", migration->version.text(),
                     migration->name, migration->checksum, run});
        report({migration->version.text(), migration->name, core::direction_name(direction), run});
        ++done;
    }
    recorder.finish();
}

} // namespace

void apply_pending(const Report &report) {
    const RunInProgress run;
    take_run_lock();
    const core::History history = read_history();
    const Plan plan = history.pending();
    check_order(history);
    execute(plan, core::Direction::up, report);
}

void roll_back(int steps, const Report &report) {
    if (steps < 0)
        throw core::Error(core::ErrorCode::wrong_state, fmt::format("cannot roll back {} migrations", steps),
                          {}, "Give the number of migrations to undo.");
    const RunInProgress run;
    take_run_lock();
    const core::History history = read_history();
    execute(history.to_roll_back(steps), core::Direction::down, report);
}

} // namespace turnstone::server
