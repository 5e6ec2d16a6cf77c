// An object that belongs to no other, by its OIDs.
#pragma once

#include <compare>

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

struct RootId {
    Oid catalog;
    Oid object;

    friend bool operator==(const RootId &, const RootId &) = default;
    friend auto operator<=>(const RootId &, const RootId &) = default;
};

} // namespace turnstone::server
