// Owns the direct scans of the catalogs for the facts of plain tables. All of it is a leaf: nothing here has
// a destructor, everything lives in the caller's memory context.
#include "turnstone/server/catalog_scan.hpp"

#include <algorithm>
#include <functional>

#include "turnstone/server/catalog_rows.hpp"

namespace turnstone::server {

namespace {

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

bool object_before(const Object &left, const Object &right) {
    return left.catalog != right.catalog ? left.catalog < right.catalog : left.oid < right.oid;
}

struct Column {
    Oid relation;
    int16 number;
};

bool column_before(const Column &left, const Column &right) {
    return left.relation != right.relation ? left.relation < right.relation : left.number < right.number;
}

// NOT NULL is a constraint since 18.
struct NotNull {
    Oid oid;
    Column column;
};

struct Scan {
    ScannedCatalogs found{};
    Snapshot snapshot = nullptr;
    Array<Schema> schemas{}; // users'
    Array<Object> members{}; // of extensions
    Array<NotNull> not_nulls{};
    Array<Column> odd_columns{}; // that something in another catalog makes so

    [[nodiscard]] const Schema *user_schema(Oid schema) const {
        for (const Schema &one : schemas) {
            if (one.oid == schema)
                return &one;
        }
        return nullptr;
    }
    [[nodiscard]] bool is_member(Oid catalog, Oid object) const {
        return std::binary_search(members.begin(), members.end(), Object{catalog, object}, object_before);
    }
    [[nodiscard]] bool is_odd(const Column &column) const {
        return odd_columns.size > 0 &&
               std::binary_search(odd_columns.begin(), odd_columns.end(), column, column_before);
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
    void constraints_of_relations();
    void dependencies();
    void parts_of_relations();
    void without_members();
    void in_order();
    void run();
};

void Scan::namespaces() {
    each_row(NamespaceRelationId, snapshot, [&](HeapTuple tuple, TupleDesc) {
        const auto *schema = reinterpret_cast<Form_pg_namespace>(GETSTRUCT(tuple));
        const char *name = NameStr(schema->nspname);
        if (strcmp(name, "pg_catalog") != 0 && strcmp(name, "information_schema") != 0 &&
            strcmp(name, "turnstone") != 0 && strncmp(name, "pg_toast", 8) != 0 &&
            strncmp(name, "pg_temp_", 8) != 0)
            schemas.push({schema->oid, pstrdup(quote_identifier(name))});
    });
}

void Scan::relations() {
    Array<Oid> with_toast_options{};
    each_row(RelationRelationId, snapshot, [&](HeapTuple tuple, TupleDesc descriptor) {
        const auto *relation = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple));
        const bool has_options = !heap_attisnull(tuple, Anum_pg_class_reloptions, descriptor);
        constexpr const char *begin = "pg_toast_"; // and the OID of the table
        if (has_options && strncmp(NameStr(relation->relname), begin, strlen(begin)) == 0)
            with_toast_options.push(atooid(NameStr(relation->relname) + strlen(begin)));
        const Schema *schema = user_schema(relation->relnamespace);
        if (schema != nullptr) {
            ScannedRelation one{};
            one.oid = relation->oid;
            one.owner = relation->relowner;
            one.schema = relation->relnamespace;
            one.name = pstrdup(NameStr(relation->relname));
            one.access_method = relation->relam;
            one.kind = relation->relkind;
            one.has_options = has_options;
            one.permanent = relation->relpersistence == RELPERSISTENCE_PERMANENT;
            one.plain = relation->relkind == RELKIND_RELATION && !has_options &&
                        !OidIsValid(relation->reltablespace) && !OidIsValid(relation->reloftype) &&
                        heap_attisnull(tuple, Anum_pg_class_relacl, descriptor) && one.permanent &&
                        !relation->relispartition && relation->relreplident == REPLICA_IDENTITY_DEFAULT &&
                        !relation->relrowsecurity && !relation->relforcerowsecurity;
            one.plain_index = relation->reltablespace == InvalidOid;
            one.plain_sequence = relation->relkind == RELKIND_SEQUENCE && one.permanent &&
                                 heap_attisnull(tuple, Anum_pg_class_relacl, descriptor);
            one.identity = relation->relispartition && !has_columns(relation->relkind)
                               ? nullptr // the part of a partitioned index: no object of its own
                               : psprintf("%s.%s", schema->identity, quote_identifier(one.name));
            found.relations.push(one);
        }
    });
    sort(found.relations,
         [](const ScannedRelation &left, const ScannedRelation &right) { return left.oid < right.oid; });
    for (const Oid oid : with_toast_options) {
        if (ScannedRelation *table = found.relation(oid); table != nullptr)
            table->plain = false;
    }
}

// As the query of columns has it: "_not_null" and digits at the end.
bool is_given_by_the_server(const char *name) {
    constexpr const char *end = "_not_null";
    std::size_t size = strlen(name);
    while (size > 0 && name[size - 1] >= '0' && name[size - 1] <= '9')
        --size;
    return size >= strlen(end) && memcmp(name + size - strlen(end), end, strlen(end)) == 0;
}

int16 first_column(HeapTuple constraint, TupleDesc descriptor) {
    bool is_null = false;
    const Datum columns = heap_getattr(constraint, Anum_pg_constraint_conkey, descriptor, &is_null);
    if (is_null)
        return InvalidAttrNumber;
    ArrayType *array = DatumGetArrayTypeP(columns);
    return ARR_DIMS(array)[0] > 0 ? reinterpret_cast<int16 *>(ARR_DATA_PTR(array))[0] : InvalidAttrNumber;
}

void Scan::constraints_of_relations() {
    each_row(ConstraintRelationId, snapshot, [&](HeapTuple tuple, TupleDesc descriptor) {
        const auto *constraint = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(tuple));
        if (relation(constraint->conrelid) == nullptr)
            return;
        if (constraint->contype == 'n') {
            const Column column{constraint->conrelid, first_column(tuple, descriptor)};
            not_nulls.push({constraint->oid, column});
            if (!constraint->convalidated || constraint->connoinherit ||
                !is_given_by_the_server(NameStr(constraint->conname)))
                odd_columns.push(column);
        } else {
            found.constraints.push({constraint->oid, constraint->conrelid, constraint->conindid,
                                    constraint->contype, OidIsValid(constraint->conparentid),
                                    !constraint->conislocal, constraint->convalidated,
                                    pstrdup(NameStr(constraint->conname))});
        }
    });
    sort(not_nulls, [](const NotNull &left, const NotNull &right) { return left.oid < right.oid; });
}

void Scan::dependencies() {
    each_row(DependRelationId, snapshot, [&](HeapTuple tuple, TupleDesc) {
        const auto *dependency = reinterpret_cast<Form_pg_depend>(GETSTRUCT(tuple));
        if (dependency->deptype == DEPENDENCY_EXTENSION)
            members.push({dependency->classid, dependency->objid});
        if (dependency->deptype == DEPENDENCY_INTERNAL && dependency->classid == RelationRelationId)
            found.internal_relations.push(dependency->objid);
        if (dependency->deptype == DEPENDENCY_INTERNAL && dependency->classid == RelationRelationId &&
            dependency->refclassid == RelationRelationId && dependency->refobjsubid > 0)
            found.sequences.push(
                {dependency->refobjid, static_cast<int16>(dependency->refobjsubid), dependency->objid});
        if (dependency->deptype == DEPENDENCY_AUTO_EXTENSION && dependency->classid == RelationRelationId) {
            if (ScannedRelation *one = relation(dependency->objid); one != nullptr)
                one->plain_index = false;
        }
    });
    sort(members, object_before);
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

// As the server makes it when nothing is said of it.
bool is_usual(const FormData_pg_sequence &sequence) {
    const int64 highest = sequence.seqtypid == INT2OID   ? PG_INT16_MAX
                          : sequence.seqtypid == INT4OID ? PG_INT32_MAX
                                                         : PG_INT64_MAX;
    return sequence.seqstart == 1 && sequence.seqincrement == 1 && sequence.seqmin == 1 &&
           sequence.seqmax == highest && sequence.seqcache == 1 && !sequence.seqcycle;
}

void Scan::parts_of_relations() {
    each_row(DescriptionRelationId, snapshot, [&](HeapTuple tuple, TupleDesc descriptor) {
        const auto *description = reinterpret_cast<Form_pg_description>(GETSTRUCT(tuple));
        if (description->classoid == ConstraintRelationId ||
            (description->classoid == RelationRelationId && relation(description->objoid) != nullptr))
            found.descriptions.push({description->classoid, description->objoid, description->objsubid,
                                     text_at(tuple, Anum_pg_description_description, descriptor)});
        if (description->classoid == ConstraintRelationId) {
            const NotNull *place =
                std::lower_bound(not_nulls.begin(), not_nulls.end(), description->objoid,
                                 [](const NotNull &one, Oid wanted) { return one.oid < wanted; });
            if (place != not_nulls.end() && place->oid == description->objoid)
                odd_columns.push(place->column);
        }
    });
    each_row(SecLabelRelationId, snapshot, [&](HeapTuple tuple, TupleDesc) {
        const auto *label = reinterpret_cast<FormData_pg_seclabel *>(GETSTRUCT(tuple));
        ScannedRelation *one = label->classoid == RelationRelationId ? relation(label->objoid) : nullptr;
        if (one == nullptr)
            return;
        if (label->objsubid == 0)
            one->plain = false;
        else
            odd_columns.push({label->objoid, static_cast<int16>(label->objsubid)});
    });
    sort(odd_columns, column_before);
    each_row(InheritsRelationId, snapshot, [&](HeapTuple tuple, TupleDesc) {
        const auto *child = reinterpret_cast<Form_pg_inherits>(GETSTRUCT(tuple));
        if (ScannedRelation *one = relation(child->inhrelid); one != nullptr)
            one->plain = false;
    });
    each_row(AttrDefaultRelationId, snapshot, [&](HeapTuple tuple, TupleDesc descriptor) {
        const auto *fallback = reinterpret_cast<Form_pg_attrdef>(GETSTRUCT(tuple));
        if (relation(fallback->adrelid) != nullptr) {
            bool is_null = false;
            const Datum tree = heap_getattr(tuple, Anum_pg_attrdef_adbin, descriptor, &is_null);
            if (!is_null)
                found.defaults.push(
                    {fallback->adrelid, fallback->adnum, PointerGetDatum(PG_DETOAST_DATUM_COPY(tree))});
        }
    });
    each_row(AttributeRelationId, snapshot, [&](HeapTuple tuple, TupleDesc descriptor) {
        const auto *column = reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple));
        ScannedRelation *table =
            column->attnum > 0 && !column->attisdropped ? relation(column->attrelid) : nullptr;
        const bool has_target = table != nullptr && compat::has_statistics_target(tuple, descriptor);
        if (has_target)
            table->plain_index = false;
        if (table != nullptr && (table->kind == RELKIND_INDEX || table->kind == RELKIND_PARTITIONED_INDEX) &&
            !heap_attisnull(tuple, Anum_pg_attribute_attoptions, descriptor))
            table->has_options = true;
        if (table != nullptr && has_columns(table->kind))
            found.columns.push({column->attrelid, column->attnum, column->attnotnull, !column->attislocal,
                                column->attgenerated != '\0' || column->attcompression != '\0' ||
                                    has_target || is_odd({column->attrelid, column->attnum}) ||
                                    !heap_attisnull(tuple, Anum_pg_attribute_attfdwoptions, descriptor) ||
                                    !heap_attisnull(tuple, Anum_pg_attribute_attacl, descriptor) ||
                                    has_options(tuple, descriptor),
                                column->attidentity, column->attstorage, column->atttypmod, column->atttypid,
                                column->attcollation, pstrdup(NameStr(column->attname))});
    });
    each_row(SequenceRelationId, snapshot, [&](HeapTuple tuple, TupleDesc) {
        const auto *sequence = reinterpret_cast<Form_pg_sequence>(GETSTRUCT(tuple));
        if (ScannedRelation *own = relation(sequence->seqrelid); own != nullptr && !is_usual(*sequence))
            own->plain_sequence = false;
    });
    each_row(IndexRelationId, snapshot, [&](HeapTuple tuple, TupleDesc descriptor) {
        if (found.index_descriptor == nullptr)
            found.index_descriptor = CreateTupleDescCopy(descriptor);
        const auto *index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
        ScannedRelation *table = relation(index->indrelid);
        if (table == nullptr)
            return;
        if (index->indisreplident || index->indisclustered)
            table->plain = false;
        if (ScannedRelation *own = relation(index->indexrelid); own != nullptr && !index->indisvalid)
            own->plain_index = false;
        found.indexes.push({index->indexrelid, index->indrelid, heap_copytuple(tuple)});
    });
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
    sort(found.sequences, [](const ScannedSequence &left, const ScannedSequence &right) {
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
    constraints_of_relations();
    dependencies();
    without_members();
    parts_of_relations();
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
    Scan scan{};
    scan.run();
    return scan.found;
}

} // namespace turnstone::server
