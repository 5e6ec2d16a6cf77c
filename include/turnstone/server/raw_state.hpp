// (interface only; see branch raw)
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

// An object that belongs to no other, by its catalog's OID and its own.
struct RootId {
    Oid catalog;
    Oid object;

    friend auto operator<=>(const RootId &, const RootId &) = default;
};

struct RawHash {
    RootId root;
    std::uint64_t hash; // 0 is the hash of nothing: such an entry is never equal
};

using RawState = std::vector<RawHash>; // in the order of roots

RawState raw_state();
std::vector<RootId> roots_that_differ(const RawState &one, const RawState &other);
std::optional<RawState> recorded_raw_state();
void keep_raw_state(const RawState &state);
bool surely_unchanged();
void open_gate();

} // namespace turnstone::server
