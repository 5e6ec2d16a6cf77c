// Owns the hashes of catalog rows, and what is left out of them. Leaf code.
#include <cstring>

#include "turnstone/server/tuple_hash.hpp"

namespace turnstone::server {

namespace {

std::uint64_t mixed(std::uint64_t left, std::uint64_t right) {
    const auto product = static_cast<unsigned __int128>(left) * right;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// The null bitmap stands outside of the data.
std::uint64_t hash_of_data(Oid catalog, HeapTuple row, const void *data) {
    std::uint64_t seed = catalog;
    if (HeapTupleHasNulls(row))
        seed = hash_of_bytes(row->t_data->t_bits,
                             static_cast<std::size_t>(BITMAPLEN(HeapTupleHeaderGetNatts(row->t_data))), seed);
    return hash_of_bytes(data, row->t_len - row->t_data->t_hoff, seed);
}

// A copy of the row's data whose fixed part may be written to.
template <class Form>
union Copy {
    Form form;
    char bytes[BLCKSZ];

    explicit Copy(HeapTuple row) { memcpy(bytes, GETSTRUCT(row), row->t_len - row->t_data->t_hoff); }
};

// The row made anew, with some of its values changed.
template <class Change>
HeapTuple changed_row(HeapTuple row, TupleDesc descriptor, Change change) {
    constexpr int most = 64;
    Datum values[most];
    bool nulls[most];
    if (descriptor->natts > most)
        elog(ERROR, "a catalog has more than %d columns", most);
    heap_deform_tuple(row, descriptor, values, nulls);
    change(values, nulls);
    return heap_form_tuple(descriptor, values, nulls);
}

// Whether it is compressed or not. One that stands elsewhere has a number, which any new value changes.
std::uint64_t hash_of_content(Datum value, std::uint64_t seed) {
    if (VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(value))) {
        varatt_external place;
        std::memcpy(&place, VARDATA_EXTERNAL(DatumGetPointer(value)), sizeof place);
        const Oid numbers[] = {place.va_toastrelid, place.va_valueid, static_cast<Oid>(place.va_rawsize)};
        return hash_of_bytes(numbers, sizeof numbers, seed);
    }
    auto *plain = PG_DETOAST_DATUM_PACKED(value);
    const std::uint64_t hash = hash_of_bytes(VARDATA_ANY(plain), VARSIZE_ANY_EXHDR(plain), seed);
    if (static_cast<void *>(plain) != DatumGetPointer(value))
        pfree(plain);
    return hash;
}

// Of a row with a value that stands elsewhere: a rewrite of the catalog may compress the others anew.
std::uint64_t hash_of_values(Oid catalog, HeapTuple row, TupleDesc descriptor) {
    std::uint64_t state = catalog;
    for (int column = 1; column <= descriptor->natts; ++column) {
        const FormData_pg_attribute *type = TupleDescAttr(descriptor, column - 1);
        bool is_null = false;
        const Datum value = heap_getattr(row, column, descriptor, &is_null);
        if (is_null)
            state = hash_of_bytes(nullptr, 0, state + 1);
        else if (type->attlen == -1)
            state = hash_of_content(value, state);
        else if (type->attbyval)
            state = hash_of_bytes(&value, sizeof value, state);
        else
            state = hash_of_bytes(DatumGetPointer(value), static_cast<std::size_t>(type->attlen), state);
    }
    return state;
}

template <class Change>
std::uint64_t hash_of_changed(Oid catalog, HeapTuple row, TupleDesc descriptor, Change change) {
    HeapTuple changed = changed_row(row, descriptor, change);
    const std::uint64_t hash = hash_of_data(catalog, changed, GETSTRUCT(changed));
    heap_freetuple(changed);
    return hash;
}

} // namespace

// 16 bytes a step.
std::uint64_t hash_of_bytes(const void *bytes, std::size_t size, std::uint64_t seed) {
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

std::uint64_t hash_of_row(Oid catalog, HeapTuple row, TupleDesc descriptor) {
    switch (catalog) {
    case RelationRelationId: {
        Copy<FormData_pg_class> copy(row);
        compat::clear_passing_state(&copy.form);
        return hash_of_data(catalog, row, copy.bytes);
    }
    case IndexRelationId: {
        Copy<FormData_pg_index> copy(row);
        copy.form.indcheckxmin = false;
        return hash_of_data(catalog, row, copy.bytes);
    }
    case AttributeRelationId: // a rewrite of the table clears the value that its older rows lack
        if (!reinterpret_cast<Form_pg_attribute>(GETSTRUCT(row))->atthasmissing)
            break;
        return hash_of_changed(catalog, row, descriptor, [](Datum *values, bool *nulls) {
            values[Anum_pg_attribute_atthasmissing - 1] = BoolGetDatum(false);
            nulls[Anum_pg_attribute_attmissingval - 1] = true;
        });
    case PartitionedRelationId: { // that a partition is the default one stands in its bound
        Copy<FormData_pg_partitioned_table> copy(row);
        copy.form.partdefid = InvalidOid;
        return hash_of_data(catalog, row, copy.bytes);
    }
    case SubscriptionRelationId: { // what the workers write
        Copy<FormData_pg_subscription> copy(row);
        copy.form.subskiplsn = InvalidXLogRecPtr;
        if (copy.form.subtwophasestate == 'p') // pending, as yet
            copy.form.subtwophasestate = 'e';
        return hash_of_data(catalog, row, copy.bytes);
    }
    case DatabaseRelationId:
        return hash_of_changed(catalog, row, descriptor, compat::clear_passing_state_of_database);
    default:
        if (HeapTupleHasExternal(row))
            return hash_of_values(catalog, row, descriptor);
        break;
    }
    return hash_of_data(catalog, row, GETSTRUCT(row));
}

std::uint64_t hash_without(int column, Oid catalog, HeapTuple row, TupleDesc descriptor) {
    HeapTuple changed = changed_row(row, descriptor, [&](Datum *, bool *nulls) { nulls[column - 1] = true; });
    const std::uint64_t hash = hash_of_row(catalog, changed, descriptor);
    heap_freetuple(changed);
    return hash;
}

std::uint64_t hash_of_value(HeapTuple row, int column, TupleDesc descriptor) {
    bool is_null = false;
    const Datum value = heap_getattr(row, column, descriptor, &is_null);
    return is_null ? 0 : hash_of_content(value, 0);
}

} // namespace turnstone::server
