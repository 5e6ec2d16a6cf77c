// Owns what is known of utility statements beyond what object_access_hook tells: which property of what the
// server names each changes, and what those change that it says nothing of (COMMENT, SECURITY LABEL, labels
// of enums).
#include "turnstone/server/touch_rules.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "turnstone/server/touch_tree.hpp"

namespace turnstone::server {

Oid relation_named(const RangeVar *name) {
    return pg([&] { return RangeVarGetRelid(name, NoLock, true); });
}

std::string quoted(const char *name) {
    return pg([&] { return quote_identifier(name); });
}

void add_properties(TouchLog &log, const TouchedObject &what, const Names &properties) {
    for (const std::string &property : properties)
        log.add(what, TouchKind::altered, property);
}

namespace {

std::string property_of(const DefElem &option) {
    // those that are called otherwise as properties
    static const std::pair<std::string_view, const char *> called[] = {{"security", "security definer"},
                                                                       {"as", "type"},
                                                                       {"minvalue", "minimum"},
                                                                       {"maxvalue", "maximum"},
                                                                       {"owned_by", "owned by"}};
    for (const auto &[word, property] : called) {
        if (word == option.defname)
            return property;
    }
    if (std::string_view(option.defname) != "set")
        return option.defname;
    const auto *setting = reinterpret_cast<const VariableSetStmt *>(option.arg);
    return setting->name == nullptr ? "settings" : fmt::format("settings/{}", setting->name);
}

} // namespace

Names properties_of(const List *options) {
    Names properties;
    for (const auto *option : items<DefElem>(options))
        properties.push_back(property_of(*option));
    return properties;
}

Names options_of(const char *property, const List *options) {
    Names properties;
    for (const auto *option : items<DefElem>(options))
        properties.push_back(option->defnamespace == nullptr
                                 ? fmt::format("{}/{}", property, option->defname)
                                 : fmt::format("{}/{}.{}", property, option->defnamespace, option->defname));
    return properties;
}

namespace {

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
        log.add({RelationRelationId, identity_of.table, identity_of.column}, TouchKind::altered,
                "identity options");
    log.explain_all(begin, RelationRelationId, properties_of(statement.options));
}

void note(const AlterDomainStmt &statement, TouchLog &log, std::size_t begin) {
    switch (statement.subtype) {
    case 'T':
        return log.explain_all(begin, TypeRelationId, {"default"});
    case 'N':
    case 'O':
        return log.explain_all(begin, TypeRelationId, {"not null"});
    case 'V':
        return log.explain_all(begin, ConstraintRelationId, {"definition"});
    default:
        return;
    }
}

// A label is a part of its type, for which the server calls no hook.
void note(const AlterEnumStmt &statement, TouchLog &log, std::size_t begin) {
    const std::string label = "enum label/" + quoted(statement.newVal);
    log.explain_all(begin, TypeRelationId,
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
            log.explain(i, {property});
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
    case compat::clustering:
        return true;
    default:
        return false;
    }
}

void prepare_statement(Node *statement, TouchLog &log) {
    if (IsA(statement, AlterTableStmt))
        prepare_alter_table(*castNode(AlterTableStmt, statement), log);
}

void note_statement(Node *statement, TouchLog &log, std::size_t begin) {
    switch (nodeTag(statement)) {
    case T_AlterTableStmt:
        return note_alter_table(*castNode(AlterTableStmt, statement), log, begin);
    case T_AlterTableMoveAllStmt:
        return explain_everything(log, begin, "tablespace");
    case T_GrantStmt:
        return note_grant(*castNode(GrantStmt, statement), log);
    case T_AlterDefaultPrivilegesStmt:
        return note_default_privileges(*castNode(AlterDefaultPrivilegesStmt, statement), log, begin);
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
        return log.explain_all(begin, ProcedureRelationId,
                               properties_of(castNode(AlterFunctionStmt, statement)->actions));
    case T_AlterSeqStmt:
        return note(*castNode(AlterSeqStmt, statement), log, begin);
    case T_AlterDomainStmt:
        return note(*castNode(AlterDomainStmt, statement), log, begin);
    case T_AlterEnumStmt:
        return note(*castNode(AlterEnumStmt, statement), log, begin);
    case T_AlterPolicyStmt:
        return log.explain_all(begin, PolicyRelationId, properties_of(*castNode(AlterPolicyStmt, statement)));
    case T_AlterStatsStmt:
        return log.explain_all(begin, StatisticExtRelationId, {"statistics"});
    case T_AlterEventTrigStmt:
        return log.explain_all(begin, EventTriggerRelationId, {"enabled"});
    case T_AlterExtensionStmt:
        return log.explain_all(begin, ExtensionRelationId, {"version"});
    case T_AlterFdwStmt:
        return log.explain_all(begin, ForeignDataWrapperRelationId,
                               options_of("options", castNode(AlterFdwStmt, statement)->options));
    case T_AlterForeignServerStmt:
        return log.explain_all(begin, ForeignServerRelationId,
                               options_of("options", castNode(AlterForeignServerStmt, statement)->options));
    case T_AlterUserMappingStmt:
        return log.explain_all(begin, UserMappingRelationId,
                               options_of("options", castNode(AlterUserMappingStmt, statement)->options));
    case T_RenameStmt:
    case T_AlterObjectSchemaStmt:
        return explain_everything(log, begin, "name");
    case T_AlterOwnerStmt:
    case T_ReassignOwnedStmt:
        return explain_everything(log, begin, "owner");
    case T_DropOwnedStmt:
        return note_dropped_privileges(*castNode(DropOwnedStmt, statement), log);
    case T_ViewStmt:
        return note_relation(castNode(ViewStmt, statement)->view, "definition", log);
    case T_RefreshMatViewStmt:
        return note_relation(castNode(RefreshMatViewStmt, statement)->relation, "populated", log);
    case compat::clustering:
        if (const RangeVar *table = compat::clustered_table(statement))
            note_relation(table, "clustered on", log);
        return;
    default:
        return;
    }
}

} // namespace turnstone::server
