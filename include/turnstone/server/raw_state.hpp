// The catalogs as one hash a root object: what has changed between two looks at them, without deparsing
// anything. Comparable within one database and one major version only. raw_scan.hpp says what belongs to
// what; equal hashes: nothing that a capture of the object tells has changed, nor any name in its texts that
// is not the name of another root.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "turnstone/server/catalog_gate.hpp"
#include "turnstone/server/root_id.hpp"

namespace turnstone::server {

class RawState {
  public:
    struct Entry {
        RootId root;
        std::uint64_t hash; // 0: to be looked at, whatever the catalogs say
    };

    RawState() = default;
    // In the order of roots.
    explicit RawState(std::vector<Entry> entries, std::optional<GateStart> start = std::nullopt)
        : entries_(std::move(entries)), start_(start) {}

    [[nodiscard]] const std::vector<Entry> &entries() const noexcept { return entries_; }
    [[nodiscard]] std::optional<std::uint64_t> hash_of(RootId root) const;
    // Without one the root is not there.
    void put(RootId root, std::optional<std::uint64_t> hash);
    // Whether no root is to be looked at whatever its hash.
    [[nodiscard]] bool is_exact() const;
    // Of all of it.
    [[nodiscard]] std::int64_t fingerprint() const;
    // None where no gate may be built upon this look at the catalogs.
    [[nodiscard]] const std::optional<GateStart> &gate_start() const noexcept { return start_; }

  private:
    std::vector<Entry> entries_;
    std::optional<GateStart> start_;
};

// The catalogs as they are now, with this transaction's own changes: one scan.
RawState raw_state();

// Roots that only one of the two has, or that have another hash in it; those with hash 0 always. In order.
std::vector<RootId> roots_that_differ(const RawState &left, const RawState &right);

// The state that runs left, from turnstone.baseline. None where there is none, or where it is of another
// database, major version or library that hashes otherwise.
std::optional<RawState> recorded_raw_state();
void keep_raw_state(const RawState &state);

// Whether the catalogs are as recorded_raw_state() has it, told without reading them. False where it cannot
// be told.
bool surely_unchanged();

// Lets surely_unchanged() tell so from now on, as far as `now` allows it: to be called where `now`, from
// raw_state(), is what is recorded. Remembered in this session, and for all where that can be written without
// waiting for anybody.
void open_gate(const RawState &now);

} // namespace turnstone::server
