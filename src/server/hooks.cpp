// Owns the calls of hooks: when which script runs, and what it is told.
#include "turnstone/server/hooks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/server/engine_at_work.hpp"
#include "turnstone/server/executor.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/parser.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/worker.hpp"

namespace turnstone::server {

namespace {

constexpr const char *after_failure = "after_failure";

// Tells a hook what it is called for, until the end of a SettingsScope.
void tell(const std::string &command, std::int64_t run_id, const Hooks::Occasion &occasion) {
    const std::string number = std::to_string(run_id);
    pg([&] {
        const auto set = [](const char *name, const char *value) {
            (void)set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
        };
        set("turnstone.hook_command", command.c_str());
        set("turnstone.hook_run", number.c_str());
        set("turnstone.hook_version", occasion.version.c_str());
        set("turnstone.hook_name", occasion.name.c_str());
        set("turnstone.hook_direction", occasion.direction);
        set("turnstone.hook_error_sqlstate", occasion.error_sqlstate.c_str());
        set("turnstone.hook_error_message", occasion.error_message.c_str());
    });
}

ScriptPlace place_of(const RegisteredScript &hook) {
    return {hook.name, core::Direction::up, hook.script.up.text, core::MigrationKind::hook};
}

} // namespace

Hooks::Hooks(const char *command, const std::optional<std::string> &target, std::optional<Failure> &failure)
    : command_(command), target_(target), failure_(failure) {
    static const std::vector<std::string> names{"before_run", "before_each", "after_each", "after_run"};
    hooks_ = registered_scripts(names);
    for (const RegisteredScript &hook : hooks_)
        check(hook);
}

void Hooks::note_failure(const RegisteredScript &hook, const SectionRun &run, const ErrorData *error) {
    failure_ = Failure{command_, target_, "hook", hook.version, hook.name, hook.checksum, run, error};
}

void Hooks::check(const RegisteredScript &hook) {
    const MemoryScope memory;
    try {
        const ScriptPlace place = place_of(hook);
        require_transactional(place, parse_section(place));
    } catch (const PgError &error) {
        note_failure(hook, {}, error.data());
        throw;
    }
}

void Hooks::call(const char *hook, std::int64_t run_id, const Occasion &occasion) {
    const auto found = std::find_if(hooks_.begin(), hooks_.end(),
                                    [&](const RegisteredScript &one) { return one.version == hook; });
    if (found == hooks_.end())
        return;
    SectionRun run;
    try {
        const SettingsScope settings;
        tell(command_, run_id, occasion);
        run_section(place_of(*found), found->script.options, run);
    } catch (const PgError &error) {
        note_failure(*found, run, error.data());
        throw;
    }
    std::optional<std::string> reason;
    if (!occasion.name.empty())
        reason = fmt::format("{} {}", occasion.direction, occasion.name);
    write_event({run_id, "hook", nullptr, found->version, found->name, found->checksum, reason, true, run});
}

void call_after_failure(const Failure &failure, std::int64_t run_id) {
    static Query registered{"select name from turnstone.migration where version = $1"};
    const Rows hook = server::run(registered, {after_failure});
    if (hook.empty())
        return;
    const std::string role = std::to_string(GetUserId());
    const ErrandEnd end = send_worker(
        {"turnstone_after_failure_worker",
         "turnstone: hook after_failure",
         GetSessionUserId(),
         {role, run_search_path(), failure.command, std::to_string(run_id), failure.version, failure.name,
          failure.event, unpack_sql_state(failure.error->sqlerrcode), failure.error->message}});
    if (end.answer && *end.answer > 0)
        return;
    const std::string name = hook.text(0, 0);
    const char *why = !end.started ? "No background worker could be had for it."
                      : !end.ended
                          ? "It has been running for 5 seconds, and goes on by itself."
                          : "turnstone.history shows the error, or the server's log where the worker "
                            "could not begin.";
    pg([&] {
        ereport(WARNING,
                (errmsg(end.started && !end.ended ? "hook \"%s\" has not ended yet" : "hook \"%s\" failed",
                        name.c_str()),
                 errdetail_internal("%s", why)));
    });
}

namespace {

// In the worker. Fields as call_after_failure() sends them.
std::int64_t run_after_failure(const std::vector<std::string> &fields) {
    constexpr std::int64_t done = 1;
    const EngineAtWork at_work;
    const std::vector<RegisteredScript> hooks = registered_scripts({after_failure});
    if (hooks.empty())
        return done; // registered by a transaction that is not committed yet
    const RegisteredScript &hook = hooks.front();
    const auto role = static_cast<Oid>(std::stoul(fields[0]));
    const std::int64_t run_id = std::stoll(fields[3]);
    pg([&] {
        // Until the end of the transaction, deferred triggers included.
        if (role != GetUserId())
            SetUserIdAndSecContext(role, SECURITY_LOCAL_USERID_CHANGE);
        (void)set_config_option("search_path", fields[1].c_str(), PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SET,
                                true, 0, false);
    });
    const char *direction = fields[6] == "apply" ? "up" : fields[6] == "rollback" ? "down" : "";
    SectionRun run;
    try {
        SubTransaction attempt;
        {
            const SettingsScope settings;
            tell(fields[2], run_id, {fields[4], fields[5], direction, fields[7], fields[8]});
            run_section(place_of(hook), hook.script.options, run);
        }
        write_event(
            {run_id, "hook", nullptr, hook.version, hook.name, hook.checksum, std::nullopt, true, run});
        attempt.commit();
    } catch (const PgError &error) {
        write_failure(
            {fields[2], std::nullopt, "hook", hook.version, hook.name, hook.checksum, run, error.data()},
            run_id);
        return -done;
    }
    return done;
}

} // namespace

void run_after_failure_hook(Datum segment_handle) {
    do_errand(segment_handle, run_after_failure);
}

} // namespace turnstone::server
