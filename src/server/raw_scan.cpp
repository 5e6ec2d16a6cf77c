// Owns the raw scan: which catalogs are read, and what each row belongs to. Leaf code.
#include "turnstone/server/raw_scan.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "turnstone/server/catalog_rows.hpp"
#include "turnstone/server/raw_privileges.hpp"
#include "turnstone/server/shared_scan.hpp"
#include "turnstone/server/tuple_hash.hpp"

namespace turnstone::server {

namespace {

// Catalogs whose rows say by themselves what they are or belong to.
struct Rule {
    Oid catalog;
    bool has_oid;      // the first column; otherwise the row is a piece of its owner
    int schema_column; // 0 for none
    Oid owner_catalog; // InvalidOid: an object that belongs to no other
    int owner_column;  // with the owner's OID
    int privilege_column;
};

constexpr Rule own(Oid catalog, int schema_column = 0, int privilege_column = 0) {
    return {catalog, true, schema_column, InvalidOid, 0, privilege_column};
}
constexpr Rule part(Oid catalog, Oid owner_catalog, int owner_column) {
    return {catalog, true, 0, owner_catalog, owner_column, 0};
}
constexpr Rule piece(Oid catalog, Oid owner_catalog, int owner_column) {
    return {catalog, false, 0, owner_catalog, owner_column, 0};
}

constexpr Rule rules[] = {
    own(AccessMethodRelationId),
    own(CastRelationId),
    own(CollationRelationId, Anum_pg_collation_collnamespace),
    own(ConversionRelationId, Anum_pg_conversion_connamespace),
    own(ForeignDataWrapperRelationId),
    own(ForeignServerRelationId),
    own(LanguageRelationId, 0, Anum_pg_language_lanacl),
    own(OperatorRelationId, Anum_pg_operator_oprnamespace),
    own(OperatorClassRelationId, Anum_pg_opclass_opcnamespace),
    own(OperatorFamilyRelationId, Anum_pg_opfamily_opfnamespace),
    own(ProcedureRelationId, Anum_pg_proc_pronamespace, Anum_pg_proc_proacl),
    own(PublicationRelationId),
    own(StatisticExtRelationId, Anum_pg_statistic_ext_stxnamespace),
    own(TransformRelationId),
    own(TSConfigRelationId, Anum_pg_ts_config_cfgnamespace),
    own(TSDictionaryRelationId, Anum_pg_ts_dict_dictnamespace),
    own(TSParserRelationId, Anum_pg_ts_parser_prsnamespace),
    own(TSTemplateRelationId, Anum_pg_ts_template_tmplnamespace),
    own(UserMappingRelationId),
    part(AttrDefaultRelationId, RelationRelationId, Anum_pg_attrdef_adrelid),
    part(RewriteRelationId, RelationRelationId, Anum_pg_rewrite_ev_class),
    part(PolicyRelationId, RelationRelationId, Anum_pg_policy_polrelid),
    part(EnumRelationId, TypeRelationId, Anum_pg_enum_enumtypid),
    part(AccessMethodOperatorRelationId, OperatorFamilyRelationId, Anum_pg_amop_amopfamily),
    part(AccessMethodProcedureRelationId, OperatorFamilyRelationId, Anum_pg_amproc_amprocfamily),
    part(PublicationRelRelationId, PublicationRelationId, Anum_pg_publication_rel_prpubid),
    part(PublicationNamespaceRelationId, PublicationRelationId, Anum_pg_publication_namespace_pnpubid),
    piece(AggregateRelationId, ProcedureRelationId, Anum_pg_aggregate_aggfnoid),
    piece(ForeignTableRelationId, RelationRelationId, Anum_pg_foreign_table_ftrelid),
    piece(InheritsRelationId, RelationRelationId, Anum_pg_inherits_inhrelid),
    piece(SequenceRelationId, RelationRelationId, Anum_pg_sequence_seqrelid),
    piece(PartitionedRelationId, RelationRelationId, Anum_pg_partitioned_table_partrelid),
    piece(TSConfigMapRelationId, TSConfigRelationId, Anum_pg_ts_config_map_mapcfg),
};

// Those that have functions of their own below.
constexpr Oid others[] = {
    NamespaceRelationId,   RelationRelationId,     IndexRelationId,      TypeRelationId,
    RangeRelationId,       AttributeRelationId,    ConstraintRelationId, TriggerRelationId,
    ExtensionRelationId,   EventTriggerRelationId, DefaultAclRelationId, DependRelationId,
    DescriptionRelationId, SecLabelRelationId,     InitPrivsRelationId,
};

bool is_of_system(Oid object) {
    return object < FirstNormalObjectId;
}

struct Scan {
    Snapshot snapshot;
    ObjectSums sums{};
    SystemPrivileges privileges{};
    Array<Oid> hidden_schemas{}; // temporary ones, and the engine's own
    Array<Oid> tablespaces{};    // that relations name
    struct Call {
        Oid event_trigger;
        Oid function;
    };
    Array<Call> calls{};
    Oid own_extension = InvalidOid;
    Oid last_schema = InvalidOid;
    bool last_schema_is_hidden = false;

    bool is_hidden(Oid schema) {
        if (schema != last_schema) {
            last_schema = schema;
            last_schema_is_hidden =
                std::find(hidden_schemas.begin(), hidden_schemas.end(), schema) != hidden_schemas.end();
        }
        return last_schema_is_hidden;
    }

    // The row is part of what the object's sum is about. Privileges on what initdb made are kept apart.
    void add(RootId object, Oid catalog, HeapTuple row, TupleDesc descriptor, int privilege_column = 0,
             int32 number = 0) {
        if (privilege_column != 0 && is_of_system(object.object) && is_one_of_many(object) &&
            !heap_attisnull(row, privilege_column, descriptor)) {
            privileges.present(object, number, hash_of_value(row, privilege_column, descriptor));
            sums.add(object, hash_without(privilege_column, catalog, row, descriptor));
        } else {
            sums.add(object, hash_of_row(catalog, row, descriptor));
        }
    }

    // Whether (catalog, 0) stands for it.
    static bool is_one_of_many(RootId object) {
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

    void by_rule(const Rule &rule);
    void schemas();
    void relations();
    void indexes();
    void types();
    void columns();
    void constraints();
    void triggers();
    void extensions();
    void default_privileges();
    void notes();
    void dependencies();
    void engine_event_triggers();
    Array<Oid> named_roles(const SharedRows &shared);
    RawScan result();
    RawScan run();
};

void Scan::by_rule(const Rule &rule) {
    each_row(rule.catalog, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const Oid owner_oid =
            rule.owner_column == 0 ? InvalidOid : oid_at(row, rule.owner_column, descriptor);
        const RootId owner{rule.owner_catalog, owner_oid};
        const RootId object = rule.has_oid ? RootId{rule.catalog, oid_at(row, 1, descriptor)} : owner;
        if (rule.schema_column != 0 && is_hidden(oid_at(row, rule.schema_column, descriptor))) {
            sums.ignore(object);
            return;
        }
        if (rule.has_oid && rule.owner_column != 0)
            sums.belongs(object, owner);
        add(object, rule.catalog, row, descriptor, rule.privilege_column);
    });
}

void Scan::schemas() {
    each_row(NamespaceRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *schema = reinterpret_cast<Form_pg_namespace>(GETSTRUCT(row));
        const char *name = NameStr(schema->nspname);
        const RootId object{NamespaceRelationId, schema->oid};
        if (strncmp(name, "pg_temp", 7) == 0 || strncmp(name, "pg_toast_temp", 13) == 0 ||
            strcmp(name, "turnstone") == 0) {
            hidden_schemas.push(schema->oid);
            sums.ignore(object);
        } else {
            add(object, NamespaceRelationId, row, descriptor, Anum_pg_namespace_nspacl);
        }
    });
}

void Scan::relations() {
    each_row(RelationRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *relation = reinterpret_cast<Form_pg_class>(GETSTRUCT(row));
        const RootId object{RelationRelationId, relation->oid};
        if (relation->relpersistence == RELPERSISTENCE_TEMP || is_hidden(relation->relnamespace)) {
            sums.ignore(object);
            return;
        }
        if (relation->relkind == RELKIND_TOASTVALUE) {
            sums.ignore(object);
            // Its name says whose it is; the link to it changes with every rewrite.
            constexpr const char *begin = "pg_toast_";
            const char *name = NameStr(relation->relname);
            if (!heap_attisnull(row, Anum_pg_class_reloptions, descriptor) &&
                strncmp(name, begin, strlen(begin)) == 0)
                sums.add({RelationRelationId, atooid(name + strlen(begin))},
                         hash_of_value(row, Anum_pg_class_reloptions, descriptor));
            return;
        }
        if (relation->relkind == RELKIND_COMPOSITE_TYPE)
            sums.belongs(object, {TypeRelationId, relation->reltype});
        if (OidIsValid(relation->reltablespace))
            tablespaces.push(relation->reltablespace);
        add(object, RelationRelationId, row, descriptor, Anum_pg_class_relacl);
    });
    std::sort(tablespaces.begin(), tablespaces.end());
    tablespaces.size =
        static_cast<int>(std::unique(tablespaces.begin(), tablespaces.end()) - tablespaces.begin());
}

void Scan::indexes() {
    each_row(IndexRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *index = reinterpret_cast<Form_pg_index>(GETSTRUCT(row));
        const RootId table{RelationRelationId, index->indrelid};
        sums.belongs({RelationRelationId, index->indexrelid}, table);
        if (!sums.is_ignored(table))
            add(table, IndexRelationId, row, descriptor);
    });
}

void Scan::types() {
    each_row(TypeRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *type = reinterpret_cast<Form_pg_type>(GETSTRUCT(row));
        const RootId object{TypeRelationId, type->oid};
        if (is_hidden(type->typnamespace)) {
            sums.ignore(object);
            return;
        }
        if (OidIsValid(type->typarray))
            sums.belongs({TypeRelationId, type->typarray}, object);
        if (OidIsValid(type->typrelid)) {
            const RootId relation{RelationRelationId, type->typrelid};
            const ObjectSums::Entry *found = sums.find(relation);
            if (found == nullptr || found->owner != object) // no composite type, which owns its relation
                sums.belongs(object, relation);
        }
        add(object, TypeRelationId, row, descriptor, Anum_pg_type_typacl);
    });
    each_row(RangeRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *range = reinterpret_cast<Form_pg_range>(GETSTRUCT(row));
        const RootId object{TypeRelationId, range->rngtypid};
        if (OidIsValid(range->rngmultitypid))
            sums.belongs({TypeRelationId, range->rngmultitypid}, object);
        add(object, RangeRelationId, row, descriptor);
    });
}

void Scan::columns() {
    each_row(AttributeRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *column = reinterpret_cast<Form_pg_attribute>(GETSTRUCT(row));
        const RootId relation{RelationRelationId, column->attrelid};
        // The system's columns are the same in every relation, but for grants on them.
        if (column->attnum < 0 && heap_attisnull(row, Anum_pg_attribute_attacl, descriptor))
            return;
        if (!sums.is_ignored(relation))
            add(relation, AttributeRelationId, row, descriptor, Anum_pg_attribute_attacl, column->attnum);
    });
}

void Scan::constraints() {
    each_row(ConstraintRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *constraint = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
        const RootId object{ConstraintRelationId, constraint->oid};
        if (OidIsValid(constraint->conrelid))
            sums.belongs(object, {RelationRelationId, constraint->conrelid});
        else if (OidIsValid(constraint->contypid))
            sums.belongs(object, {TypeRelationId, constraint->contypid});
        add(object, ConstraintRelationId, row, descriptor);
    });
}

void Scan::triggers() {
    each_row(TriggerRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *trigger = reinterpret_cast<Form_pg_trigger>(GETSTRUCT(row));
        const RootId object{TriggerRelationId, trigger->oid};
        if (trigger->tgisinternal && OidIsValid(trigger->tgconstraint))
            sums.belongs(object, {ConstraintRelationId, trigger->tgconstraint});
        else
            sums.belongs(object, {RelationRelationId, trigger->tgrelid});
        add(object, TriggerRelationId, row, descriptor);
    });
}

void Scan::extensions() {
    each_row(ExtensionRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *extension = reinterpret_cast<Form_pg_extension>(GETSTRUCT(row));
        const RootId object{ExtensionRelationId, extension->oid};
        if (strcmp(NameStr(extension->extname), "turnstone") == 0)
            sums.ignore(object);
        else
            add(object, ExtensionRelationId, row, descriptor);
    });
    each_row(EventTriggerRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *trigger = reinterpret_cast<Form_pg_event_trigger>(GETSTRUCT(row));
        calls.push({trigger->oid, trigger->evtfoid});
        add({EventTriggerRelationId, trigger->oid}, EventTriggerRelationId, row, descriptor);
    });
}

void Scan::default_privileges() {
    each_row(DefaultAclRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const RootId object{DefaultAclRelationId, reinterpret_cast<Form_pg_default_acl>(GETSTRUCT(row))->oid};
        add(object, DefaultAclRelationId, row, descriptor);
    });
}

// What stands in catalogs of its own about objects of every kind.
void Scan::notes() {
    each_row(DescriptionRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *description = reinterpret_cast<Form_pg_description>(GETSTRUCT(row));
        add({description->classoid, description->objoid}, DescriptionRelationId, row, descriptor);
    });
    each_row(SecLabelRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *label = reinterpret_cast<FormData_pg_seclabel *>(GETSTRUCT(row));
        add({label->classoid, label->objoid}, SecLabelRelationId, row, descriptor);
    });
    each_row(InitPrivsRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *initial = reinterpret_cast<Form_pg_init_privs>(GETSTRUCT(row));
        const RootId object{initial->classoid, initial->objoid};
        if (is_one_of_many(object))
            privileges.initial(object, initial->objsubid,
                               hash_of_value(row, Anum_pg_init_privs_initprivs, descriptor));
        add(object, InitPrivsRelationId, row, descriptor);
    });
}

// Those that say what belongs to what. The normal ones follow from the objects.
void Scan::dependencies() {
    each_row(DependRelationId, snapshot, [&](HeapTuple row, TupleDesc descriptor) {
        const auto *dependency = reinterpret_cast<Form_pg_depend>(GETSTRUCT(row));
        if (dependency->deptype == DEPENDENCY_NORMAL)
            return;
        const RootId object{dependency->classid, dependency->objid};
        if (sums.is_ignored(object))
            return;
        const bool is_member = dependency->deptype == DEPENDENCY_EXTENSION;
        const bool is_identity = dependency->deptype == DEPENDENCY_INTERNAL && dependency->refobjsubid > 0 &&
                                 dependency->classid == RelationRelationId;
        if ((is_member && dependency->refclassid == ExtensionRelationId) ||
            (is_identity && dependency->refclassid == RelationRelationId))
            sums.belongs(object, {dependency->refclassid, dependency->refobjid});
        add(object, DependRelationId, row, descriptor);
    });
}

void Scan::engine_event_triggers() {
    for (const Call &call : calls) {
        if (sums.root({ProcedureRelationId, call.function}) == ObjectSums::ignored)
            sums.ignore({EventTriggerRelationId, call.event_trigger});
    }
}

// Roles that an object which counts names, or a setting of this database; and the superuser that initdb made,
// which no dependency names.
Array<Oid> Scan::named_roles(const SharedRows &shared) {
    Array<Oid> named{};
    named.push(BOOTSTRAP_SUPERUSERID);
    for (const Oid role : shared.roles_with_settings)
        named.push(role);
    each_named_role(snapshot, [&](RootId object, Oid role) {
        if (std::find(named.begin(), named.end(), role) == named.end() && sums.find(object) != nullptr &&
            sums.root(object) != ObjectSums::ignored)
            named.push(role);
    });
    std::sort(named.begin(), named.end());
    return named;
}

RawScan Scan::result() {
    ObjectSums whole{};
    const SharedRows shared = scan_shared_catalogs(snapshot);
    const Array<Oid> roles = named_roles(shared);
    for (const SharedRow &row : shared.rows) {
        const bool counts = row.root.catalog == AuthIdRelationId
                                ? std::binary_search(roles.begin(), roles.end(), row.root.object)
                            : row.root.catalog == TableSpaceRelationId
                                ? std::binary_search(tablespaces.begin(), tablespaces.end(), row.root.object)
                                : true;
        if (counts)
            sums.add(row.root, row.hash);
    }
    sums.fold();
    sums.each_root([&](RootId root, std::uint64_t sum) {
        whole.add(is_one_of_many(root) ? RootId{root.catalog, InvalidOid} : root, sum);
    });
    privileges.each_difference([&](RootId object, std::uint64_t hash) {
        const RootId root = sums.root(object);
        if (root != ObjectSums::ignored)
            whole.add(is_one_of_many(root) ? object : root, hash);
    });
    Array<RawEntry> entries{};
    whole.each_root([&](RootId root, std::uint64_t sum) { entries.push({root, sum == 0 ? 1 : sum}); });
    std::sort(entries.begin(), entries.end(),
              [](const RawEntry &left, const RawEntry &right) { return left.root < right.root; });
    return {entries, sum_of(shared)};
}

RawScan Scan::run() {
    schemas();
    relations();
    indexes();
    types();
    columns();
    constraints();
    triggers();
    for (const Rule &rule : rules)
        by_rule(rule);
    extensions();
    default_privileges();
    notes();
    dependencies();
    engine_event_triggers();
    return result();
}

constexpr auto all_catalogs = [] {
    std::array<Oid, std::size(rules) + std::size(others)> all{};
    std::size_t size = 0;
    for (const Rule &rule : rules)
        all[size++] = rule.catalog;
    for (const Oid catalog : others)
        all[size++] = catalog;
    return all;
}();

} // namespace

RawScan scan_raw(Snapshot snapshot) {
    return Scan{.snapshot = snapshot}.run();
}

std::span<const Oid> catalogs_of_raw_scan() {
    return all_catalogs;
}

} // namespace turnstone::server
