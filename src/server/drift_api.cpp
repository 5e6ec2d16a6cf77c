// Owns the SQL functions of drift.
#include <utility>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/capture.hpp"
#include "turnstone/server/culprits.hpp"
#include "turnstone/server/drift.hpp"
#include "turnstone/server/drift_rows.hpp"
#include "turnstone/server/functions.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/stamp_policy.hpp"
#include "turnstone/server/text.hpp"
#include "turnstone/server/unmodelled.hpp"

namespace turnstone::server {

void put(ResultRows &result, const std::vector<core::Difference> &differences) {
    for (const core::Difference &difference : differences)
        result.put({core::severity_name(difference.severity), core::change_name(difference.change),
                    difference.object_type, difference.identity, Value::or_null(difference.property),
                    Value::or_null(difference.expected), Value::or_null(difference.actual)});
}

namespace {

core::DriftReport reported_drift(const std::vector<std::string> &schemas) {
    std::vector<core::Difference> differences = schema_drift(schemas);
    append_policy_gaps(differences, schemas);
    if (schemas.empty()) {
        for (core::Difference &kind : unmodelled_kinds())
            differences.push_back(std::move(kind));
    }
    return with_culprits(std::move(differences));
}

} // namespace

Datum drift(FunctionCallInfo fcinfo) {
    const std::vector<std::string> schemas = text_array_argument(fcinfo, 0);
    ResultRows result(fcinfo);
    for (const auto &[difference, culprit] : reported_drift(schemas)) {
        const core::Culprit by = culprit.value_or(core::Culprit{});
        result.put({core::severity_name(difference.severity), core::change_name(difference.change),
                    difference.object_type, difference.identity, Value::or_null(difference.property),
                    Value::or_null(difference.expected), Value::or_null(difference.actual),
                    Value::or_null(by.at), Value::or_null(by.role), Value::or_null(by.application),
                    Value::or_null(by.client_address), Value::or_null(by.statement)});
    }
    return static_cast<Datum>(0);
}

Datum formatted_drift(FunctionCallInfo fcinfo) {
    const std::string name = optional_text_argument(fcinfo, 0).value_or("");
    const std::optional<core::ReportFormat> format = core::report_format(name);
    if (!format)
        throw core::Error(core::ErrorCode::invalid_argument,
                          fmt::format("\"{}\" is no format of a drift report", name), {},
                          "Available formats: text, json, summary. For the drift of some schemas as rows, "
                          "write migrate_drift(ARRAY['schema']).");
    core::DriftReport report = reported_drift(text_array_argument(fcinfo, 1));
    for (auto &[difference, culprit] : report) {
        for (std::string *text :
             {&difference.identity, &difference.property, &difference.expected, &difference.actual})
            *text = to_utf8(*text);
        if (culprit) {
            for (std::string *text : {&culprit->role, &culprit->application, &culprit->statement})
                *text = to_utf8(*text);
        }
    }
    const std::string whole = from_utf8(core::drift_report(report, *format));
    return pg([&] { return CStringGetTextDatum(whole.c_str()); });
}

Datum accept_drift_now(FunctionCallInfo fcinfo) {
    const std::vector<std::string> schemas = text_array_argument(fcinfo, 1);
    ResultRows result(fcinfo);
    put(result, accept_drift(optional_text_argument(fcinfo, 0).value_or(""), schemas));
    return static_cast<Datum>(0);
}

Datum fingerprint(FunctionCallInfo fcinfo) {
    const std::string text = schema_fingerprint(text_array_argument(fcinfo, 0));
    return pg([&] { return CStringGetTextDatum(text.c_str()); });
}

Datum captured_schema(FunctionCallInfo fcinfo) {
    const bool by_queries = !PG_ARGISNULL(0) && PG_GETARG_BOOL(0);
    ResultRows result(fcinfo);
    for (const auto &[key, document] : by_queries ? capture_schema_by_queries() : capture_schema())
        result.put({key.type, from_utf8(key.identity), from_utf8(document)});
    return static_cast<Datum>(0);
}

} // namespace turnstone::server
