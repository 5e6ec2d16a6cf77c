// Owns the course of a migration that runs statement by statement.
#include "turnstone/server/stepwise.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/lock.hpp"
#include "turnstone/server/lock_waits.hpp"
#include "turnstone/server/progress.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/session_settings.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/statement_rules.hpp"
#include "turnstone/server/steps.hpp"
#include "turnstone/server/top_level.hpp"
#include "turnstone/server/verify.hpp"

namespace turnstone::server {

namespace {

// The name that a plain SET or RESET sets for the session; null for other statements.
const char *setting_of(const RawStmt *raw) {
    if (!IsA(raw->stmt, VariableSetStmt))
        return nullptr;
    const auto *set = reinterpret_cast<const VariableSetStmt *>(raw->stmt);
    return set->is_local || set->name == nullptr ? nullptr : set->name;
}

std::vector<std::string> settings_of(const std::vector<Statement> &statements) {
    std::vector<std::string> names;
    for (const Statement &statement : statements) {
        if (const char *name = setting_of(statement.raw))
            names.emplace_back(name);
    }
    return names;
}

// DO and CALL may end transactions when they run at top level; the others do nothing there that they would
// not do elsewhere, but warn of SET LOCAL and refuse LOCK, which would have no effect.
bool runs_at_top_level(const RawStmt *raw, const TransactionNeed &need) {
    return need.own() || !(IsA(raw->stmt, DoStmt) || IsA(raw->stmt, CallStmt));
}

std::string shortened(const std::string &text) {
    constexpr std::size_t most = 200;
    std::string line = text.substr(0, text.find('\n'));
    if (line.size() > most)
        line.resize(static_cast<std::size_t>(
            pg([&] { return pg_mbcliplen(line.data(), static_cast<int>(line.size()), most); })));
    return line.size() < text.size() ? line + " ..." : line;
}

void say(const std::string &message) {
    pg([&] { ereport(NOTICE, (errmsg_internal("%s", message.c_str()))); });
}

class Course {
  public:
    Course(const StepwiseMigration &migration, SectionRun &done)
        : migration_(migration), done_(done), version_(migration.facts.version.text()),
          steps_(open_steps(version_)) {}

    void run() {
        require_same_prefix();
        const SessionSettings settings(settings_of(migration_.statements));
        const TemporaryObjects temporary = temporary_objects();
        try {
            set_search_path();
            LockTimeouts lock_timeouts(migration_.limits, GUC_ACTION_SET);
            commit_and_begin();
            for (const Statement &statement : migration_.statements)
                run_patiently(statement, lock_timeouts);
            clear_removed_statements(lock_timeouts);
        } catch (const std::exception &) {
            CancelHold::hold();
            abort_and_begin();
            settings.restore();
            commit_and_begin();
            throw;
        }
        settings.restore();
        drop_new_temporary_objects(temporary);
    }

  private:
    static void set_search_path() {
        if (*settings::search_path() != '\0')
            pg([] {
                (void)set_config_option("search_path", settings::search_path(), PGC_USERSET, PGC_S_SESSION,
                                        GUC_ACTION_SET, true, 0, false);
            });
    }

    [[nodiscard]] const Step *step_of(int number) const {
        const auto found = steps_.find(number);
        return found == steps_.end() ? nullptr : &found->second;
    }

    // A script may be mended behind what is done, not in it.
    void require_same_prefix() const {
        for (const auto &[number, step] : steps_) {
            const auto statement =
                std::find_if(migration_.statements.begin(), migration_.statements.end(),
                             [&, wanted = number](const Statement &s) { return s.number == wanted; });
            const bool same =
                step.direction == core::direction_name(migration_.place.direction) &&
                (step.state != "done" || (statement != migration_.statements.end() &&
                                          step.text == statement_text(*statement, migration_.place.text)));
            if (!same)
                refuse_edit(number, step);
        }
    }

    [[noreturn]] void refuse_edit(int number, const Step &step) const {
        throw core::Error(
            core::ErrorCode::wrong_state,
            fmt::format("script \"{}\" was edited in what it has done already", migration_.facts.name),
            fmt::format("Statement {} is {}: {}", number, step.state, shortened(step.text)),
            "Register the text with which it was begun, changed behind that statement only; or undo by hand "
            "what it has done and call migrate_mark() with the state pending.");
    }

    // A statement that has failed or was cut off, and has another text now: what it left is cleared away.
    void clear_former(int number, const Step &step, LockTimeouts &lock_timeouts) {
        const ScriptPlace place{migration_.facts.name, migration_.place.direction, step.text};
        for (const Statement &former : parse_section(place)) {
            lock_timeouts.set_for(former.raw, true);
            const Remains remains = look_at_remains(former.raw, step.before);
            if (remains.state == Remains::State::unknown)
                refuse_unknown(number, step.text, remains);
            if (remains.state == Remains::State::done)
                refuse_edit(number, step);
            clear_away(remains);
        }
    }

    void clear_removed_statements(LockTimeouts &lock_timeouts) {
        for (const auto &[number, step] : steps_) {
            if (number <= migration_.statements.back().number)
                continue;
            clear_former(number, step, lock_timeouts);
            forget_step(version_, number);
        }
    }

    [[nodiscard]] StepPlace place_of(const Statement &statement, const std::string &text) const {
        return {migration_.run_id,         version_,         migration_.place.direction,
                migration_.facts.checksum, statement.number, text};
    }

    void run_patiently(const Statement &statement, LockTimeouts &lock_timeouts) {
        Patience patience;
        for (;;) {
            try {
                run_step(statement, lock_timeouts);
                return;
            } catch (const PgError &error) {
                abort_and_begin();
                if (!patience.wait_for_next_attempt(*error.data(), migration_.facts.name)) {
                    CancelHold::hold();
                    throw;
                }
                steps_ = open_steps(version_);
            }
        }
    }

    void run_step(const Statement &statement, LockTimeouts &lock_timeouts) {
        const MemoryScope memory;
        const Step *step = step_of(statement.number);
        if (step != nullptr && step->state == "done") {
            ++done_.statements;
            if (setting_of(statement.raw) != nullptr) // what it set has ended with the session that ran it
                run_one_statement(migration_.place, statement, true, migration_.limits, again_);
            return;
        }
        const std::string text = statement_text(statement, migration_.place.text);
        const StepPlace place = place_of(statement, text);
        const TransactionNeed need = transaction_need(statement.raw);
        lock_timeouts.set_for(statement.raw, need.own());
        say(fmt::format("migration \"{}\" ({}), statement {} of {}: {}", migration_.facts.name,
                        core::direction_name(migration_.place.direction), statement.number,
                        migration_.statements.back().number, shortened(text)));
        report_statement(statement.number, migration_.statements.back().number, text);
        const LockWatch watch;
        if (step != nullptr && step->text != text) {
            clear_former(statement.number, *step, lock_timeouts);
            lock_timeouts.set_for(statement.raw, need.own());
            step = nullptr;
        }
        if (need.own())
            run_by_itself(statement, place, step);
        else
            run_with_its_mark(statement, place, need);
        require_run_lock();
    }

    // A deferred constraint fails in the commit, with no place in the script.
    void commit(const Statement &statement) {
        try {
            commit_and_begin();
        } catch (const PgError &error) {
            locate_error(error.data(), migration_.place, statement.number, statement.begin);
            throw;
        }
    }

    // Statement and mark in one transaction.
    void run_with_its_mark(const Statement &statement, const StepPlace &place, const TransactionNeed &need) {
        try {
            run_one_statement(migration_.place, statement, runs_at_top_level(statement.raw, need),
                              migration_.limits, done_);
            write_step_done(place);
            commit(statement);
        } catch (const PgError &error) {
            note_failure(place, error, nothing_committed);
            throw;
        }
    }

    void run_by_itself(const Statement &statement, const StepPlace &place, const Step *step) {
        const Remains remains = step != nullptr ? look_at_remains(statement.raw, step->before)
                                                : look_before_first_run(statement.raw);
        if (remains.state == Remains::State::unknown)
            refuse_unknown(statement.number, place.text, remains);
        clear_away(remains);
        if (remains.state == Remains::State::done) {
            ++done_.statements;
            write_step_done(place);
            commit_and_begin();
            return;
        }
        // Where an attempt has committed something, what was before that one counts.
        const bool fresh = step == nullptr || step->before == nothing_committed;
        write_step_started(place, fresh ? note_before(statement.raw) : step->before);
        commit_and_begin();
        const std::uint64_t commits = commits_of_session();
        try {
            run_one_statement(migration_.place, statement, true, migration_.limits, done_);
            write_step_done(place);
            commit(statement);
        } catch (const PgError &error) {
            note_failure(place, error, commits_of_session() == commits ? nothing_committed : nullptr);
            throw;
        }
    }

    [[noreturn]] void refuse_unknown(int number, const std::string &text, const Remains &remains) const {
        throw core::Error(
            core::ErrorCode::wrong_state,
            fmt::format("statement {} of migration \"{}\" was cut off, and how far it came cannot be known",
                        number, migration_.facts.name),
            fmt::format("The statement is: {}; {}.", shortened(text), remains.finding),
            fmt::format(
                "Look what it has done. Then call migrate_mark('{0}', 'applied', reason, {1}) to go on "
                "behind it, or migrate_mark('{0}', 'pending', reason, {1}) to have it run again.",
                version_, number));
    }

    void clear_away(const Remains &remains) {
        if (!remains.finding.empty())
            say(remains.finding);
        for (const std::string &command : remains.cleanup)
            clean_up(command);
    }

    // Commits the failed step; the transaction of the failure is undone by it.
    static void note_failure(const StepPlace &place, const PgError &error, const char *before) {
        if (error.data()->sqlerrcode == ERRCODE_QUERY_CANCELED)
            CancelHold::hold();
        abort_and_begin();
        write_step_failed(place, *error.data(),
                          before == nullptr ? std::nullopt : std::optional<std::string>(before));
        commit_and_begin();
    }

    void clean_up(const std::string &command) {
        const std::string name = migration_.facts.name + ", clean-up";
        const ScriptPlace place{name, migration_.place.direction, command};
        commit_and_begin();
        SectionRun unused;
        for (const Statement &statement : parse_section(place))
            run_one_statement(place, statement, true, {}, unused);
        commit_and_begin();
    }

    const StepwiseMigration &migration_;
    SectionRun &done_;
    SectionRun again_; // of settings that are set again
    std::string version_;
    std::map<int, Step> steps_;
};

} // namespace

bool must_run_stepwise(const core::ScriptSection &section, const std::vector<Statement> &statements) {
    return !section.transactional || enum_value_used_later(statements, section.text) != 0 ||
           std::any_of(statements.begin(), statements.end(),
                       [](const Statement &statement) { return transaction_need(statement.raw).own(); });
}

void run_stepwise(const StepwiseMigration &migration, SectionRun &done) {
    Course(migration, done).run();
}

} // namespace turnstone::server
