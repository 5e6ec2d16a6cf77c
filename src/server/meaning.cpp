// Owns the hashes by which a changed text is told from one in which only names have changed. All of it is a
// leaf: nothing here has a destructor.
#include "turnstone/server/meaning.hpp"

#include "turnstone/server/functions.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

std::uint64_t hash(const void *bytes, std::size_t size, std::uint64_t seed) {
    return hash_bytes_extended(static_cast<const unsigned char *>(bytes), static_cast<int>(size), seed);
}

const char *hexadecimal(std::uint64_t value) {
    return psprintf("%016llx", static_cast<unsigned long long>(value));
}

bool is_reference_type(std::uint64_t type) {
    switch (type) {
    case REGPROCOID:
    case REGPROCEDUREOID:
    case REGOPEROID:
    case REGOPERATOROID:
    case REGCLASSOID:
    case REGTYPEOID:
    case REGROLEOID:
    case REGNAMESPACEOID:
    case REGCONFIGOID:
    case REGDICTIONARYOID:
    case REGCOLLATIONOID:
        return true;
    default:
        return false;
    }
}

// Takes the places in the source (":location 12", ":stmt_location 0", ":stmt_len 30") out of the text, and
// tells whether it names anything that can be renamed.
struct Tree {
    char *text;
    std::size_t size;
    bool can_change;
};

bool skip_place(const char *&from) {
    for (const char *place :
         {" :location ", " :stmt_location ", " :stmt_len ", " :list_start ", " :list_end "}) {
        if (strncmp(from, place, strlen(place)) == 0) {
            from += strlen(place);
            while (*from == '-' || (*from >= '0' && *from <= '9'))
                ++from;
            return true;
        }
    }
    return false;
}

Tree without_places(char *source) {
    Tree tree{source, 0, strstr(source, "{VAR ") != nullptr || strstr(source, "{QUERY ") != nullptr};
    char *to = source;
    for (const char *from = source; *from != '\0';) {
        if (from[0] == ' ' && from[1] == ':' && skip_place(from))
            continue;
        if (!tree.can_change && *from == ' ' && from[1] >= '1' && from[1] <= '9') {
            char *end = nullptr;
            const std::uint64_t number = strtoull(from + 1, &end, 10);
            tree.can_change = number >= FirstNormalObjectId || is_reference_type(number);
        }
        *to++ = *from++;
    }
    *to = '\0';
    tree.size = static_cast<std::size_t>(to - source);
    return tree;
}

bool is_one_of(const char *name, std::initializer_list<const char *> names) {
    for (const char *one : names) {
        if (strcmp(name, one) == 0)
            return true;
    }
    return false;
}

// Names, owners and privileges are compared as they are; the rest are properties of their own, or change
// without anybody's doing.
bool is_left_out(const char *column, Oid catalog) {
    switch (catalog) {
    case ConstraintRelationId:
        return is_one_of(column, {"oid", "conname", "connamespace", "conindid", "conislocal", "coninhcount"});
    case IndexRelationId:
        return is_one_of(column, {"indexrelid", "indisclustered", "indisvalid", "indcheckxmin", "indisready",
                                  "indislive", "indisreplident"});
    case TriggerRelationId:
        return is_one_of(column,
                         {"oid", "tgname", "tgenabled", "tgparentid", "tgconstrindid", "tgconstraint"});
    case RewriteRelationId:
        return is_one_of(column, {"oid", "rulename", "ev_enabled"});
    case ProcedureRelationId:
        return is_one_of(column, {"oid", "proname", "pronamespace", "proowner", "proacl"});
    case StatisticExtRelationId:
        return is_one_of(column, {"oid", "stxname", "stxnamespace", "stxowner", "stxstattarget"});
    default:
        return strcmp(column, "oid") == 0;
    }
}

std::uint64_t value_hash(Datum value, Form_pg_attribute column, std::uint64_t seed) {
    if (column->atttypid == PG_NODE_TREEOID) {
        const Tree tree = without_places(TextDatumGetCString(value));
        return hash(tree.text, tree.size, seed);
    }
    if (column->attlen == -1) {
        auto *whole = PG_DETOAST_DATUM(value);
        return hash(VARDATA_ANY(whole), VARSIZE_ANY_EXHDR(whole), seed);
    }
    if (column->attbyval)
        return hash(&value, sizeof value, seed);
    return hash(DatumGetPointer(value), datumGetSize(value, false, column->attlen), seed);
}

std::uint64_t row_hash(HeapTuple row, TupleDesc descriptor, Oid catalog, std::uint64_t seed) {
    for (int i = 0; i < descriptor->natts; ++i) {
        Form_pg_attribute column = TupleDescAttr(descriptor, i);
        bool is_null = false;
        if (column->attisdropped || is_left_out(NameStr(column->attname), catalog))
            continue;
        const Datum value = heap_getattr(row, i + 1, descriptor, &is_null);
        seed = is_null ? hash(&is_null, sizeof is_null, seed) : value_hash(value, column, seed);
    }
    return seed;
}

// The columns of pg_class and pg_attribute that an index's definition shows.
std::uint64_t index_hash(Oid index) {
    std::uint64_t state = 0;
    HeapTuple row = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
    HeapTuple relation = SearchSysCache1(RELOID, ObjectIdGetDatum(index));
    if (HeapTupleIsValid(row) && HeapTupleIsValid(relation)) {
        Relation catalog = table_open(IndexRelationId, AccessShareLock);
        state = row_hash(row, RelationGetDescr(catalog), IndexRelationId, 0);
        table_close(catalog, AccessShareLock);
        const auto *form = reinterpret_cast<Form_pg_class>(GETSTRUCT(relation));
        state = hash(&form->relam, sizeof form->relam, state);
        state = hash(&form->reltablespace, sizeof form->reltablespace, state);
        bool is_null = false;
        const Datum options = SysCacheGetAttr(RELOID, relation, Anum_pg_class_reloptions, &is_null);
        if (!is_null) {
            auto *whole = PG_DETOAST_DATUM(options);
            state = hash(VARDATA_ANY(whole), VARSIZE_ANY_EXHDR(whole), state);
        }
        for (int16 column = 1; column <= form->relnatts; ++column) {
            const Datum of_class = get_attoptions(index, column);
            if (of_class != 0) {
                auto *whole = PG_DETOAST_DATUM(of_class);
                state = hash(VARDATA_ANY(whole), VARSIZE_ANY_EXHDR(whole), state + column);
            }
        }
    }
    if (HeapTupleIsValid(relation))
        ReleaseSysCache(relation);
    if (HeapTupleIsValid(row))
        ReleaseSysCache(row);
    return state;
}

} // namespace

const char *meaning_of_tree(Datum tree) {
    char *source = TextDatumGetCString(tree);
    const Tree stripped = without_places(source);
    const char *meaning = stripped.can_change ? hexadecimal(hash(stripped.text, stripped.size, 0)) : nullptr;
    pfree(source);
    return meaning;
}

const char *meaning_of_row(HeapTuple row, TupleDesc descriptor, Oid catalog) {
    std::uint64_t state = row_hash(row, descriptor, catalog, 0);
    if (catalog == ConstraintRelationId) { // of a key, what its index says
        const auto *form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
        if (OidIsValid(form->conindid) && strchr("pux", form->contype) != nullptr) {
            const std::uint64_t index = index_hash(form->conindid);
            state = hash(&index, sizeof index, state);
        }
    }
    return hexadecimal(state);
}

const char *meaning_of_object(Oid catalog, Oid object) {
    if (catalog == RelationRelationId)
        return hexadecimal(index_hash(object));
    Relation relation = table_open(catalog, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, get_object_attnum_oid(catalog), BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(object));
    SysScanDesc scan = systable_beginscan(relation, get_object_oid_index(catalog), true, nullptr, 1, &key);
    HeapTuple row = systable_getnext(scan);
    const char *meaning =
        HeapTupleIsValid(row) ? meaning_of_row(row, RelationGetDescr(relation), catalog) : nullptr;
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
    return meaning;
}

const char *meaning_of_type(Oid type, int32 typmod) {
    return type < FirstNormalObjectId ? nullptr : psprintf("%u/%d", type, typmod);
}

Datum tree_meaning(FunctionCallInfo fcinfo) {
    const char *meaning = pg([&] { return meaning_of_tree(PG_GETARG_DATUM(0)); });
    if (meaning == nullptr) {
        fcinfo->isnull = true;
        return 0;
    }
    return pg([&] { return CStringGetTextDatum(meaning); });
}

Datum object_meaning(FunctionCallInfo fcinfo) {
    const char *meaning = pg([&] { return meaning_of_object(PG_GETARG_OID(0), PG_GETARG_OID(1)); });
    if (meaning == nullptr) {
        fcinfo->isnull = true;
        return 0;
    }
    return pg([&] { return CStringGetTextDatum(meaning); });
}

} // namespace turnstone::server
