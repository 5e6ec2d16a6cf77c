// The facts of plain tables, which are nearly all of a schema, told without a query; and the names of what is
// not plain, for the queries of catalog.cpp.
#pragma once

#include "turnstone/server/catalog_scan.hpp"

namespace turnstone::server {

struct ColumnKey {
    Oid table;
    int16 number;
};

// A table, or a column, constraint or index of one, with its properties and meanings as JSON in canonical
// form.
struct PlainFact {
    const ScannedRelation *table;
    const char *type; // nullptr for the table itself
    const char *name; // its own, quoted; nullptr for the table itself
    const char *properties;
    int64 id;
    const char *meanings; // nullptr for none
};

struct PlainFacts {
    Array<PlainFact> facts;
    Array<Oid> odd_relations; // what is not plain: a query has to tell it
    Array<ColumnKey> odd_columns;
    Array<Oid> odd_constraints;
    Array<Oid> odd_indexes;
};

// A leaf, to be called inside pg() with pinned settings. Everything in the server's encoding, in the memory
// context that was current at the call.
PlainFacts plain_facts(const ScannedCatalogs &catalogs);

} // namespace turnstone::server
