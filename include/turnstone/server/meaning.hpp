// What the server has stored for a text that it deparses: a hash in which other things stand by their OIDs.
// Equal ones in one database: the texts differ at most by what something else is now called.
#pragma once

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

// Of a node tree (pg_node_tree), wherever it stood in its source. nullptr where its text holds no name that
// could change: no column, no object of a user's. A leaf.
const char *meaning_of_tree(Datum tree);

// Of a row of a catalog: of all of it but its own name, place, owner and privileges, and what has a property
// of its own. A leaf.
const char *meaning_of_row(HeapTuple row, TupleDesc descriptor, Oid catalog);

// The same of an object; that of an index is its row in pg_index with the options of its pg_class.
// nullptr for one that is gone. A leaf.
const char *meaning_of_object(Oid catalog, Oid object);

// Of a column's type; nullptr for a type of the system's. A leaf.
const char *meaning_of_type(Oid type, int32 typmod);

} // namespace turnstone::server
