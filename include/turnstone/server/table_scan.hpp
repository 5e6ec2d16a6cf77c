// A scan of one of the engine's own tables, where a query would have to be planned in every session. Leaves:
// nothing here has a destructor, and all of it runs inside of pg().
#pragma once

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

struct TableScan {
    Relation relation;
    TableScanDesc scan;
    TupleDesc columns;

    explicit TableScan(const char *name, Snapshot snapshot)
        : relation(
              table_open(get_relname_relid(name, get_namespace_oid("turnstone", false)), AccessShareLock)),
          scan(table_beginscan(relation, snapshot, 0, nullptr)), columns(RelationGetDescr(relation)) {}
    [[nodiscard]] int column(const char *name) const {
        for (int i = 0; i < columns->natts; ++i) {
            const Form_pg_attribute attribute = TupleDescAttr(columns, i);
            if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0)
                return attribute->attnum;
        }
        elog(ERROR, "table turnstone.%s has no column %s", RelationGetRelationName(relation), name);
        pg_unreachable();
    }
    [[nodiscard]] HeapTuple next() const { return heap_getnext(scan, ForwardScanDirection); }
    [[nodiscard]] Datum value(HeapTuple tuple, int column, bool *is_null) const {
        return heap_getattr(tuple, column, columns, is_null);
    }
    // In memory of its own; nullptr for null.
    [[nodiscard]] const char *words(HeapTuple tuple, int column) const {
        bool is_null = false;
        const Datum datum = value(tuple, column, &is_null);
        return is_null ? nullptr : TextDatumGetCString(datum);
    }
    void close() const {
        table_endscan(scan);
        table_close(relation, AccessShareLock);
    }
};

} // namespace turnstone::server
