// Owns turnstone_set_updated_at(), the BEFORE UPDATE trigger that stamps a row.
#include "turnstone/server/functions.hpp"
#include "turnstone/server/guard.hpp"

namespace turnstone::server {

namespace {

constexpr const char *default_column = "updated_at";

[[noreturn]] void refuse_use(const char *what) {
    ereport(ERROR,
            (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
             errmsg("turnstone_set_updated_at() must be called %s", what),
             errhint("CREATE TRIGGER set_updated_at BEFORE UPDATE ON a_table FOR EACH ROW EXECUTE FUNCTION "
                     "turnstone_set_updated_at();")));
    pg_unreachable();
}

void require_proper_trigger(FunctionCallInfo fcinfo) {
    if (!CALLED_AS_TRIGGER(fcinfo))
        refuse_use("as a trigger");
    const auto *data = reinterpret_cast<TriggerData *>(fcinfo->context);
    if (!TRIGGER_FIRED_FOR_ROW(data->tg_event))
        refuse_use("for each row");
    if (!TRIGGER_FIRED_BEFORE(data->tg_event) || !TRIGGER_FIRED_BY_UPDATE(data->tg_event))
        refuse_use("before update");
}

// The time of the transaction, as now() has it, in the column's type.
Datum stamp(Oid type, const char *column, const char *table) {
    const TimestampTz now = GetCurrentTransactionStartTimestamp();
    switch (type) {
    case TIMESTAMPTZOID:
        return TimestampTzGetDatum(now);
    case TIMESTAMPOID: // in the session's time zone, as localtimestamp
        return DirectFunctionCall1(timestamptz_timestamp, TimestampTzGetDatum(now));
    case DATEOID:
        return DirectFunctionCall1(timestamptz_date, TimestampTzGetDatum(now));
    default:
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("column \"%s\" of table \"%s\" cannot be kept by turnstone_set_updated_at()",
                               column, table),
                        errdetail("It is of type %s.", format_type_be(type)),
                        errhint("The column must be of type timestamptz, timestamp or date.")));
    }
    pg_unreachable();
}

} // namespace

Datum set_updated_at(FunctionCallInfo fcinfo) {
    // One leaf: it runs once a row, and holds no C++ object.
    return pg([&] {
        require_proper_trigger(fcinfo);
        const auto *data = reinterpret_cast<TriggerData *>(fcinfo->context);
        const Trigger *trigger = data->tg_trigger;
        const char *table = RelationGetRelationName(data->tg_relation);
        if (trigger->tgnargs > 1)
            ereport(ERROR,
                    (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
                     errmsg("turnstone_set_updated_at() takes one argument at most, the column's name")));
        const char *column = trigger->tgnargs == 1 ? trigger->tgargs[0] : default_column;
        TupleDesc descriptor = RelationGetDescr(data->tg_relation);
        int number = SPI_fnumber(descriptor, column);
        if (number <= 0)
            ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
                            errmsg("column \"%s\" of table \"%s\" does not exist", column, table),
                            errdetail("Trigger \"%s\" keeps it.", trigger->tgname),
                            errhint("Drop the trigger, or name the column as its argument: "
                                    "turnstone_set_updated_at('changed_at').")));
        Datum value = stamp(TupleDescAttr(descriptor, number - 1)->atttypid, column, table);
        bool is_null = false;
        return PointerGetDatum(
            heap_modify_tuple_by_cols(data->tg_newtuple, descriptor, 1, &number, &value, &is_null));
    });
}

} // namespace turnstone::server
