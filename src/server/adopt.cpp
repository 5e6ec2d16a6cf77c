// Owns migrate_adopt(): what another tool's journal means for the registered scripts, shown and taken over.
#include "turnstone/server/adopt.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/foreign_journal.hpp"
#include "turnstone/server/functions.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/recorder.hpp"

namespace turnstone::server {

namespace {

// In the order of versions.
std::vector<core::OwnScript> own_scripts(const core::History &history) {
    static Query query{R"(
        select version, name, kind, script, pg_catalog.md5(script),
               pg_catalog.encode(pg_catalog.sha384(script), 'hex'), foreign_id
          from turnstone.migration where kind in ('versioned', 'repeatable'))"};
    const Rows rows = run(query);
    std::map<std::string, core::OwnScript> by_version;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        core::OwnScript script;
        script.version = rows.text(row, 0);
        script.name = rows.text(row, 1);
        script.kind = core::parse_kind(rows.text(row, 2)).value_or(core::MigrationKind::versioned);
        script.bytes = rows.text(row, 3);
        script.md5 = rows.text(row, 4);
        script.sha384 = rows.text(row, 5);
        script.foreign_id = rows.text(row, 6);
        by_version.emplace(script.version, std::move(script));
    }
    std::vector<core::OwnScript> scripts;
    for (const core::MigrationFacts &migration : history.migrations()) {
        const auto found = by_version.find(migration.version.text());
        if (found == by_version.end())
            continue;
        found->second.in_journal = migration.applied;
        scripts.push_back(std::move(found->second));
    }
    return scripts;
}

std::vector<AdoptedRow> rows_of(const std::vector<core::Adoption> &adoptions,
                                const std::vector<core::OwnScript> &scripts,
                                const std::vector<core::ForeignRow> &rows) {
    std::vector<AdoptedRow> all;
    all.reserve(adoptions.size());
    for (const core::Adoption &one : adoptions) {
        AdoptedRow row{{}, {}, one.verdict, {}, one.detail};
        if (one.script) {
            row.version = scripts[*one.script].version;
            row.name = scripts[*one.script].name;
        }
        if (one.row)
            row.row = rows[*one.row];
        all.push_back(std::move(row));
    }
    return all;
}

// What one must look at before the history is taken over.
void require_nothing_doubtful(const std::vector<AdoptedRow> &rows) {
    std::string detail;
    int doubtful = 0;
    for (const AdoptedRow &row : rows) {
        using enum core::Verdict;
        if (row.verdict != changed_file && row.verdict != missing_file && row.verdict != failed &&
            row.verdict != partial)
            continue;
        constexpr int most_told = 5;
        if (++doubtful <= most_told)
            detail += fmt::format("{}{}: {}", detail.empty() ? "" : ", ",
                                  row.name.empty() ? row.row.id : row.name, core::verdict_name(row.verdict));
    }
    if (doubtful > 0)
        throw core::Error(
            core::ErrorCode::wrong_state,
            fmt::format("the history cannot be taken over whole: {} {} in doubt", doubtful,
                        doubtful == 1 ? "entry is" : "entries are"),
            detail + (doubtful > 5 ? ", and others." : "."),
            "SELECT * FROM migrate_adopt() shows all of them. Set them right, or take over what is "
            "certain with force := true.");
}

void write(const ForeignJournal &journal, const std::vector<AdoptedRow> &rows, const core::History &history) {
    SchemaRecorder recorder;
    const std::int64_t run_id = begin_run("adopt", core::tool_name(journal.tool));
    for (const AdoptedRow &row : rows) {
        if (!core::is_adoptable(row.verdict))
            continue;
        const core::MigrationFacts &migration = history.find(row.version);
        JournalEvent event{run_id,
                           "baseline",
                           "applied",
                           row.version,
                           row.name,
                           migration.checksum,
                           fmt::format("adopted from {}: {}", core::tool_name(journal.tool),
                                       core::verdict_name(row.verdict))};
        event.run.microseconds = row.row.microseconds.value_or(0);
        event.origin = {row.row.applied_at, row.row.applied_by, core::tool_name(journal.tool)};
        if (row.verdict == core::Verdict::assumed) // the mark's time is not its own
            event.origin.finished_at.clear();
        write_event(event);
    }
    recorder.finish();
}

} // namespace

std::vector<AdoptedRow> adopt(const AdoptRequest &request) {
    if (!request.dry_run)
        take_run_lock();
    const ForeignJournal journal = find_foreign_journal(request.tool, request.journal);
    if (!request.dry_run)
        take_foreign_lock(journal, LockOwner::transaction);
    const std::vector<core::ForeignRow> rows = read_foreign_journal(journal);
    const core::History history = read_history();
    const std::vector<core::OwnScript> scripts = own_scripts(history);
    std::vector<AdoptedRow> adopted =
        rows_of(core::match_history(journal.tool, rows, scripts), scripts, rows);
    const auto certain = std::count_if(adopted.begin(), adopted.end(),
                                       [](const AdoptedRow &row) { return core::is_adoptable(row.verdict); });
    if (request.dry_run) {
        pg([&] {
            ereport(NOTICE, (errmsg("%d of %d scripts would be taken over from %s (table %s)",
                                    static_cast<int>(certain), static_cast<int>(scripts.size()),
                                    core::tool_name(journal.tool), journal.name.c_str()),
                             errhint("Nothing has been written; dry_run := false does it.")));
        });
        return adopted;
    }
    if (!request.force)
        require_nothing_doubtful(adopted);
    if (certain > 0)
        write(journal, adopted, history);
    return adopted;
}

Datum adopt_history(FunctionCallInfo fcinfo) {
    AdoptRequest request;
    const std::string tool = optional_text_argument(fcinfo, 0).value_or("auto");
    if (tool != "auto") {
        request.tool = core::parse_tool(tool);
        if (!request.tool)
            throw core::Error(core::ErrorCode::invalid_argument, fmt::format("unknown tool \"{}\"", tool), {},
                              core::tools_hint());
    }
    request.dry_run = PG_ARGISNULL(1) || PG_GETARG_BOOL(1);
    if (!PG_ARGISNULL(2))
        request.journal = PG_GETARG_OID(2);
    request.force = !PG_ARGISNULL(3) && PG_GETARG_BOOL(3);
    ResultRows result(fcinfo);
    for (const AdoptedRow &row : adopt(request)) {
        const std::string duration =
            row.row.microseconds ? fmt::format("{} microseconds", *row.row.microseconds) : std::string();
        result.put({Value::or_null(row.version), Value::or_null(row.name), core::verdict_name(row.verdict),
                    Value::or_null(row.row.applied_at), Value::or_null(row.row.applied_by),
                    Value::or_null(duration), Value::or_null(row.row.id), Value::or_null(row.detail)});
    }
    return 0; // the rows are in the result
}

} // namespace turnstone::server
