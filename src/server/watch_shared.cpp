// Owns the hooks that log, where migrate_watch() and turnstone.watch_shared are on, what event triggers do
// not fire for: objects of the whole cluster, event triggers, TRUNCATE, REASSIGN OWNED, and writes into the
// system's own tables.
#include "turnstone/server/watch_shared.hpp"

#include <functional>
#include <string>
#include <vector>

#include "turnstone/server/ddl_log.hpp"
#include "turnstone/server/ddl_statement.hpp"
#include "turnstone/server/engine_at_work.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/watch.hpp"

namespace turnstone::server {

namespace {

ProcessUtility_hook_type next_utility = nullptr;
ExecutorFinish_hook_type next_finish = nullptr;

// In a leaf, as all that follows up to objects_of().
bool is_unseen(const Node *statement) {
    switch (nodeTag(statement)) {
    case T_CreateRoleStmt:
    case T_AlterRoleStmt:
    case T_AlterRoleSetStmt:
    case T_DropRoleStmt:
    case T_GrantRoleStmt:
    case T_ReassignOwnedStmt:
    case T_CreatedbStmt:
    case T_AlterDatabaseStmt:
    case T_AlterDatabaseSetStmt:
    case T_DropdbStmt:
    case T_CreateTableSpaceStmt:
    case T_DropTableSpaceStmt:
    case T_AlterTableSpaceOptionsStmt:
    case T_AlterSystemStmt:
    case T_TruncateStmt:
    case T_CreateEventTrigStmt:
    case T_AlterEventTrigStmt:
        return true;
    case T_DropStmt:
        return !EventTriggerSupportsObjectType(reinterpret_cast<const DropStmt *>(statement)->removeType);
    case T_RenameStmt:
        return !EventTriggerSupportsObjectType(reinterpret_cast<const RenameStmt *>(statement)->renameType);
    case T_AlterOwnerStmt:
        return !EventTriggerSupportsObjectType(
            reinterpret_cast<const AlterOwnerStmt *>(statement)->objectType);
    case T_CommentStmt:
        return !EventTriggerSupportsObjectType(reinterpret_cast<const CommentStmt *>(statement)->objtype);
    case T_SecLabelStmt:
        return !EventTriggerSupportsObjectType(reinterpret_cast<const SecLabelStmt *>(statement)->objtype);
    case T_GrantStmt:
        return !EventTriggerSupportsObjectType(reinterpret_cast<const GrantStmt *>(statement)->objtype);
    default:
        return false;
    }
}

// What a statement names.
struct Named {
    ObjectType type;
    const char *name;
    const char *name_afterwards; // null where it stays
    bool dropped;
    Oid object; // as it was before the statement; invalid where there was none
    Named *next;
};

Oid find(ObjectType type, const char *name) {
    switch (type) {
    case OBJECT_ROLE:
        return get_role_oid(name, true);
    case OBJECT_DATABASE:
        return get_database_oid(name, true);
    case OBJECT_TABLESPACE:
        return get_tablespace_oid(name, true);
    case OBJECT_EVENT_TRIGGER:
        return get_event_trigger_oid(name, true);
    default:
        return InvalidOid;
    }
}

Named *add(Named *list, ObjectType type, const char *name, bool dropped = false,
           const char *renamed = nullptr) {
    if (name == nullptr)
        return list;
    auto *named = static_cast<Named *>(palloc0(sizeof(Named)));
    *named = {type, name, renamed, dropped, find(type, name), list};
    return named;
}

Named *add_role(Named *list, const RoleSpec *role, bool dropped = false) {
    const bool is_a_role = role != nullptr && role->roletype != ROLESPEC_PUBLIC;
    return is_a_role ? add(list, OBJECT_ROLE, get_rolespec_name(role), dropped) : list;
}

Named *add_roles(Named *list, const List *roles, bool dropped = false) {
    ListCell *cell = nullptr;
    foreach (cell, roles) {
        // GRANT has the names of the roles that it grants as it has names of privileges.
        const auto *role = static_cast<const Node *>(lfirst(cell));
        list = IsA(role, AccessPriv)
                   ? add(list, OBJECT_ROLE, reinterpret_cast<const AccessPriv *>(role)->priv_name, dropped)
                   : add_role(list, reinterpret_cast<const RoleSpec *>(role), dropped);
    }
    return list;
}

Named *add_texts(Named *list, ObjectType type, const List *names, bool dropped = false) {
    ListCell *cell = nullptr;
    foreach (cell, names) {
        auto *name = static_cast<Node *>(lfirst(cell));
        if (IsA(name, String))
            list = add(list, type, strVal(name), dropped);
    }
    return list;
}

const char *text_of(Node *name) {
    return name != nullptr && IsA(name, String) ? strVal(name) : nullptr;
}

template <class Statement>
const Statement *as(const Node *statement) {
    return reinterpret_cast<const Statement *>(statement);
}

Named *names_in(const Node *statement) {
    switch (nodeTag(statement)) {
    case T_CreateRoleStmt:
        return add(nullptr, OBJECT_ROLE, as<CreateRoleStmt>(statement)->role);
    case T_AlterRoleStmt:
        return add_role(nullptr, as<AlterRoleStmt>(statement)->role);
    case T_AlterRoleSetStmt:
        return add(add_role(nullptr, as<AlterRoleSetStmt>(statement)->role), OBJECT_DATABASE,
                   as<AlterRoleSetStmt>(statement)->database);
    case T_DropRoleStmt:
        return add_roles(nullptr, as<DropRoleStmt>(statement)->roles, true);
    case T_GrantRoleStmt:
        return add_roles(add_roles(nullptr, as<GrantRoleStmt>(statement)->granted_roles),
                         as<GrantRoleStmt>(statement)->grantee_roles);
    case T_ReassignOwnedStmt:
        return add_role(add_roles(nullptr, as<ReassignOwnedStmt>(statement)->roles),
                        as<ReassignOwnedStmt>(statement)->newrole);
    case T_CreatedbStmt:
        return add(nullptr, OBJECT_DATABASE, as<CreatedbStmt>(statement)->dbname);
    case T_AlterDatabaseStmt:
        return add(nullptr, OBJECT_DATABASE, as<AlterDatabaseStmt>(statement)->dbname);
    case T_AlterDatabaseSetStmt:
        return add(nullptr, OBJECT_DATABASE, as<AlterDatabaseSetStmt>(statement)->dbname);
    case T_DropdbStmt:
        return add(nullptr, OBJECT_DATABASE, as<DropdbStmt>(statement)->dbname, true);
    case T_CreateTableSpaceStmt:
        return add(nullptr, OBJECT_TABLESPACE, as<CreateTableSpaceStmt>(statement)->tablespacename);
    case T_DropTableSpaceStmt:
        return add(nullptr, OBJECT_TABLESPACE, as<DropTableSpaceStmt>(statement)->tablespacename, true);
    case T_AlterTableSpaceOptionsStmt:
        return add(nullptr, OBJECT_TABLESPACE, as<AlterTableSpaceOptionsStmt>(statement)->tablespacename);
    case T_CreateEventTrigStmt:
        return add(nullptr, OBJECT_EVENT_TRIGGER, as<CreateEventTrigStmt>(statement)->trigname);
    case T_AlterEventTrigStmt:
        return add(nullptr, OBJECT_EVENT_TRIGGER, as<AlterEventTrigStmt>(statement)->trigname);
    case T_DropStmt:
        return add_texts(nullptr, as<DropStmt>(statement)->removeType, as<DropStmt>(statement)->objects,
                         true);
    case T_RenameStmt: {
        const auto *rename = as<RenameStmt>(statement);
        const char *name = rename->subname != nullptr ? rename->subname : text_of(rename->object);
        return add(nullptr, rename->renameType, name, false, rename->newname);
    }
    case T_AlterOwnerStmt:
        return add(nullptr, as<AlterOwnerStmt>(statement)->objectType,
                   text_of(as<AlterOwnerStmt>(statement)->object));
    case T_CommentStmt:
        return add(nullptr, as<CommentStmt>(statement)->objtype, text_of(as<CommentStmt>(statement)->object));
    case T_SecLabelStmt:
        return add(nullptr, as<SecLabelStmt>(statement)->objtype,
                   text_of(as<SecLabelStmt>(statement)->object));
    case T_GrantStmt:
        return add_texts(nullptr, as<GrantStmt>(statement)->objtype, as<GrantStmt>(statement)->objects);
    case T_TruncateStmt: {
        Named *list = nullptr;
        ListCell *cell = nullptr;
        foreach (cell, as<TruncateStmt>(statement)->relations) {
            const auto *relation = static_cast<const RangeVar *>(lfirst(cell));
            const Oid oid = RangeVarGetRelid(relation, NoLock, true);
            if (!OidIsValid(oid) || get_rel_persistence(oid) == RELPERSISTENCE_TEMP)
                continue;
            list = add(list, OBJECT_TABLE, relation->relname);
            list->object = oid;
        }
        return list;
    }
    default:
        return nullptr;
    }
}

Oid catalog_of(ObjectType type) {
    switch (type) {
    case OBJECT_ROLE:
        return AuthIdRelationId;
    case OBJECT_DATABASE:
        return DatabaseRelationId;
    case OBJECT_TABLESPACE:
        return TableSpaceRelationId;
    case OBJECT_EVENT_TRIGGER:
        return EventTriggerRelationId;
    case OBJECT_TABLE:
        return RelationRelationId;
    default:
        return InvalidOid;
    }
}

const char *type_name(ObjectType type) {
    switch (type) {
    case OBJECT_ROLE:
        return "role";
    case OBJECT_DATABASE:
        return "database";
    case OBJECT_TABLESPACE:
        return "tablespace";
    case OBJECT_EVENT_TRIGGER:
        return "event trigger";
    case OBJECT_TABLE:
        return "table";
    default:
        return "parameter"; // of GRANT ... ON PARAMETER
    }
}

// After the statement: by the name that it has now, unless it is gone.
const char *identity_of(const Named *named) {
    if (named->type == OBJECT_TABLE) {
        const ObjectAddress address{RelationRelationId, named->object, 0};
        return getObjectIdentity(&address, true);
    }
    return quote_identifier(named->name_afterwards != nullptr ? named->name_afterwards : named->name);
}

std::vector<TouchedObject> objects_of(const Named *names) {
    std::vector<TouchedObject> objects;
    for (const Named *named = names; named != nullptr; named = named->next) {
        struct Answer {
            Oid object;
            const char *identity;
        };
        const Answer answer = pg([&] {
            const Oid object = OidIsValid(named->object) ? named->object : find(named->type, named->name);
            return Answer{object, identity_of(named)};
        });
        if (answer.identity == nullptr)
            continue;
        TouchedObject object;
        object.catalog = catalog_of(named->type);
        object.object = answer.object;
        object.type = type_name(named->type);
        object.identity = answer.identity;
        object.dropped = named->dropped;
        objects.insert(objects.begin(), std::move(object)); // the list is the other way round
    }
    return objects;
}

void log(const char *command, const std::string &text,
         const std::function<std::vector<TouchedObject>()> &objects) {
    without_failing([&] { write_ddl_log({command, text, objects()}); });
}

bool is_asked_for() {
    return settings::watch_shared() && !EngineAtWork::now() && !IsBinaryUpgrade && !creating_extension;
}

// The arguments of the hook, to be handed on.
struct UtilityCall {
    PlannedStmt *planned;
    const char *text;
    bool read_only_tree;
    ProcessUtilityContext context;
    ParamListInfo parameters;
    QueryEnvironment *environment;
    DestReceiver *destination;
    QueryCompletion *completion;

    void go_on() const {
        (next_utility != nullptr ? next_utility : standard_ProcessUtility)(
            planned, text, read_only_tree, context, parameters, environment, destination, completion);
    }
};

void run_logged(const UtilityCall &call) {
    const Node *statement = call.planned->utilityStmt;
    const char *command = GetCommandTagName(CreateCommandTag(call.planned->utilityStmt));
    const std::string text = slice_of_text(call.text, call.planned->stmt_location, call.planned->stmt_len);
    const bool truncates = IsA(statement, TruncateStmt);
    // Before it runs: then what it drops still has a number, and its tree is as it was written.
    const Named *names = pg([&] { return names_in(statement); });
    pg([&] { call.go_on(); });
    if (names != nullptr || !truncates) // not of temporary tables
        log(command, text, [&] { return objects_of(names); });
}

void on_utility(PlannedStmt *planned, const char *text, bool read_only_tree, ProcessUtilityContext context,
                ParamListInfo parameters, QueryEnvironment *environment, DestReceiver *destination,
                QueryCompletion *completion) {
    const UtilityCall call{planned,    text,        read_only_tree, context,
                           parameters, environment, destination,    completion};
    if (!is_asked_for() || context == PROCESS_UTILITY_SUBCOMMAND || !is_unseen(planned->utilityStmt)) {
        call.go_on();
        return;
    }
    (void)entry([&] {
        if (is_watching())
            run_logged(call);
        else
            pg([&] { call.go_on(); });
        return static_cast<Datum>(0);
    });
}

// The first of the system's own tables that the statement writes into; InvalidOid for none.
Oid written_catalog(const QueryDesc *query) {
    if (query->operation == CMD_SELECT || query->operation == CMD_UTILITY || query->estate->es_processed == 0)
        return InvalidOid;
    ListCell *cell = nullptr;
    foreach (cell, compat::written_relations(query->plannedstmt)) {
        const Oid relation = rt_fetch(lfirst_int(cell), query->plannedstmt->rtable)->relid;
        if (IsCatalogRelationOid(relation) && !isTempOrTempToastNamespace(get_rel_namespace(relation)))
            return relation;
    }
    return InvalidOid;
}

const char *command_of(CmdType operation) {
    switch (operation) {
    case CMD_INSERT:
        return "INSERT";
    case CMD_UPDATE:
        return "UPDATE";
    case CMD_DELETE:
        return "DELETE";
    default:
        return "MERGE";
    }
}

void on_finish(QueryDesc *query) {
    (next_finish != nullptr ? next_finish : standard_ExecutorFinish)(query);
    if (!is_asked_for())
        return;
    (void)entry([&] {
        const Oid catalog = pg([&] { return written_catalog(query); });
        if (OidIsValid(catalog) && is_watching())
            log(command_of(query->operation),
                slice_of_text(query->sourceText, query->plannedstmt->stmt_location,
                              query->plannedstmt->stmt_len),
                [&] {
                    const char *name = pg([&] { return get_rel_name(catalog); });
                    TouchedObject object;
                    object.catalog = RelationRelationId;
                    object.object = catalog;
                    object.type = "table";
                    object.identity = std::string("pg_catalog.") + name;
                    return std::vector<TouchedObject>{object};
                });
        return static_cast<Datum>(0);
    });
}

} // namespace

void install_hooks() {
    next_utility = ProcessUtility_hook;
    ProcessUtility_hook = on_utility;
    next_finish = ExecutorFinish_hook;
    ExecutorFinish_hook = on_finish;
}

bool is_preloaded() {
    const auto names_us = [](const char *setting) {
        const char *libraries = pg([&] { return GetConfigOption(setting, true, false); });
        return libraries != nullptr && strstr(libraries, "turnstone") != nullptr;
    };
    return names_us("session_preload_libraries") || names_us("shared_preload_libraries");
}

} // namespace turnstone::server
