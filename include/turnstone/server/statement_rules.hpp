// Which statements PostgreSQL refuses to run inside a transaction block.
#pragma once

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

// The name of the command (static or palloc'd) if it needs a transaction of its own, else null. From the
// parse tree, as the calls of PreventInTransactionBlock() in PostgreSQL 15 to 18 have it; REINDEX and CLUSTER
// of partitioned relations, and DROP SUBSCRIPTION with a slot, are known only to the catalog and fail when
// they run. To be called inside pg().
const char *needs_own_transaction(const RawStmt *raw);

// About how many locks the statement takes that are kept until the end of the transaction: those on relations
// that it makes. For foreseeing a full lock table; 0 for most.
int locks_of_new_relations(const RawStmt *raw);

} // namespace turnstone::server
