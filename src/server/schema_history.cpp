// Owns the way back: from rows of the journal, versions and times to the states that were recorded. One state
// is recorded a run, behind its last row.
#include "turnstone/server/schema_history.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/version.hpp"

#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

constexpr const char *state_of_snapshot = R"(
        select s.id, s.journal_id, s.taken_at::pg_catalog.text, s.server_version_num, s.stale,
               pg_catalog.concat_ws('/', s.system_identifier, s.database, s.server_version_num / 10000)
          from turnstone.snapshot s )";

[[noreturn]] void nothing_recorded() {
    static Query first{
        "select taken_at::pg_catalog.text, journal_id from turnstone.snapshot order by id limit 1"};
    const Rows rows = run(first);
    throw core::Error(core::ErrorCode::wrong_state, "no schema had been recorded by then",
                      rows.empty() ? "Nothing is recorded in this database."
                                   : fmt::format("The first record is of {}, behind row {} of the journal.",
                                                 rows.text(0, 0), rows.integer(0, 1)),
                      rows.empty() ? "The first run of migrations records the schema." : "");
}

RecordedState state_in(const Rows &rows) {
    if (rows.empty())
        nothing_recorded();
    RecordedState state{rows.integer(0, 0), rows.integer(0, 1), rows.text(0, 2), rows.integer(0, 3),
                        rows.text(0, 5)};
    if (rows.boolean(0, 4))
        throw core::Error(core::ErrorCode::wrong_state, "the schema was not recorded then",
                          fmt::format("Behind the run that ended at {}, with row {} of the journal, "
                                      "turnstone.record_schema was off, or the extension was updated.",
                                      state.taken_at, state.journal_id));
    return state;
}

} // namespace

RecordedState state_behind_entry(std::int64_t journal_id) {
    static Query entry{R"(
        select j.run, exists (select from turnstone.run r where r.id = j.run and r.state = 'running')
          from turnstone.journal j where j.id = $1)"};
    // The first: a later one may have taken over what there was in another place, behind the same row.
    static Query of_run{
        "join turnstone.journal j on j.id = s.journal_id where j.run = $1 order by s.id limit 1",
        state_of_snapshot};
    static Query before{"where s.journal_id <= $1 order by s.id desc limit 1", state_of_snapshot};
    const Rows row = run(entry, {journal_id});
    if (row.empty())
        throw core::Error(
            core::ErrorCode::undefined, fmt::format("the journal has no row {}", journal_id),
            "Numbers are rows of the journal; versions are texts.",
            fmt::format("turnstone.journal lists the rows. A version is given as '{}'.", journal_id));
    if (row.boolean(0, 1))
        throw core::Error(core::ErrorCode::wrong_state,
                          fmt::format("run {} of migrations is under way, or was cut off", row.integer(0, 0)),
                          "The schema is recorded when it ends, or the next run begins.");
    const Rows own = run(of_run, {row.integer(0, 0)});
    return state_in(own.empty() ? run(before, {journal_id}) : own);
}

RecordedState state_behind_version(const std::string &version) {
    static Query query{R"(
        select j.version, pg_catalog.max(j.id) from turnstone.journal j where j.state = 'applied' group by j.version)"};
    const core::Version wanted = core::Version::from_text(version);
    const Rows rows = run(query);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (core::Version::from_text(rows.text(row, 0)) == wanted)
            return state_behind_entry(rows.integer(row, 1));
    }
    throw core::Error(core::ErrorCode::undefined,
                      fmt::format("version \"{}\" has never been applied", version), {},
                      "turnstone.history lists what was.");
}

RecordedState state_at(const std::string &time) {
    static Query query{"where s.taken_at <= $1::pg_catalog.timestamptz order by s.id desc limit 1",
                       state_of_snapshot};
    return state_in(run(query, {time}));
}

core::SchemaDocuments documents_at(const RecordedState &state) {
    static Query query{R"(
        select object_type, identity, document::pg_catalog.text from turnstone.recorded_object
         where since <= $1 and (until is null or until > $1))"};
    const Rows rows = run(query, {state.snapshot});
    core::SchemaDocuments documents;
    for (std::size_t row = 0; row < rows.size(); ++row)
        documents.emplace(core::ObjectKey{to_utf8(rows.text(row, 1)), rows.text(row, 0)},
                          to_utf8(rows.text(row, 2)));
    return documents;
}

} // namespace turnstone::server
