// Owns the definitions of plain indexes. sql/capture.sql compares them with the server's own. All of it is a
// leaf: nothing here has a destructor.
#include "turnstone/server/plain_index.hpp"

#include <algorithm>

namespace turnstone::server {

namespace {

// The row of an index, with its arrays.
struct IndexRow {
    Form_pg_index form;
    const oidvector *collations;
    const oidvector *classes;
    const int2vector *options;
};

// None of those that are read here can be null, nor compressed (pg_index.h).
const void *array_of(HeapTuple row, int number, TupleDesc descriptor) {
    bool is_null = false;
    return DatumGetPointer(heap_getattr(row, number, descriptor, &is_null));
}

const ScannedColumn *column_of(const ScannedCatalogs &catalogs, Oid relation, int16 number) {
    const ScannedColumn *place =
        std::lower_bound(catalogs.columns.begin(), catalogs.columns.end(), number,
                         [&](const ScannedColumn &one, int16 wanted) {
                             return one.relation != relation ? one.relation < relation : one.number < wanted;
                         });
    return place == catalogs.columns.end() || place->relation != relation || place->number != number ? nullptr
                                                                                                     : place;
}

void put_order(StringInfo out, int16 options) {
    const bool nulls_first = (options & INDOPTION_NULLS_FIRST) != 0;
    if ((options & INDOPTION_DESC) != 0)
        appendStringInfoString(out, nulls_first ? " DESC" : " DESC NULLS LAST");
    else if (nulls_first)
        appendStringInfoString(out, " NULLS FIRST");
}

// Whether all columns could be told.
bool put_columns(StringInfo out, const IndexRow &row, const ScannedCatalogs &catalogs,
                 DefaultOperatorClasses &known) {
    const FormData_pg_index &form = *row.form;
    for (int i = 0; i < form.indnatts; ++i) {
        const ScannedColumn *column = column_of(catalogs, form.indrelid, form.indkey.values[i]);
        if (column == nullptr)
            return false;
        if (i == form.indnkeyatts)
            appendStringInfoString(out, ") INCLUDE (");
        else if (i > 0)
            appendStringInfoString(out, ", ");
        appendStringInfoString(out, quote_identifier(column->name));
        if (i >= form.indnkeyatts)
            continue;
        const Oid collation = row.collations->values[i];
        if ((OidIsValid(collation) && collation != column->collation) ||
            known.of(column->type) != row.classes->values[i])
            return false;
        put_order(out, row.options->values[i]);
    }
    return true;
}

void put_predicate(StringInfo out, Datum predicate, Oid table) {
    LOCAL_FCINFO(call, 2);
    InitFunctionCallInfoData(*call, nullptr, 2, InvalidOid, nullptr, nullptr);
    call->args[0].value = predicate;
    call->args[0].isnull = false;
    call->args[1].value = ObjectIdGetDatum(table);
    call->args[1].isnull = false;
    const Datum result = pg_get_expr(call);
    if (!call->isnull)
        appendStringInfo(out, " WHERE %s", TextDatumGetCString(result));
}

} // namespace

Oid DefaultOperatorClasses::of(Oid type) {
    for (const One &one : known) {
        if (one.type == type)
            return one.operator_class;
    }
    known.push({type, GetDefaultOpClass(type, BTREE_AM_OID)});
    return known.items[known.size - 1].operator_class;
}

const char *plain_index_definition(const ScannedIndex &index, const ScannedCatalogs &catalogs,
                                   DefaultOperatorClasses &classes) {
    const ScannedRelation *own = catalogs.relation(index.oid);
    const ScannedRelation *table = catalogs.relation(index.table);
    TupleDesc descriptor = catalogs.index_descriptor;
    if (own == nullptr || table == nullptr || own->has_options || own->access_method != BTREE_AM_OID ||
        !heap_attisnull(index.row, Anum_pg_index_indexprs, descriptor))
        return nullptr;
    const IndexRow row{
        reinterpret_cast<Form_pg_index>(GETSTRUCT(index.row)),
        static_cast<const oidvector *>(array_of(index.row, Anum_pg_index_indcollation, descriptor)),
        static_cast<const oidvector *>(array_of(index.row, Anum_pg_index_indclass, descriptor)),
        static_cast<const int2vector *>(array_of(index.row, Anum_pg_index_indoption, descriptor))};
    StringInfoData out;
    initStringInfo(&out);
    appendStringInfo(&out, "CREATE %sINDEX %s ON %s%s USING btree (", row.form->indisunique ? "UNIQUE " : "",
                     quote_identifier(own->name), own->kind == RELKIND_PARTITIONED_INDEX ? "ONLY " : "",
                     table->identity);
    if (!put_columns(&out, row, catalogs, classes))
        return nullptr;
    appendStringInfo(&out, ")%s", row.form->indnullsnotdistinct ? " NULLS NOT DISTINCT" : "");
    bool no_predicate = false;
    const Datum predicate = heap_getattr(index.row, Anum_pg_index_indpred, descriptor, &no_predicate);
    if (!no_predicate)
        put_predicate(&out, predicate, index.table);
    return out.data;
}

} // namespace turnstone::server
