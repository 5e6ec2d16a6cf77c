// SQL functions that drive the guard from inside a server, for sql/guard.sql. Built by the tests only, never
// installed.
#include <new>
#include <stdexcept>
#include <string>

#include "turnstone/core/error.hpp"

#include "turnstone/server/guard.hpp"
#include "turnstone/server/raii.hpp"

namespace {

using turnstone::server::entry;
using turnstone::server::pg;
using turnstone::server::PgError;
using turnstone::server::SubTransaction;

// Counts the objects alive, so that a destructor that did not run is seen.
int live_objects = 0;

struct Counted {
    std::string payload = std::string(100, 'x');
    Counted() { ++live_objects; }
    Counted(const Counted &) = delete;
    Counted &operator=(const Counted &) = delete;
    ~Counted() { --live_objects; }
};

void execute(const char *sql) {
    pg([&] {
        SPI_connect();
        SPI_execute(sql, false, 0);
        SPI_finish();
    });
}

std::string argument(FunctionCallInfo fcinfo, int number) {
    return pg([&] { return text_to_cstring(PG_GETARG_TEXT_PP(number)); });
}

Datum text_result(const std::string &text) {
    return pg([&] {
        return PointerGetDatum(cstring_to_text_with_len(text.data(), static_cast<int>(text.size())));
    });
}

const char *shown(const char *field) {
    return field == nullptr ? "-" : field;
}

// Runs a statement in a subtransaction and returns the fields of its error.
Datum caught_fields(FunctionCallInfo fcinfo) {
    const Counted one;
    const std::string sql = argument(fcinfo, 0);
    std::string fields;
    try {
        SubTransaction attempt;
        const Counted two;
        execute(sql.c_str());
        attempt.commit();
        fields = "no error";
    } catch (const PgError &error) {
        const ErrorData &e = *error.data();
        fields = fmt::format("{} | {} | {} | {} | position {} {} | {} | {}.{}.{} | {}",
                             unpack_sql_state(e.sqlerrcode), e.message, shown(e.detail), shown(e.hint),
                             e.cursorpos, e.internalpos, shown(e.constraint_name), shown(e.schema_name),
                             shown(e.table_name), shown(e.column_name), shown(e.context));
        FreeErrorData(error.data());
    }
    return text_result(fields);
}

// Lets a statement's error pass through two C++ frames that own objects.
Datum passed_through(FunctionCallInfo fcinfo) {
    const Counted one;
    const std::string sql = argument(fcinfo, 0);
    try {
        const Counted two;
        execute(sql.c_str());
    } catch (const PgError &) {
        const Counted three;
        throw;
    }
    return static_cast<Datum>(0);
}

Datum thrown(FunctionCallInfo fcinfo) {
    const Counted one;
    const std::string kind = argument(fcinfo, 0);
    if (kind == "core")
        throw turnstone::core::Error(turnstone::core::ErrorCode::duplicate, "a message", "A detail.",
                                     "A hint.");
    if (kind == "runtime_error")
        throw std::runtime_error("a runtime error with a % in it");
    if (kind == "bad_alloc")
        throw std::bad_alloc();
    if (kind == "int")
        throw 42;
    return static_cast<Datum>(0);
}

// `rounds` subtransactions, every second of which fails; returns how many did.
Datum subtransaction_loop(FunctionCallInfo fcinfo) {
    const int rounds = PG_GETARG_INT32(0);
    int failed = 0;
    for (int round = 0; round < rounds; ++round) {
        try {
            SubTransaction attempt;
            const Counted one;
            execute(round % 2 == 0 ? "insert into probe_rows values (1)"
                                   : "insert into probe_rows values (1); select 1 / 0");
            attempt.commit();
        } catch (const PgError &error) {
            FreeErrorData(error.data());
            ++failed;
        }
    }
    return Int32GetDatum(failed);
}

// Loops in C++ until it is interrupted.
Datum spin(FunctionCallInfo) {
    const Counted one;
    for (;;)
        pg([] { CHECK_FOR_INTERRUPTS(); });
}

Datum live(FunctionCallInfo) {
    return Int32GetDatum(live_objects);
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

extern "C" {
PG_MODULE_MAGIC;
}

PROBE(probe_caught_fields, caught_fields)
PROBE(probe_passed_through, passed_through)
PROBE(probe_thrown, thrown)
PROBE(probe_subtransaction_loop, subtransaction_loop)
PROBE(probe_spin, spin)
PROBE(probe_live, live)

// The least that a trigger can do, for scripts/bench-updated-at: without the guard.
extern "C" {
PGDLLEXPORT Datum probe_empty_trigger(PG_FUNCTION_ARGS);
PG_FUNCTION_INFO_V1(probe_empty_trigger);
Datum probe_empty_trigger(PG_FUNCTION_ARGS) {
    return PointerGetDatum(reinterpret_cast<TriggerData *>(fcinfo->context)->tg_newtuple);
}
}
