// The facts of plain tables, which are nearly all of a schema, told without a query; and the names of what is
// not plain, for the queries of catalog.cpp.
#pragma once

#include "turnstone/server/catalog_scan.hpp"

namespace turnstone::server {

// What a query has to tell: the relation, and as FactQuery::of_parts() has it, the part.
struct PartKey {
    Oid relation;
    int64 part;
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
    Array<PartKey> odd_relations; // what is not plain
    Array<PartKey> odd_columns;
    Array<PartKey> odd_constraints;
    Array<PartKey> odd_indexes;
};

// A leaf, to be called inside pg() with pinned settings. Everything in the server's encoding, in the memory
// context that was current at the call.
PlainFacts plain_facts(const ScannedCatalogs &catalogs);

} // namespace turnstone::server
