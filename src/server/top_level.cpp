// Owns the ends of transactions inside a run, and the tests that say whether the caller can have them.
#include "turnstone/server/top_level.hpp"

#include <csignal>

namespace turnstone::server {

namespace {

// A leaf. The server is in the middle of a CALL of this very procedure, and of nothing else.
bool is_direct_call(FunctionCallInfo fcinfo) {
    const Portal portal = ActivePortal;
    if (portal == nullptr || portal->commandTag != CMDTAG_CALL || list_length(portal->stmts) != 1)
        return false;
    const Node *utility = linitial_node(PlannedStmt, portal->stmts)->utilityStmt;
    return utility != nullptr && IsA(utility, CallStmt) &&
           reinterpret_cast<const CallStmt *>(utility)->funcexpr->funcid == fcinfo->flinfo->fn_oid;
}

std::uint64_t commits = 0;

bool holding = false;
struct sigaction when_released;

void count_commit(XactEvent event, void *) {
    if (event == XACT_EVENT_COMMIT)
        ++commits;
}

} // namespace

std::uint64_t commits_of_session() {
    static bool counting = false;
    if (!counting) {
        pg([] { RegisterXactCallback(count_commit, nullptr); });
        counting = true;
    }
    return commits;
}

void require_direct_call(FunctionCallInfo fcinfo, const char *name) {
    pg([&] {
        PreventCommandDuringRecovery(psprintf("CALL %s()", name));
        const auto *context = reinterpret_cast<const CallContext *>(fcinfo->context);
        if (context == nullptr || !IsA(context, CallContext) || context->atomic)
            ereport(
                ERROR,
                (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
                 errmsg("%s() cannot run inside a transaction block", name),
                 errdetail("It ends transactions on its way."),
                 errhint("Send CALL %s() by itself: outside of BEGIN and COMMIT, with autocommit on, and as "
                         "the only statement of psql -c. migrate_apply() and migrate_rollback() run in a "
                         "transaction.",
                         name)));
        if (!is_direct_call(fcinfo))
            ereport(ERROR,
                    (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION), errmsg("%s() must be called directly", name),
                     errdetail("A DO block, a function or another procedure is in the way of the commits "
                               "that it makes."),
                     errhint("Send CALL %s() by itself.", name)));
    });
}

void commit_and_begin() {
    pg([] {
        if (SPI_connect_ext(SPI_OPT_NONATOMIC) != SPI_OK_CONNECT)
            elog(ERROR, "SPI_connect failed");
        SPI_commit();
        // Before anything commits by itself, SPI's stack must be empty again.
        SPI_finish();
    });
}

void CancelHold::hold() noexcept {
    if (!holding) {
        struct sigaction ignored {};
        ignored.sa_handler = SIG_IGN;
        holding = sigaction(SIGINT, &ignored, &when_released) == 0;
    }
    QueryCancelPending = 0; // as the server does behind a failed command (PostgresMain() in postgres.c)
}

void CancelHold::release() noexcept {
    if (holding)
        (void)sigaction(SIGINT, &when_released, nullptr);
    holding = false;
}

void abort_and_begin() {
    pg([] {
        // Beginning a transaction makes its memory the current one, and that ends with the next commit.
        MemoryContext outer = CurrentMemoryContext;
        AbortCurrentTransaction();
        SetCurrentStatementStartTimestamp();
        StartTransactionCommand();
        MemoryContextSwitchTo(outer);
    });
}

} // namespace turnstone::server
