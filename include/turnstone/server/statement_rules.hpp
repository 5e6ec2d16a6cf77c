// What kinds of statements ask for: a transaction of their own, locks.
#pragma once

#include <string>
#include <vector>

#include "turnstone/server/parser.hpp"

namespace turnstone::server {

// Whether a statement must be run by itself at top level, outside of every transaction block.
struct TransactionNeed {
    std::string command; // as messages name it; empty: it may run in a transaction
    bool certain = true; // false: it may end the transaction that it runs in, which only running it shows

    [[nodiscard]] bool own() const noexcept { return !command.empty(); }
};

// By the parse tree (the statements that call PreventInTransactionBlock(): tcop/utility.c, commands/) and,
// for REINDEX and CLUSTER of partitioned relations, DROP SUBSCRIPTION and CALL, by the catalog as it is now.
TransactionNeed transaction_need(const RawStmt *raw);

// ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY. A leaf.
bool detaches_concurrently(const AlterTableStmt *statement);

// The number of a statement that adds a value to an enum which a later statement writes down: the value can
// only be used behind a commit. 0 for none.
int enum_value_used_later(const std::vector<Statement> &statements, const std::string &text);

// The text of a statement, without what follows it.
std::string statement_text(const Statement &statement, const std::string &text);

// True for statements that wait for strong locks on what is there already: DDL that runs in a transaction.
// To be called inside pg().
bool takes_strong_locks(const RawStmt *raw);

// How many locks on new relations a statement is likely to add to those that its transaction holds to its
// end. To be called inside pg().
int locks_of_new_relations(const RawStmt *raw);

} // namespace turnstone::server
