// Owns migrate_watch() and its event triggers: what is logged of the DDL that users run, and what is not.
#include "turnstone/server/watch.hpp"

#include <algorithm>
#include <vector>

#include "turnstone/core/error.hpp"

#include "turnstone/server/ddl_log.hpp"
#include "turnstone/server/ddl_objects.hpp"
#include "turnstone/server/ddl_statement.hpp"
#include "turnstone/server/engine_at_work.hpp"
#include "turnstone/server/functions.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/own_event_triggers.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/watch_shared.hpp"

namespace turnstone::server {

namespace {

constexpr OwnEventTrigger watch_triggers[] = {
    {"turnstone_watch_command", "ddl_command_end", "", "turnstone.watch_ddl",
     "writes DDL that is no migration to turnstone.ddl_log; made and dropped by migrate_watch()"},
    {"turnstone_watch_drop", "sql_drop", "", "turnstone.watch_ddl",
     "notes for turnstone_watch_command what a statement drops"},
};

// A statement between its sql_drop and its ddl_command_end. The parse tree's address alone would not tell:
// after an error it may be that of another statement, but that one runs in another subtransaction.
struct StatementKey {
    const Node *statement;
    SubTransactionId subtransaction;
    std::uint64_t transaction;

    bool operator==(const StatementKey &) const = default;
};

StatementKey key_of(const EventTriggerData &data) {
    return {data.parsetree, GetCurrentSubTransactionId(),
            U64FromFullTransactionId(GetTopFullTransactionIdIfAny())};
}

struct Dropped {
    StatementKey key;
    std::vector<TouchedObject> objects;
};

std::vector<Dropped> &dropped_so_far() {
    static auto *const dropped = new std::vector<Dropped>; // no destructor runs when a process ends
    return *dropped;
}

void forget_dropped(const StatementKey &key) {
    std::erase_if(dropped_so_far(), [&](const Dropped &dropped) {
        return dropped.key == key || dropped.key.transaction != key.transaction;
    });
}

// Only what a schema is made of: contents of a materialized view and the pages of an index are not.
bool changes_no_schema(const EventTriggerData &data) {
    if (data.tag == CMDTAG_REINDEX)
        return true;
    return IsA(data.parsetree, RefreshMatViewStmt) &&
           !reinterpret_cast<const RefreshMatViewStmt *>(data.parsetree)->skipData;
}

// The server does not tell what else than drops DROP OWNED does, nor of privileges that are the usual ones
// again.
bool may_name_nothing(const Node *statement) {
    return IsA(statement, DropOwnedStmt) || IsA(statement, AlterDefaultPrivilegesStmt);
}

void report_hook() {
    if (!settings::watch_shared() || is_preloaded())
        return;
    pg([] {
        ereport(NOTICE,
                (errmsg("turnstone.watch_shared is on, but sessions do not load the library when they begin"),
                 errhint("Name turnstone in session_preload_libraries or shared_preload_libraries.")));
    });
}

void lock_switch() {
    static Query query{"lock table turnstone.ddl_log in share update exclusive mode"};
    run(query);
}

} // namespace

bool is_watching() {
    return event_trigger_fires(watch_triggers[0].name);
}

const EventTriggerData *event_to_look_at(FunctionCallInfo fcinfo) {
    if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
        pg([] {
            ereport(ERROR, (errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
                            errmsg("this function must be called as an event trigger")));
        });
    if (IsBinaryUpgrade || creating_extension || EngineAtWork::now())
        return nullptr;
    return reinterpret_cast<const EventTriggerData *>(fcinfo->context);
}

void without_failing(const std::function<void()> &body) {
    std::string why;
    try {
        SubTransaction attempt;
        pg([] {
            PushActiveSnapshot(GetTransactionSnapshot());
        }); // a statement that commits on its way leaves none
        body();
        pg([] { PopActiveSnapshot(); });
        attempt.commit();
        return;
    } catch (const PgError &error) {
        if (error.data()->sqlerrcode == ERRCODE_QUERY_CANCELED)
            throw; // the user's own wish
        why = error.what();
    } catch (const std::exception &error) {
        why = error.what();
    }
    pg([&] {
        ereport(WARNING, (errmsg("this statement is not recorded in turnstone.ddl_log"),
                          errdetail_internal("%s", why.c_str())));
    });
}

void keep_dropped(const EventTriggerData &data) {
    const StatementKey key = key_of(data);
    without_failing([&] {
        std::vector<TouchedObject> objects = dropped_objects();
        forget_dropped(key);
        dropped_so_far().push_back({key, std::move(objects)});
    });
}

void log_statement(const EventTriggerData &data) {
    if (changes_no_schema(data))
        return;
    const StatementKey key = key_of(data);
    without_failing([&] {
        std::vector<TouchedObject> objects = objects_of_commands(data.parsetree);
        for (Dropped &dropped : dropped_so_far()) {
            if (dropped.key == key)
                std::move(dropped.objects.begin(), dropped.objects.end(), std::back_inserter(objects));
        }
        forget_dropped(key);
        std::erase_if(objects, [](const TouchedObject &object) { return object.temporary; });
        if (!objects.empty() || may_name_nothing(data.parsetree))
            write_ddl_log({GetCommandTagName(data.tag), text_of_statement(data), std::move(objects)});
    });
}

Datum watch_ddl(FunctionCallInfo fcinfo) {
    const EventTriggerData *data = event_to_look_at(fcinfo);
    if (data != nullptr && strcmp(data->event, "sql_drop") == 0)
        keep_dropped(*data);
    else if (data != nullptr)
        log_statement(*data);
    return Datum{0};
}

Datum switch_watch(FunctionCallInfo fcinfo) {
    const bool on = PG_GETARG_BOOL(0);
    ResultRows result(fcinfo);
    lock_switch();
    const std::vector<EventTriggerState> states =
        on ? make_event_triggers(watch_triggers) : drop_event_triggers(watch_triggers);
    bool changed = false;
    for (const EventTriggerState &state : states) {
        changed = changed || (state.status != "unchanged" && state.status != "absent");
        result.put({state.name, state.status});
    }
    if (changed)
        write_database_event("watch", "watch", on ? "on" : "off");
    if (on)
        report_hook();
    return static_cast<Datum>(0);
}

} // namespace turnstone::server
