// turnstone.step: how far a migration has come that runs statement by statement.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "turnstone/core/script.hpp"

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

struct Step {
    std::string state; // started, done, failed
    std::string text;
    std::string checksum;
    std::string direction;
    std::optional<std::string> before; // as note_before() returned it
};

// The steps of a migration that has not come to its end, by the number of the statement.
std::map<int, Step> open_steps(const std::string &version);

// One statement of a migration, for the calls below.
struct StepPlace {
    std::int64_t run_id;
    const std::string &version;
    core::Direction direction;
    const std::string &checksum;
    int statement;
    const std::string &text;
};

// Each is part of the transaction in which it is called.
void write_step_started(const StepPlace &place, const std::optional<std::string> &before);
void write_step_done(const StepPlace &place);
void write_step_failed(const StepPlace &place, const ErrorData &error,
                       const std::optional<std::string> &before);
// Of a statement that the script has no more.
void forget_step(const std::string &version, int statement);
// Behind a failure: forgets the steps where they have left nothing at all. False where none is open (any
// more).
bool keep_open_steps(const std::string &version);
// Closes the migration's steps behind its newest journal row.
void settle_steps(const std::string &version);
// Sets an open step by hand: done, or to be run again. Throws undefined where there is none.
void mark_step(const std::string &version, int statement, bool done);

// As Step::before: the statement failed before it had committed anything.
inline constexpr const char *nothing_committed = "nothing committed";

} // namespace turnstone::server
