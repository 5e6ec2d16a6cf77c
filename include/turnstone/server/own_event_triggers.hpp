// Event triggers that belong to the user's database and not to the extension: made and dropped when somebody
// turns watching or sealing on or off. So a dump writes them, behind everything else, and they do not fire
// into a restore.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace turnstone::server {

struct OwnEventTrigger {
    const char *name;
    const char *event;
    const char *tags; // a list of literals; empty for all commands
    const char *function;
    const char *comment;
};

struct EventTriggerState {
    std::string name;
    std::string status; // created, enabled (somebody had disabled it), unchanged, dropped or absent
};

// Makes those that are missing, and lets each fire always, also in sessions with session_replication_role =
// replica.
std::vector<EventTriggerState> make_event_triggers(std::span<const OwnEventTrigger> triggers);
std::vector<EventTriggerState> drop_event_triggers(std::span<const OwnEventTrigger> triggers);

// Whether it is there, and not disabled.
bool event_trigger_fires(const char *name);

} // namespace turnstone::server
