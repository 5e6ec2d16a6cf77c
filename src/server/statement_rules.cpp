// Owns the table of statements that need a transaction of their own.
#include "turnstone/server/statement_rules.hpp"

namespace turnstone::server {

namespace {

// Leafs: called inside pg(), so PostgreSQL's own loops and errors are fine here.

const DefElem *option_named(List *options, const char *name) {
    ListCell *cell = nullptr;
    foreach (cell, options) {
        const auto *option = static_cast<const DefElem *>(lfirst(cell));
        if (strcmp(option->defname, name) == 0)
            return option;
    }
    return nullptr;
}

// An option's truth; `otherwise` where it is not given.
bool option_truth(List *options, const char *name, bool otherwise) {
    const DefElem *option = option_named(options, name);
    return option == nullptr ? otherwise : defGetBoolean(const_cast<DefElem *>(option));
}

bool detaches_concurrently(const AlterTableStmt *statement) {
    ListCell *cell = nullptr;
    foreach (cell, statement->cmds) {
        const auto *command = static_cast<const AlterTableCmd *>(lfirst(cell));
        if (command->subtype == AT_DetachPartition &&
            reinterpret_cast<const PartitionCmd *>(command->def)->concurrent)
            return true;
    }
    return false;
}

bool changes_subscription_slot(const AlterSubscriptionStmt *statement) {
    switch (statement->kind) {
    case ALTER_SUBSCRIPTION_REFRESH:
        return true;
    case ALTER_SUBSCRIPTION_SET_PUBLICATION:
    case ALTER_SUBSCRIPTION_ADD_PUBLICATION:
    case ALTER_SUBSCRIPTION_DROP_PUBLICATION:
        return option_truth(statement->options, "refresh", true);
    case ALTER_SUBSCRIPTION_OPTIONS: // 17: failover, 18: two_phase
        return option_named(statement->options, "failover") != nullptr ||
               option_named(statement->options, "two_phase") != nullptr;
    default:
        return false;
    }
}

const char *reindex_command(const ReindexStmt *statement) {
    if (option_truth(statement->params, "concurrently", false))
        return "REINDEX CONCURRENTLY";
    switch (statement->kind) {
    case REINDEX_OBJECT_SCHEMA:
        return "REINDEX SCHEMA";
    case REINDEX_OBJECT_SYSTEM:
        return "REINDEX SYSTEM";
    case REINDEX_OBJECT_DATABASE:
        return "REINDEX DATABASE";
    default:
        return nullptr;
    }
}

const char *tag_if(bool needed, const RawStmt *raw) {
    return needed ? GetCommandTagName(CreateCommandTag(raw->stmt)) : nullptr;
}

} // namespace

const char *needs_own_transaction(const RawStmt *raw) {
    Node *node = raw->stmt;
    switch (nodeTag(node)) {
    case T_IndexStmt:
        return castNode(IndexStmt, node)->concurrent ? "CREATE INDEX CONCURRENTLY" : nullptr;
    case T_DropStmt: {
        const auto *drop = castNode(DropStmt, node);
        return drop->removeType == OBJECT_INDEX && drop->concurrent ? "DROP INDEX CONCURRENTLY" : nullptr;
    }
    case T_ReindexStmt:
        return reindex_command(castNode(ReindexStmt, node));
    case T_AlterTableStmt:
        return detaches_concurrently(castNode(AlterTableStmt, node))
                   ? "ALTER TABLE ... DETACH PARTITION CONCURRENTLY"
                   : nullptr;
    case T_VacuumStmt:
        return tag_if(castNode(VacuumStmt, node)->is_vacuumcmd, raw); // ANALYZE is allowed
    case T_ClusterStmt:
        return tag_if(castNode(ClusterStmt, node)->relation == nullptr, raw);
    case T_AlterDatabaseStmt:
        return tag_if(option_named(castNode(AlterDatabaseStmt, node)->options, "tablespace") != nullptr, raw);
    case T_CreatedbStmt:
    case T_DropdbStmt:
    case T_CreateTableSpaceStmt:
    case T_DropTableSpaceStmt:
    case T_AlterSystemStmt:
        return tag_if(true, raw);
    case T_DiscardStmt:
        return tag_if(castNode(DiscardStmt, node)->target == DISCARD_ALL, raw);
    case T_CreateSubscriptionStmt: {
        List *options = castNode(CreateSubscriptionStmt, node)->options;
        return tag_if(option_truth(options, "create_slot", option_truth(options, "connect", true)), raw);
    }
    case T_AlterSubscriptionStmt:
        return tag_if(changes_subscription_slot(castNode(AlterSubscriptionStmt, node)), raw);
    default:
        return nullptr;
    }
}

int locks_of_new_relations(const RawStmt *raw) {
    constexpr int table_with_toast = 3; // the table, its TOAST table and that one's index
    const Node *node = raw->stmt;
    if (IsA(node, IndexStmt) || IsA(node, CreateSeqStmt) || IsA(node, ViewStmt))
        return 1;
    if (IsA(node, CreateTableAsStmt))
        return table_with_toast;
    if (!IsA(node, CreateStmt))
        return 0;
    int locks = table_with_toast;
    ListCell *cell = nullptr;
    const auto has_index = [](const Node *element) {
        const auto *constraint = reinterpret_cast<const Constraint *>(element);
        return IsA(element, Constraint) &&
               (constraint->contype == CONSTR_PRIMARY || constraint->contype == CONSTR_UNIQUE ||
                constraint->contype == CONSTR_EXCLUSION || constraint->contype == CONSTR_IDENTITY);
    };
    foreach (cell, reinterpret_cast<const CreateStmt *>(node)->tableElts) {
        const auto *element = static_cast<const Node *>(lfirst(cell));
        locks += has_index(element) ? 1 : 0;
        if (!IsA(element, ColumnDef))
            continue;
        ListCell *constraint = nullptr;
        foreach (constraint, reinterpret_cast<const ColumnDef *>(element)->constraints)
            locks += has_index(static_cast<const Node *>(lfirst(constraint))) ? 1 : 0;
    }
    return locks;
}

} // namespace turnstone::server
