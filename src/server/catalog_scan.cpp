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

bool before(const Object &left, const Object &right) {
    return left.catalog != right.catalog ? left.catalog < right.catalog : left.oid < right.oid;
}

struct Scan {
    ScannedCatalogs found{};
    Snapshot snapshot = nullptr;
    Array<Schema> schemas{}; // users'
    Array<Object> members{}; // of extensions

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
    each_row(RelationRelationId, snapshot, [&](HeapTuple tuple, TupleDesc descriptor) {
        const auto *relation = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple));
        const Schema *schema = user_schema(relation->relnamespace);
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
    });
    sort(found.relations,
         [](const ScannedRelation &left, const ScannedRelation &right) { return left.oid < right.oid; });
}

void Scan::constraints_of_relations() {
    each_row(ConstraintRelationId, snapshot, [&](HeapTuple tuple, TupleDesc) {
        const auto *constraint = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(tuple));
        if (relation(constraint->conrelid) != nullptr)
            found.constraints.push({constraint->oid, constraint->conrelid, constraint->conindid,
                                    constraint->contype, OidIsValid(constraint->conparentid),
                                    !constraint->conislocal, pstrdup(NameStr(constraint->conname))});
    });
}

void Scan::dependencies() {
    each_row(DependRelationId, snapshot, [&](HeapTuple tuple, TupleDesc) {
        const auto *dependency = reinterpret_cast<Form_pg_depend>(GETSTRUCT(tuple));
        if (dependency->deptype == DEPENDENCY_EXTENSION)
            members.push({dependency->classid, dependency->objid});
        if (dependency->deptype == DEPENDENCY_INTERNAL && dependency->classid == RelationRelationId)
            found.internal_relations.push(dependency->objid);
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
    each_row(DescriptionRelationId, snapshot, [&](HeapTuple tuple, TupleDesc descriptor) {
        const auto *description = reinterpret_cast<Form_pg_description>(GETSTRUCT(tuple));
        if (description->classoid == ConstraintRelationId ||
            (description->classoid == RelationRelationId && relation(description->objoid) != nullptr))
            found.descriptions.push({description->classoid, description->objoid, description->objsubid,
                                     text_at(tuple, Anum_pg_description_description, descriptor)});
    });
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
        const ScannedRelation *table =
            column->attnum > 0 && !column->attisdropped ? relation(column->attrelid) : nullptr;
        if (table != nullptr && has_columns(table->kind))
            found.columns.push({column->attrelid, column->attnum, column->attnotnull, !column->attislocal,
                                column->attgenerated != '\0' || column->attidentity != '\0' ||
                                    column->attcompression != '\0' ||
                                    compat::has_statistics_target(tuple, descriptor) ||
                                    !heap_attisnull(tuple, Anum_pg_attribute_attacl, descriptor) ||
                                    has_options(tuple, descriptor),
                                column->attstorage, column->atttypmod, column->atttypid, column->attcollation,
                                pstrdup(NameStr(column->attname))});
    });
    each_row(IndexRelationId, snapshot, [&](HeapTuple tuple, TupleDesc) {
        const auto *index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
        if (relation(index->indrelid) != nullptr)
            found.indexes.push({index->indexrelid, index->indrelid,
                                !index->indisvalid || index->indisreplident || index->indisclustered});
    });
}

void Scan::without_members() {
    const auto kept = std::remove_if(schemas.begin(), schemas.end(), [&](const Schema &schema) {
        return is_member(NamespaceRelationId, schema.oid);
    });
    if (kept != schemas.end()) { // rare: an extension with a schema of its own
        const auto is_kept = [&](Oid relation) {
            HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
            if (!HeapTupleIsValid(tuple))
                return false;
            const Oid schema = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relnamespace;
            ReleaseSysCache(tuple);
            return std::any_of(schemas.begin(), kept, [&](const Schema &one) { return one.oid == schema; });
        };
        found.relations.size = static_cast<int>(
            std::remove_if(found.relations.begin(), found.relations.end(),
                           [&](const ScannedRelation &relation) { return !is_kept(relation.oid); }) -
            found.relations.begin());
        schemas.size = static_cast<int>(kept - schemas.begin());
    }
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
