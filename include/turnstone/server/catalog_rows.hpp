// The rows of a catalog as they are, without the caches. Leaf code.
#pragma once

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

// Calls visit(row, descriptor) for each row that the snapshot sees.
template <class Visit>
void each_row(Oid catalog, Snapshot snapshot, Visit visit) {
    CHECK_FOR_INTERRUPTS();
    Relation relation = table_open(catalog, AccessShareLock);
    TableScanDesc scan = table_beginscan_strat(relation, snapshot, 0, nullptr, true, false);
    while (HeapTuple row = heap_getnext(scan, ForwardScanDirection))
        visit(row, RelationGetDescr(relation));
    table_endscan(scan);
    table_close(relation, AccessShareLock);
}

// The same for the rows that stand on the pages from `first` on and before `end`.
template <class Visit>
void each_row_of_pages(Relation relation, Snapshot snapshot, BlockNumber first, BlockNumber end,
                       Visit visit) {
    if (first >= end)
        return;
    TableScanDesc scan = table_beginscan_strat(relation, snapshot, 0, nullptr, true, false);
    heap_setscanlimits(scan, first, end - first);
    while (HeapTuple row = heap_getnext(scan, ForwardScanDirection))
        visit(row, RelationGetDescr(relation));
    table_endscan(scan);
}

inline Oid oid_at(HeapTuple row, int column, TupleDesc descriptor) {
    bool is_null = false;
    const Datum value = heap_getattr(row, column, descriptor, &is_null);
    return is_null ? InvalidOid : DatumGetObjectId(value);
}

} // namespace turnstone::server
