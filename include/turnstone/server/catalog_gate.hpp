// The gate: whether a page of the catalogs has been written to since a point in the write-ahead log. Says
// "no" only when it is sure: a page is stamped when it is written, not when the transaction commits, so the
// point counts only if every transaction that had an xid by then had ended when the catalogs were read.
#pragma once

#include <array>
#include <cstdint>

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

// Trivial types: they live in sessions and cross the guard.
constexpr std::size_t most_catalogs = 64;
using CatalogFiles = std::array<Oid, most_catalogs>; // in the order of catalogs_of_raw_scan()

struct GateStart {
    XLogRecPtr position;
    FullTransactionId next; // the first xid that had not been given out
    TimeLineID timeline;
    CatalogFiles files;
    std::uint64_t shared; // of what the shared catalogs said of this database when the others were read
};

struct CatalogGate {
    std::int64_t fingerprint; // of the state that the catalogs had
    GateStart start;
};

// Leaf code, all of it.

// To be taken before the snapshot that the catalogs are read with.
GateStart gate_start();

// A snapshot for a look at the catalogs, registered, and the start of a gate that may be built upon it: one
// taken just now, or at an earlier look of this session at which transactions were open that have ended
// since.
struct GatedSnapshot {
    Snapshot snapshot;
    bool is_settled; // whether there is such a start
    GateStart start;
};
GatedSnapshot snapshot_for_gate();

// May put the gate's position forward, where nothing has happened up to there.
bool is_closed(CatalogGate &gate);

// Calls visit(page) for each of the first `pages` that has been written to since the position; false from it
// ends the walk.
template <class Visit>
void each_newer_page(Relation relation, BlockNumber pages, XLogRecPtr position, Visit visit) {
    // As a sequential scan does, so that a large catalog does not sweep the buffers.
    BufferAccessStrategy strategy =
        pages > static_cast<BlockNumber>(NBuffers / 4) ? GetAccessStrategy(BAS_BULKREAD) : nullptr;
    bool going_on = true;
    for (BlockNumber page = 0; page < pages && going_on; ++page) {
        const Buffer buffer = ReadBufferExtended(relation, MAIN_FORKNUM, page, RBM_NORMAL, strategy);
        const bool newer = BufferGetLSNAtomic(buffer) > position;
        ReleaseBuffer(buffer);
        if (newer)
            going_on = visit(page);
    }
    if (strategy != nullptr)
        FreeAccessStrategy(strategy);
}

} // namespace turnstone::server
