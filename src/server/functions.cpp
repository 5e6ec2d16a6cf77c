// The index of the SQL API: every function that SQL can call, one line each. The bodies stand in api.cpp,
// stamp_api.cpp, stamp_event.cpp, updated_at.cpp, created_at.cpp, append_only.cpp, ddl_log.cpp, watch.cpp,
// seal.cpp and break_glass.cpp.
#include <csignal>

#include "turnstone/server/detached.hpp"
#include "turnstone/server/failure.hpp"
#include "turnstone/server/functions.hpp"
#include "turnstone/server/guard.hpp"
#include "turnstone/server/hooks.hpp"

#define TURNSTONE_SQL_FUNCTION(symbol, implementation)                                                       \
    extern "C" {                                                                                             \
    PGDLLEXPORT Datum symbol(PG_FUNCTION_ARGS);                                                              \
    PG_FUNCTION_INFO_V1(symbol);                                                                             \
    Datum symbol(PG_FUNCTION_ARGS) {                                                                         \
        return turnstone::server::entry([&] { return turnstone::server::implementation(fcinfo); });          \
    }                                                                                                        \
    }

TURNSTONE_SQL_FUNCTION(turnstone_register_text, register_text)
TURNSTONE_SQL_FUNCTION(turnstone_register_bytes, register_bytes)
TURNSTONE_SQL_FUNCTION(turnstone_register_pair, register_pair)
TURNSTONE_SQL_FUNCTION(turnstone_load, load)
TURNSTONE_SQL_FUNCTION(turnstone_upload, upload)
TURNSTONE_SQL_FUNCTION(turnstone_registered, registered)
TURNSTONE_SQL_FUNCTION(turnstone_set_variable, set_a_variable)
TURNSTONE_SQL_FUNCTION(turnstone_unregister, unregister)
TURNSTONE_SQL_FUNCTION(turnstone_apply, apply)
TURNSTONE_SQL_FUNCTION(turnstone_rollback, rollback)
TURNSTONE_SQL_FUNCTION(turnstone_rollback_to, rollback_to)
TURNSTONE_SQL_FUNCTION(turnstone_redo, redo_steps)
TURNSTONE_SQL_FUNCTION(turnstone_seed, seed_environment)
TURNSTONE_SQL_FUNCTION(turnstone_reset, reset_all)
TURNSTONE_SQL_FUNCTION(turnstone_deploy, deploy_to)
TURNSTONE_SQL_FUNCTION(turnstone_submit, submit)
TURNSTONE_SQL_FUNCTION(turnstone_cancel, cancel_run)
TURNSTONE_SQL_FUNCTION(turnstone_wait, wait_for_run)
TURNSTONE_SQL_FUNCTION(turnstone_run_progress, run_progress)
TURNSTONE_SQL_FUNCTION(turnstone_revert_steps, revert_steps)
TURNSTONE_SQL_FUNCTION(turnstone_revert_to, revert_to)
TURNSTONE_SQL_FUNCTION(turnstone_plan, plan)
TURNSTONE_SQL_FUNCTION(turnstone_baseline, baseline_version)
TURNSTONE_SQL_FUNCTION(turnstone_adopt, adopt_history)
TURNSTONE_SQL_FUNCTION(turnstone_mark, mark_version)
TURNSTONE_SQL_FUNCTION(turnstone_repair, repair_version)
TURNSTONE_SQL_FUNCTION(turnstone_tag, tag_version)
TURNSTONE_SQL_FUNCTION(turnstone_health, health)
TURNSTONE_SQL_FUNCTION(turnstone_export, export_history)
TURNSTONE_SQL_FUNCTION(turnstone_import_journal, import_history)
TURNSTONE_SQL_FUNCTION(turnstone_refuse_change, refuse_change)
TURNSTONE_SQL_FUNCTION(turnstone_status, status)
TURNSTONE_SQL_FUNCTION(turnstone_drift, drift)
TURNSTONE_SQL_FUNCTION(turnstone_formatted_drift, formatted_drift)
TURNSTONE_SQL_FUNCTION(turnstone_accept_drift, accept_drift_now)
TURNSTONE_SQL_FUNCTION(turnstone_fingerprint, fingerprint)
TURNSTONE_SQL_FUNCTION(turnstone_export_schema, export_schema)
TURNSTONE_SQL_FUNCTION(turnstone_expect, expect_schema)
TURNSTONE_SQL_FUNCTION(turnstone_schema_at_entry, schema_at_entry)
TURNSTONE_SQL_FUNCTION(turnstone_schema_at_version, schema_at_version)
TURNSTONE_SQL_FUNCTION(turnstone_schema_at_time, schema_at_time)
TURNSTONE_SQL_FUNCTION(turnstone_compare_entries, compare_entries)
TURNSTONE_SQL_FUNCTION(turnstone_compare_versions, compare_versions)
TURNSTONE_SQL_FUNCTION(turnstone_blame, blame_object)
TURNSTONE_SQL_FUNCTION(turnstone_captured_schema, captured_schema)
TURNSTONE_SQL_FUNCTION(turnstone_captured_properties, captured_properties)
TURNSTONE_SQL_FUNCTION(turnstone_tree_meaning, tree_meaning)
TURNSTONE_SQL_FUNCTION(turnstone_object_meaning, object_meaning)
TURNSTONE_SQL_FUNCTION(turnstone_privileges, describe_privileges)
TURNSTONE_SQL_FUNCTION(turnstone_set_updated_at, set_updated_at)
TURNSTONE_SQL_FUNCTION(turnstone_set_updated_at_alias, set_updated_at_alias)
TURNSTONE_SQL_FUNCTION(turnstone_keep_created_at, keep_created_at)
TURNSTONE_SQL_FUNCTION(turnstone_keep_policies, keep_policies)
TURNSTONE_SQL_FUNCTION(turnstone_track_updated_at, track_updated_at)
TURNSTONE_SQL_FUNCTION(turnstone_untrack_updated_at, untrack_updated_at)
TURNSTONE_SQL_FUNCTION(turnstone_updated_at_policy, updated_at_policy)
TURNSTONE_SQL_FUNCTION(turnstone_drop_updated_at_policy, drop_updated_at_policy)
TURNSTONE_SQL_FUNCTION(turnstone_updated_at_status, updated_at_status)
TURNSTONE_SQL_FUNCTION(turnstone_adopt_updated_at, adopt_updated_at)
TURNSTONE_SQL_FUNCTION(turnstone_updated_at_alias, updated_at_alias)
TURNSTONE_SQL_FUNCTION(turnstone_switch_watch, switch_watch)
TURNSTONE_SQL_FUNCTION(turnstone_watch_ddl, watch_ddl)
TURNSTONE_SQL_FUNCTION(turnstone_prune_ddl_log, prune_log)
TURNSTONE_SQL_FUNCTION(turnstone_set_seal, set_seal)
TURNSTONE_SQL_FUNCTION(turnstone_keep_seal, keep_seal)
TURNSTONE_SQL_FUNCTION(turnstone_break_glass, break_the_glass)
TURNSTONE_SQL_FUNCTION(turnstone_break_glass_end, mend_the_glass)
TURNSTONE_SQL_FUNCTION(turnstone_version, version)

// Main functions of background workers.
#define TURNSTONE_WORKER(symbol, implementation)                                                             \
    extern "C" {                                                                                             \
    PGDLLEXPORT void symbol(Datum argument);                                                                 \
    }                                                                                                        \
    void symbol(Datum argument) {                                                                            \
        begin_worker();                                                                                      \
        (void)turnstone::server::entry([&] {                                                                 \
            turnstone::server::implementation(argument);                                                     \
            return static_cast<Datum>(0);                                                                    \
        });                                                                                                  \
    }

namespace {

void begin_worker() {
    pqsignal(SIGTERM, die);
    BackgroundWorkerUnblockSignals();
    CurrentResourceOwner = ResourceOwnerCreate(nullptr, "turnstone worker");
}

} // namespace

TURNSTONE_WORKER(turnstone_run_worker, run_submitted)
TURNSTONE_WORKER(turnstone_failure_worker, write_recorded_failure)
TURNSTONE_WORKER(turnstone_after_failure_worker, run_after_failure_hook)
