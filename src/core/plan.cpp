#include "turnstone/core/plan.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>

#include <fmt/format.h>

namespace turnstone::core {

namespace {

std::string names_of(const Plan &migrations) {
    constexpr std::size_t most = 10;
    std::string names;
    for (std::size_t i = 0; i < std::min(migrations.size(), most); ++i)
        names += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", migrations[i]->name);
    if (migrations.size() > most)
        names += fmt::format(" and {} more", migrations.size() - most);
    return names;
}

// "+3" or "-3" with the sign wanted; nothing where the text is no such thing.
std::optional<int> steps_of(std::string_view text, char sign) {
    if (text.size() < 2 || text.front() != sign)
        return std::nullopt;
    int steps = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), steps);
    if (error != std::errc{} || end != text.data() + text.size() || steps < 0)
        return std::nullopt;
    return steps;
}

bool contains(const Plan &plan, const MigrationFacts *migration) {
    return std::find(plan.begin(), plan.end(), migration) != plan.end();
}

// "20240101120000_create_users.sql" is also "20240101120000_create_users" and "create_users".
bool has_name(const MigrationFacts &migration, std::string_view text) {
    std::string_view name = migration.name;
    if (name == text)
        return true;
    if (name.ends_with(".sql"))
        name.remove_suffix(4);
    if (name == text)
        return true;
    const std::size_t words = name.starts_with("R__") ? 3 : name.find_first_not_of("0123456789._-");
    return words != std::string_view::npos && name.substr(words) == text;
}

// What a Requires or Conflicts line names.
bool is_named(const MigrationFacts &migration, std::string_view text) {
    return migration.version == Version::from_text(text) || has_name(migration, text);
}

bool sums_up(const MigrationFacts *baseline, const MigrationFacts &migration) {
    return baseline != nullptr && is_summed_up(migration.version.text(), baseline->version.text());
}

std::string both_checksums(const MigrationFacts &migration) {
    return fmt::format("Applied with checksum {}, registered with checksum {}.", migration.applied_checksum,
                       migration.checksum);
}

} // namespace

const char *state_name(MigrationState state) {
    switch (state) {
    case MigrationState::pending:
        return "pending";
    case MigrationState::failed:
        return "failed";
    case MigrationState::applied:
        return "applied";
    case MigrationState::changed:
        return "changed";
    case MigrationState::baseline:
        return "baseline";
    case MigrationState::out_of_order:
        return "out_of_order";
    case MigrationState::rolled_back:
        return "rolled_back";
    case MigrationState::missing:
        return "missing";
    case MigrationState::skipped:
        return "skipped";
    case MigrationState::partial:
        return "partial";
    }
    return "?";
}

History::History(std::vector<MigrationFacts> facts) : facts_(std::move(facts)) {
    std::stable_sort(facts_.begin(), facts_.end(),
                     [](const MigrationFacts &a, const MigrationFacts &b) { return a.version < b.version; });
    for (const MigrationFacts &migration : facts_) {
        if (migration.applied && !migration.version.is_repeatable())
            newest_applied_ = &migration;
    }
    baseline_ = baseline_for(nullptr);
}

const MigrationFacts *History::baseline_for(const Version *limit) const {
    const MigrationFacts *newest = nullptr;
    const MigrationFacts *begun = nullptr;
    const MigrationFacts *applied = nullptr;
    bool blank = newest_applied_ == nullptr;
    for (const MigrationFacts &migration : facts_) {
        if (!migration.version.is_baseline()) {
            blank = blank && (!migration.partial || migration.version.is_repeatable());
            continue;
        }
        if (migration.applied)
            applied = &migration;
        if (migration.partial)
            begun = &migration;
        if (migration.registered && !migration.elsewhere && (limit == nullptr || migration.version <= *limit))
            newest = &migration;
    }
    if (begun != nullptr || applied != nullptr)
        return begun != nullptr ? begun : applied;
    return blank ? newest : nullptr;
}

bool History::is_left_out(const MigrationFacts &migration, const MigrationFacts *baseline) {
    return migration.version.is_baseline() ? &migration != baseline : sums_up(baseline, migration);
}

MigrationState History::state(const MigrationFacts &facts) const {
    if (facts.partial)
        return MigrationState::partial;
    if (facts.applied) {
        if (!facts.registered)
            return MigrationState::missing;
        if (facts.checksum != facts.applied_checksum)
            return MigrationState::changed;
        return facts.baseline ? MigrationState::baseline : MigrationState::applied;
    }
    if (is_left_out(facts, baseline_)) {
        const bool summed_up = baseline_ != nullptr && baseline_->applied && !facts.version.is_baseline();
        return summed_up ? MigrationState::baseline : MigrationState::skipped;
    }
    if (facts.elsewhere)
        return MigrationState::skipped;
    if (newest_applied_ != nullptr && facts.version < newest_applied_->version)
        return MigrationState::out_of_order;
    if (facts.failed)
        return MigrationState::failed;
    return facts.in_journal ? MigrationState::rolled_back : MigrationState::pending;
}

const MigrationFacts &History::find(std::string_view text) const {
    using Test = std::function<bool(const MigrationFacts &)>;
    const Version version = Version::from_text(text);
    const bool is_number = !version.is_repeatable();
    const Version baseline = Version::baseline(version);
    const Test tests[] = {
        [&](const auto &migration) { return is_number && migration.version == version; },
        [&](const auto &migration) {
            return std::find(migration.tags.begin(), migration.tags.end(), text) != migration.tags.end();
        },
        [&](const auto &migration) { return has_name(migration, text); },
        // where the baseline script alone is left of its version
        [&](const auto &migration) { return is_number && migration.version == baseline; },
        [&](const auto &migration) { return is_number && migration.version.text().starts_with(text); },
    };
    for (const Test &test : tests) {
        Plan found;
        for (const MigrationFacts &migration : facts_) {
            if (test(migration))
                found.push_back(&migration);
        }
        if (found.size() > 1)
            throw Error(ErrorCode::undefined, fmt::format("\"{}\" names {} migrations", text, found.size()),
                        fmt::format("They are {}.", names_of(found)), "Give more of the version.");
        if (!found.empty())
            return *found.front();
    }
    throw Error(ErrorCode::undefined, fmt::format("no migration has the version, tag or name \"{}\"", text),
                {}, "migrate_status() lists the registered migrations.");
}

Plan History::pending(std::string_view target) const {
    const auto steps = steps_of(target, '+');
    const bool all = target.empty() || target == "head";
    const MigrationFacts *last = all || steps ? nullptr : &find(target);
    const MigrationFacts *baseline = last == nullptr ? baseline_ : baseline_for(&last->version);
    Plan pending;
    Plan changed;
    for (const MigrationFacts &migration : facts_) {
        if (migration.partial && migration.applied)
            throw Error(
                ErrorCode::wrong_state,
                fmt::format("migration \"{}\" is rolled back in part", migration.name), {},
                "Finish its rollback with CALL migrate_revert(), or set its state with migrate_mark().");
        const bool wanted = (last == nullptr || migration.version <= last->version) &&
                            (!steps || pending.size() < static_cast<std::size_t>(*steps));
        if (wanted && is_pending(migration, baseline))
            pending.push_back(&migration);
        else if (state(migration) == MigrationState::changed && !migration.version.is_repeatable())
            changed.push_back(&migration);
    }
    if (!changed.empty())
        throw Error(
            ErrorCode::wrong_state,
            fmt::format("registered text of {} is not the one that was applied", names_of(changed)),
            both_checksums(*changed.front()),
            "Register the text that was applied again and put the change into a new migration, or accept "
            "the new text with migrate_repair().");
    pending = in_required_order(std::move(pending));
    check_requirements(pending, baseline);
    return pending;
}

Plan History::unapplied(const Version &limit) const {
    const MigrationFacts *baseline = baseline_for(&limit);
    Plan plan;
    for (const MigrationFacts &migration : facts_) {
        if (!migration.applied && migration.version <= limit && is_pending(migration, baseline))
            plan.push_back(&migration);
    }
    return plan;
}

bool History::is_pending(const MigrationFacts &migration, const MigrationFacts *baseline) {
    return migration.registered && !migration.elsewhere &&
           (migration.applied
                ? migration.version.is_repeatable() && migration.checksum != migration.applied_checksum
                : !is_left_out(migration, baseline));
}

Plan History::in_required_order(Plan plan) const {
    const auto first = std::find_if(plan.begin(), plan.end(),
                                    [](const auto *migration) { return migration->version.is_repeatable(); });
    Plan waiting(first, plan.end());
    plan.erase(first, plan.end());
    const auto waits_for_another = [&](const MigrationFacts *migration) {
        return std::any_of(
            migration->requirements.begin(), migration->requirements.end(), [&](const auto &text) {
                return std::any_of(waiting.begin(), waiting.end(), [&](const auto *other) {
                    return other != migration && (other->version.text() == text || has_name(*other, text));
                });
            });
    };
    while (!waiting.empty()) {
        const auto next = std::find_if_not(waiting.begin(), waiting.end(), waits_for_another);
        if (next == waiting.end())
            throw Error(ErrorCode::wrong_state, fmt::format("{} require each other", names_of(waiting)), {},
                        "Take one of the Requires lines out.");
        plan.push_back(*next);
        waiting.erase(next);
    }
    return plan;
}

void History::check_requirements(const Plan &plan, const MigrationFacts *baseline) const {
    // A baseline script stands for all that it sums up: for a migration at `place`, if it runs before that.
    const auto is_there = [&](const MigrationFacts &migration, std::ptrdiff_t place) {
        const MigrationFacts *real =
            !migration.applied && sums_up(baseline, migration) ? baseline : &migration;
        return real->applied || std::find(plan.begin(), plan.end(), real) - plan.begin() < place;
    };
    for (std::size_t i = 0; i < plan.size(); ++i) {
        const MigrationFacts &migration = *plan[i];
        for (const std::string &text : migration.requirements) {
            const MigrationFacts *required = nullptr;
            try {
                required = &find(text);
            } catch (const Error &error) {
                throw Error(ErrorCode::wrong_state,
                            fmt::format("migration \"{}\" requires \"{}\", which is not registered",
                                        migration.name, text),
                            error.detail(), "Register it, or take it out of the Requires line.");
            }
            const auto here = std::find(plan.begin(), plan.end(), required);
            if (!is_there(*required, static_cast<std::ptrdiff_t>(i)))
                throw Error(ErrorCode::wrong_state,
                            fmt::format("migration \"{}\" requires \"{}\", which is not applied before it",
                                        migration.name, required->name),
                            here != plan.end()    ? "Its version comes later."
                            : required->elsewhere ? "It is meant for other environments than this one."
                                                  : "It is not part of this run.",
                            "Give it an older version, or widen the target.");
        }
        for (const std::string &text : migration.conflicts) {
            for (const MigrationFacts &other : facts_) {
                if (is_named(other, text) && &other != &migration &&
                    is_there(other, static_cast<std::ptrdiff_t>(plan.size())))
                    throw Error(
                        ErrorCode::wrong_state,
                        fmt::format("migration \"{}\" conflicts with \"{}\"", migration.name, other.name),
                        other.applied ? "That one is applied." : "That one is part of this run.",
                        "Roll that one back, or unregister one of the two.");
            }
        }
    }
}

Plan History::late(const Plan &plan) const {
    Plan late;
    for (const MigrationFacts *migration : plan) {
        if (state(*migration) == MigrationState::out_of_order && !migration->out_of_order_allowed)
            late.push_back(migration);
    }
    return late;
}

Plan History::applied_newest_first() const {
    Plan applied;
    for (const MigrationFacts &migration : facts_) {
        if (migration.applied && !migration.version.is_repeatable()) // those have nothing to go back to
            applied.push_back(&migration);
    }
    std::sort(applied.begin(), applied.end(),
              [](const MigrationFacts *a, const MigrationFacts *b) { return a->journal_id > b->journal_id; });
    return applied;
}

Plan History::to_roll_back(int steps) const {
    return checked_rollback(newest(steps));
}

Plan History::to_roll_back_to(std::string_view target) const {
    return checked_rollback(rollback_candidates(target));
}

Plan History::newest(int steps) const {
    Plan plan = applied_newest_first();
    plan.resize(std::min(plan.size(), static_cast<std::size_t>(std::max(steps, 0))));
    return plan;
}

Plan History::rollback_candidates(std::string_view target) const {
    if (const auto steps = steps_of(target, '-'))
        return newest(*steps);
    Plan plan = applied_newest_first();
    if (target == "base") {
        // What was there before turnstone is not turnstone's to undo.
        while (!plan.empty() && (plan.back()->baseline || plan.back()->version.is_baseline()))
            plan.pop_back();
        return plan;
    }
    const MigrationFacts *last = &find(target);
    if (!last->applied && sums_up(baseline_, *last) && Version::baseline(last->version) == baseline_->version)
        last = baseline_;
    if (!last->applied)
        throw Error(ErrorCode::wrong_state, fmt::format("migration \"{}\" is not applied", last->name),
                    "A rollback goes back to a migration that is.",
                    "migrate_status() shows what is applied.");
    plan.resize(static_cast<std::size_t>(std::find(plan.begin(), plan.end(), last) - plan.begin()));
    return plan;
}

std::optional<Obstacle> History::obstacle(const MigrationFacts &migration, const Plan &plan) const {
    switch (state(migration)) {
    case MigrationState::missing:
        return Obstacle{"its script is no longer registered",
                        {},
                        "Register the script that was applied, then roll back."};
    case MigrationState::changed:
        return Obstacle{"its registered text is not the one that was applied", both_checksums(migration),
                        "Register the text that was applied again, then roll back."};
    case MigrationState::baseline:
        return Obstacle{"it is a baseline, which turnstone did not apply", "Nothing has been rolled back.",
                        "Roll back fewer steps, or mark it pending with migrate_mark()."};
    default:
        break;
    }
    if (migration.version.is_baseline())
        return Obstacle{"it is a baseline script, which has no way back", "Nothing has been rolled back.",
                        "Roll back fewer steps."};
    if (!migration.has_down)
        return Obstacle{"it has no Down section", "Nothing has been rolled back.",
                        "Write a new migration that undoes it, or roll back fewer steps."};
    for (const MigrationFacts &other : facts_) {
        if (!other.applied || contains(plan, &other))
            continue;
        for (const std::string &text : other.requirements) {
            if (is_named(migration, text))
                return Obstacle{fmt::format("\"{}\" requires it", other.name), "That one would stay applied.",
                                "Roll that one back as well."};
        }
    }
    return std::nullopt;
}

Plan History::checked_rollback(Plan plan) const {
    for (const MigrationFacts &migration : facts_) {
        if (migration.partial && !migration.applied)
            throw Error(ErrorCode::wrong_state,
                        fmt::format("migration \"{}\" is applied in part", migration.name),
                        "A rollback would leave what it has done.",
                        "Finish it with CALL migrate_deploy(), or set its state with migrate_mark().");
    }
    for (const MigrationFacts *migration : plan) {
        if (auto found = obstacle(*migration, plan))
            throw Error(
                ErrorCode::wrong_state,
                fmt::format("migration \"{}\" cannot be rolled back: {}", migration->name, found->why),
                std::move(found->detail), std::move(found->hint));
    }
    return plan;
}

Error late_arrivals(const Plan &late, const MigrationFacts &newest_applied) {
    return {ErrorCode::out_of_order,
            fmt::format("out of order: {} {} older than the newest applied migration \"{}\"", names_of(late),
                        late.size() == 1 ? "is" : "are", newest_applied.name),
            {},
            "Give it a newer version, or allow it: with SET turnstone.out_of_order = 'allow' (or 'warn'), or "
            "with a "
            "line \"-- +migrate OutOfOrder: allow\" in the script."};
}

} // namespace turnstone::core
