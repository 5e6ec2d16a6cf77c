// Owns the finding and reading of another tool's journal, and its lock.
#include "turnstone/server/foreign_journal.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/foreign_identity.hpp"

#include "turnstone/server/foreign_queries.hpp"
#include "turnstone/server/knex_lock.hpp"
#include "turnstone/server/stamp_trigger.hpp"

namespace turnstone::server {

namespace {

std::vector<std::string> columns_of(const KnownJournal &known) {
    std::vector<std::string> columns;
    const std::string_view list = known.columns;
    for (std::size_t start = 0; start < list.size();) {
        const std::size_t end = std::min(list.find(',', start), list.size());
        columns.emplace_back(list.substr(start, end - start));
        start = end + 1;
    }
    return columns;
}

// Tables only: what stands behind a view would run with the rights of whoever adopts.
std::optional<ForeignJournal> find(const KnownJournal &known, const std::optional<Oid> &table) {
    static Query query{R"(
        select n.nspname, c.relname,
               pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.oid
          from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and c.relpersistence <> 't'
           and n.nspname not in ('pg_catalog', 'information_schema', 'turnstone')
           and case when $1 <> '' then c.oid = $1::pg_catalog.oid
                    else c.relname = $2 and ($3 = '' or n.nspname = $3) end
           and (select pg_catalog.count(*) from pg_catalog.pg_attribute a
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                   and a.attname = any ($4::pg_catalog.name[])) = pg_catalog.cardinality($4::pg_catalog.name[])
         order by pg_catalog.array_position($5::pg_catalog.text[], n.nspname::pg_catalog.text), n.nspname
         limit 1)"};
    const std::vector<std::string> path = searched_schemas();
    const std::vector<std::string> columns = columns_of(known);
    const std::string wanted = table ? std::to_string(*table) : std::string();
    const Rows rows = run(query, {wanted, known.table, known.schema, columns, path});
    if (rows.empty())
        return std::nullopt;
    return ForeignJournal{known.tool,
                          static_cast<Oid>(rows.integer(0, 3)),
                          rows.text(0, 0),
                          rows.text(0, 1),
                          rows.text(0, 2),
                          known.rows,
                          known.apply,
                          known.rollback,
                          known.needs_foreign_id,
                          known.keeps_mark};
}

ForeignJournal only_one(const std::vector<ForeignJournal> &found) {
    if (found.size() > 1) {
        std::vector<std::string> tables;
        tables.reserve(found.size());
        for (const ForeignJournal &journal : found)
            tables.push_back(fmt::format("{} ({})", core::tool_name(journal.tool), journal.name));
        throw core::Error(core::ErrorCode::duplicate, "several tools have a journal here",
                          fmt::format("They are {}.", fmt::join(tables, ", ")),
                          "Name one: migrate_adopt(tool := 'flyway').");
    }
    return found.front();
}

core::ForeignRow::State state_of(const std::string &name) {
    using enum core::ForeignRow::State;
    return name == "applied"    ? applied
           : name == "failed"   ? failed
           : name == "partial"  ? partial
           : name == "baseline" ? baseline
                                : reverted;
}

} // namespace

std::string with_names(const ForeignJournal &journal, const char *statement) {
    std::string text = statement;
    const auto put = [&](std::string_view mark, const std::string &value) {
        for (std::size_t place = 0; (place = text.find(mark, place)) != std::string::npos;
             place += value.size())
            text.replace(place, mark.size(), value);
    };
    put("{table}", journal.name);
    put("{schema}", pg([&] { return quote_identifier(journal.schema.c_str()); }));
    return text;
}

ForeignJournal find_foreign_journal(const std::optional<core::ForeignTool> &tool,
                                    const std::optional<Oid> &table) {
    std::vector<ForeignJournal> found;
    for (const KnownJournal &known : known_journals()) {
        const bool again = std::any_of(found.begin(), found.end(), [&](const ForeignJournal &one) {
            return one.tool == known.tool || (one.schema == known.schema && one.table == known.table);
        });
        if (again || (tool && *tool != known.tool))
            continue;
        if (auto journal = find(known, table)) {
            const bool taken = std::any_of(found.begin(), found.end(), [&](const ForeignJournal &one) {
                return one.name == journal->name; // told by more columns already
            });
            if (!taken)
                found.push_back(std::move(*journal));
        }
    }
    if (found.empty())
        throw core::Error(
            core::ErrorCode::undefined,
            tool ? fmt::format("no journal of {} is in this database", core::tool_name(*tool))
                 : std::string("no other tool's journal is in this database"),
            table ? "The table has not the columns of one." : "",
            "Where it has a name of its own, say which: migrate_adopt(tool := 'flyway', journal := "
            "'app.history').");
    return only_one(found);
}

std::vector<core::ForeignRow> read_foreign_journal(const ForeignJournal &journal) {
    const std::string text = fmt::format("select id::pg_catalog.text, name, checksum, state, "
                                         "at::pg_catalog.timestamptz::pg_catalog.text, by, us, detail "
                                         "from ({}) r(id, name, checksum, state, at, by, us, detail)",
                                         with_names(journal, journal.rows));
    const std::string zone = pg([] { return pg_get_timezone_name(session_timezone); });
    Query query{text.c_str()};
    const Rows rows = run(query, {zone}, Rights::caller);
    std::vector<core::ForeignRow> all;
    all.reserve(rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
        core::ForeignRow one;
        one.id = rows.text(row, 0);
        one.name = rows.text(row, 1);
        one.checksum = rows.text(row, 2);
        one.state = state_of(rows.text(row, 3));
        one.applied_at = rows.text(row, 4);
        one.applied_by = rows.text(row, 5);
        if (!rows.is_null(row, 6))
            one.microseconds = rows.integer(row, 6);
        one.detail = rows.text(row, 7);
        all.push_back(std::move(one));
    }
    return all;
}

std::optional<std::int64_t> foreign_lock_key(const ForeignJournal &journal) {
    namespace lock = core::foreign_lock;
    using enum core::ForeignTool;
    const auto database = [] { return pg([] { return std::string_view(get_database_name(MyDatabaseId)); }); };
    switch (journal.tool) {
    case flyway:
        return lock::flyway(journal.schema, journal.table);
    case golang_migrate:
        return lock::golang_migrate(journal.schema, journal.table, database());
    case sqlx:
        return lock::sqlx(database());
    case goose:
        return lock::goose;
    case sqitch:
        return lock::sqitch;
    case atlas:
        return lock::atlas;
    case prisma:
        return lock::prisma;
    case graphile_migrate:
        return lock::graphile_migrate;
    case node_pg_migrate:
        return lock::node_pg_migrate;
    default:
        return std::nullopt;
    }
}

void take_foreign_lock(const ForeignJournal &journal, LockOwner owner) {
    if (const auto key = foreign_lock_key(journal))
        take_advisory_lock(*key, owner, core::tool_name(journal.tool));
    using enum core::ForeignTool;
    if (owner == LockOwner::transaction && (journal.tool == sqitch || journal.tool == depesz))
        execute(fmt::format("lock table {} in exclusive mode", journal.name), Rights::caller);
    if (journal.tool == knex)
        take_knex_lock(journal, owner);
}

void release_foreign_lock(const ForeignJournal &journal) {
    if (const auto key = foreign_lock_key(journal))
        pg([&] { (void)DirectFunctionCall1(pg_advisory_unlock_int8, Int64GetDatum(*key)); });
    if (journal.tool == core::ForeignTool::knex)
        release_knex_lock(journal);
}

} // namespace turnstone::server
