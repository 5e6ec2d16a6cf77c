// Owns the direct scans of the catalogs: the fingerprint, and the facts of plain tables. All of it is a leaf:
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

struct Description {
    Oid catalog;
    Oid object;
    int32 number;
    const char *text;
};

struct Default {
    Oid relation;
    int16 number;
    Datum tree;
};

struct Column {
    Oid relation;
    int16 number;
    bool not_null;
    bool inherited;
    bool odd; // a query has to tell it
    char storage;
    int32 typmod;
    Oid type;
    Oid collation;
    const char *name;
};

struct Constraint {
    Oid oid;
    Oid relation;
    Oid index;
    char type;
    bool clone; // of the parent's
    bool inherited;
    const char *name;
};

struct Index {
    Oid oid;
    Oid table;
    bool odd;
};

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
    Array<Schema> schemas{};           // users'
    Array<Oid> temporary_schemas{};    // of any session
    Array<Oid> temporary_relations{};  // ordered after the scan of pg_class
    Array<Object> temporary{};         // relations, types and constraints, as pg_depend names them
    Array<Object> members{};           // of extensions
    Array<Oid> internal_relations{};   // the sequences of identity columns, among others
    Array<Description> descriptions{}; // of relations and constraints
    Array<Default> defaults{};
    Array<Column> columns{};
    Array<Constraint> constraints{};
    Array<Index> indexes{};

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
        if (last != nullptr && last->oid == oid)
            return last;
        ScannedRelation *place =
            std::lower_bound(found.relations.begin(), found.relations.end(), oid,
                             [](const ScannedRelation &one, Oid wanted) { return one.oid < wanted; });
        if (place == found.relations.end() || place->oid != oid)
            return nullptr;
        return last = place;
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
    void run();
};

bool has_columns(char kind) {
    return kind == RELKIND_RELATION || kind == RELKIND_PARTITIONED_TABLE || kind == RELKIND_FOREIGN_TABLE;
}

bool is_object(char kind) {
    return has_columns(kind) || kind == RELKIND_VIEW || kind == RELKIND_MATVIEW || kind == RELKIND_SEQUENCE;
}

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
            const bool usual = !heap_attisnull(tuple, Anum_pg_class_relam, descriptor) &&
                               heap_attisnull(tuple, Anum_pg_class_reloptions, descriptor) &&
                               relation->reltablespace == InvalidOid;
            ScannedRelation one{};
            one.oid = relation->oid;
            one.owner = relation->relowner;
            one.access_method = relation->relam;
            one.kind = relation->relkind;
            one.plain = relation->relkind == RELKIND_RELATION && usual &&
                        heap_attisnull(tuple, Anum_pg_class_relacl, descriptor) &&
                        relation->relpersistence == RELPERSISTENCE_PERMANENT && !relation->relispartition &&
                        relation->relreplident == REPLICA_IDENTITY_DEFAULT && !relation->relrowsecurity &&
                        !relation->relforcerowsecurity;
            one.plain_index = relation->reltablespace == InvalidOid;
            one.identity =
                relation->relispartition && !has_columns(relation->relkind)
                    ? nullptr // the part of a partitioned index: no object of its own
                    : psprintf("%s.%s", schema->identity, quote_identifier(NameStr(relation->relname)));
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
            constraints.push({constraint->oid, constraint->conrelid, constraint->conindid,
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
            internal_relations.push(dependency->objid);
        return tuple_hash(tuple, GETSTRUCT(tuple), DependRelationId);
    });
    sort(members, before);
    sort(internal_relations, std::less<Oid>());
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
            descriptions.push({description->classoid, description->objoid, description->objsubid,
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
                defaults.push(
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
            columns.push({column->attrelid, column->attnum, column->attnotnull, !column->attislocal,
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
            indexes.push({index->indexrelid, index->indrelid,
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
    UnregisterSnapshot(snapshot);
}

// ------------------------------------------------------------------------------------------ facts as JSON

// The text that one of the server's deparsing functions gives, or null for an object that is gone.
char *deparsed(PGFunction function, Datum object) {
    LOCAL_FCINFO(call, 2);
    InitFunctionCallInfoData(*call, nullptr, 1, InvalidOid, nullptr, nullptr);
    call->args[0].value = object;
    call->args[0].isnull = false;
    const Datum result = function(call);
    return call->isnull ? nullptr : TextDatumGetCString(result);
}

// The texts of types, with what is usual for their columns.
struct TypeText {
    Oid type;
    int32 typmod;
    Oid collation;
    char storage;
    const char *text;
};

struct ExpressionText {
    std::uint64_t key;
    const char *tree; // without its places in the source text
    const char *text;
    ExpressionText *next;
};

struct Texts {
    static constexpr int buckets = 1024;
    Array<TypeText> types{};
    ExpressionText *expressions[buckets]{};
    Oid role = InvalidOid;
    const char *role_name = nullptr;
    Oid access_method = InvalidOid;
    const char *access_method_name = nullptr;

    const TypeText &type(Oid type, int32 typmod);
    const char *expression(Datum tree, Oid relation);
    const char *owner(Oid oid);
    const char *method(Oid oid);
};

const TypeText &Texts::type(Oid type, int32 typmod) {
    for (const TypeText &known : types) {
        if (known.type == type && known.typmod == typmod)
            return known;
    }
    TypeText one{type, typmod, InvalidOid, '\0',
                 format_type_extended(type, typmod, FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_ALLOW_INVALID)};
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (HeapTupleIsValid(tuple)) {
        one.collation = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typcollation;
        one.storage = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typstorage;
        ReleaseSysCache(tuple);
    }
    types.push(one);
    return types.items[types.size - 1];
}

// Deparsing is dear, and most defaults of a schema are the same few. Trees that differ in nothing but their
// places in the source have the same text; a tree with a variable has one for each relation.
const char *Texts::expression(Datum tree, Oid relation) {
    char *source = TextDatumGetCString(tree);
    char *to = source;
    constexpr const char *place = " :location ";
    for (const char *from = source; *from != '\0';) {
        if (*from == ' ' && strncmp(from, place, strlen(place)) == 0) {
            from += strlen(place);
            while (*from == '-' || (*from >= '0' && *from <= '9'))
                ++from;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    const bool shared = strstr(source, "{VAR ") == nullptr;
    const std::uint64_t key = hash(source, static_cast<std::size_t>(to - source), 0);
    ExpressionText **bucket = &expressions[key % buckets];
    for (const ExpressionText *known = shared ? *bucket : nullptr; known != nullptr; known = known->next) {
        if (known->key == key && strcmp(known->tree, source) == 0) {
            pfree(source);
            return known->text;
        }
    }
    LOCAL_FCINFO(call, 2);
    InitFunctionCallInfoData(*call, nullptr, 2, InvalidOid, nullptr, nullptr);
    call->args[0].value = tree;
    call->args[0].isnull = false;
    call->args[1].value = ObjectIdGetDatum(relation);
    call->args[1].isnull = false;
    const Datum result = pg_get_expr(call);
    const char *words = call->isnull ? nullptr : TextDatumGetCString(result);
    if (shared) {
        auto *entry = static_cast<ExpressionText *>(palloc(sizeof(ExpressionText)));
        *entry = {key, source, words, *bucket};
        *bucket = entry;
    }
    return words;
}

const char *Texts::owner(Oid oid) {
    if (oid != role || role_name == nullptr) {
        const char *name = GetUserNameFromId(oid, true);
        role_name = name != nullptr ? name : psprintf("unknown (OID=%u)", oid);
        role = oid;
    }
    return role_name;
}

const char *Texts::method(Oid oid) {
    if (oid != access_method || access_method_name == nullptr) {
        access_method_name = get_am_name(oid);
        access_method = oid;
    }
    return access_method_name;
}

// Writes JSON objects, one after the other. Their keys have to come in order: that is the canonical form.
struct JsonWriter {
    StringInfoData text;

    void begin() {
        resetStringInfo(&text);
        appendStringInfoChar(&text, '{');
    }
    void key(const char *name) { appendStringInfo(&text, text.len > 1 ? ",\"%s\":" : "\"%s\":", name); }
    void put(const char *name, const char *value) {
        if (value == nullptr)
            return;
        key(name);
        escape_json(&text, value);
    }
    void put_true(const char *name, bool value) {
        if (!value)
            return;
        key(name);
        appendStringInfoString(&text, "true");
    }
    [[nodiscard]] const char *end() {
        appendStringInfoChar(&text, '}');
        return pnstrdup(text.data, static_cast<Size>(text.len));
    }
};

struct Facts {
    Scan &scan;
    Texts *texts;
    JsonWriter properties{};

    const char *comment(Oid catalog, Oid object, int32 number) const {
        const auto order = [](const Description &left, const Description &right) {
            if (left.catalog != right.catalog)
                return left.catalog < right.catalog;
            return left.object != right.object ? left.object < right.object : left.number < right.number;
        };
        const Description wanted{catalog, object, number, nullptr};
        const Description *place =
            std::lower_bound(scan.descriptions.begin(), scan.descriptions.end(), wanted, order);
        return place == scan.descriptions.end() || order(wanted, *place) ? nullptr : place->text;
    }
    const char *fallback(Oid relation, int16 number) const {
        const auto order = [](const Default &left, const Default &right) {
            return left.relation != right.relation ? left.relation < right.relation
                                                   : left.number < right.number;
        };
        const Default wanted{relation, number, 0};
        const Default *place = std::lower_bound(scan.defaults.begin(), scan.defaults.end(), wanted, order);
        return place == scan.defaults.end() || order(wanted, *place)
                   ? nullptr
                   : texts->expression(place->tree, relation);
    }

    void sort_everything();
    void tables();
    void columns();
    void constraints();
    void indexes();
};

void Facts::sort_everything() {
    sort(scan.descriptions, [](const Description &left, const Description &right) {
        if (left.catalog != right.catalog)
            return left.catalog < right.catalog;
        return left.object != right.object ? left.object < right.object : left.number < right.number;
    });
    sort(scan.defaults, [](const Default &left, const Default &right) {
        return left.relation != right.relation ? left.relation < right.relation : left.number < right.number;
    });
    sort(scan.columns, [](const Column &left, const Column &right) {
        return left.relation != right.relation ? left.relation < right.relation : left.number < right.number;
    });
}

void Facts::tables() {
    const Column *column = scan.columns.begin();
    for (ScannedRelation &table : scan.found.relations) {
        CHECK_FOR_INTERRUPTS();
        if (is_object(table.kind) && !table.plain &&
            !(table.kind == RELKIND_SEQUENCE &&
              std::binary_search(scan.internal_relations.begin(), scan.internal_relations.end(), table.oid)))
            scan.found.odd_relations.push(table.oid);
        while (column != scan.columns.end() && column->relation < table.oid)
            ++column;
        if (!table.plain)
            continue;
        properties.begin();
        properties.put("access method", texts->method(table.access_method));
        const Column *last = column;
        for (; last != scan.columns.end() && last->relation == table.oid; ++last) {
            if (last == column) {
                properties.key("column order");
                appendStringInfoChar(&properties.text, '[');
            } else {
                appendStringInfoChar(&properties.text, ',');
            }
            escape_json(&properties.text, last->name);
        }
        if (last != column)
            appendStringInfoChar(&properties.text, ']');
        properties.put("comment", comment(RelationRelationId, table.oid, 0));
        properties.put("owner", texts->owner(table.owner));
        table.properties = properties.end();
    }
}

void Facts::columns() {
    for (const Column &column : scan.columns) {
        const ScannedRelation *table = scan.relation(column.relation);
        const TypeText &type = texts->type(column.type, column.typmod);
        if (column.odd || column.storage != type.storage || column.collation != type.collation) {
            scan.found.odd_columns.push({column.relation, column.number});
            continue;
        }
        CHECK_FOR_INTERRUPTS();
        properties.begin();
        properties.put("comment", comment(RelationRelationId, column.relation, column.number));
        properties.put("default", fallback(column.relation, column.number));
        properties.put_true("inherited", column.inherited);
        properties.put_true("not null", column.not_null);
        properties.put("type", type.text);
        scan.found.parts.push({table, "table column",
                               psprintf("%s.%s", table->identity, quote_identifier(column.name)),
                               properties.end()});
    }
}

void Facts::constraints() {
    for (const Constraint &constraint : scan.constraints) {
        if (constraint.clone || strchr("cfpux", constraint.type) == nullptr)
            continue;
        const ScannedRelation *table = scan.relation(constraint.relation);
        if (table == nullptr) // a member's
            continue;
        CHECK_FOR_INTERRUPTS();
        if (!is_object(table->kind) || comment(ConstraintRelationId, constraint.oid, 0) != nullptr) {
            scan.found.odd_constraints.push(constraint.oid);
            continue;
        }
        const char *definition = deparsed(pg_get_constraintdef, ObjectIdGetDatum(constraint.oid));
        properties.begin();
        properties.put("definition", definition);
        properties.put_true("inherited", constraint.inherited);
        scan.found.parts.push({table, "table constraint",
                               psprintf("%s on %s", quote_identifier(constraint.name), table->identity),
                               properties.end()});
    }
}

void Facts::indexes() {
    Array<Oid> behind_constraints{};
    for (const Constraint &constraint : scan.constraints) {
        if (OidIsValid(constraint.index) && strchr("pux", constraint.type) != nullptr)
            behind_constraints.push(constraint.index);
    }
    sort(behind_constraints, std::less<Oid>());
    for (const Index &index : scan.indexes) {
        const ScannedRelation *own = scan.relation(index.oid);
        const ScannedRelation *table = own == nullptr ? nullptr : scan.relation(index.table);
        if (table == nullptr || own->identity == nullptr ||
            std::binary_search(behind_constraints.begin(), behind_constraints.end(), index.oid))
            continue;
        CHECK_FOR_INTERRUPTS();
        if (index.odd || !own->plain_index || !is_object(table->kind) ||
            comment(RelationRelationId, index.oid, 0) != nullptr) {
            scan.found.odd_indexes.push(index.oid);
            continue;
        }
        properties.begin();
        properties.put("definition", deparsed(pg_get_indexdef, ObjectIdGetDatum(index.oid)));
        scan.found.parts.push({table, "index", own->identity, properties.end()});
    }
}

} // namespace

ScannedCatalogs scan_catalogs() {
    Scan scan{.facts = true};
    scan.run();
    Facts facts{scan, static_cast<Texts *>(palloc0(sizeof(Texts)))};
    initStringInfo(&facts.properties.text);
    facts.sort_everything();
    facts.tables();
    facts.columns();
    facts.constraints();
    facts.indexes();
    return scan.found;
}

std::uint64_t catalog_fingerprint() {
    Scan scan{.facts = false};
    scan.run();
    return scan.found.fingerprint;
}

} // namespace turnstone::server
