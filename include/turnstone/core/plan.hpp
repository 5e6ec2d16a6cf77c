// What a run is to do: the set difference between what is registered and what the journal holds, in order, as
// far as a target. Never a high-water mark.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/error.hpp"
#include "turnstone/core/version.hpp"

namespace turnstone::core {

enum class MigrationState {
    pending,      // registered, never applied
    failed,       // pending, and the last attempt to apply it ended with an error
    applied,      // applied, and the registered text is the one that was
    changed,      // applied, and the registered text is another one; a repeatable one is then applied again
    baseline,     // taken over as applied without running, or summed up by a baseline script that is applied
    out_of_order, // pending, and older than the newest applied one
    rolled_back,  // was applied and undone; a run applies it again
    missing,      // applied, and no longer registered
    skipped, // meant for other environments than this one, or left out by Flyway's rule of baseline scripts
    partial, // some of its statements ran, each in a transaction of its own, and not all of them
};

const char *state_name(MigrationState state);

// What the tables say of one version: its script, if registered, and the newest event of its journal, if any.
struct MigrationFacts {
    Version version;
    std::string name;
    bool registered = false;
    bool has_down = false;
    std::string checksum; // of the registered script
    std::vector<std::string> requirements;
    std::vector<std::string> conflicts;
    std::vector<std::string> tags; // of the script and of migrate_tag()
    bool out_of_order_allowed = false;
    bool elsewhere = false; // its Environment lines name other environments than this one
    bool in_journal = false;
    bool applied = false;         // its newest event left it applied
    bool failed = false;          // its newest event is a failure
    bool baseline = false;        // that event was a baseline
    bool partial = false;         // a run by single statements has not come to its end
    std::int64_t journal_id = 0;  // of its newest application: the order of application
    std::string applied_checksum; // of the script that was applied
};

using Plan = std::vector<const MigrationFacts *>;

struct Obstacle {
    std::string why;    // no sentence
    std::string detail; // sentences, or empty
    std::string hint;
};

// Sorted by version; computes each one's state and the plans. What it returns points into itself.
//
// Of baseline scripts (B2) at most one counts. While no versioned migration is applied it is the newest one
// up to the target, which is applied in place of all migrations up to its number. Behind that it is the one
// that is applied, which goes on summing them up, those too that are registered later. All others are left
// out.
class History {
  public:
    explicit History(std::vector<MigrationFacts> facts);
    History(const History &) = delete;
    History &operator=(const History &) = delete;

    [[nodiscard]] const std::vector<MigrationFacts> &migrations() const noexcept { return facts_; }
    [[nodiscard]] MigrationState state(const MigrationFacts &facts) const;

    // The one that a text names: a version, a tag, the beginning of a version, a file's name or its words.
    // Throws undefined for none, and for a beginning that several versions have.
    [[nodiscard]] const MigrationFacts &find(std::string_view text) const;

    // All that is to be applied up to the target, in the order of versions; repeatable ones last, those that
    // others require before them. Targets: empty or "head" (all),
    // "+N" (the next N), or what find() finds (up to and with it). Throws wrong_state where an applied script
    // has changed, and where a requirement is missing, would come later, or something that it conflicts with
    // is applied.
    [[nodiscard]] Plan pending(std::string_view target = {}) const;
    // What migrate_baseline() takes over: the same without the repeatable ones that have changed, and without
    // checks.
    [[nodiscard]] Plan unapplied(const Version &limit) const;
    // The applied one with the highest version; null where none is.
    [[nodiscard]] const MigrationFacts *newest_applied() const noexcept { return newest_applied_; }
    // Those of a plan that are older than the newest applied one and whose script does not allow it.
    [[nodiscard]] Plan late(const Plan &plan) const;

    // The newest `steps` applied ones, in the reverse order of application.
    [[nodiscard]] Plan to_roll_back(int steps) const;
    // All that was applied after the target: "base" (everything), "-N" (the newest N), or what find() finds,
    // which stays.
    [[nodiscard]] Plan to_roll_back_to(std::string_view target) const;

    // What to_roll_back_to() takes, without its checks.
    [[nodiscard]] Plan rollback_candidates(std::string_view target) const;
    // Why one of such a plan cannot be rolled back; none where it can.
    [[nodiscard]] std::optional<Obstacle> obstacle(const MigrationFacts &migration, const Plan &plan) const;

  private:
    [[nodiscard]] Plan newest(int steps) const;
    [[nodiscard]] Plan applied_newest_first() const;
    // Throws wrong_state where one cannot be rolled back (no Down, changed, missing, baseline), or one that
    // stays requires one that goes: before anything runs.
    [[nodiscard]] Plan checked_rollback(Plan plan) const;
    void check_requirements(const Plan &plan, const MigrationFacts *baseline) const;
    // The baseline script that counts for a run up to the limit; null for none.
    [[nodiscard]] const MigrationFacts *baseline_for(const Version *limit) const;
    [[nodiscard]] static bool is_left_out(const MigrationFacts &migration, const MigrationFacts *baseline);
    [[nodiscard]] static bool is_pending(const MigrationFacts &migration, const MigrationFacts *baseline);
    // The repeatable ones at the plan's end in an order that their requirements allow.
    [[nodiscard]] Plan in_required_order(Plan plan) const;

    std::vector<MigrationFacts> facts_;
    const MigrationFacts *newest_applied_ = nullptr;
    const MigrationFacts *baseline_ = nullptr; // that counts for a run without a target
};

// The error that late arrivals are refused with (out_of_order): names them and the newest applied one. `late`
// must not be empty.
Error late_arrivals(const Plan &late, const MigrationFacts &newest_applied);

} // namespace turnstone::core
