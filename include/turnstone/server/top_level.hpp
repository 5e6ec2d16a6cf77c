// Transactions of runs that commit on their way: CALL migrate_deploy() and the detached worker.
#pragma once

#include <cstdint>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// Refuses (25001) every call of a procedure but the one that can end the session's transaction and run
// statements at top level: a CALL that stands by itself, outside of BEGIN ... COMMIT, of a DO block, of
// another procedure and of a multi-statement query. `name` is the procedure's, for the messages. A hot
// standby is refused with 25006.
void require_direct_call(FunctionCallInfo fcinfo, const char *name);

// Ends the transaction and begins the next one. Behind it no snapshot is set, and the session holds nothing.
// What lives in the transaction's memory is gone; errors, also those of deferred constraints, are PgErrors.
void commit_and_begin();

// Undoes the transaction, whatever state an error has left it in, and begins the next one. The current memory
// context, which must not be the transaction's, stays.
void abort_and_begin();

// From hold() to release(), or to its end, the session takes no request to cancel: to record how a run ended
// takes moments, and would be lost to one. A single request may come twice, since the postmaster signals the
// process and its group (signal_child() in postmaster.c). Not by HOLD_CANCEL_INTERRUPTS(): any error ends
// that (errfinish() in elog.c), and the regular expressions do not ask for it (rcancelrequested() in
// regcomp.c). A request to terminate is taken at any time.
class CancelHold {
  public:
    CancelHold() noexcept = default;
    CancelHold(const CancelHold &) = delete;
    CancelHold &operator=(const CancelHold &) = delete;
    ~CancelHold() { release(); }

    static void hold() noexcept;
    static void release() noexcept;
};

// How many transactions this session has committed: tells whether a statement committed on its way.
std::uint64_t commits_of_session();

} // namespace turnstone::server
