// Owns the outer shape of the SQL functions around updated_at: their arguments and the rows they return.
#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/functions.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/stamp_alias.hpp"
#include "turnstone/server/stamp_policy.hpp"

namespace turnstone::server {

namespace {

constexpr Datum no_value = 0;

std::string required(FunctionCallInfo fcinfo, int number, const char *name) {
    const auto value = optional_text_argument(fcinfo, number);
    if (!value)
        throw core::Error(core::ErrorCode::invalid_argument,
                          fmt::format("argument \"{}\" must not be null", name));
    return *value;
}

Oid table_argument(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0))
        throw core::Error(core::ErrorCode::invalid_argument, "argument \"table_name\" must not be null");
    return PG_GETARG_OID(0);
}

bool flag(FunctionCallInfo fcinfo, int number, bool otherwise) {
    return PG_ARGISNULL(number) ? otherwise : PG_GETARG_BOOL(number);
}

// column, clock, when and unit, beginning with this argument.
core::StampOptions options_argument(FunctionCallInfo fcinfo, int first, int clock) {
    core::StampOptions options;
    options.column = optional_text_argument(fcinfo, first).value_or(options.column);
    if (const auto text = optional_text_argument(fcinfo, clock); text)
        options.set_clock(*text);
    if (const auto text = optional_text_argument(fcinfo, clock + 1); text)
        options.set_when(*text);
    if (const auto text = optional_text_argument(fcinfo, clock + 2); text)
        options.set_unit(*text);
    return options;
}

Datum put_results(FunctionCallInfo fcinfo, const std::vector<PolicyResult> &all) {
    ResultRows result(fcinfo);
    for (const PolicyResult &one : all)
        result.put({one.table, Value::or_null(one.trigger), one.status, Value::or_null(one.note)});
    return no_value;
}

} // namespace

Datum track_updated_at(FunctionCallInfo fcinfo) {
    ResultRows result(fcinfo);
    const Tracked tracked =
        track(table_argument(fcinfo), options_argument(fcinfo, 1, 2), flag(fcinfo, 5, false));
    result.put({tracked.trigger, tracked.status});
    return no_value;
}

Datum untrack_updated_at(FunctionCallInfo fcinfo) {
    ResultRows result(fcinfo);
    for (const std::string &trigger : untrack(table_argument(fcinfo), optional_text_argument(fcinfo, 1)))
        result.put({trigger, "dropped"});
    return no_value;
}

Datum updated_at_policy(FunctionCallInfo fcinfo) {
    core::StampPolicy policy{
        {}, text_array_argument(fcinfo, 0), text_array_argument(fcinfo, 2), options_argument(fcinfo, 1, 3)};
    policy.name = optional_text_argument(fcinfo, 6).value_or(policy.options.column);
    policy.options.policy = policy.name;
    return put_results(fcinfo, declare_policy(policy, optional_text_argument(fcinfo, 7)));
}

Datum drop_updated_at_policy(FunctionCallInfo fcinfo) {
    return put_results(fcinfo, drop_policy(required(fcinfo, 0, "name"), flag(fcinfo, 1, false),
                                           optional_text_argument(fcinfo, 2)));
}

Datum updated_at_status(FunctionCallInfo fcinfo) {
    ResultRows result(fcinfo);
    for (const StampStatus &status : stamp_status(text_array_argument(fcinfo, 0)))
        result.put({status.table, status.column, status.state, Value::or_null(status.trigger),
                    Value::or_null(status.policy), Value::or_null(status.detail)});
    return no_value;
}

Datum adopt_updated_at(FunctionCallInfo fcinfo) {
    ResultRows result(fcinfo);
    for (const Adoption &adoption : adopt(text_array_argument(fcinfo, 1), flag(fcinfo, 0, true)))
        result.put({adoption.table, adoption.trigger, adoption.function, adoption.column, adoption.arguments,
                    adoption.status, Value::or_null(adoption.note)});
    return no_value;
}

Datum updated_at_alias(FunctionCallInfo fcinfo) {
    ResultRows result(fcinfo);
    const Alias alias = make_alias({required(fcinfo, 0, "name"), optional_text_argument(fcinfo, 1),
                                    optional_text_argument(fcinfo, 2), optional_text_argument(fcinfo, 3),
                                    optional_text_argument(fcinfo, 4)});
    result.put({alias.function, alias.status});
    return no_value;
}

} // namespace turnstone::server
