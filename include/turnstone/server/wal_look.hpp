// A look at the write-ahead log: whether somebody has changed rows of the catalogs since a point in it. Where
// little has been written that is told much sooner than by the pages of the catalogs, and VACUUM and hint
// bits, which change no row, do not count. Leaf code.
#pragma once

#include <span>

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

enum class WalTells {
    no_change,
    change,
    nothing, // it has grown too much since, is no longer there, or not yet on disk; or this server replays
             // another's
};

struct WalLook {
    WalTells tells;
    XLogRecPtr end; // where the log was read to
};

// `from`: a position that a record begins at, of this timeline. Files: those that the catalogs of this
// database are in at that point; a catalog that has got another one is a change.
WalLook wal_since(XLogRecPtr from, TimeLineID timeline, std::span<const Oid> files);

} // namespace turnstone::server
