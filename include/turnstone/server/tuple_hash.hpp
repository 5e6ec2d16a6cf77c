// 64-bit hashes of the catalogs' rows, for change, not against an adversary. Equal before and after VACUUM
// (FULL), ANALYZE, REINDEX, CLUSTER, TRUNCATE and updates that change nothing.
#pragma once

#include <cstdint>

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

std::uint64_t hash_of_bytes(const void *bytes, std::size_t size, std::uint64_t seed);

// Of the row's data, whatever its place and its transactions; without what the server writes into it in
// passing. May allocate.
std::uint64_t hash_of_row(Oid catalog, HeapTuple row, TupleDesc descriptor);

// The same without the value of one column.
std::uint64_t hash_without(int column, Oid catalog, HeapTuple row, TupleDesc descriptor);

// Of the content of a value of variable length; 0 for null.
std::uint64_t hash_of_value(HeapTuple row, int column, TupleDesc descriptor);

} // namespace turnstone::server
