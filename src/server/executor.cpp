// Owns the execution of a section, statement by statement, inside a transaction.
#include "turnstone/server/executor.hpp"

#include "turnstone/server/raii.hpp"

namespace turnstone::server {

namespace {

// The server sends to the client a position that an error or a notice has in "its" query, which for the
// client is the call of migrate_apply(). So the position is kept here, and taken away there.
struct PositionKeeper {
    int position = 0;
};

void keep_position(void *argument) {
    const int position = geterrposition();
    static_cast<PositionKeeper *>(argument)->position = position;
    if (position > 0)
        errposition(0);
}

// What exec_simple_query() does with one statement, without its transaction commands. A leaf.
void run_statement(RawStmt *raw, const char *source) {
    bool pushed = false;
    if (analyze_requires_snapshot(raw)) {
        PushActiveSnapshot(GetTransactionSnapshot());
        pushed = true;
    }
    List *queries = pg_analyze_and_rewrite_fixedparams(static_cast<RawStmt *>(copyObjectImpl(raw)), source,
                                                       nullptr, 0, nullptr);
    List *plans = pg_plan_queries(queries, source, CURSOR_OPT_PARALLEL_OK, nullptr);
    if (pushed)
        PopActiveSnapshot();

    Portal portal = CreateNewPortal();
    portal->visible = false;
    PortalDefineQuery(portal, nullptr, source, CreateCommandTag(raw->stmt), plans, nullptr);
    PortalStart(portal, nullptr, 0, InvalidSnapshot);
    DestReceiver *destination = CreateDestReceiver(DestNone);
    QueryCompletion completion;
    InitializeQueryCompletion(&completion);
    (void)compat::run_portal(portal, false, destination, &completion);
    PortalDrop(portal, false);
    CommandCounterIncrement();
}

} // namespace

SectionRun run_section(const ScriptPlace &place) {
    const MemoryScope section_memory;
    const std::vector<Statement> statements = parse_section(place);
    const SettingsScope settings;
    const MemoryScope statement_memory;

    PositionKeeper keeper;
    SectionRun done;
    const TimestampTz start = GetCurrentTimestamp();
    for (const Statement &statement : statements) {
        try {
            pg([&] {
                CHECK_FOR_INTERRUPTS();
                ErrorContextCallback callback{error_context_stack, keep_position, &keeper};
                error_context_stack = &callback;
                keeper.position = 0;
                run_statement(statement.raw, place.text.c_str());
                error_context_stack = callback.previous;
                MemoryContextReset(statement_memory.context());
            });
        } catch (const PgError &error) {
            error.data()->cursorpos = keeper.position;
            locate_error(error.data(), place, statement.number, statement.begin);
            throw;
        }
        ++done.statements;
    }
    done.microseconds = GetCurrentTimestamp() - start;
    return done;
}

} // namespace turnstone::server
