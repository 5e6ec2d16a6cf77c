// Owns the table of statements that need a transaction of their own.
#include "turnstone/server/statement_rules.hpp"

#include <fmt/format.h>

#include "turnstone/core/procedural.hpp"

#include "turnstone/server/sql.hpp"

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

bool changes_subscription_slot(const AlterSubscriptionStmt *statement) {
    if (compat::is_refresh(statement->kind))
        return true;
    switch (statement->kind) {
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

// By the parse tree alone.
const char *command_outside_of_blocks(const RawStmt *raw) {
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
    case compat::clustering:
        return tag_if(compat::clustered_table(node) == nullptr ||
                          option_truth(compat::clustering_options(node), "concurrently", false),
                      raw);
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

bool is_partitioned(const RangeVar *relation) {
    const Oid oid = RangeVarGetRelid(relation, NoLock, true);
    if (!OidIsValid(oid))
        return false; // made by a script that has not run yet: the statement itself will tell
    const char kind = get_rel_relkind(oid);
    return kind == RELKIND_PARTITIONED_TABLE || kind == RELKIND_PARTITIONED_INDEX;
}

// By the catalog as it is now.
const char *command_on_partitioned(const RawStmt *raw) {
    if (IsA(raw->stmt, ReindexStmt)) {
        const auto *reindex = reinterpret_cast<const ReindexStmt *>(raw->stmt);
        if (reindex->relation != nullptr && is_partitioned(reindex->relation))
            return "REINDEX of a partitioned relation";
    }
    if (nodeTag(raw->stmt) == compat::clustering) {
        const RangeVar *table = compat::clustered_table(raw->stmt);
        if (table != nullptr && is_partitioned(table))
            return psprintf("%s of a partitioned table", GetCommandTagName(CreateCommandTag(raw->stmt)));
    }
    return nullptr;
}

// The body of a DO in PL/pgSQL; null for other languages.
const char *inline_body(const DoStmt *statement) {
    const char *body = nullptr;
    ListCell *cell = nullptr;
    foreach (cell, statement->args) {
        const auto *argument = static_cast<const DefElem *>(lfirst(cell));
        if (strcmp(argument->defname, "as") == 0)
            body = strVal(argument->arg);
        else if (strcmp(argument->defname, "language") == 0 && strcmp(strVal(argument->arg), "plpgsql") != 0)
            return nullptr;
    }
    return body;
}

TransactionNeed need_of(core::TransactionControl control, std::string command) {
    switch (control) {
    case core::TransactionControl::certain:
        return {fmt::format("{} with COMMIT or ROLLBACK", command), true};
    case core::TransactionControl::perhaps:
        return {std::move(command), false};
    case core::TransactionControl::none:
        break;
    }
    return {};
}

// Every procedure of that name counts: which one a CALL means is only known when its arguments are.
TransactionNeed need_of_call(const std::string &procedure) {
    static Query query{R"(
        select l.lanname = 'plpgsql', l.lanname in ('c', 'internal'), p.prosrc
          from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang
         where p.proname = $1 and p.prokind = 'p' and not p.prosecdef and p.proconfig is null)"};
    const Rows rows = run(query, {procedure}, Rights::caller);
    auto control = core::TransactionControl::none;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto its = core::TransactionControl::none;
        if (rows.boolean(row, 0))
            its = core::transaction_control(rows.text(row, 2));
        else if (rows.boolean(row, 1))
            its = core::TransactionControl::perhaps;
        control = std::max(control, its);
    }
    return need_of(control, "CALL");
}

bool has_replication_slot(const std::string &subscription) {
    static Query query{R"(
        select exists (select from pg_catalog.pg_subscription s
                        where s.subname = $1 and s.subslotname is not null
                          and s.subdbid = (select d.oid from pg_catalog.pg_database d
                                            where d.datname = pg_catalog.current_database())))"};
    return run(query, {subscription}).boolean(0, 0);
}

} // namespace

TransactionNeed transaction_need(const RawStmt *raw) {
    struct Found {
        const char *command;
        const char *body;         // of a DO
        const char *procedure;    // of a CALL
        const char *subscription; // of a DROP SUBSCRIPTION
    };
    const Found found = pg([&] {
        Found by_tree{command_outside_of_blocks(raw), nullptr, nullptr, nullptr};
        if (by_tree.command == nullptr)
            by_tree.command = command_on_partitioned(raw);
        if (IsA(raw->stmt, DoStmt))
            by_tree.body = inline_body(reinterpret_cast<const DoStmt *>(raw->stmt));
        else if (IsA(raw->stmt, CallStmt))
            by_tree.procedure =
                strVal(llast(reinterpret_cast<const CallStmt *>(raw->stmt)->funccall->funcname));
        else if (IsA(raw->stmt, DropSubscriptionStmt))
            by_tree.subscription = reinterpret_cast<const DropSubscriptionStmt *>(raw->stmt)->subname;
        return by_tree;
    });
    if (found.command != nullptr)
        return {found.command, true};
    if (found.body != nullptr)
        return need_of(core::transaction_control(found.body), "DO");
    if (found.procedure != nullptr)
        return need_of_call(found.procedure);
    if (found.subscription != nullptr && has_replication_slot(found.subscription))
        return {"DROP SUBSCRIPTION", true};
    return {};
}

std::string statement_text(const Statement &statement, const std::string &text) {
    // A RawStmt's length counts from its location, which lies before the first token; 0 is up to the end.
    const std::size_t end = statement.raw->stmt_len > 0
                                ? static_cast<std::size_t>(statement.raw->stmt_location) +
                                      static_cast<std::size_t>(statement.raw->stmt_len)
                                : text.size();
    std::string its = text.substr(statement.begin, end - statement.begin);
    its.erase(its.find_last_not_of(" \t\r\n;") + 1);
    return its;
}

int enum_value_used_later(const std::vector<Statement> &statements, const std::string &text) {
    for (std::size_t i = 0; i + 1 < statements.size(); ++i) {
        const RawStmt *raw = statements[i].raw;
        if (!IsA(raw->stmt, AlterEnumStmt))
            continue;
        const auto *alter = reinterpret_cast<const AlterEnumStmt *>(raw->stmt);
        if (alter->newVal == nullptr || alter->oldVal != nullptr)
            continue;
        const char *literal = pg([&] { return quote_literal_cstr(alter->newVal); });
        if (text.find(literal, statements[i + 1].begin) != std::string::npos)
            return statements[i].number;
    }
    return 0;
}

bool takes_strong_locks(const RawStmt *raw) {
    switch (nodeTag(raw->stmt)) {
    case T_InsertStmt:
    case T_UpdateStmt:
    case T_DeleteStmt:
    case T_MergeStmt:
    case T_SelectStmt:
    case T_CopyStmt:
    case T_DoStmt:
    case T_CallStmt:
    case T_VariableSetStmt:
        return false;
    default:
        return command_outside_of_blocks(raw) == nullptr;
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

} // namespace turnstone::server
