// Owns the segments of shared memory in which runs say how far they have come.
#include "turnstone/server/progress.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

#include <fmt/format.h>

#include "turnstone/server/functions.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/stopwatch.hpp"

namespace turnstone::server {

namespace {

constexpr std::uint64_t magic = 0x7475726e73746f6eULL; // "turnston"
constexpr int most_reads = 1000;

struct Text {
    std::uint32_t length;
    char bytes[252];

    void set(std::string_view text) {
        std::size_t size = std::min(text.size(), sizeof bytes);
        if (size < text.size()) // at a character's end
            size = static_cast<std::size_t>(
                pg_mbcliplen(text.data(), static_cast<int>(text.size()), static_cast<int>(size)));
        length = static_cast<std::uint32_t>(size);
        memcpy(bytes, text.data(), size);
    }
    [[nodiscard]] std::string get() const { return {bytes, std::min<std::size_t>(length, sizeof bytes)}; }
};

struct Shared {
    std::uint64_t magic;
    std::int64_t run_id;
    std::atomic<std::uint32_t> changes; // odd while it is being written
    std::int32_t position;
    std::int32_t migrations;
    std::int32_t statement;
    std::int32_t statements;
    std::int64_t statement_started; // by the stopwatch
    Text migration;
    Text command;
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

Shared *current = nullptr;

template <class Change>
void change(Change &&apply) {
    if (current == nullptr)
        return;
    current->changes.fetch_add(1, std::memory_order_acq_rel);
    apply(*current);
    current->changes.fetch_add(1, std::memory_order_acq_rel);
}

std::optional<ProgressState> state_of(const Shared &shared) {
    for (int tries = 0; tries < most_reads; ++tries) {
        const std::uint32_t before = shared.changes.load(std::memory_order_acquire);
        ProgressState state{shared.run_id,        shared.migration.get(),  shared.position,
                            shared.migrations,    shared.statement,        shared.statements,
                            shared.command.get(), shared.statement_started};
        std::atomic_thread_fence(std::memory_order_acquire);
        if (before % 2 == 0 && shared.changes.load(std::memory_order_relaxed) == before)
            return state;
    }
    return std::nullopt; // its writer was stopped in the middle
}

} // namespace

ProgressReport::ProgressReport(std::int64_t run_id)
    : segment_(pg([] {
          dsm_segment *segment = dsm_create(sizeof(Shared), 0);
          dsm_pin_mapping(segment); // across the run's transactions
          return segment;
      })) {
    current = new (dsm_segment_address(segment_)) Shared{};
    current->run_id = run_id;
    current->magic = magic;
}

ProgressReport::~ProgressReport() {
    current = nullptr;
    dsm_detach(segment_);
}

std::int64_t ProgressReport::handle() const {
    return static_cast<std::int64_t>(dsm_segment_handle(segment_));
}

void report_migration(std::string_view name, std::size_t position, std::size_t migrations) {
    change([&](Shared &shared) {
        shared.migration.set(name);
        shared.position = static_cast<std::int32_t>(position);
        shared.migrations = static_cast<std::int32_t>(migrations);
        shared.statement = shared.statements = 0;
        shared.command.set("");
        shared.statement_started = Stopwatch::now();
    });
}

void report_statement(int statement, int statements, std::string_view text) {
    change([&](Shared &shared) {
        shared.statement = statement;
        shared.statements = statements;
        shared.command.set(text);
        shared.statement_started = Stopwatch::now();
    });
}

std::optional<ProgressState> read_progress(std::int64_t handle, std::int64_t run_id) {
    const auto wanted = static_cast<dsm_handle>(handle);
    if (current != nullptr && current->run_id == run_id)
        return state_of(*current); // this session's own, which it cannot attach to once more
    dsm_segment *segment = pg([&] { return dsm_attach(wanted); });
    if (segment == nullptr)
        return std::nullopt;
    std::optional<ProgressState> state;
    // A handle may have been given to somebody else's segment meanwhile.
    if (dsm_segment_map_length(segment) >= sizeof(Shared)) {
        const auto *shared = static_cast<const Shared *>(dsm_segment_address(segment));
        if (shared->magic == magic && shared->run_id == run_id)
            state = state_of(*shared);
    }
    pg([&] { dsm_detach(segment); });
    return state;
}

Datum run_progress(FunctionCallInfo fcinfo) {
    static Query query{R"(
        select id, progress_handle from turnstone.run
         where state in ('queued', 'running') and progress_handle is not null order by id)"};
    ResultRows result(fcinfo);
    const Rows runs = run(query);
    for (std::size_t row = 0; row < runs.size(); ++row) {
        const auto state = read_progress(runs.integer(row, 1), runs.integer(row, 0));
        if (!state) {
            result.put({runs.integer(row, 0), false, std::nullopt, std::nullopt, std::nullopt, std::nullopt,
                        std::nullopt, std::nullopt, std::nullopt});
            continue;
        }
        const std::string time = fmt::format("{} microseconds", Stopwatch::now() - state->statement_started);
        const auto number = [](int value) { return value > 0 ? Value(value) : Value(std::nullopt); };
        result.put({runs.integer(row, 0), true, Value::or_null(state->migration), number(state->position),
                    number(state->migrations), number(state->statement), number(state->statements),
                    Value::or_null(state->command),
                    state->statement_started == 0 ? Value(std::nullopt) : Value(time)});
    }
    return 0;
}

} // namespace turnstone::server
