// The settings (GUCs) of turnstone.
#pragma once

namespace turnstone::server {

enum class OutOfOrder { error, warn, allow };
enum class Naming { off, warn, strict };

namespace settings {

// What becomes of a pending migration that is older than the newest applied one.
OutOfOrder out_of_order();
// How names of scripts are held to YYYYMMDDHHMMSS_verb_description.sql.
Naming naming();
// The search_path that scripts begin with; empty for the session's.
const char *search_path();
// Milliseconds to wait for another session's run to end; -1: no limit but lock_timeout and statement_timeout.
int lock_wait();
// Whether each event is sent on the channel "turnstone".
bool notify();
// Whether runs record the schema that they leave.
bool record_schema();

} // namespace settings

// Once, from _PG_init.
void define_settings();

} // namespace turnstone::server
