// Owns the execution of a section, statement by statement, inside a transaction.
#include "turnstone/server/executor.hpp"

#include <algorithm>

#include "turnstone/server/progress.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/script_copy.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/statement_rules.hpp"
#include "turnstone/server/statement_timer.hpp"
#include "turnstone/server/stopwatch.hpp"
#include "turnstone/server/touched.hpp"

namespace turnstone::server {

namespace {

bool counts_rows(CommandTag tag) {
    return tag == CMDTAG_INSERT || tag == CMDTAG_UPDATE || tag == CMDTAG_DELETE || tag == CMDTAG_MERGE ||
           tag == CMDTAG_COPY;
}

// What exec_simple_query() does with one statement, without its transaction commands. A leaf. Returns the
// rows touched. At top level it does what the server does with a statement that stands by itself: it may
// commit on its way, and everything of it must then be in memory that lives on.
std::uint64_t run_statement(RawStmt *raw, const char *source, bool top_level) {
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
    // Without a resource owner of its own the portal charges everything to the run's. One of its own would
    // have to hand on its locks at the end, by a walk over all that the transaction holds: the cost of each
    // statement would grow with them. Portals that return rows keep theirs, which holds a snapshot of them
    // (pquery.c: FillPortalStore).
    if (!top_level && ChoosePortalStrategy(plans) == PORTAL_MULTI_QUERY) {
        ResourceOwnerDelete(portal->resowner);
        portal->resowner = nullptr;
    }
    PortalDefineQuery(portal, nullptr, source, CreateCommandTag(raw->stmt), plans, nullptr);
    PortalStart(portal, nullptr, 0, InvalidSnapshot);
    DestReceiver *destination = CreateDestReceiver(DestNone);
    QueryCompletion completion;
    InitializeQueryCompletion(&completion);
    (void)compat::run_portal(portal, top_level, destination, &completion);
    PortalDrop(portal, false);
    CommandCounterIncrement();
    return counts_rows(completion.commandTag) ? completion.nprocessed : 0;
}

// The same with a COPY ... FROM STDIN. A leaf.
std::uint64_t run_copy(RawStmt *raw, const char *source, CopyFeed &feed) {
    const auto *copy = reinterpret_cast<const CopyStmt *>(static_cast<RawStmt *>(copyObjectImpl(raw))->stmt);
    const std::uint64_t rows = feed.run(copy, source);
    CommandCounterIncrement();
    return rows;
}

} // namespace

TemporaryObjects temporary_objects() {
    if (!pg([] { return OidIsValid(DatumGetObjectId(OidFunctionCall0(F_PG_MY_TEMP_SCHEMA))); }))
        return {};
    static Query query{R"(
        select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, oid from pg_catalog.pg_class
         where relnamespace = pg_catalog.pg_my_temp_schema() and relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c')
        union all
        select 'pg_catalog.pg_proc'::pg_catalog.regclass, oid from pg_catalog.pg_proc
         where pronamespace = pg_catalog.pg_my_temp_schema()
        union all
        select 'pg_catalog.pg_type'::pg_catalog.regclass, oid from pg_catalog.pg_type
         where typnamespace = pg_catalog.pg_my_temp_schema() and typrelid = 0 and typcategory <> 'A')"};
    const Rows rows = run(query);
    TemporaryObjects objects;
    for (std::size_t row = 0; row < rows.size(); ++row)
        objects.emplace(rows.integer(row, 0), rows.integer(row, 1));
    return objects;
}

void drop_new_temporary_objects(const TemporaryObjects &before) {
    std::vector<ObjectAddress> fresh;
    for (const auto &[catalog, object] : temporary_objects()) {
        if (!before.contains({catalog, object}))
            fresh.push_back({static_cast<Oid>(catalog), static_cast<Oid>(object), 0});
    }
    if (fresh.empty())
        return;
    pg([&] {
        ObjectAddresses *doomed = new_object_addresses();
        for (const ObjectAddress &address : fresh)
            add_exact_object_address(&address, doomed);
        PushActiveSnapshot(GetTransactionSnapshot()); // behind statements at top level there is none
        performMultipleDeletions(doomed, DROP_CASCADE, PERFORM_DELETION_INTERNAL | PERFORM_DELETION_QUIETLY);
        PopActiveSnapshot();
        free_object_addresses(doomed);
        CommandCounterIncrement();
    });
}

LockTimeouts::LockTimeouts(const TimeLimits &limits, GucAction action)
    : limits_(limits), action_(action), of_session_(LockTimeout),
      by_class_(limits.lock.empty() && limits.ddl_lock_timeout_ms > 0) {
    if (!limits.lock.empty())
        set_lock_timeout(limits.lock.c_str());
}

void LockTimeouts::set_for(const RawStmt *raw, bool runs_by_itself) {
    if (!by_class_)
        return;
    if (pg([&] {
            return IsA(raw->stmt, VariableSetStmt) &&
                   reinterpret_cast<const VariableSetStmt *>(raw->stmt)->name != nullptr &&
                   strcmp(reinterpret_cast<const VariableSetStmt *>(raw->stmt)->name, "lock_timeout") == 0;
        })) {
        by_class_ = false; // from here on it is the script's own
        return;
    }
    const int own =
        of_session_ > 0 ? std::min(of_session_, limits_.ddl_lock_timeout_ms) : limits_.ddl_lock_timeout_ms;
    int wanted = of_session_;
    if (runs_by_itself)
        wanted = 0; // the waits of CONCURRENTLY are for other transactions to end
    else if (takes_strong_locks(raw))
        wanted = own;
    if (wanted != LockTimeout)
        set_lock_timeout(std::to_string(wanted).c_str());
}

void LockTimeouts::set_lock_timeout(const char *value) const {
    pg([&] {
        (void)set_config_option("lock_timeout", value, PGC_USERSET, PGC_S_SESSION, action_, true, 0, false);
    });
}

void run_one_statement(const ScriptPlace &place, const Statement &statement, bool top_level,
                       const TimeLimits &limits, SectionRun &done) {
    PositionKeeper keeper;
    const std::string_view data =
        std::string_view(place.text).substr(statement.data_begin, statement.data_end - statement.data_begin);
    CopyFeed feed(data);
    const StatementTimer timer(limits.statement);
    const NotingTouches noting(place.name, statement.number);
    const Stopwatch watch;
    const std::uint64_t wal_start = pgWalUsage.wal_bytes;
    try {
        done.rows += static_cast<std::int64_t>(pg([&] {
            CHECK_FOR_INTERRUPTS();
            keeper.begin();
            timer.start();
            const std::uint64_t rows = statement.reads_data
                                           ? run_copy(statement.raw, place.text.c_str(), feed)
                                           : run_statement(statement.raw, place.text.c_str(), top_level);
            timer.stop();
            keeper.end();
            return rows;
        }));
    } catch (const PgError &error) {
        timer.explain(error.data());
        error.data()->cursorpos = keeper.position;
        const std::size_t in_data = feed.offset_of_message();
        const std::size_t begin =
            in_data == std::string_view::npos ? statement.begin : statement.data_begin + in_data;
        const core::TextPosition where = locate_error(error.data(), place, statement.number, begin);
        done.failed_statement = statement.number;
        done.failed_line = where.line;
        done.failed_column = where.column;
        done.microseconds += watch.microseconds();
        throw;
    }
    const std::int64_t time = watch.microseconds();
    ++done.statements;
    done.microseconds += time;
    if (done.keeps_times)
        done.times.push_back(time);
    done.wal_bytes += static_cast<std::int64_t>(pgWalUsage.wal_bytes - wal_start);
}

void run_section(const ScriptPlace &place, const core::ScriptOptions &options, SectionRun &done) {
    const MemoryScope section_memory;
    run_statements(place, parse_section(place), {options.timeout, options.lock_timeout}, done);
}

void run_statements(const ScriptPlace &place, const std::vector<Statement> &statements,
                    const TimeLimits &limits, SectionRun &done) {
    const auto temporary_before = temporary_objects();
    const SettingsScope scope;
    pg([] {
        if (*settings::search_path() != '\0')
            (void)set_config_option("search_path", settings::search_path(), PGC_USERSET, PGC_S_SESSION,
                                    GUC_ACTION_SAVE, true, 0, false);
    });
    LockTimeouts lock_timeouts(limits, GUC_ACTION_SAVE);
    const MemoryScope statement_memory;
    const int last = statements.empty() ? 0 : statements.back().number;
    for (const Statement &statement : statements) {
        lock_timeouts.set_for(statement.raw, false);
        report_statement(statement.number, last, GetCommandTagName(CreateCommandTag(statement.raw->stmt)));
        run_one_statement(place, statement, false, limits, done);
        MemoryContextReset(statement_memory.context());
    }
    drop_new_temporary_objects(temporary_before);
}

} // namespace turnstone::server
