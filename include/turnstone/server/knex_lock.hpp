// Knex's lock: a row of a table beside its journal, in which 0 means that nobody migrates. It outlives
// whoever took it, so a run that commits on its way marks it with a number of its own: one that is found
// there by whoever has the run lock was left by a run whose process has died.
#pragma once

#include "turnstone/server/foreign_journal.hpp"

namespace turnstone::server {

// As Knex does: refused where somebody has it, waiting only for a transaction that is taking or giving it
// back. For a transaction, the row itself is held to its end, and shows 0 whatever becomes of that. For a
// session the row is marked and that committed. Nothing where there is no such table. The run lock must be
// held.
void take_knex_lock(const ForeignJournal &journal, LockOwner owner);
// A session's; commits, too. To be called outside of failed transactions.
void release_knex_lock(const ForeignJournal &journal);

} // namespace turnstone::server
