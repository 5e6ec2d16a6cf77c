// Owns the SQL functions of states of the schema: export, comparison with an export, and the states of the
// past.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/schema_export.hpp"

#include "turnstone/server/drift.hpp"
#include "turnstone/server/drift_rows.hpp"
#include "turnstone/server/functions.hpp"
#include "turnstone/server/schema_history.hpp"
#include "turnstone/server/text.hpp"
#include "turnstone/server/unmodelled.hpp"

namespace turnstone::server {

namespace {

std::string database_name() {
    return pg([] { return get_database_name(MyDatabaseId); });
}

Datum as_json(core::SchemaExport schema) {
    schema.database = to_utf8(database_name());
    schema.fingerprint = fingerprint_of(schema.documents);
    const std::string text = from_utf8(core::export_text(schema));
    return pg([&] {
        return PointerGetDatum(cstring_to_text_with_len(text.data(), static_cast<int>(text.size())));
    });
}

std::map<std::string, std::string> unmodelled_counts() {
    std::map<std::string, std::string> counts;
    for (const core::Difference &kind : unmodelled_kinds())
        counts.emplace(kind.object_type, kind.actual);
    return counts;
}

// Of what there is no more to be told than a number, a row where that is another one.
void append_unmodelled(std::vector<core::Difference> &rows,
                       const std::map<std::string, std::string> &expected) {
    for (core::Difference &kind : unmodelled_kinds()) {
        const auto known = expected.find(kind.object_type);
        if (known != expected.end() && known->second == kind.actual)
            continue;
        if (known != expected.end())
            kind.expected = known->second;
        rows.push_back(std::move(kind));
    }
}

// Null for those of the export. Of schemas that are not in it, it says nothing.
std::vector<std::string> schemas_to_compare(const core::SchemaExport &expected,
                                            const std::vector<std::string> &asked_for) {
    std::vector<std::string> exported;
    for (const std::string &schema : expected.schemas)
        exported.push_back(from_utf8(schema));
    if (asked_for.empty() || exported.empty())
        return asked_for.empty() ? exported : asked_for;
    for (const std::string &schema : asked_for) {
        if (std::find(exported.begin(), exported.end(), schema) == exported.end())
            throw core::Error(core::ErrorCode::invalid_argument,
                              fmt::format("schema \"{}\" is not in the exported state", schema),
                              fmt::format("In it are only: {}.", fmt::join(exported, ", ")),
                              "Export that schema too, or all.");
    }
    return asked_for;
}

Datum state_as_json(const RecordedState &state) {
    core::SchemaExport schema;
    schema.server_version_num = state.server_version_num;
    schema.time = state.taken_at;
    schema.journal_id = state.journal_id;
    schema.documents = documents_at(state);
    return as_json(std::move(schema));
}

void put_changes(ResultRows &result, const RecordedState &from, const RecordedState &to) {
    put(result, compared(documents_at(from), documents_at(to), from.place == to.place, {}));
}

} // namespace

Datum export_schema(FunctionCallInfo fcinfo) {
    static Query time{"select pg_catalog.clock_timestamp()::pg_catalog.text"};
    core::SchemaExport schema;
    const std::vector<std::string> schemas = text_array_argument(fcinfo, 0);
    for (const std::string &name : schemas)
        schema.schemas.push_back(to_utf8(name));
    schema.server_version_num = PG_VERSION_NUM;
    schema.time = run(time).text(0, 0);
    if (schemas.empty())
        schema.unmodelled = unmodelled_counts();
    schema.documents = schema_as_it_is();
    keep_schemas(schema.documents, quoted_names(schemas));
    return as_json(std::move(schema));
}

Datum expect_schema(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) // not "nothing differs"
        throw core::Error(core::ErrorCode::invalid_argument, "no exported schema is given", {},
                          "Give what migrate_export_schema() or migrate_schema_at() returned.");
    const core::SchemaExport expected = core::read_export(to_utf8(bytes_argument(fcinfo, 0)));
    const std::vector<std::string> schemas = schemas_to_compare(expected, text_array_argument(fcinfo, 1));
    ResultRows result(fcinfo);
    std::vector<core::Difference> rows =
        compared(expected.documents, schema_as_it_is(), false, quoted_names(schemas));
    if (schemas.empty())
        append_unmodelled(rows, expected.unmodelled);
    put(result, rows);
    return static_cast<Datum>(0);
}

Datum schema_at_entry(FunctionCallInfo fcinfo) {
    return state_as_json(state_behind_entry(PG_GETARG_INT64(0)));
}

Datum schema_at_version(FunctionCallInfo fcinfo) {
    return state_as_json(state_behind_version(bytes_argument(fcinfo, 0)));
}

Datum schema_at_time(FunctionCallInfo fcinfo) {
    const std::string time = pg([&] {
        const int level = pin_settings();
        const char *text = OidOutputFunctionCall(F_TIMESTAMPTZ_OUT, PG_GETARG_DATUM(0));
        AtEOXact_GUC(true, level);
        return text;
    });
    return state_as_json(state_at(time));
}

Datum compare_entries(FunctionCallInfo fcinfo) {
    ResultRows result(fcinfo);
    put_changes(result, state_behind_entry(PG_GETARG_INT64(0)), state_behind_entry(PG_GETARG_INT64(1)));
    return static_cast<Datum>(0);
}

Datum compare_versions(FunctionCallInfo fcinfo) {
    ResultRows result(fcinfo);
    put_changes(result, state_behind_version(bytes_argument(fcinfo, 0)),
                state_behind_version(bytes_argument(fcinfo, 1)));
    return static_cast<Datum>(0);
}

} // namespace turnstone::server
