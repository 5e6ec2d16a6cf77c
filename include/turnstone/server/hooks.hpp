// Hooks: scripts registered as before_run.sql, before_each.sql, after_each.sql, after_run.sql and
// after_failure.sql, which run around those of a run, with the caller's own rights.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/script.hpp"

#include "turnstone/server/failure.hpp"
#include "turnstone/server/registry.hpp"

namespace turnstone::server {

// Those of one run, in the transaction that each method is called in. A hook that fails fails the run: its
// error leaves by exception, and `failure` is set as it is for a migration.
class Hooks {
  public:
    // Reads the registered hooks and checks that they can run: to be called before the first statement of the
    // run. `command` and `target` are those of the run, the references must outlive the object.
    Hooks(const char *command, const std::optional<std::string> &target, std::optional<Failure> &failure);
    Hooks(const Hooks &) = delete;
    Hooks &operator=(const Hooks &) = delete;

    // Once a run that has something to do.
    void before_run(std::int64_t run_id) { call("before_run", run_id, {}); }
    void after_run(std::int64_t run_id) { call("after_run", run_id, {}); }

    // The migration that a hook is called for, as its settings turnstone.hook_* tell it.
    struct Occasion {
        std::string version;
        std::string name;
        const char *direction = "";
        std::string error_sqlstate = {};
        std::string error_message = {};
    };
    void before_each(std::int64_t run_id, const Occasion &occasion) { call("before_each", run_id, occasion); }
    void after_each(std::int64_t run_id, const Occasion &occasion) { call("after_each", run_id, occasion); }

  private:
    void call(const char *hook, std::int64_t run_id, const Occasion &occasion);
    // Throws invalid_script or the parser's errors, with `failure` set.
    void check(const RegisteredScript &hook);
    void note_failure(const RegisteredScript &hook, const SectionRun &run, const ErrorData *error);

    const char *command_;
    const std::optional<std::string> &target_;
    std::optional<Failure> &failure_;
    std::vector<RegisteredScript> hooks_;
};

// Runs the hook after_failure, if one is registered, in the transaction of a background worker that has this
// session's user and role, since what it wrote here would be rolled back. Waits 5 seconds at most. Never
// fails: a warning says what went wrong.
void call_after_failure(const Failure &failure, std::int64_t run_id);

// Main function of that worker, inside entry().
void run_after_failure_hook(Datum segment_handle);

} // namespace turnstone::server
