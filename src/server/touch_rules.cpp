// Owns what is known of utility statements beyond what object_access_hook tells: the properties that each
// changes, and the kinds in which the server calls no hook (COMMENT, GRANT, SECURITY LABEL, REPLICA IDENTITY,
// the flags of row security, SET LOGGED, DROP DEFAULT, DROP OWNED).
#include "turnstone/server/touch_rules.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace turnstone::server {

namespace {

using Names = std::vector<std::string>;

template <class Item>
std::vector<const Item *> items(const List *list) {
    std::vector<const Item *> found;
    for (int i = 0; i < list_length(list); ++i)
        found.push_back(static_cast<const Item *>(list_nth(list, i)));
    return found;
}

// Behind the statement, under the search_path that it ran with. Takes no lock: GRANT takes none either.
Oid relation_named(const RangeVar *name) {
    return pg([&] { return RangeVarGetRelid(name, NoLock, true); });
}

std::string quoted(const char *name) {
    return pg([&] { return quote_identifier(name); });
}

// ------------------------------------------------------------------------------------------------ ALTER
// TABLE

// What a subcommand changes of the column that it names, or of the relation itself.
struct Alteration {
    enum class Of { nothing, relation, column, trigger, rule, constraint, index, partition };
    Of of = Of::nothing;
    const char *property = nullptr;
};

Alteration alteration_by(AlterTableType subcommand) {
    using Of = Alteration::Of;
    if (compat::sets_expression(subcommand))
        return {Of::column, "generated"};
    switch (subcommand) {
    case AT_ColumnDefault:
        return {Of::column, "default"};
    case AT_DropNotNull:
    case AT_SetNotNull:
        return {Of::column, "not null"};
    case AT_DropExpression:
        return {Of::column, "generated"};
    case AT_SetStatistics:
        return {Of::column, "statistics"};
    case AT_SetOptions:
    case AT_ResetOptions:
    case AT_AlterColumnGenericOptions:
        return {Of::column, "options"};
    case AT_SetStorage:
        return {Of::column, "storage"};
    case AT_SetCompression:
        return {Of::column, "compression"};
    case AT_AlterColumnType:
        return {Of::column, "type"};
    case AT_AddIdentity:
    case AT_SetIdentity:
    case AT_DropIdentity:
        return {Of::column, "identity"};
    case AT_ChangeOwner:
        return {Of::relation, "owner"};
    case AT_SetLogged:
    case AT_SetUnLogged:
        return {Of::relation, "persistence"};
    case AT_SetAccessMethod:
        return {Of::relation, "access method"};
    case AT_SetTableSpace:
        return {Of::relation, "tablespace"};
    case AT_SetRelOptions:
    case AT_ResetRelOptions:
    case AT_ReplaceRelOptions:
    case AT_GenericOptions:
        return {Of::relation, "options"};
    case AT_AddInherit:
    case AT_DropInherit:
        return {Of::relation, "parents"};
    case AT_AddOf:
    case AT_DropOf:
        return {Of::relation, "of type"};
    case AT_ReplicaIdentity:
        return {Of::relation, "replica identity"};
    case AT_EnableRowSecurity:
    case AT_DisableRowSecurity:
        return {Of::relation, "row security"};
    case AT_ForceRowSecurity:
    case AT_NoForceRowSecurity:
        return {Of::relation, "forced row security"};
    case AT_AttachPartition:
    case AT_DetachPartition:
    case AT_DetachPartitionFinalize:
        return {Of::partition, "partition bound"};
    case AT_ClusterOn:
    case AT_DropCluster:
        return {Of::index, "clustered"};
    case AT_ValidateConstraint:
        return {Of::constraint, "validated"};
    case AT_EnableTrig:
    case AT_EnableAlwaysTrig:
    case AT_EnableReplicaTrig:
    case AT_DisableTrig:
    case AT_EnableTrigAll:
    case AT_DisableTrigAll:
    case AT_EnableTrigUser:
    case AT_DisableTrigUser:
        return {Of::trigger, "enabled"};
    case AT_EnableRule:
    case AT_EnableAlwaysRule:
    case AT_EnableReplicaRule:
    case AT_DisableRule:
        return {Of::rule, "enabled"};
    default:
        return {};
    }
}

// The relation itself, and where the statement goes on to those that inherit from it, those as well.
std::vector<Oid> with_inheritors(Oid relation, const RangeVar *name) {
    std::vector<Oid> relations{relation};
    if (!name->inh || !pg([&] { return has_subclass(relation); }))
        return relations;
    const List *found = pg([&] { return find_all_inheritors(relation, NoLock, nullptr); });
    relations.clear();
    for (int i = 0; i < list_length(found); ++i)
        relations.push_back(list_nth_oid(found, i));
    return relations;
}

void note_subcommand(const AlterTableCmd &command, const Alteration &alteration, Oid relation,
                     const std::vector<Oid> &relations, TouchLog &log) {
    using Of = Alteration::Of;
    if (alteration.of == Of::relation) {
        log.add({RelationRelationId, relation, 0}, TouchKind::altered, alteration.property);
        if (command.subtype != AT_ReplicaIdentity)
            return;
        const auto *identity = reinterpret_cast<const ReplicaIdentityStmt *>(command.def);
        if (identity->name == nullptr)
            return;
        const Oid index = pg([&] { return get_relname_relid(identity->name, get_rel_namespace(relation)); });
        log.add({RelationRelationId, index, 0}, TouchKind::altered, alteration.property);
    } else if (alteration.of == Of::partition) {
        const Oid partition = relation_named(reinterpret_cast<const PartitionCmd *>(command.def)->name);
        log.add({RelationRelationId, partition, 0}, TouchKind::altered, alteration.property);
        log.add({RelationRelationId, partition, 0}, TouchKind::altered, "parents");
    } else if (alteration.of == Of::column && command.name == nullptr) {
        log.add({RelationRelationId, relation, 0}, TouchKind::altered,
                alteration.property); // a column of an index
    } else if (alteration.of == Of::column) {
        for (const Oid its : relations) {
            const AttrNumber number = pg([&] { return get_attnum(its, command.name); });
            if (number != InvalidAttrNumber)
                log.add({RelationRelationId, its, number}, TouchKind::altered, alteration.property);
        }
    }
}

// The server has named columns that the statement alters, and maybe columns of others that follow suit.
void explain_columns(const AlterTableStmt &statement, TouchLog &log, std::size_t begin) {
    const std::size_t end = log.touches().size();
    for (std::size_t i = begin; i < end; ++i) {
        const Touch touch = log.touches()[i];
        if (touch.what.catalog != RelationRelationId || touch.what.sub <= 0 ||
            touch.kind != TouchKind::altered || log.is_explained(i))
            continue;
        const char *name =
            pg([&] { return get_attname(touch.what.object, static_cast<AttrNumber>(touch.what.sub), true); });
        for (const auto *command : items<AlterTableCmd>(statement.cmds)) {
            const Alteration alteration = alteration_by(command->subtype);
            if (name == nullptr || command->name == nullptr || alteration.of != Alteration::Of::column ||
                std::string_view(command->name) != name)
                continue;
            if (!log.is_explained(i))
                log.explain(i, alteration.property);
            else
                log.add(touch.what, TouchKind::altered, alteration.property);
        }
    }
}

void explain_relations(const Alteration &alteration, TouchLog &log, std::size_t begin) {
    const std::size_t end = log.touches().size();
    for (std::size_t i = begin; i < end; ++i) {
        const Touch &touch = log.touches()[i];
        if (touch.what.catalog == RelationRelationId && touch.what.sub == 0 &&
            touch.kind == TouchKind::altered && !log.is_explained(i))
            log.explain(i, alteration.property);
    }
}

void note(const AlterTableStmt &statement, TouchLog &log, std::size_t begin) {
    using Of = Alteration::Of;
    const Oid relation = relation_named(statement.relation);
    if (!OidIsValid(relation))
        return;
    const std::vector<Oid> relations = with_inheritors(relation, statement.relation);
    explain_columns(statement, log, begin);
    for (const auto *command : items<AlterTableCmd>(statement.cmds)) {
        const Alteration alteration = alteration_by(command->subtype);
        if (alteration.of == Of::trigger)
            log.explain(begin, TriggerRelationId, {alteration.property});
        else if (alteration.of == Of::rule)
            log.explain(begin, RewriteRelationId, {alteration.property});
        else if (alteration.of == Of::constraint)
            log.explain(begin, ConstraintRelationId, {alteration.property});
        else if (alteration.of == Of::relation || alteration.of == Of::index)
            explain_relations(alteration, log, begin);
        note_subcommand(*command, alteration, relation, relations, log);
    }
}

// -------------------------------------------------------------------------------------------------
// privileges

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

void add_properties(TouchLog &log, const TouchedObject &what, const Names &properties) {
    for (const std::string &property : properties)
        log.add(what, TouchKind::altered, property);
}

TouchedObject granted_object(ObjectType kind, const Node *name) {
    return pg([&]() -> TouchedObject {
        const auto text = [&] { return strVal(name); };
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

void note(const GrantStmt &statement, TouchLog &log) {
    const Names properties = privileges_of(statement.grantees);
    for (const auto *name : items<Node>(statement.objects)) {
        if (statement.targtype == ACL_TARGET_OBJECT) {
            note_grant_on(statement, name, properties, log);
        } else if (statement.targtype == ACL_TARGET_ALL_IN_SCHEMA) {
            const Oid schema = pg([&] { return get_namespace_oid(strVal(name), true); });
            add_properties(log, {NamespaceRelationId, schema, all_of_kind(statement.objtype)}, properties);
        }
    }
}

void note(const AlterDefaultPrivilegesStmt &statement, TouchLog &log, std::size_t begin) {
    const std::size_t end = log.touches().size();
    const Names properties = privileges_of(statement.action->grantees);
    for (std::size_t i = begin; i < end; ++i) {
        const TouchedObject what = log.touches()[i].what;
        if (what.catalog == DefaultAclRelationId)
            add_properties(log, what, properties);
    }
}

// --------------------------------------------------------------------------------------- comments and labels

// They hold a lock on the object that is stronger than this one.
void note_named(ObjectType kind, const Node *name, const std::string &property, TouchLog &log) {
    const TouchedObject what = pg([&]() -> TouchedObject {
        Relation relation = nullptr;
        const ObjectAddress address =
            get_object_address(kind, const_cast<Node *>(name), &relation, AccessShareLock, true);
        if (relation != nullptr)
            relation_close(relation, NoLock);
        return {address.classId, address.objectId, address.objectSubId};
    });
    if (OidIsValid(what.object))
        log.add(what, TouchKind::altered, property);
}

// -------------------------------------------------------------------------------------------- other
// statements

// The words of options that are called otherwise as properties.
std::string property_of(const DefElem &option) {
    static const std::pair<std::string_view, const char *> called[] = {
        {"security", "security definer"}, {"set", "settings"},     {"as", "type"},
        {"minvalue", "minimum"},          {"maxvalue", "maximum"}, {"owned_by", "owned by"}};
    for (const auto &[word, property] : called) {
        if (word == option.defname)
            return property;
    }
    return option.defname;
}

Names properties_of(const List *options) {
    Names properties;
    for (const auto *option : items<DefElem>(options))
        properties.push_back(property_of(*option));
    return properties;
}

void note(const AlterSeqStmt &statement, TouchLog &log, std::size_t begin) {
    struct Owner {
        Oid table;
        std::int32_t column;
    };
    const Oid sequence = relation_named(statement.sequence);
    if (!OidIsValid(sequence))
        return;
    const Owner identity_of = pg([&]() -> Owner {
        Owner owner{};
        return sequenceIsOwned(sequence, DEPENDENCY_INTERNAL, &owner.table, &owner.column) ? owner : Owner{};
    });
    if (OidIsValid(identity_of.table))
        log.add({RelationRelationId, identity_of.table, identity_of.column}, TouchKind::altered, "identity");
    log.explain(begin, RelationRelationId, properties_of(statement.options));
}

void note(const AlterDomainStmt &statement, TouchLog &log, std::size_t begin) {
    switch (statement.subtype) {
    case 'T':
        return log.explain(begin, TypeRelationId, {"default"});
    case 'N':
    case 'O':
        return log.explain(begin, TypeRelationId, {"not null"});
    case 'V':
        return log.explain(begin, ConstraintRelationId, {"validated"});
    default:
        return;
    }
}

// A label is a part of its type, for which the server calls no hook.
void note(const AlterEnumStmt &statement, TouchLog &log, std::size_t begin) {
    const std::string label = "enum label/" + quoted(statement.newVal);
    log.explain(begin, TypeRelationId,
                {statement.oldVal != nullptr ? label + "/name" : label, "label order"});
}

Names properties_of(const AlterPolicyStmt &statement) {
    Names properties;
    if (statement.roles != NIL)
        properties.emplace_back("roles");
    if (statement.qual != nullptr)
        properties.emplace_back("using");
    if (statement.with_check != nullptr)
        properties.emplace_back("check");
    return properties;
}

void explain_everything(TouchLog &log, std::size_t begin, const char *property) {
    const std::size_t end = log.touches().size();
    for (std::size_t i = begin; i < end; ++i) {
        if (log.touches()[i].kind == TouchKind::altered && !log.is_explained(i))
            log.explain(i, property);
    }
}

void note_relation(const RangeVar *name, const char *property, TouchLog &log) {
    const Oid relation = relation_named(name);
    if (OidIsValid(relation))
        log.add({RelationRelationId, relation, 0}, TouchKind::altered, property);
}

} // namespace

bool has_touch_rule(const Node *statement) noexcept {
    switch (nodeTag(statement)) {
    case T_AlterTableStmt:
    case T_AlterTableMoveAllStmt:
    case T_GrantStmt:
    case T_AlterDefaultPrivilegesStmt:
    case T_CommentStmt:
    case T_SecLabelStmt:
    case T_AlterFunctionStmt:
    case T_AlterSeqStmt:
    case T_AlterDomainStmt:
    case T_AlterEnumStmt:
    case T_AlterPolicyStmt:
    case T_AlterStatsStmt:
    case T_AlterEventTrigStmt:
    case T_AlterExtensionStmt:
    case T_AlterFdwStmt:
    case T_AlterForeignServerStmt:
    case T_AlterUserMappingStmt:
    case T_RenameStmt:
    case T_AlterObjectSchemaStmt:
    case T_AlterOwnerStmt:
    case T_ReassignOwnedStmt:
    case T_DropOwnedStmt:
    case T_ViewStmt:
    case T_RefreshMatViewStmt:
    case T_ClusterStmt:
        return true;
    default:
        return false;
    }
}

void note_statement(Node *statement, TouchLog &log, std::size_t begin) {
    switch (nodeTag(statement)) {
    case T_AlterTableStmt:
        return note(*castNode(AlterTableStmt, statement), log, begin);
    case T_AlterTableMoveAllStmt:
        return explain_everything(log, begin, "tablespace");
    case T_GrantStmt:
        return note(*castNode(GrantStmt, statement), log);
    case T_AlterDefaultPrivilegesStmt:
        return note(*castNode(AlterDefaultPrivilegesStmt, statement), log, begin);
    case T_CommentStmt: {
        const auto *comment = castNode(CommentStmt, statement);
        return note_named(comment->objtype, comment->object, "comment", log);
    }
    case T_SecLabelStmt: {
        const auto *label = castNode(SecLabelStmt, statement);
        const char *provider = label->provider == nullptr ? "" : label->provider;
        return note_named(label->objtype, label->object, fmt::format("security labels/{}", provider), log);
    }
    case T_AlterFunctionStmt:
        return log.explain(begin, ProcedureRelationId,
                           properties_of(castNode(AlterFunctionStmt, statement)->actions));
    case T_AlterSeqStmt:
        return note(*castNode(AlterSeqStmt, statement), log, begin);
    case T_AlterDomainStmt:
        return note(*castNode(AlterDomainStmt, statement), log, begin);
    case T_AlterEnumStmt:
        return note(*castNode(AlterEnumStmt, statement), log, begin);
    case T_AlterPolicyStmt:
        return log.explain(begin, PolicyRelationId, properties_of(*castNode(AlterPolicyStmt, statement)));
    case T_AlterStatsStmt:
        return log.explain(begin, StatisticExtRelationId, {"statistics"});
    case T_AlterEventTrigStmt:
        return log.explain(begin, EventTriggerRelationId, {"enabled"});
    case T_AlterExtensionStmt:
        return log.explain(begin, ExtensionRelationId, {"version"});
    case T_AlterFdwStmt:
        return log.explain(begin, ForeignDataWrapperRelationId, {"options"});
    case T_AlterForeignServerStmt:
        return log.explain(begin, ForeignServerRelationId, {"options"});
    case T_AlterUserMappingStmt:
        return log.explain(begin, UserMappingRelationId, {"options"});
    case T_RenameStmt:
    case T_AlterObjectSchemaStmt:
        return explain_everything(log, begin, "name");
    case T_AlterOwnerStmt:
    case T_ReassignOwnedStmt:
        return explain_everything(log, begin, "owner");
    case T_DropOwnedStmt:
        for (const std::string &property : privileges_of(castNode(DropOwnedStmt, statement)->roles))
            log.add(everything, TouchKind::altered, property);
        return;
    case T_ViewStmt:
        return note_relation(castNode(ViewStmt, statement)->view, "definition", log);
    case T_RefreshMatViewStmt:
        return note_relation(castNode(RefreshMatViewStmt, statement)->relation, "populated", log);
    case T_ClusterStmt:
        return log.explain(begin, RelationRelationId, {"clustered"});
    default:
        return;
    }
}

} // namespace turnstone::server
