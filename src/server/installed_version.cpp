// Owns the comparison of the library's version with that of the extension in this database. It is made when a
// session first runs a query, and whenever a run begins; without it the queries would fail over columns that
// are not there.
#include "turnstone/server/installed_version.hpp"

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

namespace {

// Null where the extension is not in this database. Allocates.
char *installed_version() {
    Relation extensions = table_open(ExtensionRelationId, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
                CStringGetDatum("turnstone"));
    SysScanDesc scan = systable_beginscan(extensions, ExtensionNameIndexId, true, nullptr, 1, &key);
    char *version = nullptr;
    if (HeapTuple row = systable_getnext(scan); HeapTupleIsValid(row)) {
        bool is_null = false;
        const Datum value =
            heap_getattr(row, Anum_pg_extension_extversion, RelationGetDescr(extensions), &is_null);
        version = is_null ? nullptr : TextDatumGetCString(value);
    }
    systable_endscan(scan);
    table_close(extensions, AccessShareLock);
    return version;
}

// Returns where they are of one version, and where the level is no error.
bool check_version(int level) {
    if (creating_extension) // its row is of the version that is being made
        return true;
    const char *installed = installed_version();
    if (installed == nullptr || strcmp(installed, TURNSTONE_VERSION) == 0)
        return true;
    ereport(level,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("extension turnstone is of version %s in this database, and the library of version %s",
                    installed, TURNSTONE_VERSION),
             errhint("Run ALTER EXTENSION turnstone UPDATE. If that has been done, connect again, so that "
                     "the session loads "
                     "the installed library.")));
    return false;
}

} // namespace

void require_own_version() {
    (void)check_version(ERROR);
}

bool warn_unless_own_version() {
    return check_version(WARNING);
}

} // namespace turnstone::server
