// The catalogs as one hash a root object: what has changed between two looks at them, without deparsing
// anything. Comparable within one database and one major version only. raw_scan.hpp says what belongs to
// what; equal hashes: nothing that a capture of the object tells has changed, nor any name in its texts but
// those of other roots.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "turnstone/server/root_id.hpp"

namespace turnstone::server {

struct RawHash {
    RootId root;
    std::uint64_t hash; // 0 is the hash of nothing: such an entry is never equal
};

using RawState = std::vector<RawHash>; // in the order of roots

// The catalogs as they are now, with this transaction's own changes: one scan.
RawState raw_state();

// Roots that only one of the two has, or that have another hash in it; those with hash 0 always. In order.
std::vector<RootId> roots_that_differ(const RawState &one, const RawState &other);

// The state that runs left, from turnstone.baseline. None where there is none, or where it is of another
// cluster, database, major version or library that hashes otherwise.
std::optional<RawState> recorded_raw_state();
void keep_raw_state(const RawState &state);

// Whether the catalogs are as recorded_raw_state() has it, told without reading them. False where it cannot be
// told.
bool surely_unchanged();

// Lets surely_unchanged() tell so from now on, if it can be relied upon: to be called where nothing differs
// between what is recorded and `now`, the result of the last raw_state(). Remembered in this session, and for
// all sessions where that can be written without waiting for anybody.
void open_gate(const RawState &now);

} // namespace turnstone::server
