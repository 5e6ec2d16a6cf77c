// A scan of one of the engine's own tables, where a query would have to be planned in every session. Leaves:
// nothing here has a destructor, and all of it runs inside of pg().
#pragma once

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

struct TableScan {
    Relation relation;
    TableScanDesc scan;
    TupleDesc columns;
    Datum *values; // of the present row
    bool *nulls;

    explicit TableScan(const char *name, Snapshot snapshot)
        : relation(
              table_open(get_relname_relid(name, get_namespace_oid("turnstone", false)), AccessShareLock)),
          scan(compat::begin_scan(relation, snapshot)), columns(RelationGetDescr(relation)),
          values(static_cast<Datum *>(palloc(sizeof(Datum) * static_cast<std::size_t>(columns->natts)))),
          nulls(static_cast<bool *>(palloc(sizeof(bool) * static_cast<std::size_t>(columns->natts)))) {}
    [[nodiscard]] int column(const char *name) const {
        for (int i = 0; i < columns->natts; ++i) {
            const Form_pg_attribute attribute = TupleDescAttr(columns, i);
            if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0)
                return attribute->attnum;
        }
        elog(ERROR, "table turnstone.%s has no column %s", RelationGetRelationName(relation), name);
        pg_unreachable();
    }
    // Whether there is one more row. All of it is taken apart at once: its columns one by one would each be
    // looked for from its beginning.
    [[nodiscard]] bool next() const {
        HeapTuple tuple = heap_getnext(scan, ForwardScanDirection);
        if (tuple != nullptr)
            heap_deform_tuple(tuple, columns, values, nulls);
        return tuple != nullptr;
    }
    [[nodiscard]] bool is_null(int column) const { return nulls[column - 1]; }
    [[nodiscard]] Datum value(int column) const { return values[column - 1]; }
    // In memory of its own; nullptr for null.
    [[nodiscard]] const char *words(int column) const {
        return is_null(column) ? nullptr : TextDatumGetCString(value(column));
    }
    void close() const {
        table_endscan(scan);
        table_close(relation, AccessShareLock);
    }
};

} // namespace turnstone::server
