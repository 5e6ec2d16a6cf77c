// Owns the trigger function that keeps the journal append-only.
#include "turnstone/server/functions.hpp"
#include "turnstone/server/guard.hpp"

namespace turnstone::server {

Datum refuse_change(FunctionCallInfo fcinfo) {
    return pg([&] {
        if (!CALLED_AS_TRIGGER(fcinfo))
            ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
                            errmsg("turnstone.refuse_change() must be called as a trigger")));
        const auto *data = reinterpret_cast<TriggerData *>(fcinfo->context);
        if (!creating_extension) // an upgrade script of the extension may
            ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                            errmsg("rows of \"%s\" are never changed nor deleted",
                                   RelationGetRelationName(data->tg_relation)),
                            errhint("To set a migration's state by hand, use migrate_mark().")));
        return Datum{0};
    });
}

} // namespace turnstone::server
