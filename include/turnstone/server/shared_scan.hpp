// What the catalogs that all databases share say about this one. They change for reasons of other databases
// too, so their content is looked at, never their pages. Leaf code.
#pragma once

#include "turnstone/server/array.hpp"
#include "turnstone/server/object_sums.hpp"

namespace turnstone::server {

struct SharedRow {
    RootId root;
    std::uint64_t hash;
};

struct SharedRows {
    // Of roles and tablespaces the names alone, of all that there are; the row, settings, comments and labels
    // of this database; its subscriptions; privileges on settings.
    Array<SharedRow> rows;
    Array<Oid> roles_with_settings; // in this database
};

SharedRows scan_shared_catalogs(Snapshot snapshot);
std::uint64_t sum_of(const SharedRows &shared);

// Calls visit(object, role) for each object of this database that names a role.
template <class Visit>
void each_named_role(Snapshot snapshot, Visit visit) {
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_shdepend_dbid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(MyDatabaseId));
    Relation relation = table_open(SharedDependRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(relation, SharedDependDependerIndexId, true, snapshot, 1, &key);
    while (HeapTuple row = systable_getnext(scan)) {
        const auto *dependency = reinterpret_cast<Form_pg_shdepend>(GETSTRUCT(row));
        if (dependency->refclassid == AuthIdRelationId)
            visit(RootId{dependency->classid, dependency->objid}, dependency->refobjid);
    }
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
}

} // namespace turnstone::server
