// Owns the making and dropping of the event triggers that belong to the user's database.
#include "turnstone/server/own_event_triggers.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/stamp_trigger.hpp"

namespace turnstone::server {

namespace {

struct Present {
    bool exists = false;
    bool ours = false; // calls our function
    bool fires_always = false;
};

Present look_at(const OwnEventTrigger &trigger) {
    static Query query{R"(
        select e.evtfoid = pg_catalog.to_regprocedure($2), e.evtenabled = 'A'
          from pg_catalog.pg_event_trigger e where e.evtname = $1)"};
    const Rows rows = run(query, {trigger.name, fmt::format("{}()", trigger.function)});
    return rows.empty() ? Present{} : Present{true, rows.boolean(0, 0), rows.boolean(0, 1)};
}

void make(const OwnEventTrigger &trigger) {
    const std::string filter =
        *trigger.tags == '\0' ? std::string{} : fmt::format(" when tag in ({})", trigger.tags);
    execute(fmt::format("create event trigger {} on {}{} execute function {}()", trigger.name, trigger.event,
                        filter, trigger.function),
            Rights::engine);
    execute(fmt::format("comment on event trigger {} is {}", trigger.name, quoted_literal(trigger.comment)),
            Rights::engine);
}

void fire_always(const OwnEventTrigger &trigger) {
    execute(fmt::format("alter event trigger {} enable always", trigger.name), Rights::engine);
}

} // namespace

std::vector<EventTriggerState> make_event_triggers(std::span<const OwnEventTrigger> triggers) {
    std::vector<EventTriggerState> states;
    for (const OwnEventTrigger &trigger : triggers) {
        const Present present = look_at(trigger);
        if (present.exists && !present.ours)
            throw core::Error(core::ErrorCode::duplicate,
                              fmt::format("there is another event trigger named \"{}\"", trigger.name), {},
                              "Rename it: turnstone needs the name.");
        if (!present.exists)
            make(trigger);
        if (!present.fires_always)
            fire_always(trigger);
        states.push_back({trigger.name, !present.exists        ? "created"
                                        : present.fires_always ? "unchanged"
                                                               : "enabled"});
    }
    return states;
}

std::vector<EventTriggerState> drop_event_triggers(std::span<const OwnEventTrigger> triggers) {
    std::vector<EventTriggerState> states;
    for (const OwnEventTrigger &trigger : triggers) {
        const Present present = look_at(trigger);
        if (present.ours)
            execute(fmt::format("drop event trigger {}", trigger.name), Rights::engine);
        states.push_back({trigger.name, present.ours ? "dropped" : "absent"});
    }
    return states;
}

bool event_trigger_fires(const char *name) {
    return pg([&] {
        HeapTuple tuple = SearchSysCache1(EVENTTRIGGERNAME, CStringGetDatum(name));
        if (!HeapTupleIsValid(tuple))
            return false;
        const char enabled = reinterpret_cast<Form_pg_event_trigger>(GETSTRUCT(tuple))->evtenabled;
        ReleaseSysCache(tuple);
        return enabled != TRIGGER_DISABLED;
    });
}

} // namespace turnstone::server
