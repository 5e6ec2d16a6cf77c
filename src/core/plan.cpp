#include "turnstone/core/plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {

namespace {

std::string names_of(const std::vector<const MigrationFacts *> &migrations) {
    constexpr std::size_t most = 10;
    std::string names;
    for (std::size_t i = 0; i < std::min(migrations.size(), most); ++i)
        names += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", migrations[i]->name);
    if (migrations.size() > most)
        names += fmt::format(" and {} more", migrations.size() - most);
    return names;
}

} // namespace

const char *state_name(MigrationState state) {
    switch (state) {
    case MigrationState::pending:
        return "pending";
    case MigrationState::applied:
        return "applied";
    case MigrationState::changed:
        return "changed";
    case MigrationState::out_of_order:
        return "out_of_order";
    case MigrationState::rolled_back:
        return "rolled_back";
    case MigrationState::missing:
        return "missing";
    }
    return "?";
}

History::History(std::vector<MigrationFacts> facts) : facts_(std::move(facts)) {
    std::stable_sort(facts_.begin(), facts_.end(),
                     [](const MigrationFacts &a, const MigrationFacts &b) { return a.version < b.version; });
    for (const MigrationFacts &migration : facts_) {
        if (migration.applied)
            newest_applied_ = &migration;
    }
}

MigrationState History::state(const MigrationFacts &facts) const {
    if (facts.applied) {
        if (!facts.registered)
            return MigrationState::missing;
        return facts.checksum == facts.applied_checksum ? MigrationState::applied : MigrationState::changed;
    }
    if (newest_applied_ != nullptr && facts.version < newest_applied_->version)
        return MigrationState::out_of_order;
    return facts.in_journal ? MigrationState::rolled_back : MigrationState::pending;
}

std::vector<const MigrationFacts *> History::pending() const {
    std::vector<const MigrationFacts *> pending;
    std::vector<const MigrationFacts *> changed;
    for (const MigrationFacts &migration : facts_) {
        if (migration.registered && !migration.applied)
            pending.push_back(&migration);
        else if (state(migration) == MigrationState::changed)
            changed.push_back(&migration);
    }
    if (!changed.empty()) {
        throw Error(ErrorCode::wrong_state,
                    fmt::format("registered text of {} is not the one that was applied", names_of(changed)),
                    fmt::format("Applied with checksum {}, registered with checksum {}.",
                                changed.front()->applied_checksum, changed.front()->checksum),
                    "Register the text that was applied again, and put the change into a new migration.");
    }
    return pending;
}

std::vector<const MigrationFacts *> History::late() const {
    std::vector<const MigrationFacts *> late;
    for (const MigrationFacts &migration : facts_) {
        if (migration.registered && state(migration) == MigrationState::out_of_order)
            late.push_back(&migration);
    }
    return late;
}

std::vector<const MigrationFacts *> History::to_roll_back(int steps) const {
    std::vector<const MigrationFacts *> applied;
    for (const MigrationFacts &migration : facts_) {
        if (migration.applied)
            applied.push_back(&migration);
    }
    std::sort(applied.begin(), applied.end(),
              [](const MigrationFacts *a, const MigrationFacts *b) { return a->journal_id > b->journal_id; });
    applied.resize(std::min(applied.size(), static_cast<std::size_t>(std::max(steps, 0))));
    for (const MigrationFacts *migration : applied) {
        const MigrationState its_state = state(*migration);
        if (its_state == MigrationState::missing)
            throw Error(
                ErrorCode::wrong_state,
                fmt::format("migration \"{}\" cannot be rolled back: its script is no longer registered",
                            migration->name),
                {}, "Register the script that was applied, then roll back.");
        if (its_state == MigrationState::changed)
            throw Error(
                ErrorCode::wrong_state,
                fmt::format("migration \"{}\" cannot be rolled back: its registered text is not the one "
                            "that was applied",
                            migration->name),
                fmt::format("Applied with checksum {}, registered with checksum {}.",
                            migration->applied_checksum, migration->checksum),
                "Register the text that was applied again, then roll back.");
        if (!migration->has_down)
            throw Error(ErrorCode::wrong_state,
                        fmt::format("migration \"{}\" cannot be rolled back: it has no Down section",
                                    migration->name),
                        "Nothing has been rolled back.",
                        "Write a new migration that undoes it, or roll back fewer steps.");
    }
    return applied;
}

Error late_arrivals(const std::vector<const MigrationFacts *> &late, const MigrationFacts &newest_applied) {
    return {ErrorCode::out_of_order,
            fmt::format("out of order: {} {} older than the newest applied migration \"{}\"", names_of(late),
                        late.size() == 1 ? "is" : "are", newest_applied.name),
            {},
            "Give it a newer version, or allow it with SET turnstone.out_of_order = 'allow' (or 'warn')."};
}

} // namespace turnstone::core
