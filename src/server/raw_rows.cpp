// Owns what each row of the catalogs says by itself. Leaf code.
#include "turnstone/server/raw_rows.hpp"

#include <algorithm>
#include <array>

#include "turnstone/server/catalog_rows.hpp"
#include "turnstone/server/tuple_hash.hpp"

namespace turnstone::server {

// How the rows of a catalog are read: by a function of its own, or by where they say what they are or belong
// to.
struct RowReader::Rule {
    using Read = void (RowReader::*)(HeapTuple, TupleDesc);

    Oid catalog;
    Read read;
    bool has_oid = false;           // the first column; otherwise the row is a piece of its owner
    int schema_column = 0;          // 0 for none
    Oid owner_catalog = InvalidOid; // of an object that belongs to no other
    int owner_column = 0;           // with the owner's OID
    int privilege_column = 0;

    static constexpr Rule own(Oid catalog, int schema_column = 0, int privilege_column = 0) {
        return {catalog, &RowReader::by_rule, true, schema_column, InvalidOid, 0, privilege_column};
    }
    static constexpr Rule part(Oid catalog, Oid owner_catalog, int owner_column) {
        return {catalog, &RowReader::by_rule, true, 0, owner_catalog, owner_column, 0};
    }
    static constexpr Rule piece(Oid catalog, Oid owner_catalog, int owner_column) {
        return {catalog, &RowReader::by_rule, false, 0, owner_catalog, owner_column, 0};
    }
};

constexpr RowReader::Rule RowReader::rules_[] = {
    {NamespaceRelationId, &RowReader::schema},
    {RelationRelationId, &RowReader::relation},
    {IndexRelationId, &RowReader::index},
    {TypeRelationId, &RowReader::type},
    {RangeRelationId, &RowReader::range},
    {AttributeRelationId, &RowReader::column},
    {ConstraintRelationId, &RowReader::constraint},
    {TriggerRelationId, &RowReader::trigger},
    Rule::own(AccessMethodRelationId),
    Rule::own(CastRelationId),
    Rule::own(CollationRelationId, Anum_pg_collation_collnamespace),
    Rule::own(ConversionRelationId, Anum_pg_conversion_connamespace),
    Rule::own(ForeignDataWrapperRelationId),
    Rule::own(ForeignServerRelationId),
    Rule::own(LanguageRelationId, 0, Anum_pg_language_lanacl),
    Rule::own(OperatorRelationId, Anum_pg_operator_oprnamespace),
    Rule::own(OperatorClassRelationId, Anum_pg_opclass_opcnamespace),
    Rule::own(OperatorFamilyRelationId, Anum_pg_opfamily_opfnamespace),
    Rule::own(ProcedureRelationId, Anum_pg_proc_pronamespace, Anum_pg_proc_proacl),
    Rule::own(PublicationRelationId),
    Rule::own(StatisticExtRelationId, Anum_pg_statistic_ext_stxnamespace),
    Rule::own(TransformRelationId),
    Rule::own(TSConfigRelationId, Anum_pg_ts_config_cfgnamespace),
    Rule::own(TSDictionaryRelationId, Anum_pg_ts_dict_dictnamespace),
    Rule::own(TSParserRelationId, Anum_pg_ts_parser_prsnamespace),
    Rule::own(TSTemplateRelationId, Anum_pg_ts_template_tmplnamespace),
    Rule::own(UserMappingRelationId),
    Rule::part(AttrDefaultRelationId, RelationRelationId, Anum_pg_attrdef_adrelid),
    Rule::part(RewriteRelationId, RelationRelationId, Anum_pg_rewrite_ev_class),
    Rule::part(PolicyRelationId, RelationRelationId, Anum_pg_policy_polrelid),
    Rule::part(EnumRelationId, TypeRelationId, Anum_pg_enum_enumtypid),
    Rule::part(AccessMethodOperatorRelationId, OperatorFamilyRelationId, Anum_pg_amop_amopfamily),
    Rule::part(AccessMethodProcedureRelationId, OperatorFamilyRelationId, Anum_pg_amproc_amprocfamily),
    Rule::part(PublicationRelRelationId, PublicationRelationId, Anum_pg_publication_rel_prpubid),
    Rule::part(PublicationNamespaceRelationId, PublicationRelationId, Anum_pg_publication_namespace_pnpubid),
    Rule::piece(AggregateRelationId, ProcedureRelationId, Anum_pg_aggregate_aggfnoid),
    Rule::piece(ForeignTableRelationId, RelationRelationId, Anum_pg_foreign_table_ftrelid),
    Rule::piece(InheritsRelationId, RelationRelationId, Anum_pg_inherits_inhrelid),
    Rule::piece(SequenceRelationId, RelationRelationId, Anum_pg_sequence_seqrelid),
    Rule::piece(PartitionedRelationId, RelationRelationId, Anum_pg_partitioned_table_partrelid),
    Rule::piece(TSConfigMapRelationId, TSConfigRelationId, Anum_pg_ts_config_map_mapcfg),
    {ExtensionRelationId, &RowReader::extension},
    {EventTriggerRelationId, &RowReader::event_trigger},
    {DefaultAclRelationId, &RowReader::default_privileges},
    {DescriptionRelationId, &RowReader::description},
    {SecLabelRelationId, &RowReader::security_label},
    {InitPrivsRelationId, &RowReader::initial_privileges},
    {DependRelationId, &RowReader::dependency},
};

namespace {

bool is_of_system(Oid object) {
    return object < FirstNormalObjectId;
}

template <class Form>
const Form *form_of(HeapTuple row) {
    return reinterpret_cast<const Form *>(GETSTRUCT(row));
}

} // namespace

bool is_one_of_many(RootId object) {
    if (!is_of_system(object.object))
        return false;
    switch (object.catalog) {
    case NamespaceRelationId:
        return object.object != PG_PUBLIC_NAMESPACE;
    case ExtensionRelationId:
    case DatabaseRelationId:
    case AuthIdRelationId:
    case DbRoleSettingRelationId: // the role's OID
        return false;
    default:
        return true;
    }
}

bool is_hidden_schema(const char *name) {
    return strncmp(name, "pg_temp", 7) == 0 || strncmp(name, "pg_toast_temp", 13) == 0 ||
           strcmp(name, "turnstone") == 0;
}

std::span<const Oid> catalogs_of_raw_scan() {
    static constexpr auto catalogs = [] {
        std::array<Oid, std::size(RowReader::rules_)> all{};
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = RowReader::rules_[i].catalog;
        return all;
    }();
    return catalogs;
}

RowReader::RowReader(Oid catalog, const HiddenSchemas &hidden, Array<RawItem> &items)
    : catalog_(catalog), rule_(std::find_if(std::begin(rules_), std::end(rules_),
                                            [&](const Rule &rule) { return rule.catalog == catalog; })),
      hidden_(hidden), items_(items) {}

void RowReader::read(HeapTuple row, TupleDesc descriptor) {
    (this->*rule_->read)(row, descriptor);
}

// Rows of one object mostly follow each other.
void RowReader::push(RawItem::Kind kind, RootId object, std::uint64_t hash) {
    if (kind == RawItem::adds && items_.size > page_begin_) {
        RawItem &last = items_.items[items_.size - 1];
        if (last.kind == RawItem::adds && last.object == object.object && last.catalog == object.catalog) {
            last.hash += hash;
            return;
        }
    }
    RawItem item;
    item.kind = kind;
    item.catalog = object.catalog;
    item.object = object.object;
    item.hash = hash;
    items_.push(item);
}

void RowReader::push(RawItem::Kind kind, RootId object, RootId owner) {
    RawItem item;
    item.kind = kind;
    item.catalog = object.catalog;
    item.object = object.object;
    item.owner = owner;
    items_.push(item);
}

void RowReader::privilege(RawItem::Kind kind, RootId object, int32 number, std::uint64_t hash) {
    push(RawItem::number, object, static_cast<std::uint64_t>(number));
    push(kind, object, hash);
}

// The row is part of what the object's sum is about. Privileges on what initdb made are kept apart.
void RowReader::add(RootId object, HeapTuple row, TupleDesc descriptor, int privilege_column, int32 number) {
    if (privilege_column != 0 && is_one_of_many(object) &&
        !heap_attisnull(row, privilege_column, descriptor)) {
        privilege(RawItem::present_privilege, object, number,
                  hash_of_value(row, privilege_column, descriptor));
        push(RawItem::adds, object, hash_without(privilege_column, catalog_, row, descriptor));
    } else {
        push(RawItem::adds, object, hash_of_row(catalog_, row, descriptor));
    }
}

bool RowReader::is_hidden(Oid schema) {
    if (schema != last_schema_) {
        last_schema_ = schema;
        last_schema_is_hidden_ = std::find(hidden_.begin(), hidden_.end(), schema) != hidden_.end();
    }
    return last_schema_is_hidden_;
}

void RowReader::by_rule(HeapTuple row, TupleDesc descriptor) {
    const Oid owner_oid =
        rule_->owner_column == 0 ? InvalidOid : oid_at(row, rule_->owner_column, descriptor);
    const RootId owner{rule_->owner_catalog, owner_oid};
    const RootId object = rule_->has_oid ? RootId{catalog_, oid_at(row, 1, descriptor)} : owner;
    if (rule_->schema_column != 0 && is_hidden(oid_at(row, rule_->schema_column, descriptor))) {
        push(RawItem::is_ignored, object, 0);
        return;
    }
    if (rule_->has_oid && rule_->owner_column != 0)
        push(RawItem::belongs, object, owner);
    add(object, row, descriptor, rule_->privilege_column);
}

void RowReader::schema(HeapTuple row, TupleDesc descriptor) {
    const auto *schema = form_of<FormData_pg_namespace>(row);
    const RootId object{NamespaceRelationId, schema->oid};
    if (is_hidden_schema(NameStr(schema->nspname)))
        push(RawItem::is_ignored, object, 0);
    else
        add(object, row, descriptor, Anum_pg_namespace_nspacl);
}

void RowReader::relation(HeapTuple row, TupleDesc descriptor) {
    const auto *relation = form_of<FormData_pg_class>(row);
    const RootId object{RelationRelationId, relation->oid};
    if (relation->relpersistence == RELPERSISTENCE_TEMP || is_hidden(relation->relnamespace)) {
        push(RawItem::is_ignored, object, 0);
        return;
    }
    if (relation->relkind == RELKIND_TOASTVALUE) {
        push(RawItem::is_ignored, object, 0);
        // Its name says whose it is; the link to it changes with every rewrite.
        constexpr const char *begin = "pg_toast_";
        const char *name = NameStr(relation->relname);
        if (!heap_attisnull(row, Anum_pg_class_reloptions, descriptor) &&
            strncmp(name, begin, strlen(begin)) == 0)
            push(RawItem::adds, {RelationRelationId, atooid(name + strlen(begin))},
                 hash_of_value(row, Anum_pg_class_reloptions, descriptor));
        return;
    }
    if (relation->relkind == RELKIND_COMPOSITE_TYPE)
        push(RawItem::belongs, object, {TypeRelationId, relation->reltype});
    if (OidIsValid(relation->reltablespace))
        push(RawItem::tablespace, {TableSpaceRelationId, relation->reltablespace}, 0);
    add(object, row, descriptor, Anum_pg_class_relacl);
}

void RowReader::index(HeapTuple row, TupleDesc descriptor) {
    const auto *index = form_of<FormData_pg_index>(row);
    const RootId table{RelationRelationId, index->indrelid};
    push(RawItem::belongs, {RelationRelationId, index->indexrelid}, table);
    add(table, row, descriptor);
}

void RowReader::type(HeapTuple row, TupleDesc descriptor) {
    const auto *type = form_of<FormData_pg_type>(row);
    const RootId object{TypeRelationId, type->oid};
    if (is_hidden(type->typnamespace)) {
        push(RawItem::is_ignored, object, 0);
        return;
    }
    if (OidIsValid(type->typarray))
        push(RawItem::belongs, {TypeRelationId, type->typarray}, object);
    if (OidIsValid(type->typrelid))
        push(RawItem::row_type, object, {RelationRelationId, type->typrelid});
    add(object, row, descriptor, Anum_pg_type_typacl);
}

void RowReader::range(HeapTuple row, TupleDesc descriptor) {
    const auto *range = form_of<FormData_pg_range>(row);
    const RootId object{TypeRelationId, range->rngtypid};
    if (OidIsValid(range->rngmultitypid))
        push(RawItem::belongs, {TypeRelationId, range->rngmultitypid}, object);
    add(object, row, descriptor);
}

void RowReader::column(HeapTuple row, TupleDesc descriptor) {
    const auto *column = form_of<FormData_pg_attribute>(row);
    // The system's columns are the same in every relation, but for grants on them.
    if (column->attnum < 0 && heap_attisnull(row, Anum_pg_attribute_attacl, descriptor))
        return;
    add({RelationRelationId, column->attrelid}, row, descriptor, Anum_pg_attribute_attacl, column->attnum);
}

void RowReader::constraint(HeapTuple row, TupleDesc descriptor) {
    const auto *constraint = form_of<FormData_pg_constraint>(row);
    const RootId object{ConstraintRelationId, constraint->oid};
    if (OidIsValid(constraint->conrelid))
        push(RawItem::belongs, object, {RelationRelationId, constraint->conrelid});
    else if (OidIsValid(constraint->contypid))
        push(RawItem::belongs, object, {TypeRelationId, constraint->contypid});
    add(object, row, descriptor);
}

void RowReader::trigger(HeapTuple row, TupleDesc descriptor) {
    const auto *trigger = form_of<FormData_pg_trigger>(row);
    const RootId object{TriggerRelationId, trigger->oid};
    if (trigger->tgisinternal && OidIsValid(trigger->tgconstraint))
        push(RawItem::belongs, object, {ConstraintRelationId, trigger->tgconstraint});
    else
        push(RawItem::belongs, object, {RelationRelationId, trigger->tgrelid});
    add(object, row, descriptor);
}

void RowReader::extension(HeapTuple row, TupleDesc descriptor) {
    const auto *extension = form_of<FormData_pg_extension>(row);
    const RootId object{ExtensionRelationId, extension->oid};
    if (strcmp(NameStr(extension->extname), "turnstone") == 0)
        push(RawItem::is_ignored, object, 0);
    else
        add(object, row, descriptor);
}

void RowReader::event_trigger(HeapTuple row, TupleDesc descriptor) {
    const auto *trigger = form_of<FormData_pg_event_trigger>(row);
    const RootId object{EventTriggerRelationId, trigger->oid};
    push(RawItem::calls, object, {ProcedureRelationId, trigger->evtfoid});
    add(object, row, descriptor);
}

void RowReader::default_privileges(HeapTuple row, TupleDesc descriptor) {
    add({DefaultAclRelationId, form_of<FormData_pg_default_acl>(row)->oid}, row, descriptor);
}

void RowReader::description(HeapTuple row, TupleDesc descriptor) {
    const auto *description = form_of<FormData_pg_description>(row);
    add({description->classoid, description->objoid}, row, descriptor);
}

void RowReader::security_label(HeapTuple row, TupleDesc descriptor) {
    const auto *label = form_of<FormData_pg_seclabel>(row);
    add({label->classoid, label->objoid}, row, descriptor);
}

void RowReader::initial_privileges(HeapTuple row, TupleDesc descriptor) {
    const auto *initial = form_of<FormData_pg_init_privs>(row);
    const RootId object{initial->classoid, initial->objoid};
    if (is_one_of_many(object))
        privilege(RawItem::initial_privilege, object, initial->objsubid,
                  hash_of_value(row, Anum_pg_init_privs_initprivs, descriptor));
    add(object, row, descriptor);
}

// Those that say what belongs to what. The normal ones follow from the objects.
void RowReader::dependency(HeapTuple row, TupleDesc descriptor) {
    const auto *dependency = form_of<FormData_pg_depend>(row);
    if (dependency->deptype == DEPENDENCY_NORMAL)
        return;
    const RootId object{dependency->classid, dependency->objid};
    const bool is_member = dependency->deptype == DEPENDENCY_EXTENSION;
    const bool is_identity = dependency->deptype == DEPENDENCY_INTERNAL && dependency->refobjsubid > 0 &&
                             dependency->classid == RelationRelationId;
    if ((is_member && dependency->refclassid == ExtensionRelationId) ||
        (is_identity && dependency->refclassid == RelationRelationId))
        push(RawItem::belongs, object, {dependency->refclassid, dependency->refobjid});
    add(object, row, descriptor);
}

} // namespace turnstone::server
