// Owns the rows of turnstone.break_glass.
#include "turnstone/server/break_glass.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/functions.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/seal.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

void require_role(const std::string &role) {
    (void)pg([&] { return get_role_oid(role.c_str(), false); });
}

} // namespace

std::optional<BrokenGlass> open_break_glass() {
    static Query query{R"(
        select id, role, until::pg_catalog.text from turnstone.break_glass
         where role in ($1, session_user) and ended_at is null and until > pg_catalog.clock_timestamp()
         order by id desc limit 1)"};
    const Rows rows = run(query, {current_role()});
    if (rows.empty())
        return std::nullopt;
    return BrokenGlass{rows.integer(0, 0), rows.text(0, 1), rows.text(0, 2)};
}

Datum break_the_glass(FunctionCallInfo fcinfo) {
    static Query insert{R"(
        insert into turnstone.break_glass (role, reason, opened_by, until)
        select $1, $2, $3, pg_catalog.clock_timestamp() + $4::pg_catalog.interval
         where $4::pg_catalog.interval > interval '0'
        returning id, until::pg_catalog.text)"};
    const std::string reason = optional_text_argument(fcinfo, 0).value_or("");
    if (reason.empty())
        throw core::Error(core::ErrorCode::wrong_state, "breaking the glass needs a reason", {},
                          "Say why, for those who read the journal later.");
    if (PG_ARGISNULL(1))
        throw core::Error(core::ErrorCode::invalid_argument, "argument \"for\" must not be null");
    const std::string length = interval_argument(fcinfo, 1);
    const std::string role = optional_text_argument(fcinfo, 2).value_or(current_role());
    require_role(role);
    if (!is_sealed())
        throw core::Error(core::ErrorCode::wrong_state, "no schema is sealed", "There is no glass to break.",
                          "migrate_seal() seals schemas.");
    const Rows rows = run(insert, {role, reason, current_role(), length});
    if (rows.empty())
        throw core::Error(core::ErrorCode::invalid_argument,
                          fmt::format("the glass cannot be broken for {}", length), {},
                          "Give a time above zero, like \"for\" => '30 minutes'.");
    write_database_event(
        "break_glass", role,
        fmt::format("{}: for {}, until {}: {}", rows.text(0, 0), length, rows.text(0, 1), reason));
    ResultRows result(fcinfo);
    result.put({role, rows.integer(0, 0), rows.text(0, 1)});
    return static_cast<Datum>(0);
}

Datum mend_the_glass(FunctionCallInfo fcinfo) {
    static Query query{R"(
        update turnstone.break_glass set ended_at = pg_catalog.clock_timestamp(), ended_by = $2
         where role = $1 and ended_at is null and until > pg_catalog.clock_timestamp()
        returning id, until::pg_catalog.text)"};
    const std::string role = optional_text_argument(fcinfo, 0).value_or(current_role());
    ResultRows result(fcinfo);
    const Rows rows = run(query, {role, current_role()});
    for (std::size_t row = 0; row < rows.size(); ++row) {
        write_database_event("break_glass", role, fmt::format("{}: ended", rows.text(row, 0)));
        result.put({role, rows.integer(row, 0), rows.text(row, 1)});
    }
    return static_cast<Datum>(0);
}

} // namespace turnstone::server
