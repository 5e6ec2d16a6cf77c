// Watching: which statements are logged, and that the logging never fails them.
#pragma once

#include <functional>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// Whether migrate_watch() is on in this database.
bool is_watching();

// What an event trigger of ours is told, once it is clear that it is called as one; null where it has nothing
// to do: the engine itself is at work, an extension is being made, or the server is being upgraded.
const EventTriggerData *event_to_look_at(FunctionCallInfo fcinfo);

// In sql_drop: keeps what the statement has dropped for its ddl_command_end.
void keep_dropped(const EventTriggerData &data);
// In ddl_command_end: logs the statement, if it has changed the schema.
void log_statement(const EventTriggerData &data);

// Runs it in a subtransaction. An error of it becomes a warning that the statement is not in the log; only a
// cancel goes on.
void without_failing(const std::function<void()> &body);

} // namespace turnstone::server
