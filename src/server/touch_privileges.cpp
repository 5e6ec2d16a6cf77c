// Owns what is known of statements that change privileges, of which the server names none but the default
// ones.
#include "turnstone/server/touch_tree.hpp"

namespace turnstone::server {

namespace {

Names privileges_of(const List *grantees) {
    Names names;
    for (const auto *role : items<RoleSpec>(grantees)) {
        if (role->roletype == ROLESPEC_PUBLIC) {
            names.emplace_back("privileges/public");
            continue;
        }
        const char *name = role->rolename;
        if (role->roletype != ROLESPEC_CSTRING)
            name = pg([&] {
                return GetUserNameFromId(
                    role->roletype == ROLESPEC_SESSION_USER ? GetSessionUserId() : GetUserId(), true);
            });
        if (name != nullptr)
            names.push_back("privileges/" + quoted(name));
    }
    return names;
}

TouchedObject granted_object(ObjectType kind, const Node *name) {
    return pg([&]() -> TouchedObject {
        const auto text = [&] { return strVal(const_cast<Node *>(name)); };
        switch (kind) {
        case OBJECT_TABLE:
        case OBJECT_SEQUENCE:
            return {RelationRelationId,
                    RangeVarGetRelid(reinterpret_cast<const RangeVar *>(name), NoLock, true), 0};
        case OBJECT_SCHEMA:
            return {NamespaceRelationId, get_namespace_oid(text(), true), 0};
        case OBJECT_DATABASE:
            return {DatabaseRelationId, get_database_oid(text(), true), 0};
        case OBJECT_LANGUAGE:
            return {LanguageRelationId, get_language_oid(text(), true), 0};
        case OBJECT_FDW:
            return {ForeignDataWrapperRelationId, get_foreign_data_wrapper_oid(text(), true), 0};
        case OBJECT_FOREIGN_SERVER:
            return {ForeignServerRelationId, get_foreign_server_oid(text(), true), 0};
        case OBJECT_TABLESPACE:
            return {TableSpaceRelationId, get_tablespace_oid(text(), true), 0};
        case OBJECT_TYPE:
        case OBJECT_DOMAIN: {
            auto *list = reinterpret_cast<List *>(const_cast<Node *>(name));
            return {TypeRelationId, LookupTypeNameOid(nullptr, makeTypeNameFromNameList(list), true), 0};
        }
        case OBJECT_FUNCTION:
        case OBJECT_PROCEDURE:
        case OBJECT_ROUTINE:
            return {
                ProcedureRelationId,
                LookupFuncWithArgs(kind, reinterpret_cast<ObjectWithArgs *>(const_cast<Node *>(name)), true),
                0};
        case OBJECT_PARAMETER_ACL:
            return {ParameterAclRelationId, ParameterAclLookup(text(), true), 0};
        default:
            return {};
        }
    });
}

void note_grant_on(const GrantStmt &statement, const Node *name, const Names &properties, TouchLog &log) {
    const TouchedObject what = granted_object(statement.objtype, name);
    if (!OidIsValid(what.object))
        return;
    bool whole = statement.privileges == NIL;
    for (const auto *privilege : items<AccessPriv>(statement.privileges)) {
        whole = whole || privilege->cols == NIL;
        for (int i = 0; i < list_length(privilege->cols); ++i) {
            const char *column = strVal(list_nth(privilege->cols, i));
            const AttrNumber number = pg([&] { return get_attnum(what.object, column); });
            add_properties(log, {what.catalog, what.object, number}, properties);
        }
    }
    if (whole)
        add_properties(log, what, properties);
}

std::int32_t all_of_kind(ObjectType kind) {
    switch (kind) {
    case OBJECT_TABLE:
        return all_tables_in_schema;
    case OBJECT_SEQUENCE:
        return all_sequences_in_schema;
    default:
        return all_routines_in_schema;
    }
}

} // namespace

void note_grant(const GrantStmt &statement, TouchLog &log) {
    const Names properties = privileges_of(statement.grantees);
    for (const auto *name : items<Node>(statement.objects)) {
        if (statement.targtype == ACL_TARGET_OBJECT) {
            note_grant_on(statement, name, properties, log);
        } else if (statement.targtype == ACL_TARGET_ALL_IN_SCHEMA) {
            const Oid schema = pg([&] { return get_namespace_oid(strVal(const_cast<Node *>(name)), true); });
            add_properties(log, {NamespaceRelationId, schema, all_of_kind(statement.objtype)}, properties);
        }
    }
}

void note_default_privileges(const AlterDefaultPrivilegesStmt &statement, TouchLog &log, std::size_t begin) {
    const std::size_t end = log.touches().size();
    const Names properties = privileges_of(statement.action->grantees);
    for (std::size_t i = begin; i < end; ++i) {
        const TouchedObject what = log.touches()[i].what;
        if (what.catalog == DefaultAclRelationId)
            add_properties(log, what, properties);
    }
}

void note_dropped_privileges(const DropOwnedStmt &statement, TouchLog &log) {
    add_properties(log, everything, privileges_of(statement.roles));
}

} // namespace turnstone::server
