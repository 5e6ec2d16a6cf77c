// Owns turnstone_keep_created_at(), the BEFORE UPDATE trigger behind which an UPDATE cannot change a column.
#include "turnstone/server/functions.hpp"
#include "turnstone/server/guard.hpp"

namespace turnstone::server {

namespace {

constexpr const char *default_column = "created_at";

// In a leaf.
Datum kept(FunctionCallInfo fcinfo) {
    const auto *data = reinterpret_cast<TriggerData *>(fcinfo->context);
    if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
        !TRIGGER_FIRED_BEFORE(data->tg_event) || !TRIGGER_FIRED_BY_UPDATE(data->tg_event))
        ereport(
            ERROR,
            (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
             errmsg("turnstone_keep_created_at() must be called as a trigger before update for each row"),
             errhint("CREATE TRIGGER keep_created_at BEFORE UPDATE ON a_table FOR EACH ROW EXECUTE FUNCTION "
                     "turnstone_keep_created_at();")));
    const Trigger *trigger = data->tg_trigger;
    const char *column = default_column;
    bool refuses = false;
    for (int i = 0; i < trigger->tgnargs; ++i) {
        const char *argument = trigger->tgargs[i];
        if (strncmp(argument, "column=", 7) == 0)
            column = argument + 7;
        else if (strcmp(argument, "change=refuse") == 0)
            refuses = true;
        else if (strcmp(argument, "change=undo") == 0)
            refuses = false;
        else if (i == 0 && strchr(argument, '=') == nullptr)
            column = argument;
        else
            ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                            errmsg("turnstone_keep_created_at() has no argument \"%s\"", argument),
                            errhint("Its arguments are 'column=...' and 'change=undo' or 'change=refuse'.")));
    }
    TupleDesc descriptor = RelationGetDescr(data->tg_relation);
    int number = SPI_fnumber(descriptor, column);
    if (number <= 0)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
                        errmsg("column \"%s\" of table \"%s\" does not exist", column,
                               RelationGetRelationName(data->tg_relation)),
                        errdetail("Trigger \"%s\" keeps it.", trigger->tgname)));
    bool old_null = false;
    bool new_null = false;
    Datum old_value = heap_getattr(data->tg_trigtuple, number, descriptor, &old_null);
    const Datum new_value = heap_getattr(data->tg_newtuple, number, descriptor, &new_null);
    const FormData_pg_attribute *attribute = TupleDescAttr(descriptor, number - 1);
    if (old_null == new_null &&
        (old_null || datum_image_eq(old_value, new_value, attribute->attbyval, attribute->attlen)))
        return PointerGetDatum(data->tg_newtuple);
    if (refuses)
        ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
                        errmsg("column \"%s\" of table \"%s\" cannot be changed", column,
                               RelationGetRelationName(data->tg_relation)),
                        errdetail("Trigger \"%s\" keeps it.", trigger->tgname),
                        errtablecol(data->tg_relation, number)));
    return PointerGetDatum(
        heap_modify_tuple_by_cols(data->tg_newtuple, descriptor, 1, &number, &old_value, &old_null));
}

} // namespace

Datum keep_created_at(FunctionCallInfo fcinfo) {
    return pg([&] { return kept(fcinfo); });
}

} // namespace turnstone::server
