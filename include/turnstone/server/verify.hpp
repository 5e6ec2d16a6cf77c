// What the catalog says of a statement that commits on its way and was cut off: how much of it is there, and
// how to clear away what is in the way of running it again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/server/parser.hpp"

namespace turnstone::server {

// What must be known of the catalog before the statement runs, to tell later what is its own; none for most.
std::optional<std::string> note_before(const RawStmt *raw);

struct Remains {
    enum class State {
        undone, // nothing of it counts: it is to be run (again)
        done,   // all of it is there
        unknown // the catalog does not tell
    };
    State state = State::undone;
    std::vector<std::string> cleanup; // statements to run first, each at top level
    std::string finding;              // what was found, for a notice; may be empty
};

// Of a statement that was begun and has no end. Waits for another session that builds the index in question.
Remains look_at_remains(const RawStmt *raw, const std::optional<std::string> &before);

// Of a statement that was never begun: CREATE INDEX CONCURRENTLY IF NOT EXISTS would keep an INVALID index of
// its name in silence.
Remains look_before_first_run(const RawStmt *raw);

} // namespace turnstone::server
