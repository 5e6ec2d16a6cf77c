// Owns the rows of turnstone.step.
#include "turnstone/server/steps.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

void write(const StepPlace &place, const char *state, const std::optional<std::string> &before,
           const ErrorData *error) {
    static Query query{R"(
        insert into turnstone.step as step
               (run, version, direction, checksum, statement, text, state, before, finished_at, error_sqlstate,
                error_message)
        values ($1, $2, $3, $4, $5::pg_catalog.int4, $6, $7, $8,
                case when $7 <> 'started' then pg_catalog.clock_timestamp() end, $9, $10)
            on conflict (version, statement) where settled_by is null
            do update set run = excluded.run, checksum = excluded.checksum, text = excluded.text,
                          state = excluded.state, finished_at = excluded.finished_at,
                          before = case when excluded.state = 'started' then excluded.before
                                        else coalesce(excluded.before, step.before) end,
                          attempts = step.attempts + case when excluded.state = 'started' or step.state <> 'started'
                                                          then 1 else 0 end,
                          started_at = case when excluded.state = 'started' or step.state <> 'started'
                                            then excluded.started_at else step.started_at end,
                          error_sqlstate = excluded.error_sqlstate, error_message = excluded.error_message)"};
    const std::optional<std::string> none;
    const std::optional<std::string> sqlstate =
        error == nullptr ? none : std::optional<std::string>(unpack_sql_state(error->sqlerrcode));
    const std::optional<std::string> message =
        error == nullptr || error->message == nullptr ? none : std::optional<std::string>(error->message);
    run(query, {place.run_id, place.version, core::direction_name(place.direction), place.checksum,
                place.statement, place.text, state, before, sqlstate, message});
}

} // namespace

std::map<int, Step> open_steps(const std::string &version) {
    static Query query{R"(
        select statement, state, text, checksum, direction, before
          from turnstone.step where version = $1 and settled_by is null)"};
    const Rows rows = run(query, {version});
    std::map<int, Step> steps;
    for (std::size_t row = 0; row < rows.size(); ++row)
        steps.emplace(static_cast<int>(rows.integer(row, 0)),
                      Step{rows.text(row, 1), rows.text(row, 2), rows.text(row, 3), rows.text(row, 4),
                           rows.cell(row, 5)});
    return steps;
}

void write_step_started(const StepPlace &place, const std::optional<std::string> &before) {
    write(place, "started", before, nullptr);
}

void write_step_done(const StepPlace &place) {
    write(place, "done", std::nullopt, nullptr);
}

void write_step_failed(const StepPlace &place, const ErrorData &error,
                       const std::optional<std::string> &before) {
    write(place, "failed", before, &error);
}

void mark_step(const std::string &version, int statement, bool done) {
    static Query query{R"(
        update turnstone.step
           set state = case when $3 then 'done' else 'failed' end, before = $4,
               finished_at = pg_catalog.clock_timestamp()
         where version = $1 and statement = $2 and settled_by is null returning statement)"};
    if (run(query, {version, statement, done, std::string_view(nothing_committed)}).empty())
        throw core::Error(core::ErrorCode::undefined,
                          fmt::format("migration {} has no open step {}", version, statement), {},
                          "turnstone.step lists the statements of migrations that are partial.");
}

void forget_step(const std::string &version, int statement) {
    static Query query{
        "delete from turnstone.step where version = $1 and statement = $2 and settled_by is null"};
    run(query, {version, statement});
}

bool keep_open_steps(const std::string &version) {
    static Query nothing_left{R"(
        delete from turnstone.step s
         where s.version = $1 and s.settled_by is null
           and not exists (select from turnstone.step o
                            where o.version = $1 and o.settled_by is null
                              and (o.state <> 'failed' or o.before is distinct from $2)))"};
    static Query any{"select exists (select from turnstone.step where version = $1 and settled_by is null)"};
    run(nothing_left, {version, nothing_committed});
    return run(any, {version}).boolean(0, 0);
}

void settle_steps(const std::string &version) {
    static Query query{R"(
        update turnstone.step
           set settled_by = (select pg_catalog.max(j.id) from turnstone.journal j where j.version = $1)
         where version = $1 and settled_by is null)"};
    run(query, {version});
}

} // namespace turnstone::server
