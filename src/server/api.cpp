// Owns the outer shape of the SQL functions: their arguments and the rows they return.
#include <map>
#include <optional>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/capture.hpp"
#include "turnstone/server/drift.hpp"
#include "turnstone/server/functions.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/marks.hpp"
#include "turnstone/server/plan_report.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/runner.hpp"
#include "turnstone/server/seeds.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/stamp_policy.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

// What a function returns that has put its rows into a tuplestore, or has none.
constexpr Datum no_value = 0;

Datum put_registered(FunctionCallInfo fcinfo, const std::vector<Registered> &all) {
    ResultRows result(fcinfo);
    for (const Registered &one : all)
        result.put({one.version, one.name, one.status});
    return no_value;
}

std::string interval_text(std::int64_t microseconds) {
    return fmt::format("{} microseconds", microseconds);
}

// Null where no times were kept.
std::optional<std::string> intervals_text(const SectionRun &run) {
    if (!run.keeps_times)
        return std::nullopt;
    std::string text = "{";
    for (const std::int64_t time : run.times)
        text += fmt::format("{}{}", text.size() > 1 ? "," : "", interval_text(time));
    return text + "}";
}

Datum put_done(FunctionCallInfo fcinfo, const std::vector<Done> &all) {
    ResultRows result(fcinfo);
    for (const Done &done : all) {
        const auto times = intervals_text(done.run);
        result.put({done.version, done.name, done.direction, done.run.statements,
                    interval_text(done.run.microseconds), times});
    }
    return no_value;
}

Datum put_marked(FunctionCallInfo fcinfo, const std::vector<Marked> &all) {
    ResultRows result(fcinfo);
    for (const Marked &marked : all)
        result.put({marked.version, marked.name, marked.state});
    return no_value;
}

bool flag_argument(FunctionCallInfo fcinfo, int number) {
    return !PG_ARGISNULL(number) && PG_GETARG_BOOL(number);
}

// The number of migrations; a null is the default.
int steps_argument(FunctionCallInfo fcinfo) {
    return PG_ARGISNULL(0) ? 1 : PG_GETARG_INT32(0);
}

std::string required_argument(FunctionCallInfo fcinfo, int number, const char *name) {
    const auto value = optional_text_argument(fcinfo, number);
    if (!value)
        throw core::Error(core::ErrorCode::wrong_state,
                          fmt::format("argument \"{}\" must not be null", name));
    return *value;
}

} // namespace

Datum register_text(FunctionCallInfo fcinfo) {
    const Source source{core::Format::native, to_utf8(bytes_argument(fcinfo, 1)), {}};
    return put_registered(fcinfo, {register_script(bytes_argument(fcinfo, 0), source)});
}

Datum register_bytes(FunctionCallInfo fcinfo) {
    const Source source{core::Format::native, bytes_argument(fcinfo, 1), {}};
    return put_registered(fcinfo, {register_script(bytes_argument(fcinfo, 0), source)});
}

Datum register_pair(FunctionCallInfo fcinfo) {
    const Source source{core::Format::native, to_utf8(bytes_argument(fcinfo, 1)),
                        to_utf8(bytes_argument(fcinfo, 2))};
    return put_registered(fcinfo, {register_script(bytes_argument(fcinfo, 0), source)});
}

Datum load(FunctionCallInfo fcinfo) {
    return put_registered(fcinfo, load_directory(bytes_argument(fcinfo, 0), bytes_argument(fcinfo, 1)));
}

Datum set_a_variable(FunctionCallInfo fcinfo) {
    set_variable(required_argument(fcinfo, 0, "name"), optional_text_argument(fcinfo, 1));
    return no_value;
}

Datum unregister(FunctionCallInfo fcinfo) {
    unregister_script(bytes_argument(fcinfo, 0));
    return no_value;
}

Datum apply(FunctionCallInfo fcinfo) {
    return put_done(fcinfo, apply_pending({optional_text_argument(fcinfo, 0), flag_argument(fcinfo, 1)}));
}

Datum rollback(FunctionCallInfo fcinfo) {
    const int steps = steps_argument(fcinfo);
    return put_done(fcinfo, roll_back(steps, {fmt::format("-{}", steps), flag_argument(fcinfo, 1)}));
}

Datum rollback_to(FunctionCallInfo fcinfo) {
    return put_done(fcinfo, roll_back_to({required_argument(fcinfo, 0, "target"), flag_argument(fcinfo, 1)}));
}

Datum redo_steps(FunctionCallInfo fcinfo) {
    const int steps = steps_argument(fcinfo);
    return put_done(fcinfo, redo(steps, {fmt::format("-{}", steps), flag_argument(fcinfo, 1)}));
}

Datum seed_environment(FunctionCallInfo fcinfo) {
    return put_done(fcinfo, seed({optional_text_argument(fcinfo, 0), flag_argument(fcinfo, 1)}));
}

Datum reset_all(FunctionCallInfo fcinfo) {
    return put_done(fcinfo, reset({optional_text_argument(fcinfo, 0), flag_argument(fcinfo, 1)}));
}

Datum plan(FunctionCallInfo fcinfo) {
    ResultRows result(fcinfo);
    for (const PlannedStatement &planned : plan_report(optional_text_argument(fcinfo, 0).value_or(""),
                                                       optional_text_argument(fcinfo, 1).value_or("up"))) {
        const bool any = planned.statement > 0;
        result.put({planned.step, planned.version, planned.name, planned.direction,
                    any ? Value(planned.statement) : Value(std::nullopt),
                    any ? Value(planned.line) : Value(std::nullopt), Value::or_null(planned.command),
                    planned.transactional, Value::or_null(planned.note)});
    }
    return no_value;
}

Datum baseline_version(FunctionCallInfo fcinfo) {
    return put_marked(fcinfo,
                      baseline(required_argument(fcinfo, 0, "version"), optional_text_argument(fcinfo, 1)));
}

Datum mark_version(FunctionCallInfo fcinfo) {
    const std::optional<int> statement =
        PG_ARGISNULL(3) ? std::nullopt : std::optional<int>(PG_GETARG_INT32(3));
    return put_marked(fcinfo,
                      mark(required_argument(fcinfo, 0, "version"), required_argument(fcinfo, 1, "state"),
                           optional_text_argument(fcinfo, 2), statement));
}

Datum repair_version(FunctionCallInfo fcinfo) {
    std::optional<std::string> bytes = optional_text_argument(fcinfo, 1);
    if (bytes)
        bytes = to_utf8(*bytes);
    return put_marked(
        fcinfo, repair(required_argument(fcinfo, 0, "version"), bytes, optional_text_argument(fcinfo, 2)));
}

Datum tag_version(FunctionCallInfo fcinfo) {
    ResultRows result(fcinfo);
    for (const Marked &marked : tag(required_argument(fcinfo, 0, "tag"), optional_text_argument(fcinfo, 1)))
        result.put({marked.version, marked.name});
    return no_value;
}

Datum status(FunctionCallInfo fcinfo) {
    static Query query{R"(
        select id, finished_at::pg_catalog.text, role, duration::pg_catalog.text
          from turnstone.journal where state = 'applied')"};
    ResultRows result(fcinfo);
    const core::History history = read_history();
    const Rows applies = run(query);
    std::map<std::int64_t, std::size_t> row_of;
    for (std::size_t row = 0; row < applies.size(); ++row)
        row_of[applies.integer(row, 0)] = row;
    for (const core::MigrationFacts &migration : history.migrations()) {
        const auto state = history.state(migration);
        const auto found = migration.applied ? row_of.find(migration.journal_id) : row_of.end();
        const auto detail = [&](std::size_t column) -> std::optional<std::string> {
            return found == row_of.end() ? std::nullopt : applies.cell(found->second, column);
        };
        if (!migration.registered && !migration.applied)
            continue; // unregistered after its rollback: history, not state
        result.put({migration.version.text(), migration.name, core::state_name(state), detail(1), detail(2),
                    detail(3)});
    }
    for (const Seed &seed : read_seeds())
        result.put({seed.version, seed.name, core::state_name(seed.state), seed.applied_at, seed.applied_by,
                    seed.duration});
    return no_value;
}

Datum version(FunctionCallInfo) {
    return pg([] { return PointerGetDatum(cstring_to_text(TURNSTONE_VERSION)); });
}

} // namespace turnstone::server
