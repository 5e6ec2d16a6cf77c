// Owns the change of role for what is written into another tool's tables.
#include "turnstone/server/as_owner.hpp"

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

void require_right(Oid table, const std::string &name, AclMode right) {
    pg([&] {
        const AclResult result = pg_class_aclcheck(table, GetUserId(), right);
        if (result != ACLCHECK_OK)
            aclcheck_error(result, OBJECT_TABLE, name.c_str());
    });
}

AsOwner::AsOwner(Oid table, const std::string &name) {
    GetUserIdAndSecContext(&caller_, &security_);
    const Oid owner = pg([&] {
        HeapTuple row = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
        if (!HeapTupleIsValid(row))
            ereport(ERROR,
                    (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("table %s has gone away", name.c_str())));
        const Oid its = reinterpret_cast<Form_pg_class>(GETSTRUCT(row))->relowner;
        ReleaseSysCache(row);
        return its;
    });
    SetUserIdAndSecContext(owner, security_ | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
}

AsOwner::~AsOwner() {
    SetUserIdAndSecContext(caller_, security_);
}

} // namespace turnstone::server
