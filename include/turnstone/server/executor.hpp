// Runs the statements of one section inside the caller's transaction.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "turnstone/server/parser.hpp"

namespace turnstone::server {

struct SectionRun {
    int statements = 0;
    std::int64_t rows = 0;      // that INSERT, UPDATE, DELETE, MERGE and COPY touched
    std::int64_t wal_bytes = 0; // written by the statements
    std::int64_t microseconds = 0;
    bool keeps_times = false;        // each statement's time is wanted
    std::vector<std::int64_t> times; // in microseconds
    int failed_statement = 0;        // where it ended with an error: number of the statement,
    int failed_line = 0;             // line and column in the script
    int failed_column = 0;
};

// How long the statements of a script may take, and wait for locks.
struct TimeLimits {
    std::string statement;       // for each one, as a setting of time is written; empty for none
    std::string lock;            // the script's own lock_timeout, for all its statements; empty for none
    int ddl_lock_timeout_ms = 0; // lock_timeout for DDL on what is there already; 0 leaves the session's
};

// Each statement runs through a portal whose source text is the whole section, so that errors, also those
// inside the bodies of functions it creates, are places in the script. What the section sets (SET,
// search_path, role) ends with it, and temporary objects that it makes are dropped behind it. An error leaves
// through locate_error(); `done` then says how far it came.
void run_section(const ScriptPlace &place, const core::ScriptOptions &options, SectionRun &done);
// The same with statements that are parsed already.
void run_statements(const ScriptPlace &place, const std::vector<Statement> &statements,
                    const TimeLimits &limits, SectionRun &done);

// Runs one statement of a section and adds it to `done`; an error leaves through locate_error(). `top_level`:
// as if it had been sent by itself, so that it may begin and end transactions; the current memory context
// must then outlive them.
void run_one_statement(const ScriptPlace &place, const Statement &statement, bool top_level,
                       const TimeLimits &limits, SectionRun &done);

// Sets lock_timeout for each statement by its kind: short where it waits for strong locks on what is there
// already, none where it runs by itself, the session's for the others; until the script sets it itself.
class LockTimeouts {
  public:
    LockTimeouts(const TimeLimits &limits, GucAction action);
    void set_for(const RawStmt *raw, bool runs_by_itself);

  private:
    void set_lock_timeout(const char *value) const;

    const TimeLimits &limits_;
    GucAction action_;
    int of_session_; // milliseconds; 0 for none
    bool by_class_;
};

// Temporary objects: those that a script leaves behind are dropped.
using TemporaryObjects = std::set<std::pair<std::int64_t, std::int64_t>>;
TemporaryObjects temporary_objects();
void drop_new_temporary_objects(const TemporaryObjects &before);

} // namespace turnstone::server
