// What a run is to do: the set difference between what is registered and what the journal holds, in order.
// Never a high-water mark.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/error.hpp"
#include "turnstone/core/version.hpp"

namespace turnstone::core {

enum class MigrationState {
    pending,      // registered, never applied
    applied,      // applied, and the registered text is the one that was
    changed,      // applied, and the registered text is another one
    out_of_order, // pending, and older than the newest applied one
    rolled_back,  // was applied and undone; a run applies it again
    missing,      // applied, and no longer registered
};

const char *state_name(MigrationState state);

// What the tables say of one version: its script, if registered, and the newest event of its journal, if any.
struct MigrationFacts {
    Version version;
    std::string name;
    bool registered = false;
    bool has_down = false;
    std::string checksum; // of the registered script
    bool in_journal = false;
    bool applied = false;         // its newest event left it applied
    std::int64_t journal_id = 0;  // of that event: the order of application
    std::string applied_checksum; // of the script that was applied
};

// Sorted by version; computes each one's state.
class History {
  public:
    explicit History(std::vector<MigrationFacts> facts);
    History(const History &) = delete; // what it returns points into itself
    History &operator=(const History &) = delete;

    [[nodiscard]] const std::vector<MigrationFacts> &migrations() const noexcept { return facts_; }
    [[nodiscard]] MigrationState state(const MigrationFacts &facts) const;

    // All that is to be applied, in the order of versions. Throws wrong_state where an applied script has
    // changed.
    [[nodiscard]] std::vector<const MigrationFacts *> pending() const;
    // The applied one with the highest version; null where none is.
    [[nodiscard]] const MigrationFacts *newest_applied() const noexcept { return newest_applied_; }
    // Those of the pending ones that are older than the newest applied one.
    [[nodiscard]] std::vector<const MigrationFacts *> late() const;
    // The newest `steps` applied ones, in the reverse order of application. Throws wrong_state where one of
    // them has no Down or is no longer registered: before anything runs.
    [[nodiscard]] std::vector<const MigrationFacts *> to_roll_back(int steps) const;

  private:
    std::vector<MigrationFacts> facts_;
    const MigrationFacts *newest_applied_ = nullptr;
};

// The error that late arrivals are refused with (out_of_order): names them and the newest applied one. `late`
// must not be empty.
Error late_arrivals(const std::vector<const MigrationFacts *> &late, const MigrationFacts &newest_applied);

} // namespace turnstone::core
