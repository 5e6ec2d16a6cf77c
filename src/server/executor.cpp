// Owns the execution of a section, statement by statement, inside a transaction.
#include "turnstone/server/executor.hpp"

#include <set>
#include <utility>

#include "turnstone/server/raii.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/statement_timer.hpp"

namespace turnstone::server {

namespace {

bool counts_rows(CommandTag tag) {
    return tag == CMDTAG_INSERT || tag == CMDTAG_UPDATE || tag == CMDTAG_DELETE || tag == CMDTAG_MERGE ||
           tag == CMDTAG_COPY;
}

// What exec_simple_query() does with one statement, without its transaction commands. A leaf. Returns the
// rows touched.
std::uint64_t run_statement(RawStmt *raw, const char *source) {
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
    if (ChoosePortalStrategy(plans) == PORTAL_MULTI_QUERY) {
        ResourceOwnerDelete(portal->resowner);
        portal->resowner = nullptr;
    }
    PortalDefineQuery(portal, nullptr, source, CreateCommandTag(raw->stmt), plans, nullptr);
    PortalStart(portal, nullptr, 0, InvalidSnapshot);
    DestReceiver *destination = CreateDestReceiver(DestNone);
    QueryCompletion completion;
    InitializeQueryCompletion(&completion);
    (void)compat::run_portal(portal, false, destination, &completion);
    PortalDrop(portal, false);
    CommandCounterIncrement();
    return counts_rows(completion.commandTag) ? completion.nprocessed : 0;
}

// The objects in this session's temporary schema, for telling a script's own from the caller's.
std::set<std::pair<std::int64_t, std::int64_t>> temporary_objects() {
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
    std::set<std::pair<std::int64_t, std::int64_t>> objects;
    for (std::size_t row = 0; row < rows.size(); ++row)
        objects.emplace(rows.integer(row, 0), rows.integer(row, 1));
    return objects;
}

void drop_new_temporary_objects(const std::set<std::pair<std::int64_t, std::int64_t>> &before) {
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
        performMultipleDeletions(doomed, DROP_CASCADE, PERFORM_DELETION_INTERNAL | PERFORM_DELETION_QUIETLY);
        free_object_addresses(doomed);
        CommandCounterIncrement();
    });
}

} // namespace

void run_section(const ScriptPlace &place, const core::ScriptOptions &options, SectionRun &done) {
    const MemoryScope section_memory;
    const std::vector<Statement> statements = parse_section(place);
    const auto temporary_before = temporary_objects();
    const SettingsScope scope;
    pg([&] {
        const auto set = [](const char *name, const char *value) {
            if (*value != '\0')
                (void)set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
                                        false);
        };
        set("lock_timeout", options.lock_timeout.c_str());
        set("search_path", settings::search_path());
    });
    const MemoryScope statement_memory;

    PositionKeeper keeper;
    const StatementTimer timer(options.timeout);
    const TimestampTz start = GetCurrentTimestamp();
    TimestampTz statement_start = start;
    const std::uint64_t wal_start = pgWalUsage.wal_bytes;
    for (const Statement &statement : statements) {
        try {
            done.rows += static_cast<std::int64_t>(pg([&] {
                CHECK_FOR_INTERRUPTS();
                keeper.begin();
                timer.start();
                const std::uint64_t rows = run_statement(statement.raw, place.text.c_str());
                timer.stop();
                keeper.end();
                MemoryContextReset(statement_memory.context());
                return rows;
            }));
        } catch (const PgError &error) {
            timer.explain(error.data());
            error.data()->cursorpos = keeper.position;
            const core::TextPosition where =
                locate_error(error.data(), place, statement.number, statement.begin);
            done.failed_statement = statement.number;
            done.failed_line = where.line;
            done.failed_column = where.column;
            done.microseconds = GetCurrentTimestamp() - start;
            throw;
        }
        ++done.statements;
        if (done.keeps_times) {
            const TimestampTz now = GetCurrentTimestamp();
            done.times.push_back(now - statement_start);
            statement_start = now;
        }
    }
    done.microseconds = GetCurrentTimestamp() - start;
    done.wal_bytes = static_cast<std::int64_t>(pgWalUsage.wal_bytes - wal_start);
    drop_new_temporary_objects(temporary_before);
}

} // namespace turnstone::server
