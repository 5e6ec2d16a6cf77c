// Owns what is known of ALTER TABLE and its like: which property each subcommand changes, and of what. The
// server names the columns and relations, but not for REPLICA IDENTITY, row security, SET LOGGED, DROP
// DEFAULT.
#include <algorithm>
#include <iterator>
#include <string_view>

#include "turnstone/server/touch_tree.hpp"

namespace turnstone::server {

namespace {

// What a subcommand changes of the column that it names, or of the relation itself.
struct Alteration {
    enum class Of { nothing, relation, column, trigger, rule, constraint, parent };
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
        return {Of::column, "options"};
    case AT_AlterColumnGenericOptions:
        return {Of::column, "foreign options"};
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
        return {Of::relation, "options"};
    case AT_GenericOptions:
        return {Of::relation, "foreign options"};
    case AT_AddInherit:
    case AT_DropInherit:
    case AT_AttachPartition:
    case AT_DetachPartition:
    case AT_DetachPartitionFinalize:
        return {Of::parent, "parents"};
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
    case AT_ClusterOn:
    case AT_DropCluster:
        return {Of::relation, "clustered on"};
    case AT_AlterConstraint:
    case AT_ValidateConstraint:
        return {Of::constraint, "definition"};
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

bool is_index(Oid relation) {
    const char kind = pg([&] { return get_rel_relkind(relation); });
    return kind == RELKIND_INDEX || kind == RELKIND_PARTITIONED_INDEX;
}

std::string qualified_name(Oid relation) {
    return pg([&] {
        return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
                                          get_rel_name(relation));
    });
}

Names properties_of(const AlterTableCmd &command, const Alteration &alteration) {
    const std::string_view property = alteration.property;
    if (property == "options" || property == "foreign options")
        return options_of(alteration.property, reinterpret_cast<const List *>(command.def));
    return {alteration.property};
}

void note_ancestry(const AlterTableCmd &command, Oid relation, TouchLog &log) {
    const bool names_parent = command.subtype == AT_AddInherit || command.subtype == AT_DropInherit;
    const Oid other =
        relation_named(names_parent ? reinterpret_cast<const RangeVar *>(command.def)
                                    : reinterpret_cast<const PartitionCmd *>(command.def)->name);
    const Oid parent = names_parent ? other : relation;
    const Oid child = names_parent ? relation : other;
    if (OidIsValid(other) && !is_index(relation))
        log.add({RelationRelationId, child, 0}, TouchKind::altered, "parents/" + qualified_name(parent));
}

void note_subcommand(const AlterTableCmd &command, const Alteration &alteration, Oid relation,
                     const std::vector<Oid> &relations, TouchLog &log) {
    using Of = Alteration::Of;
    if (alteration.of == Of::parent) {
        note_ancestry(command, relation, log);
    } else if (alteration.of == Of::relation || (alteration.of == Of::column && command.name == nullptr)) {
        add_properties(log, {RelationRelationId, relation, 0}, properties_of(command, alteration));
    } else if (alteration.of == Of::column) {
        for (const Oid its : relations) {
            const AttrNumber number = pg([&] { return get_attnum(its, command.name); });
            if (number != InvalidAttrNumber)
                add_properties(log, {RelationRelationId, its, number}, properties_of(command, alteration));
        }
    }
}

// Column by column of those that the server has named, and of those that follow suit.
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
            if (name != nullptr && command->name != nullptr && alteration.of == Alteration::Of::column &&
                std::string_view(command->name) == name)
                log.explain(i, properties_of(*command, alteration));
        }
    }
}

// The server names relations that follow suit, too: the indexes and sequences of a table that gets another
// owner, partitions.
void explain_relations(const Names &properties, TouchLog &log, std::size_t begin) {
    const std::size_t end = log.touches().size();
    for (std::size_t i = begin; i < end; ++i) {
        const Touch touch = log.touches()[i];
        if (touch.what.catalog == RelationRelationId && touch.what.sub == 0 &&
            touch.kind == TouchKind::altered && !log.is_explained(i))
            log.explain(i, properties);
    }
}

// ------------------------------------------------------------- what a change of a column's type makes anew

bool changes_a_type(const AlterTableStmt &statement) {
    const auto commands = items<AlterTableCmd>(statement.cmds);
    return std::any_of(commands.begin(), commands.end(),
                       [](const AlterTableCmd *command) { return command->subtype == AT_AlterColumnType; });
}

struct RebuildablePart {
    Oid catalog;
    Oid oid;
    const char *name;
};

// A leaf. Adds the rows of a catalog that name the relation in their first index column.
List *parts_in(Oid catalog, Oid index, AttrNumber column, Oid relation, List *found) {
    Relation table = table_open(catalog, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, column, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(relation));
    SysScanDesc scan = systable_beginscan(table, index, true, nullptr, 1, &key);
    for (HeapTuple row = systable_getnext(scan); HeapTupleIsValid(row); row = systable_getnext(scan)) {
        auto *part = static_cast<RebuildablePart *>(palloc0(sizeof(RebuildablePart)));
        if (catalog == IndexRelationId) {
            part->catalog = RelationRelationId;
            part->oid = (reinterpret_cast<Form_pg_index>(GETSTRUCT(row)))->indexrelid;
            part->name = get_rel_name(part->oid);
        } else {
            auto *constraint = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
            part->catalog = ConstraintRelationId;
            part->oid = constraint->oid;
            part->name = pstrdup(NameStr(constraint->conname));
        }
        if (part->name != nullptr)
            found = lappend(found, part);
    }
    systable_endscan(scan);
    table_close(table, AccessShareLock);
    return found;
}

std::vector<NamedObject> rebuildable_parts(const std::vector<Oid> &relations) {
    std::vector<NamedObject> parts;
    for (const Oid relation : relations) {
        const List *found = pg([&] {
            List *both =
                parts_in(IndexRelationId, IndexIndrelidIndexId, Anum_pg_index_indrelid, relation, NIL);
            return parts_in(ConstraintRelationId, ConstraintRelidTypidNameIndexId,
                            Anum_pg_constraint_conrelid, relation, both);
        });
        for (const auto *part : items<RebuildablePart>(found))
            parts.push_back({{part->catalog, part->oid, 0}, relation, part->name});
    }
    return parts;
}

} // namespace

void prepare_alter_table(const AlterTableStmt &statement, TouchLog &log) {
    if (!changes_a_type(statement))
        return;
    const Oid relation = relation_named(statement.relation);
    if (OidIsValid(relation))
        log.set_before_rebuild(rebuildable_parts(with_inheritors(relation, statement.relation)));
}

void note_alter_table(const AlterTableStmt &statement, TouchLog &log, std::size_t begin) {
    using Of = Alteration::Of;
    const Oid relation = relation_named(statement.relation);
    if (!OidIsValid(relation))
        return;
    const std::vector<Oid> relations = with_inheritors(relation, statement.relation);
    if (changes_a_type(statement))
        log.note_rebuilt(rebuildable_parts(relations));
    explain_columns(statement, log, begin);
    Names of_relations;
    for (const auto *command : items<AlterTableCmd>(statement.cmds)) {
        const Alteration alteration = alteration_by(command->subtype);
        if (alteration.of == Of::trigger)
            log.explain_all(begin, TriggerRelationId, {alteration.property});
        else if (alteration.of == Of::rule)
            log.explain_all(begin, RewriteRelationId, {alteration.property});
        else if (alteration.of == Of::constraint)
            log.explain_all(begin, ConstraintRelationId, {alteration.property});
        else if (alteration.of == Of::relation)
            std::ranges::move(properties_of(*command, alteration), std::back_inserter(of_relations));
        note_subcommand(*command, alteration, relation, relations, log);
    }
    if (!of_relations.empty())
        explain_relations(of_relations, log, begin);
}

} // namespace turnstone::server
