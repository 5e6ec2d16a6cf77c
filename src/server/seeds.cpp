// Owns migrate_seed() and migrate_reset(): which seeds run, and what protects a database from both.
#include "turnstone/server/seeds.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/course.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

core::MigrationState state_of(const Seed &seed, const std::string &ran_checksum, bool any_event,
                              bool failed) {
    if (seed.applied)
        return seed.checksum == ran_checksum ? core::MigrationState::applied : core::MigrationState::changed;
    const std::string here = settings::environment();
    if (!here.empty() && !seed.environments.empty() &&
        std::find(seed.environments.begin(), seed.environments.end(), here) == seed.environments.end())
        return core::MigrationState::skipped;
    if (failed)
        return core::MigrationState::failed;
    return any_event ? core::MigrationState::rolled_back : core::MigrationState::pending;
}

void require_environment(const std::string &environment) {
    if (environment.empty() || environment.find_first_of(", \t\r\n") != std::string::npos)
        throw core::Error(core::ErrorCode::wrong_state,
                          environment.empty()
                              ? "no environment is given"
                              : fmt::format("\"{}\" is no name of an environment", environment),
                          {}, "Name the environment as the scripts' Environment lines do, like 'dev'.");
    const std::string here = settings::environment();
    if (!here.empty() && here != environment)
        throw core::Error(core::ErrorCode::wrong_state,
                          fmt::format("the environment here is \"{}\", not \"{}\"", here, environment),
                          "The setting turnstone.environment says so.",
                          "Check that this is the database that you mean.");
}

// Those of the environment, in order. `again`: also those that have run with their present text.
std::vector<RegisteredScript> seeds_for(const std::string &environment, bool again) {
    std::vector<std::string> versions;
    for (const Seed &seed : read_seeds()) {
        const auto &wanted = seed.environments;
        const bool here =
            wanted.empty() || std::find(wanted.begin(), wanted.end(), environment) != wanted.end();
        if (here && (again || seed.state != core::MigrationState::applied))
            versions.push_back(seed.version);
    }
    return registered_scripts(versions);
}

void require_migrations(const core::History &history, const std::vector<RegisteredScript> &seeds) {
    for (const RegisteredScript &seed : seeds) {
        for (const std::string &text : seed.script.options.requirements) {
            std::string why;
            try {
                const core::MigrationFacts &migration = history.find(text);
                if (!migration.applied && history.state(migration) != core::MigrationState::baseline)
                    why = "is not applied";
            } catch (const core::Error &) {
                why = "is not registered";
            }
            if (!why.empty())
                throw core::Error(core::ErrorCode::wrong_state,
                                  fmt::format("seed \"{}\" requires \"{}\", which {}", seed.name, text, why),
                                  {}, "Seeds require migrations: apply that one first.");
        }
    }
}

void require_reset_allowed() {
    if (settings::allow_reset())
        return;
    const char *database = pg([] { return get_database_name(MyDatabaseId); });
    const char *quoted = pg([&] { return quote_identifier(database); });
    throw core::Error(core::ErrorCode::wrong_state,
                      fmt::format("migrate_reset() is not allowed in database \"{}\"", database),
                      "It undoes every migration, with all the data that they hold.",
                      fmt::format("Where that is meant, a superuser may allow it: ALTER DATABASE {} SET "
                                  "turnstone.allow_reset = on.",
                                  quoted));
}

// What the Downs have taken away with the tables is to be done again: the repeatable migrations and the
// seeds.
void forget_what_rests_on_migrations(const core::History &history, std::int64_t run_id) {
    const std::string reason = "reset";
    for (const core::MigrationFacts &migration : history.migrations()) {
        if (migration.applied && migration.version.is_repeatable())
            write_event({run_id, "rollback", "pending", migration.version.text(), migration.name,
                         migration.applied_checksum, reason});
    }
    for (const Seed &seed : read_seeds()) {
        if (seed.applied)
            write_event({run_id, "seed", "pending", seed.version, seed.name, seed.checksum, reason});
    }
}

// What the history will be behind the first half of a reset.
core::History history_behind(const core::History &history, const core::Plan &downs) {
    std::vector<core::MigrationFacts> facts = history.migrations();
    for (std::size_t i = 0; i < facts.size(); ++i) {
        const core::MigrationFacts *original = &history.migrations()[i];
        if (facts[i].version.is_repeatable() ||
            std::find(downs.begin(), downs.end(), original) != downs.end())
            facts[i].applied = false;
    }
    return core::History(std::move(facts));
}

} // namespace

std::vector<Seed> read_seeds() {
    static Query query{R"(
        select m.version, m.name, m.checksum, pg_catalog.array_to_string(m.environments, e'\x1f'),
               pg_catalog.array_to_string(m.requirements, e'\x1f'), s.state = 'applied', s.checksum,
               s.state is not null,
               exists (select from turnstone.journal f
                        where f.version = m.version and f.event = 'seed' and f.error_sqlstate is not null
                          and f.id > coalesce(s.id, 0)),
               s.finished_at::pg_catalog.text, s.role, s.duration::pg_catalog.text
          from turnstone.migration m
          left join lateral (select id, state, checksum, finished_at, role, duration from turnstone.journal j
                              where j.version = m.version and j.event = 'seed' and j.error_sqlstate is null
                              order by j.id desc limit 1) s on true
         where m.kind = 'seed'
         order by m.version collate pg_catalog."C")"};
    const Rows rows = run(query);
    std::vector<Seed> seeds;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        Seed seed{rows.text(row, 0),
                  rows.text(row, 1),
                  rows.text(row, 2),
                  split_list(rows.text(row, 3)),
                  split_list(rows.text(row, 4)),
                  {},
                  rows.boolean(row, 5),
                  {},
                  {},
                  {}};
        seed.state = state_of(seed, rows.text(row, 6), rows.boolean(row, 7), rows.boolean(row, 8));
        if (seed.applied) {
            seed.applied_at = rows.cell(row, 9);
            seed.applied_by = rows.cell(row, 10);
            seed.duration = rows.cell(row, 11);
        }
        seeds.push_back(std::move(seed));
    }
    return seeds;
}

std::vector<Done> seed(const Request &request) {
    const std::string environment = request.target.value_or("");
    require_environment(environment);
    return in_run(request, false, [&](const core::History &history, RunState &state) {
        const std::vector<RegisteredScript> seeds = seeds_for(environment, false);
        if (seeds.empty())
            return;
        require_migrations(history, seeds);
        Course course("seed", request, state);
        course.check(seeds);
        course.begin();
        course.execute(seeds);
        course.end();
    });
}

std::vector<Done> reset(const Request &request) {
    require_reset_allowed();
    if (request.target)
        require_environment(*request.target);
    return in_run(request, false, [&](const core::History &history, RunState &state) {
        const core::Plan downs = history.to_roll_back_to("base");
        const core::History behind = history_behind(history, downs);
        const core::Plan ups = behind.pending();
        const std::vector<RegisteredScript> seeds =
            request.target ? seeds_for(*request.target, true) : std::vector<RegisteredScript>{};
        if (downs.empty() && ups.empty() && seeds.empty())
            return;
        Course course("reset", request, state);
        course.check(downs, core::Direction::down);
        course.check(ups, core::Direction::up);
        course.check(seeds);
        course.begin();
        course.execute(downs, core::Direction::down);
        forget_what_rests_on_migrations(history, course.run_id());
        const core::History undone = read_history();
        course.execute(undone.pending(), core::Direction::up);
        if (!seeds.empty())
            require_migrations(read_history(), seeds);
        course.execute(seeds);
        course.end();
    });
}

std::optional<Seed> mark_seed(const std::string &name, const std::string &state, const std::string &reason) {
    const auto find = [&]() -> std::optional<Seed> {
        for (Seed &seed : read_seeds()) {
            if (seed.version == name || seed.name == name)
                return std::move(seed);
        }
        return std::nullopt;
    };
    const auto seed = find();
    if (!seed)
        return std::nullopt;
    if (seed->applied == (state == "applied"))
        throw core::Error(core::ErrorCode::wrong_state,
                          fmt::format("seed \"{}\" is {} already", seed->name, state));
    write_event(
        {begin_run("mark", name), "seed", state.c_str(), seed->version, seed->name, seed->checksum, reason});
    return find();
}

} // namespace turnstone::server
