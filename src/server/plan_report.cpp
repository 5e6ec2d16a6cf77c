// Owns migrate_plan(): the plan of a run, with each statement's place and command.
#include "turnstone/server/plan_report.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/text_position.hpp"

#include "turnstone/server/journal.hpp"
#include "turnstone/server/parser.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/statement_rules.hpp"

namespace turnstone::server {

namespace {

class Report {
  public:
    Report(const core::History &history, core::Direction direction, const std::string &target)
        : history_(history), direction_(direction),
          plan_(direction == core::Direction::up ? history.pending(target)
                                                 : history.rollback_candidates(target)) {}

    std::vector<PlannedStatement> run() {
        for (const core::MigrationFacts *migration : plan_)
            add(*migration);
        return std::move(rows_);
    }

  private:
    void add(const core::MigrationFacts &migration) {
        const MemoryScope memory;
        core::Script script;
        if (migration.registered)
            script = registered_script(migration.version.text());
        const core::ScriptSection &section = script.section(direction_);
        const std::string note = note_of(migration, section);
        const auto statements = parse_section({migration.name, direction_, section.text});
        const int enum_value = enum_value_used_later(statements, section.text);
        ++step_;
        if (statements.empty())
            add_row(migration, 0, 0, {}, section.transactional, note);
        for (const Statement &statement : statements) {
            const char *command =
                pg([&] { return GetCommandTagName(CreateCommandTag(statement.raw->stmt)); });
            const TransactionNeed need = transaction_need(statement.raw);
            std::string its_note = note;
            const char *divider = note.empty() ? "" : "; ";
            if (need.own())
                its_note += fmt::format("{}{} {} a transaction of its own", divider, need.command,
                                        need.certain ? "needs" : "may need");
            else if (statement.number == enum_value)
                its_note += fmt::format("{}a later statement uses the value, behind a commit", divider);
            add_row(migration, statement.number,
                    core::locate(section.text, statement.begin, character_length).line, command,
                    section.transactional && !need.own() && statement.number != enum_value, its_note);
        }
    }

    void add_row(const core::MigrationFacts &migration, int statement, int line, const std::string &command,
                 bool transactional, const std::string &note) {
        rows_.push_back({step_, migration.version.text(), migration.name, core::direction_name(direction_),
                         statement, line, command, transactional, note});
    }

    [[nodiscard]] std::string note_of(const core::MigrationFacts &migration,
                                      const core::ScriptSection &section) const {
        std::string note;
        const auto add = [&](const std::string &text) { note += (note.empty() ? "" : "; ") + text; };
        if (direction_ == core::Direction::down) {
            if (const auto obstacle = history_.obstacle(migration, plan_))
                add("cannot be rolled back: " + obstacle->why);
        } else {
            if (history_.state(migration) == core::MigrationState::out_of_order)
                add(migration.out_of_order_allowed ? "out of order, as the script allows" : "out of order");
            if (history_.state(migration) == core::MigrationState::rolled_back)
                add("was rolled back");
            if (migration.version.is_baseline())
                add("baseline script, in place of the migrations up to its version");
            else if (!migration.has_down)
                add("no Down section");
        }
        if (!section.transactional)
            add("marked notransaction");
        return note;
    }

    const core::History &history_;
    core::Direction direction_;
    core::Plan plan_;
    std::vector<PlannedStatement> rows_;
    int step_ = 0;
};

} // namespace

std::vector<PlannedStatement> plan_report(const std::string &target, const std::string &direction) {
    if (direction != "up" && direction != "down")
        throw core::Error(core::ErrorCode::undefined, fmt::format("direction \"{}\" is unknown", direction),
                          {}, "The directions are up and down.");
    const core::History history = read_history();
    if (direction == "up")
        return Report(history, core::Direction::up, target).run();
    return Report(history, core::Direction::down, target.empty() ? "-1" : target).run();
}

} // namespace turnstone::server
