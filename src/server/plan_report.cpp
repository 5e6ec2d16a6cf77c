// Owns migrate_plan(): the plan of an apply, with each statement's place and command.
#include "turnstone/server/plan_report.hpp"

#include <fmt/format.h>

#include "turnstone/core/text_position.hpp"

#include "turnstone/server/journal.hpp"
#include "turnstone/server/parser.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/statement_rules.hpp"

namespace turnstone::server {

namespace {

std::string note_of(const core::History &history, const core::MigrationFacts &migration,
                    const core::ScriptSection &section) {
    std::string note;
    const auto add = [&](const std::string &text) { note += (note.empty() ? "" : "; ") + text; };
    if (history.state(migration) == core::MigrationState::out_of_order)
        add(migration.out_of_order_allowed ? "out of order, as the script allows" : "out of order");
    if (history.state(migration) == core::MigrationState::rolled_back)
        add("was rolled back");
    if (!migration.has_down)
        add("no Down section");
    if (!section.transactional)
        add("marked notransaction");
    return note;
}

} // namespace

std::vector<PlannedStatement> plan_report(const std::string &target) {
    const core::History history = read_history();
    std::vector<PlannedStatement> report;
    int step = 0;
    for (const core::MigrationFacts *migration : history.pending(target)) {
        const MemoryScope memory;
        const core::Script script = registered_script(migration->version.text());
        const std::string note = note_of(history, *migration, script.up);
        const std::string &text = script.up.text;
        const auto statements = parse_section({migration->name, core::Direction::up, text});
        const int enum_value = enum_value_used_later(statements, text);
        const std::string version = migration->version.text();
        ++step;
        if (statements.empty())
            report.push_back({step, version, migration->name, 0, 0, {}, script.up.transactional, note});
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
            report.push_back({step, version, migration->name, statement.number,
                              core::locate(text, statement.begin, character_length).line, command,
                              script.up.transactional && !need.own() && statement.number != enum_value,
                              its_note});
        }
    }
    return report;
}

} // namespace turnstone::server
