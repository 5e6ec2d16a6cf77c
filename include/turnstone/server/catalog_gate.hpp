// The gate: whether a page of the catalogs has been written to since a point in the write-ahead log. Says
// "no" only when it is sure: a page is stamped when it is written, not when the transaction commits, so the
// point counts only if every transaction that had an xid by then had ended when the catalogs were read.
#pragma once

#include <array>
#include <cstdint>

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

// Trivial types: they live in sessions and cross the guard.
using CatalogFiles = std::array<Oid, 64>; // in the order of catalogs_of_raw_scan()

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

bool is_closed(const CatalogGate &gate);

} // namespace turnstone::server
