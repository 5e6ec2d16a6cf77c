// The SQL-callable functions, as C++ sees them. src/server/functions.cpp binds them to the names in the
// install script.
#pragma once

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

Datum register_text(FunctionCallInfo fcinfo);
Datum register_bytes(FunctionCallInfo fcinfo);
Datum register_pair(FunctionCallInfo fcinfo);
Datum load(FunctionCallInfo fcinfo);
Datum upload(FunctionCallInfo fcinfo);
Datum registered(FunctionCallInfo fcinfo);
Datum set_a_variable(FunctionCallInfo fcinfo);
Datum unregister(FunctionCallInfo fcinfo);
Datum apply(FunctionCallInfo fcinfo);
Datum rollback(FunctionCallInfo fcinfo);
Datum rollback_to(FunctionCallInfo fcinfo);
Datum redo_steps(FunctionCallInfo fcinfo);
Datum seed_environment(FunctionCallInfo fcinfo);
Datum reset_all(FunctionCallInfo fcinfo);
Datum deploy_to(FunctionCallInfo fcinfo);
Datum submit(FunctionCallInfo fcinfo);
Datum cancel_run(FunctionCallInfo fcinfo);
Datum wait_for_run(FunctionCallInfo fcinfo);
Datum run_progress(FunctionCallInfo fcinfo);
Datum revert_steps(FunctionCallInfo fcinfo);
Datum revert_to(FunctionCallInfo fcinfo);
Datum plan(FunctionCallInfo fcinfo);
Datum baseline_version(FunctionCallInfo fcinfo);
Datum adopt_history(FunctionCallInfo fcinfo);
Datum health(FunctionCallInfo fcinfo);
Datum export_history(FunctionCallInfo fcinfo);
Datum import_history(FunctionCallInfo fcinfo);
Datum mark_version(FunctionCallInfo fcinfo);
Datum repair_version(FunctionCallInfo fcinfo);
Datum tag_version(FunctionCallInfo fcinfo);
Datum refuse_change(FunctionCallInfo fcinfo);
Datum status(FunctionCallInfo fcinfo);
Datum drift(FunctionCallInfo fcinfo);
Datum formatted_drift(FunctionCallInfo fcinfo);
Datum accept_drift_now(FunctionCallInfo fcinfo);
Datum fingerprint(FunctionCallInfo fcinfo);
Datum export_schema(FunctionCallInfo fcinfo);
Datum expect_schema(FunctionCallInfo fcinfo);
Datum schema_at_entry(FunctionCallInfo fcinfo);
Datum schema_at_version(FunctionCallInfo fcinfo);
Datum schema_at_time(FunctionCallInfo fcinfo);
Datum compare_entries(FunctionCallInfo fcinfo);
Datum compare_versions(FunctionCallInfo fcinfo);
Datum blame_object(FunctionCallInfo fcinfo);
Datum captured_schema(FunctionCallInfo fcinfo);
Datum captured_properties(FunctionCallInfo fcinfo);
Datum tree_meaning(FunctionCallInfo fcinfo);
Datum object_meaning(FunctionCallInfo fcinfo);
Datum describe_privileges(FunctionCallInfo fcinfo);
Datum set_updated_at(FunctionCallInfo fcinfo);
Datum set_updated_at_alias(FunctionCallInfo fcinfo);
Datum keep_created_at(FunctionCallInfo fcinfo);
Datum keep_policies(FunctionCallInfo fcinfo);
Datum track_updated_at(FunctionCallInfo fcinfo);
Datum untrack_updated_at(FunctionCallInfo fcinfo);
Datum updated_at_policy(FunctionCallInfo fcinfo);
Datum drop_updated_at_policy(FunctionCallInfo fcinfo);
Datum updated_at_status(FunctionCallInfo fcinfo);
Datum adopt_updated_at(FunctionCallInfo fcinfo);
Datum updated_at_alias(FunctionCallInfo fcinfo);
Datum switch_watch(FunctionCallInfo fcinfo);
Datum watch_ddl(FunctionCallInfo fcinfo);
Datum prune_log(FunctionCallInfo fcinfo);
Datum set_seal(FunctionCallInfo fcinfo);
Datum keep_seal(FunctionCallInfo fcinfo);
Datum break_the_glass(FunctionCallInfo fcinfo);
Datum mend_the_glass(FunctionCallInfo fcinfo);
Datum version(FunctionCallInfo fcinfo);

} // namespace turnstone::server
