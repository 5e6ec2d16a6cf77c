// SQL functions that drive the raw state and its gate, for sql/raw_state.sql and t/011_raw_state.t. Built by
// the tests only, never installed.
#include <string>

#include "turnstone/server/guard.hpp"
#include "turnstone/server/raw_pages.hpp"
#include "turnstone/server/raw_state.hpp"
#include "turnstone/server/sql.hpp"

namespace {

using namespace turnstone::server;

// The present state: catalog, object, hash.
Datum state(FunctionCallInfo fcinfo) {
    ResultRows rows(fcinfo);
    const RawState now = raw_state();
    for (const RawState::Entry &entry : now.entries())
        rows.put({static_cast<std::int64_t>(entry.root.catalog), static_cast<std::int64_t>(entry.root.object),
                  static_cast<std::int64_t>(entry.hash)});
    return 0;
}

Datum keep(FunctionCallInfo) {
    keep_raw_state(raw_state());
    return 0;
}

Datum keep_doubt(FunctionCallInfo fcinfo) {
    RawState state = recorded_raw_state().value();
    state.put({PG_GETARG_OID(0), PG_GETARG_OID(1)}, 0);
    keep_raw_state(state);
    return 0;
}

// The check that a drift report begins with, and by what it was told: gate, scan (the gate is opened), or the
// number of roots that differ.
std::string checked() {
    if (surely_unchanged())
        return "gate";
    const std::optional<RawState> recorded = recorded_raw_state();
    if (!recorded)
        return "nothing recorded";
    const RawState now = raw_state();
    const std::vector<RootId> differ = roots_that_differ(*recorded, now);
    if (!differ.empty())
        return std::to_string(differ.size()) + " differ";
    open_gate(now);
    return now.gate_start() ? "scan" : "scan, no gate";
}

Datum check(FunctionCallInfo) {
    const std::string told = checked();
    return pg([&] { return CStringGetTextDatum(told.c_str()); });
}

// Whether a look by what the session keeps of the catalogs' pages finds what one without finds.
Datum kept_agrees(FunctionCallInfo) {
    const RawState kept = raw_state();
    pg([] { RawPages::forget(); });
    const RawState whole = raw_state();
    std::string told;
    for (const RootId &root : roots_that_differ(kept, whole))
        told += " " + std::to_string(root.catalog) + "/" + std::to_string(root.object);
    if (told.empty() && kept.fingerprint() == whole.fingerprint())
        told = "same";
    return pg([&] { return CStringGetTextDatum(told.c_str()); });
}

Datum pages_of_look(FunctionCallInfo) {
    const std::int64_t before = RawPages::pages_read();
    (void)raw_state();
    return Int64GetDatum(RawPages::pages_read() - before);
}

} // namespace

#define PROBE(symbol, implementation)                                                                        \
    extern "C" {                                                                                             \
    PGDLLEXPORT Datum symbol(PG_FUNCTION_ARGS);                                                              \
    PG_FUNCTION_INFO_V1(symbol);                                                                             \
    Datum symbol(PG_FUNCTION_ARGS) {                                                                         \
        return entry([&] { return implementation(fcinfo); });                                                \
    }                                                                                                        \
    }

PROBE(probe_raw_state, state)
PROBE(probe_raw_keep, keep)
PROBE(probe_raw_keep_doubt, keep_doubt)
PROBE(probe_raw_check, check)
PROBE(probe_raw_kept_agrees, kept_agrees)
PROBE(probe_raw_pages_of_look, pages_of_look)
