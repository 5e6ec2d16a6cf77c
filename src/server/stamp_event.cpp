// Owns the event trigger that gives new tables what the policies want of them.
//
// It is always there: a restored database has the extension, and with it the trigger, before it has policies.
// Without policies it looks at the size of their table, and is done. A policy's trigger never stands in the
// way of a script or a dump that makes one itself: see before_create_trigger() and make_way_for_partition().
#include "turnstone/server/functions.hpp"
#include "turnstone/server/installed_version.hpp"
#include "turnstone/server/stamp_policy.hpp"

namespace turnstone::server {

namespace {

// The statements that it runs itself are none of its business.
class AtWork {
  public:
    AtWork() { active = true; }
    AtWork(const AtWork &) = delete;
    AtWork &operator=(const AtWork &) = delete;
    ~AtWork() { active = false; }
    static inline bool active = false;
};

// Holds off whoever declares a policy until the end of the transaction. In a leaf.
bool any_policy() {
    const Oid schema = get_namespace_oid("turnstone", true);
    const Oid table = OidIsValid(schema) ? get_relname_relid("updated_at_policy", schema) : InvalidOid;
    if (!OidIsValid(table))
        return false;
    Relation relation = table_open(table, RowShareLock);
    const bool any = RelationGetNumberOfBlocks(relation) > 0;
    table_close(relation, NoLock);
    return any;
}

// What decides whether a table is under a policy, and whether it can be.
bool is_relevant(const Node *statement) {
    if (!IsA(statement, AlterTableStmt))
        return true;
    const auto *alter = reinterpret_cast<const AlterTableStmt *>(statement);
    ListCell *cell = nullptr;
    foreach (cell, alter->cmds) {
        switch (static_cast<const AlterTableCmd *>(lfirst(cell))->subtype) {
        case AT_AddColumn:
        case AT_DropColumn:
        case AT_AlterColumnType:
        case AT_AttachPartition:
        case AT_DetachPartition:
        case AT_DetachPartitionFinalize:
            return true;
        default:
            break;
        }
    }
    return false;
}

// The table that the statement attaches or detaches; InvalidOid for none. In a leaf.
Oid partition_named(const Node *statement, bool attached) {
    if (!IsA(statement, AlterTableStmt))
        return InvalidOid;
    const auto *alter = reinterpret_cast<const AlterTableStmt *>(statement);
    ListCell *cell = nullptr;
    foreach (cell, alter->cmds) {
        const auto *command = static_cast<const AlterTableCmd *>(lfirst(cell));
        const bool attaches = command->subtype == AT_AttachPartition;
        const bool detaches =
            command->subtype == AT_DetachPartition || command->subtype == AT_DetachPartitionFinalize;
        if (attached ? attaches : detaches)
            return RangeVarGetRelid(reinterpret_cast<const PartitionCmd *>(command->def)->name, NoLock, true);
    }
    return InvalidOid;
}

// A script that makes the trigger that a policy has made already, or a dump that restores it: it takes its
// place, as if it said OR REPLACE.
void before_create_trigger(CreateTrigStmt *statement) {
    if (statement->replace || statement->isconstraint)
        return;
    const Oid table = pg([&] { return RangeVarGetRelid(statement->relation, NoLock, true); });
    if (OidIsValid(table) && is_policy_trigger(table, statement->trigname))
        statement->replace = true;
}

void before_alter_table(const AlterTableStmt *statement) {
    const Oid partition =
        pg([&] { return partition_named(reinterpret_cast<const Node *>(statement), true); });
    const Oid parent = pg([&] { return RangeVarGetRelid(statement->relation, NoLock, true); });
    if (OidIsValid(partition) && OidIsValid(parent))
        make_way_for_partition(partition, parent);
}

void after_command(const Node *statement) {
    // With the tables that inherit from them: they have their columns.
    static Query query{R"(
        with recursive touched(oid) as (
            select case when d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass then d.objid
                        else (select g.tgrelid from pg_catalog.pg_trigger g where g.oid = d.objid) end
              from pg_catalog.pg_event_trigger_ddl_commands() d
             where d.classid in ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_trigger'::pg_catalog.regclass)
               and not d.in_extension
            union
            select $1::pg_catalog.oid where $1 <> '0'
            union
            select i.inhrelid from touched t join pg_catalog.pg_inherits i on i.inhparent = t.oid)
        select c.oid from touched t join pg_catalog.pg_class c on c.oid = t.oid
         where c.relkind in ('r', 'p') and c.relpersistence <> 't')"};
    const Oid detached = pg([&] { return partition_named(statement, false); });
    const Rows rows = run(query, {std::to_string(detached)});
    OidTexts tables;
    for (std::size_t row = 0; row < rows.size(); ++row)
        tables.push_back(rows.text(row, 0));
    if (!tables.empty())
        settle_tables(tables);
}

} // namespace

Datum keep_policies(FunctionCallInfo fcinfo) {
    if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
        pg([] {
            ereport(ERROR, (errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
                            errmsg("turnstone.keep_policies() must be called as an event trigger")));
        });
    const auto *data = reinterpret_cast<EventTriggerData *>(fcinfo->context);
    if (IsBinaryUpgrade || creating_extension || AtWork::active || !is_relevant(data->parsetree) ||
        !pg([] { return any_policy() && warn_unless_own_version(); }))
        return Datum{0};
    const AtWork at_work;
    if (strcmp(data->event, "ddl_command_end") == 0)
        after_command(data->parsetree);
    else if (IsA(data->parsetree, CreateTrigStmt))
        before_create_trigger(reinterpret_cast<CreateTrigStmt *>(data->parsetree));
    else if (IsA(data->parsetree, AlterTableStmt))
        before_alter_table(reinterpret_cast<AlterTableStmt *>(data->parsetree));
    return Datum{0};
}

} // namespace turnstone::server
