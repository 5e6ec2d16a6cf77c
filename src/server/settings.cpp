// Owns the settings: their definition, and the variables behind them (the only global state of the library).
#include "turnstone/server/settings.hpp"

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

namespace {

int out_of_order_value = static_cast<int>(OutOfOrder::error);
int naming_value = static_cast<int>(Naming::off);
char *search_path_value = nullptr;
int lock_wait_value = -1;
bool notify_value = true;
bool record_schema_value = true;

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

bool settings::notify() {
    return notify_value;
}

bool settings::record_schema() {
    return record_schema_value;
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
    DefineCustomBoolVariable("turnstone.notify",
                             "Sends each event of the journal on the channel \"turnstone\", as JSON.",
                             nullptr, &notify_value, true, PGC_USERSET, 0, nullptr, nullptr, nullptr);
    DefineCustomBoolVariable(
        "turnstone.record_schema",
        "Records the schema that each run of migrations leaves, for migrate_drift().",
        "A run without it leaves a stale record: the next run with it takes over what it finds.",
        &record_schema_value, true, PGC_SUSET, 0, nullptr, nullptr, nullptr);
    MarkGUCPrefixReserved("turnstone");
}

} // namespace turnstone::server
