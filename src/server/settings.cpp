// Owns the settings: their definition, and the variables behind them (the only global state of the library).
#include "turnstone/server/settings.hpp"

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

namespace {

int out_of_order_value = static_cast<int>(OutOfOrder::error);
int naming_value = static_cast<int>(Naming::off);
char *search_path_value = nullptr;
int lock_wait_value = -1;
int ddl_lock_timeout_value = 2000;
int ddl_lock_wait_value = 600000;
int cancel_blockers_value = static_cast<int>(CancelBlockers::off);
bool notify_value = true;
bool log_events_value = true;
bool in_place_value = true;
bool record_schema_value = true;
int drift_check_value = static_cast<int>(DriftCheck::off);
bool watch_shared_value = false;

bool placeholders_value = false;
char *environment_value = nullptr;
char *coexist_value = nullptr;
bool allow_reset_value = false;

// What a hook is called for; set around each call, empty otherwise.
struct HookSetting {
    const char *name;
    const char *description;
    char *value;
};
HookSetting hook_settings[] = {
    {"turnstone.hook_command", "The command of the run that a hook is called in.", nullptr},
    {"turnstone.hook_run", "The number of the run that a hook is called in.", nullptr},
    {"turnstone.hook_version", "The version of the migration that a hook is called for.", nullptr},
    {"turnstone.hook_name", "The name of the script that a hook is called for.", nullptr},
    {"turnstone.hook_direction", "The direction of the migration that a hook is called for.", nullptr},
    {"turnstone.hook_error_sqlstate", "The SQLSTATE of the error that after_failure is called for.", nullptr},
    {"turnstone.hook_error_message", "The message of the error that after_failure is called for.", nullptr},
};

const config_enum_entry out_of_order_options[] = {
    {"error", static_cast<int>(OutOfOrder::error), false},
    {"warn", static_cast<int>(OutOfOrder::warn), false},
    {"allow", static_cast<int>(OutOfOrder::allow), false},
    {nullptr, 0, false},
};

const config_enum_entry naming_options[] = {
    {"off", static_cast<int>(Naming::off), false},
    {"warn", static_cast<int>(Naming::warn), false},
    {"strict", static_cast<int>(Naming::strict), false},
    {nullptr, 0, false},
};

const config_enum_entry drift_check_options[] = {
    {"off", static_cast<int>(DriftCheck::off), false},
    {"warn", static_cast<int>(DriftCheck::warn), false},
    {"refuse", static_cast<int>(DriftCheck::refuse), false},
    {nullptr, 0, false},
};

const config_enum_entry cancel_blockers_options[] = {
    {"off", static_cast<int>(CancelBlockers::off), false},
    {"idle_in_transaction", static_cast<int>(CancelBlockers::idle_in_transaction), false},
    {"all", static_cast<int>(CancelBlockers::all), false},
    {nullptr, 0, false},
};

} // namespace

OutOfOrder settings::out_of_order() {
    return static_cast<OutOfOrder>(out_of_order_value);
}

Naming settings::naming() {
    return static_cast<Naming>(naming_value);
}

const char *settings::search_path() {
    return search_path_value == nullptr ? "" : search_path_value;
}

int settings::lock_wait() {
    return lock_wait_value;
}

const char *settings::environment() {
    return environment_value == nullptr ? "" : environment_value;
}

const char *settings::coexist() {
    return coexist_value == nullptr ? "" : coexist_value;
}

bool settings::allow_reset() {
    return allow_reset_value;
}

bool settings::placeholders() {
    return placeholders_value;
}

int settings::ddl_lock_timeout() {
    return ddl_lock_timeout_value;
}

int settings::ddl_lock_wait() {
    return ddl_lock_wait_value;
}

CancelBlockers settings::cancel_blockers() {
    return static_cast<CancelBlockers>(cancel_blockers_value);
}

bool settings::notify() {
    return notify_value;
}

bool settings::log_events() {
    return log_events_value;
}

bool settings::in_place() {
    return in_place_value;
}

bool settings::record_schema() {
    return record_schema_value;
}

DriftCheck settings::drift_check() {
    return static_cast<DriftCheck>(drift_check_value);
}

bool settings::watch_shared() {
    return watch_shared_value;
}

void define_settings() {
    DefineCustomEnumVariable(
        "turnstone.out_of_order",
        "What becomes of a pending migration that is older than the newest applied one.",
        "\"error\" refuses the run and names it, \"warn\" applies it with a warning, \"allow\" "
        "applies it.",
        &out_of_order_value, static_cast<int>(OutOfOrder::error), out_of_order_options, PGC_USERSET, 0,
        nullptr, nullptr, nullptr);
    DefineCustomEnumVariable(
        "turnstone.naming", "How names of scripts are held to YYYYMMDDHHMMSS_verb_description.sql.",
        "\"off\" takes any name with a version, \"warn\" warns of others, \"strict\" refuses them.",
        &naming_value, static_cast<int>(Naming::off), naming_options, PGC_USERSET, 0, nullptr, nullptr,
        nullptr);
    DefineCustomStringVariable("turnstone.search_path", "The search_path that scripts begin with.",
                               "Empty for that of the session.", &search_path_value, "", PGC_USERSET, 0,
                               nullptr, nullptr, nullptr);
    DefineCustomIntVariable(
        "turnstone.lock_wait", "Longest wait for another session's run of migrations to end.",
        "0 does not wait; -1 sets no limit but lock_timeout and statement_timeout.", &lock_wait_value, -1, -1,
        INT_MAX, PGC_USERSET, GUC_UNIT_MS, nullptr, nullptr, nullptr);
    DefineCustomIntVariable(
        "turnstone.ddl_lock_timeout", "Longest wait of DDL in migrate_deploy() for a lock, in one attempt.",
        "The whole migration is then undone and tried again. 0 leaves lock_timeout as it is.",
        &ddl_lock_timeout_value, 2000, 0, INT_MAX, PGC_USERSET, GUC_UNIT_MS, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("turnstone.ddl_lock_wait",
                            "Time over which migrate_deploy() tries a migration again that got no lock.",
                            "0 tries once; -1 sets no limit.", &ddl_lock_wait_value, 600000, -1, INT_MAX,
                            PGC_USERSET, GUC_UNIT_MS, nullptr, nullptr, nullptr);
    DefineCustomEnumVariable("turnstone.cancel_blockers",
                             "Which sessions in the way of a migration's lock are ended.",
                             "\"off\" none; \"idle_in_transaction\" terminates sessions that are idle in a "
                             "transaction; \"all\" also "
                             "cancels the queries of others. The role must have the right to.",
                             &cancel_blockers_value, static_cast<int>(CancelBlockers::off),
                             cancel_blockers_options, PGC_USERSET, 0, nullptr, nullptr, nullptr);
    DefineCustomStringVariable("turnstone.coexist",
                               "Another tool that still keeps a journal in this database.",
                               "Empty for none; the tool's name, or \"auto\" for the one whose journal is "
                               "found. Runs hold that tool's "
                               "lock, and write each migration's row into its journal too.",
                               &coexist_value, "", PGC_USERSET, 0, nullptr, nullptr, nullptr);
    DefineCustomBoolVariable("turnstone.notify",
                             "Sends each event of the journal on the channel \"turnstone\", as JSON.",
                             nullptr, &notify_value, true, PGC_USERSET, 0, nullptr, nullptr, nullptr);
    DefineCustomBoolVariable(
        "turnstone.log_events",
        "Writes each event of the journal into the server's log, when it is committed.",
        "Lines of level LOG that begin with \"turnstone: \"; failures with their SQLSTATE.",
        &log_events_value, true, PGC_SUSET, 0, nullptr, nullptr, nullptr);
    DefineCustomBoolVariable(
        "turnstone.record_schema",
        "Records the schema that each run of migrations leaves, for migrate_drift().",
        "A run without it leaves a stale record: the next run with it takes over what it finds.",
        &record_schema_value, true, PGC_SUSET, 0, nullptr, nullptr, nullptr);
    DefineCustomEnumVariable("turnstone.drift_check",
                             "Whether runs that apply migrations look for drift first.",
                             "\"off\" does not look, \"warn\" warns of differences, \"refuse\" refuses the "
                             "run while there are any.",
                             &drift_check_value, static_cast<int>(DriftCheck::off), drift_check_options,
                             PGC_USERSET, 0, nullptr, nullptr, nullptr);
    DefineCustomBoolVariable(
        "turnstone.watch_shared",
        "Logs what event triggers do not see: roles, databases, tablespaces, TRUNCATE, and the like.",
        "Where migrate_watch() is on, in sessions that have loaded the library: name turnstone in "
        "session_preload_libraries or shared_preload_libraries.",
        &watch_shared_value, false, PGC_SUSET, 0, nullptr, nullptr, nullptr);

    DefineCustomStringVariable(
        "turnstone.environment", "What this database is for, like \"dev\" or \"production\".",
        "Scripts whose Environment line names others are left out of runs, and migrate_seed() refuses every "
        "other environment.",
        &environment_value, "", PGC_USERSET, 0, nullptr, nullptr, nullptr);
    DefineCustomBoolVariable("turnstone.allow_reset", "Lets migrate_reset() undo and apply everything again.",
                             nullptr, &allow_reset_value, false, PGC_SUSET, 0, nullptr, nullptr, nullptr);
    DefineCustomBoolVariable(
        "turnstone.placeholders", "Puts variables into native scripts, where they say ${name}.",
        "Asked when a script is registered; a line \"-- +migrate Placeholders: on\" or \"off\" in its head "
        "goes before it.",
        &placeholders_value, false, PGC_USERSET, 0, nullptr, nullptr, nullptr);
    for (HookSetting &setting : hook_settings)
        DefineCustomStringVariable(setting.name, setting.description, nullptr, &setting.value, "",
                                   PGC_USERSET, GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE, nullptr, nullptr,
                                   nullptr);
    DefineCustomBoolVariable(
        "turnstone.stamp_in_place", "Writes stamps into the new row itself where that is possible.",
        "Off, each stamped row is copied. For tests, and to rule a cause out.", &in_place_value, true,
        PGC_USERSET, GUC_NOT_IN_SAMPLE, nullptr, nullptr, nullptr);
    MarkGUCPrefixReserved("turnstone");
}

} // namespace turnstone::server
