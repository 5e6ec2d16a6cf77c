// Owns the page-LSN gate. Leaf code.
#include "turnstone/server/catalog_gate.hpp"

#include <utility>

#include "turnstone/server/raw_rows.hpp"
#include "turnstone/server/shared_scan.hpp"
#include "turnstone/server/wal_look.hpp"

namespace turnstone::server {

namespace {

// Of a look at which other transactions were open.
GateStart earlier_start;
bool has_earlier_start = false;

// The gate that was last found closed in this session, and the number of invalidation messages read by then.
struct LastClosed {
    bool known;
    XLogRecPtr position;
    TimeLineID timeline;
    std::uint64_t messages;
};
LastClosed last_closed{};

struct Position {
    XLogRecPtr position;
    TimeLineID timeline;
};

Position present_position() {
    if (RecoveryInProgress()) {
        Position replayed{};
        replayed.position = GetXLogReplayRecPtr(&replayed.timeline);
        return replayed;
    }
    return {GetXLogInsertRecPtr(), GetWALInsertionTimeLine()};
}

// Whether all transactions that had an xid at the start had ended when the snapshot was taken. (That its xip
// is empty does not say so: those with an xid above the newest one that has ended are not in it.)
bool is_settled(const GateStart &start, Snapshot snapshot) {
    constexpr std::uint64_t far = 1U << 30; // xids of a snapshot have 32 bits
    return U64FromFullTransactionId(ReadNextFullTransactionId()) <
               U64FromFullTransactionId(start.next) + far &&
           TransactionIdFollowsOrEquals(snapshot->xmin, XidFromFullTransactionId(start.next));
}

bool any_page_is_newer(Relation relation, XLogRecPtr position) {
    bool found = false;
    each_newer_page(relation, RelationGetNumberOfBlocks(relation), position, [&](BlockNumber) {
        found = true;
        return false;
    });
    return found;
}

// Whether a change of a row of it, whoever commits it, is told to all sessions (CacheInvalidateHeapTuple() in
// inval.c).
bool tells_of_changes(Oid catalog) {
    return RelationHasSysCache(catalog) || RelationInvalidatesSnapshotsOnly(catalog);
}

// Whether no session has told of a change since the gate was found closed. What this transaction has changed
// itself it tells at its end.
bool is_quiet(const CatalogGate &gate) {
    return last_closed.known && last_closed.position == gate.start.position &&
           last_closed.timeline == gate.start.timeline &&
           last_closed.messages == SharedInvalidMessageCounter &&
           !TransactionIdIsValid(GetTopTransactionIdIfAny());
}

} // namespace

GateStart gate_start() {
    const auto catalogs = catalogs_of_raw_scan();
    GateStart start{};
    if (catalogs.size() > start.files.size())
        elog(ERROR, "there are %zu catalogs", catalogs.size());
    for (std::size_t i = 0; i < catalogs.size(); ++i) {
        Relation relation = table_open(catalogs[i], AccessShareLock);
        start.files[i] = compat::file_of(relation);
        table_close(relation, AccessShareLock);
    }
    // In this order: whoever gets an xid from `next` on writes behind `position`.
    const Position present = present_position();
    start.position = present.position;
    start.timeline = present.timeline;
    pg_memory_barrier();
    start.next = ReadNextFullTransactionId();
    return start;
}

GatedSnapshot snapshot_for_gate() {
    CommandCounterIncrement();
    GatedSnapshot found{};
    found.start = gate_start();
    // Most transactions are over within a moment.
    constexpr int attempts = 10;
    constexpr long pause_in_microseconds = 500;
    for (int attempt = 1;; ++attempt) {
        found.snapshot = RegisterSnapshot(GetLatestSnapshot());
        found.is_settled = is_settled(found.start, found.snapshot);
        if (found.is_settled)
            return found;
        if (has_earlier_start && earlier_start.timeline == found.start.timeline &&
            is_settled(earlier_start, found.snapshot)) {
            std::swap(found.start, earlier_start);
            found.is_settled = true;
            return found;
        }
        // What this transaction has written may yet be undone: no gate.
        if (attempt == attempts || TransactionIdIsValid(GetTopTransactionIdIfAny()))
            break;
        UnregisterSnapshot(found.snapshot);
        pg_usleep(pause_in_microseconds);
        CHECK_FOR_INTERRUPTS();
    }
    if (!has_earlier_start || earlier_start.timeline != found.start.timeline) {
        earlier_start = found.start;
        has_earlier_start = true;
    }
    return found;
}

bool is_closed(CatalogGate &gate) {
    const Position present = present_position();
    if (gate.start.timeline != present.timeline || gate.start.position > present.position)
        return false;
    Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
    const std::uint64_t shared = sum_of(scan_shared_catalogs(snapshot));
    UnregisterSnapshot(snapshot);
    if (shared != gate.start.shared)
        return false;
    // Read before the pages: a change that is written behind them is told behind this.
    AcceptInvalidationMessages();
    const std::uint64_t messages = SharedInvalidMessageCounter;
    const bool quiet = is_quiet(gate);
    // What this transaction has written is not on disk yet.
    if (!quiet && !TransactionIdIsValid(GetTopTransactionIdIfAny())) {
        const WalLook look = wal_since(gate.start.position, gate.start.timeline, gate.start.files);
        if (look.tells == WalTells::change)
            return false;
        if (look.tells == WalTells::no_change) {
            gate.start.position = look.end;
            last_closed = {true, look.end, gate.start.timeline, messages};
            return true;
        }
    }
    const auto catalogs = catalogs_of_raw_scan();
    bool unchanged = true;
    for (std::size_t i = 0; i < catalogs.size() && unchanged; ++i) {
        CHECK_FOR_INTERRUPTS();
        Relation relation = table_open(catalogs[i], AccessShareLock);
        unchanged =
            compat::file_of(relation) == gate.start.files[i] &&
            ((quiet && tells_of_changes(catalogs[i])) || !any_page_is_newer(relation, gate.start.position));
        table_close(relation, AccessShareLock);
    }
    last_closed = {unchanged, gate.start.position, gate.start.timeline, messages};
    return unchanged;
}

} // namespace turnstone::server
