// Owns the direct scans of the catalogs, and the fingerprint that they add up to. All of it is a leaf:
// nothing here has a destructor, everything lives in the caller's memory context.
#include "turnstone/server/catalog_scan.hpp"

#include <algorithm>
#include <functional>

namespace turnstone::server {

namespace {

// ---------------------------------------------------------------------------------------------- fingerprint

// A hash for change, not against an adversary: 64 bits, 16 bytes a step.
std::uint64_t mixed(std::uint64_t left, std::uint64_t right) {
    const auto product = static_cast<unsigned __int128>(left) * right;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash(const void *bytes, std::size_t size, std::uint64_t seed) {
    constexpr std::uint64_t first = 0xa0761d6478bd642f;
    constexpr std::uint64_t second = 0xe7037ed1a0b428db;
    const auto *at = static_cast<const char *>(bytes);
    std::uint64_t state = seed ^ mixed(size ^ first, second);
    std::uint64_t words[2];
    for (; size >= sizeof words; size -= sizeof words, at += sizeof words) {
        memcpy(words, at, sizeof words);
        state = mixed(words[0] ^ first, words[1] ^ state ^ second);
    }
    words[0] = words[1] = 0;
    memcpy(words, at, size);
    return mixed(words[0] ^ second, words[1] ^ mixed(state ^ first, second));
}

// Of a tuple's data, whatever its place and its transactions. The null bitmap stands outside of the data.
std::uint64_t tuple_hash(HeapTuple tuple, const void *data, Oid catalog) {
    std::uint64_t seed = catalog;
    if (HeapTupleHasNulls(tuple))
        seed = hash(tuple->t_data->t_bits,
                    static_cast<std::size_t>(BITMAPLEN(HeapTupleHeaderGetNatts(tuple->t_data))), seed);
    return hash(data, tuple->t_len - tuple->t_data->t_hoff, seed);
}

// Without what VACUUM, ANALYZE, REINDEX, TRUNCATE and CREATE INDEX write into the rows in passing.
std::uint64_t class_hash(HeapTuple tuple) {
    union {
        FormData_pg_class form;
        char bytes[BLCKSZ];
    } copy;
    memcpy(copy.bytes, GETSTRUCT(tuple), tuple->t_len - tuple->t_data->t_hoff);
    compat::clear_passing_state(&copy.form);
    return tuple_hash(tuple, copy.bytes, RelationRelationId);
}

std::uint64_t index_hash(HeapTuple tuple) {
    union {
        FormData_pg_index form;
        char bytes[BLCKSZ];
    } copy;
    memcpy(copy.bytes, GETSTRUCT(tuple), tuple->t_len - tuple->t_data->t_hoff);
    copy.form.indcheckxmin = false;
    return tuple_hash(tuple, copy.bytes, IndexRelationId);
}

// Names only: passwords are no matter of the schema.
std::uint64_t role_hash(HeapTuple tuple) {
    const auto *role = reinterpret_cast<Form_pg_authid>(GETSTRUCT(tuple));
    return hash(NameStr(role->rolname), strlen(NameStr(role->rolname)), role->oid);
}

// -------------------------------------------------------------------------------------------------- the scan

struct Schema {
    Oid oid;
    const char *identity;
};

struct Object {
    Oid catalog;
    Oid oid;
};

template <class Element, class Less>
void sort(Array<Element> &array, Less less) {
    if (array.size > 1)
        std::sort(array.begin(), array.end(), less);
}

bool before(const Object &left, const Object &right) {
    return left.catalog != right.catalog ? left.catalog < right.catalog : left.oid < right.oid;
}

struct Scan {
    ScannedCatalogs found{};
    bool facts; // not the fingerprint alone
    Snapshot snapshot = nullptr;
    Array<Schema> schemas{};          // users'
    Array<Oid> temporary_schemas{};   // of any session
    Array<Oid> temporary_relations{}; // ordered after the scan of pg_class
    Array<Object> temporary{};        // relations, types and constraints, as pg_depend names them
    Array<Object> members{};          // of extensions

    // Calls visit(tuple), which returns what the tuple adds to the fingerprint.
    template <class Visit>
    void each(Oid catalog, Visit visit) {
        CHECK_FOR_INTERRUPTS();
        Relation relation = table_open(catalog, AccessShareLock);
        TableScanDesc scan = table_beginscan_strat(relation, snapshot, 0, nullptr, true, false);
        while (HeapTuple tuple = heap_getnext(scan, ForwardScanDirection))
            found.fingerprint += visit(tuple, RelationGetDescr(relation));
        table_endscan(scan);
        table_close(relation, AccessShareLock);
    }

    // A catalog of which only changes are of interest; with the relation that a tuple belongs to.
    template <class Owner>
    void fingerprint_of(Oid catalog, Owner owner) {
        each(catalog, [&](HeapTuple tuple, TupleDesc) -> std::uint64_t {
            return is_temporary(owner(tuple)) ? 0 : tuple_hash(tuple, GETSTRUCT(tuple), catalog);
        });
    }
    void fingerprint_of(Oid catalog) {
        fingerprint_of(catalog, [](HeapTuple) { return InvalidOid; });
    }

    [[nodiscard]] bool is_temporary(Oid relation) const {
        return temporary_relations.size > 0 && OidIsValid(relation) &&
               std::binary_search(temporary_relations.begin(), temporary_relations.end(), relation);
    }
    [[nodiscard]] bool in_temporary_schema(Oid schema) const {
        return std::find(temporary_schemas.begin(), temporary_schemas.end(), schema) !=
               temporary_schemas.end();
    }
    [[nodiscard]] const Schema *user_schema(Oid schema) const {
        for (const Schema &one : schemas) {
            if (one.oid == schema)
                return &one;
        }
        return nullptr;
    }
    [[nodiscard]] bool is_member(Oid catalog, Oid object) const {
        return std::binary_search(members.begin(), members.end(), Object{catalog, object}, before);
    }
    // Rows of one relation mostly follow each other.
    ScannedRelation *relation(Oid oid) {
        if (last == nullptr || last->oid != oid)
            last = found.relation(oid);
        return last;
    }
    ScannedRelation *last = nullptr;

    void namespaces();
    void relations();
    void types();
    void constraints_of_relations();
    void dependencies();
    void parts_of_relations();
    void others();
    void without_members();
    void in_order();
    void run();
};

void Scan::namespaces() {
    each(NamespaceRelationId, [&](HeapTuple tuple, TupleDesc) -> std::uint64_t {
        const auto *schema = reinterpret_cast<Form_pg_namespace>(GETSTRUCT(tuple));
        const char *name = NameStr(schema->nspname);
        if (strncmp(name, "pg_temp", 7) == 0 || strncmp(name, "pg_toast_temp", 13) == 0) {
            temporary_schemas.push(schema->oid);
            return 0;
        }
        if (strcmp(name, "pg_catalog") != 0 && strcmp(name, "information_schema") != 0 &&
            strcmp(name, "turnstone") != 0 && strncmp(name, "pg_toast", 8) != 0)
            schemas.push({schema->oid, pstrdup(quote_identifier(name))});
        return tuple_hash(tuple, GETSTRUCT(tuple), NamespaceRelationId);
    });
}

void Scan::relations() {
    each(RelationRelationId, [&](HeapTuple tuple, TupleDesc descriptor) -> std::uint64_t {
        const auto *relation = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple));
        if (relation->relpersistence == RELPERSISTENCE_TEMP) {
            temporary_relations.push(relation->oid);
            temporary.push({RelationRelationId, relation->oid});
            return 0;
        }
        const Schema *schema = facts ? user_schema(relation->relnamespace) : nullptr;
        if (schema != nullptr) {
            const bool usual = heap_attisnull(tuple, Anum_pg_class_reloptions, descriptor) &&
                               relation->reltablespace == InvalidOid;
            ScannedRelation one{};
            one.oid = relation->oid;
            one.owner = relation->relowner;
            one.schema = relation->relnamespace;
            one.name = pstrdup(NameStr(relation->relname));
            one.access_method = relation->relam;
            one.kind = relation->relkind;
            one.plain = relation->relkind == RELKIND_RELATION && usual &&
                        heap_attisnull(tuple, Anum_pg_class_relacl, descriptor) &&
                        relation->relpersistence == RELPERSISTENCE_PERMANENT && !relation->relispartition &&
                        relation->relreplident == REPLICA_IDENTITY_DEFAULT && !relation->relrowsecurity &&
                        !relation->relforcerowsecurity;
            one.plain_index = relation->reltablespace == InvalidOid;
            one.identity = relation->relispartition && !has_columns(relation->relkind)
                               ? nullptr // the part of a partitioned index: no object of its own
                               : psprintf("%s.%s", schema->identity, quote_identifier(one.name));
            found.relations.push(one);
        }
        return class_hash(tuple);
    });
    sort(temporary_relations, std::less<Oid>());
    sort(found.relations,
         [](const ScannedRelation &left, const ScannedRelation &right) { return left.oid < right.oid; });
}

void Scan::types() {
    each(TypeRelationId, [&](HeapTuple tuple, TupleDesc) -> std::uint64_t {
        const auto *type = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple));
        if (in_temporary_schema(type->typnamespace)) {
            temporary.push({TypeRelationId, type->oid});
            return 0;
        }
        if (type->typtype == TYPTYPE_ENUM && user_schema(type->typnamespace) != nullptr)
            found.any_enum = true;
        return tuple_hash(tuple, GETSTRUCT(tuple), TypeRelationId);
    });
}

void Scan::constraints_of_relations() {
    each(ConstraintRelationId, [&](HeapTuple tuple, TupleDesc) -> std::uint64_t {
        const auto *constraint = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(tuple));
        if (is_temporary(constraint->conrelid)) {
            temporary.push({ConstraintRelationId, constraint->oid});
            return 0;
        }
        if (facts && relation(constraint->conrelid) != nullptr)
            found.constraints.push({constraint->oid, constraint->conrelid, constraint->conindid,
                                    constraint->contype, OidIsValid(constraint->conparentid),
                                    !constraint->conislocal, pstrdup(NameStr(constraint->conname))});
        return tuple_hash(tuple, GETSTRUCT(tuple), ConstraintRelationId);
    });
    sort(temporary, before);
}

// Of the dependencies, those that say what belongs to what. The normal ones follow from the objects.
void Scan::dependencies() {
    each(DependRelationId, [&](HeapTuple tuple, TupleDesc) -> std::uint64_t {
        const auto *dependency = reinterpret_cast<Form_pg_depend>(GETSTRUCT(tuple));
        if (dependency->deptype == DEPENDENCY_NORMAL)
            return 0;
        if (temporary.size > 0 &&
            (std::binary_search(temporary.begin(), temporary.end(),
                                Object{dependency->classid, dependency->objid}, before) ||
             std::binary_search(temporary.begin(), temporary.end(),
                                Object{dependency->refclassid, dependency->refobjid}, before)))
            return 0;
        if (dependency->deptype == DEPENDENCY_EXTENSION)
            members.push({dependency->classid, dependency->objid});
        if (facts && dependency->deptype == DEPENDENCY_INTERNAL && dependency->classid == RelationRelationId)
            found.internal_relations.push(dependency->objid);
        return tuple_hash(tuple, GETSTRUCT(tuple), DependRelationId);
    });
    sort(members, before);
    sort(found.internal_relations, std::less<Oid>());
}

char *text_at(HeapTuple tuple, int number, TupleDesc descriptor) {
    bool is_null = false;
    const Datum value = heap_getattr(tuple, number, descriptor, &is_null);
    return is_null ? nullptr : TextDatumGetCString(value);
}

// Whether there are options but pg_attver, which is the server's own (see the query of columns in
// catalog.cpp).
bool has_options(HeapTuple column, TupleDesc descriptor) {
    bool is_null = false;
    const Datum options = heap_getattr(column, Anum_pg_attribute_attoptions, descriptor, &is_null);
    if (is_null)
        return false;
    Datum *elements = nullptr;
    int count = 0;
    deconstruct_array(DatumGetArrayTypeP(options), TEXTOID, -1, false, TYPALIGN_INT, &elements, nullptr,
                      &count);
    bool any = false;
    for (int i = 0; i < count && !any; ++i) {
        const auto *option = DatumGetTextPP(elements[i]);
        constexpr const char *own = "pg_attver=";
        any = VARSIZE_ANY_EXHDR(option) < strlen(own) || memcmp(VARDATA_ANY(option), own, strlen(own)) != 0;
    }
    pfree(elements);
    return any;
}

void Scan::parts_of_relations() {
    each(DescriptionRelationId, [&](HeapTuple tuple, TupleDesc descriptor) -> std::uint64_t {
        const auto *description = reinterpret_cast<Form_pg_description>(GETSTRUCT(tuple));
        if (description->classoid == RelationRelationId && is_temporary(description->objoid))
            return 0;
        if (facts &&
            (description->classoid == ConstraintRelationId ||
             (description->classoid == RelationRelationId && relation(description->objoid) != nullptr)))
            found.descriptions.push({description->classoid, description->objoid, description->objsubid,
                                     text_at(tuple, Anum_pg_description_description, descriptor)});
        return tuple_hash(tuple, GETSTRUCT(tuple), DescriptionRelationId);
    });
    each(InheritsRelationId, [&](HeapTuple tuple, TupleDesc) -> std::uint64_t {
        const auto *child = reinterpret_cast<Form_pg_inherits>(GETSTRUCT(tuple));
        if (is_temporary(child->inhrelid))
            return 0;
        if (ScannedRelation *one = relation(child->inhrelid); one != nullptr)
            one->plain = false;
        return tuple_hash(tuple, GETSTRUCT(tuple), InheritsRelationId);
    });
    each(AttrDefaultRelationId, [&](HeapTuple tuple, TupleDesc descriptor) -> std::uint64_t {
        const auto *fallback = reinterpret_cast<Form_pg_attrdef>(GETSTRUCT(tuple));
        if (is_temporary(fallback->adrelid))
            return 0;
        if (facts && relation(fallback->adrelid) != nullptr) {
            bool is_null = false;
            const Datum tree = heap_getattr(tuple, Anum_pg_attrdef_adbin, descriptor, &is_null);
            if (!is_null)
                found.defaults.push(
                    {fallback->adrelid, fallback->adnum, PointerGetDatum(PG_DETOAST_DATUM_COPY(tree))});
        }
        return tuple_hash(tuple, GETSTRUCT(tuple), AttrDefaultRelationId);
    });
    each(AttributeRelationId, [&](HeapTuple tuple, TupleDesc descriptor) -> std::uint64_t {
        const auto *column = reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple));
        if (is_temporary(column->attrelid))
            return 0;
        const ScannedRelation *table =
            facts && column->attnum > 0 && !column->attisdropped ? relation(column->attrelid) : nullptr;
        if (table != nullptr && has_columns(table->kind))
            found.columns.push({column->attrelid, column->attnum, column->attnotnull, !column->attislocal,
                                column->attgenerated != '\0' || column->attidentity != '\0' ||
                                    column->attcompression != '\0' ||
                                    compat::has_statistics_target(tuple, descriptor) ||
                                    !heap_attisnull(tuple, Anum_pg_attribute_attacl, descriptor) ||
                                    has_options(tuple, descriptor),
                                column->attstorage, column->atttypmod, column->atttypid, column->attcollation,
                                pstrdup(NameStr(column->attname))});
        return tuple_hash(tuple, GETSTRUCT(tuple), AttributeRelationId);
    });
    each(IndexRelationId, [&](HeapTuple tuple, TupleDesc) -> std::uint64_t {
        const auto *index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
        if (is_temporary(index->indrelid))
            return 0;
        if (facts)
            found.indexes.push({index->indexrelid, index->indrelid,
                                !index->indisvalid || index->indisreplident || index->indisclustered});
        return index_hash(tuple);
    });
    each(TriggerRelationId, [&](HeapTuple tuple, TupleDesc) -> std::uint64_t {
        const auto *trigger = reinterpret_cast<Form_pg_trigger>(GETSTRUCT(tuple));
        if (is_temporary(trigger->tgrelid))
            return 0;
        if (facts && !trigger->tgisinternal && relation(trigger->tgrelid) != nullptr)
            found.any_trigger = true;
        return tuple_hash(tuple, GETSTRUCT(tuple), TriggerRelationId);
    });
    each(ProcedureRelationId, [&](HeapTuple tuple, TupleDesc) -> std::uint64_t {
        const auto *function = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple));
        if (in_temporary_schema(function->pronamespace))
            return 0;
        if (facts && user_schema(function->pronamespace) != nullptr &&
            !is_member(ProcedureRelationId, function->oid))
            found.any_function = true;
        return tuple_hash(tuple, GETSTRUCT(tuple), ProcedureRelationId);
    });
}

// What else a property or the name of something in a text stands in.
void Scan::others() {
    fingerprint_of(EnumRelationId);
    fingerprint_of(SequenceRelationId, [](HeapTuple tuple) {
        return reinterpret_cast<Form_pg_sequence>(GETSTRUCT(tuple))->seqrelid;
    });
    fingerprint_of(RewriteRelationId, [](HeapTuple tuple) {
        return reinterpret_cast<Form_pg_rewrite>(GETSTRUCT(tuple))->ev_class;
    });
    fingerprint_of(PartitionedRelationId, [](HeapTuple tuple) {
        return reinterpret_cast<Form_pg_partitioned_table>(GETSTRUCT(tuple))->partrelid;
    });
    for (const Oid catalog :
         {AccessMethodRelationId, TableSpaceRelationId, CollationRelationId, OperatorRelationId,
          OperatorClassRelationId, LanguageRelationId, TSConfigRelationId, TSDictionaryRelationId})
        fingerprint_of(catalog);
    each(AuthIdRelationId, [&](HeapTuple tuple, TupleDesc) { return role_hash(tuple); });
}

void Scan::without_members() {
    found.relations.size =
        static_cast<int>(std::remove_if(found.relations.begin(), found.relations.end(),
                                        [&](const ScannedRelation &relation) {
                                            return is_member(RelationRelationId, relation.oid);
                                        }) -
                         found.relations.begin());
    last = nullptr;
}

void Scan::in_order() {
    sort(found.descriptions, [](const ScannedDescription &left, const ScannedDescription &right) {
        if (left.catalog != right.catalog)
            return left.catalog < right.catalog;
        return left.object != right.object ? left.object < right.object : left.number < right.number;
    });
    sort(found.defaults, [](const ScannedDefault &left, const ScannedDefault &right) {
        return left.relation != right.relation ? left.relation < right.relation : left.number < right.number;
    });
    sort(found.columns, [](const ScannedColumn &left, const ScannedColumn &right) {
        return left.relation != right.relation ? left.relation < right.relation : left.number < right.number;
    });
}

void Scan::run() {
    CommandCounterIncrement();
    snapshot = RegisterSnapshot(GetLatestSnapshot());
    namespaces();
    relations();
    types();
    constraints_of_relations();
    dependencies();
    without_members();
    parts_of_relations();
    others();
    in_order();
    UnregisterSnapshot(snapshot);
}

} // namespace

ScannedRelation *ScannedCatalogs::relation(Oid oid) const {
    ScannedRelation *place =
        std::lower_bound(relations.begin(), relations.end(), oid,
                         [](const ScannedRelation &one, Oid wanted) { return one.oid < wanted; });
    return place == relations.end() || place->oid != oid ? nullptr : place;
}

ScannedCatalogs scan_catalogs() {
    Scan scan{.facts = true};
    scan.run();
    return scan.found;
}

std::uint64_t catalog_fingerprint() {
    Scan scan{.facts = false};
    scan.run();
    return scan.found.fingerprint;
}

} // namespace turnstone::server
