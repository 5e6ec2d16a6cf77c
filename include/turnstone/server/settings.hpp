// The settings (GUCs) of turnstone.
#pragma once

namespace turnstone::server {

enum class OutOfOrder { error, warn, allow };
enum class Naming { off, warn, strict };
enum class DriftCheck { off, warn, refuse };
enum class CancelBlockers { off, idle_in_transaction, all };

namespace settings {

// What becomes of a pending migration that is older than the newest applied one.
OutOfOrder out_of_order();
// How names of scripts are held to YYYYMMDDHHMMSS_verb_description.sql.
Naming naming();
// The search_path that scripts begin with; empty for the session's.
const char *search_path();
// Milliseconds to wait for another session's run to end; -1: no limit but lock_timeout and statement_timeout.
int lock_wait();
// What this database or session is for, like "dev"; empty for nothing said.
const char *environment();
const char *coexist(); // a tool's name, "auto", or empty
// Whether migrate_reset() may run.
bool allow_reset();
// Whether ${name} is put into native scripts whose head says nothing of it.
bool placeholders();
// Milliseconds that DDL in migrate_deploy() waits for a lock, in one attempt.
int ddl_lock_timeout();
// Milliseconds over which a migration that got no lock is tried again; -1: no limit.
int ddl_lock_wait();
// Which sessions that are in the way of such a lock are cancelled or terminated.
CancelBlockers cancel_blockers();
// Whether each event is sent on the channel "turnstone".
bool notify();
// Whether each event leaves a line in the server's log.
bool log_events();
// Whether stamps are written into the executor's own tuple, where that is possible.
bool in_place();
// Whether runs record the schema that they leave.
bool record_schema();
// Whether runs that apply look for drift first, and what becomes of them where there is some.
DriftCheck drift_check();
// Whether the utility hook logs what event triggers do not see.
bool watch_shared();

} // namespace settings

// Once, from _PG_init.
void define_settings();

} // namespace turnstone::server
