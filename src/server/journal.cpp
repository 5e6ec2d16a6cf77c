// Owns the rows of turnstone.journal: writing them, and reading a History from them.
#include "turnstone/server/journal.hpp"

#include <vector>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/sql.hpp"

namespace turnstone::server {

core::History read_history() {
    // The newest event says whether a migration is applied and with which text; its newest "apply" gives it
    // its place in the order of application.
    static Query query{R"(
        select coalesce(m.version, j.version), coalesce(m.name, j.name), m.version is not null,
               coalesce(m.has_down, false), m.checksum, j.version is not null,
               coalesce(j.event <> 'rollback', false), j.applied_id, j.checksum
          from turnstone.migration m
          full join (select e.version, e.name, e.event, e.checksum, newest.applied_id
                       from (select version, pg_catalog.max(id) as id,
                                    pg_catalog.max(id) filter (where event = 'apply') as applied_id
                               from turnstone.journal group by version) newest
                       join turnstone.journal e on e.id = newest.id) j on j.version = m.version)"};
    const Rows rows = run(query);
    std::vector<core::MigrationFacts> facts;
    facts.reserve(rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
        auto version = core::Version::parse(rows.text(row, 0));
        if (!version)
            throw core::Error(core::ErrorCode::internal,
                              fmt::format("\"{}\" in turnstone.migration is no version", rows.text(row, 0)));
        core::MigrationFacts migration;
        migration.version = std::move(*version);
        migration.name = rows.text(row, 1);
        migration.registered = rows.boolean(row, 2);
        migration.has_down = rows.boolean(row, 3);
        migration.checksum = rows.text(row, 4);
        migration.in_journal = rows.boolean(row, 5);
        migration.applied = rows.boolean(row, 6);
        migration.journal_id = rows.integer(row, 7);
        migration.applied_checksum = rows.text(row, 8);
        facts.push_back(std::move(migration));
    }
    return core::History(std::move(facts));
}

bool journal_is_newer_than_transaction() {
    if (!IsolationUsesXactSnapshot())
        return false;
    static Query latest{"select pg_catalog.max(id) from turnstone.journal"};
    static Query visible{"select pg_catalog.max(id) from turnstone.journal"};
    return run(latest).integer(0, 0) !=
           run(visible, {}, Rights::engine, Freshness::transaction).integer(0, 0);
}

std::int64_t write_event(const JournalEvent &event) {
    static Query query{R"(
        insert into turnstone.journal
               (event, version, name, checksum, statements, started_at, finished_at, duration, session_role, role,
                application, client_address, backend, transaction, server_version, turnstone_version)
        select $1, $2, $3, $4, $5::pg_catalog.int4,
               t.now - $6 * interval '1 microsecond', t.now, $6 * interval '1 microsecond',
               session_user, $7, pg_catalog.current_setting('application_name'), pg_catalog.inet_client_addr(),
               pg_catalog.pg_backend_pid(), pg_catalog.pg_current_xact_id(),
               pg_catalog.current_setting('server_version'), $8
          from (select pg_catalog.clock_timestamp() as now) t
        returning id)"};
    const std::string role = pg([] { return GetUserNameFromId(GetUserId(), false); });
    const Rows rows = run(query, {event.event, event.version, event.name, event.checksum,
                                  event.run.statements, event.run.microseconds, role, TURNSTONE_VERSION});
    return rows.integer(0, 0);
}

} // namespace turnstone::server
