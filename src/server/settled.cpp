// Owns the quick look that a run without anything to do needs: a scan of turnstone.journal and one of
// turnstone.migration, joined here. As a query it would have to be planned in every session, and the planner,
// which sees an EXISTS that ends at the first row, takes a nested loop for it that is quadratic where there
// is none.
#include "turnstone/server/journal.hpp"

#include <cctype>

#include "turnstone/core/version.hpp"

#include "turnstone/server/raii.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/table_scan.hpp"

namespace turnstone::server {

namespace {

// The newest event of a version that says something of its state.
struct Event {
    const char *version;
    const char *checksum;
    std::int64_t id;
    bool pending;
};

bool is(const char *words, const char *expected) {
    return words != nullptr && strcmp(words, expected) == 0;
}

HTAB *newest_events(Snapshot snapshot) {
    HASHCTL control{};
    control.keysize = sizeof(const char *);
    control.entrysize = sizeof(Event);
    control.hcxt = CurrentMemoryContext;
    control.hash = [](const void *key, Size) -> uint32 {
        const char *version = *static_cast<const char *const *>(key);
        return DatumGetUInt32(
            hash_any(reinterpret_cast<const unsigned char *>(version), static_cast<int>(strlen(version))));
    };
    control.match = [](const void *left, const void *right, Size) -> int {
        return strcmp(*static_cast<const char *const *>(left), *static_cast<const char *const *>(right));
    };
    HTAB *events = hash_create("turnstone events", 1024, &control,
                               HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
    const TableScan journal("journal", snapshot);
    const int id_column = journal.column("id");
    const int event_column = journal.column("event");
    const int state_column = journal.column("state");
    const int version_column = journal.column("version");
    const int checksum_column = journal.column("checksum");
    const int error_column = journal.column("error_sqlstate");
    while (journal.next()) {
        if (!journal.is_null(error_column))
            continue;
        const char *kind = journal.words(event_column);
        if (is(kind, "tag") || is(kind, "seed") || is(kind, "hook") || is(kind, "policy"))
            continue;
        const char *version = journal.words(version_column);
        const std::int64_t id = DatumGetInt64(journal.value(id_column));
        bool known = false;
        auto *event = static_cast<Event *>(hash_search(events, &version, HASH_ENTER, &known));
        if (known && event->id > id)
            continue;
        event->id = id;
        event->pending = is(journal.words(state_column), "pending");
        event->checksum = journal.words(checksum_column);
    }
    journal.close();
    return events;
}

// What the journal says of versioned migrations: the rule of baseline scripts (core::History) rests on it.
struct Applied {
    bool any;
    const char *baseline; // the newest one; or nullptr
};

Applied applied_versions(HTAB *events) {
    Applied applied{false, nullptr};
    HASH_SEQ_STATUS state;
    hash_seq_init(&state, events);
    while (const auto *event = static_cast<const Event *>(hash_seq_search(&state))) {
        const bool baseline = core::is_baseline_version(event->version);
        if (event->pending || !(baseline || isdigit(static_cast<unsigned char>(*event->version))))
            continue;
        applied.any = true;
        if (baseline &&
            (applied.baseline == nullptr || !core::is_summed_up(event->version + 1, applied.baseline)))
            applied.baseline = event->version;
    }
    return applied;
}

// Of one that is not applied: whether a run leaves it out. Where nothing is applied it does not matter which:
// the baseline script and what it sums up are pending together.
bool is_left_out(const Applied &applied, const char *version) {
    if (core::is_baseline_version(version))
        return applied.any;
    return applied.baseline != nullptr && core::is_summed_up(version, applied.baseline);
}

// Whether a script of these environments runs in the one that is set; one without any runs everywhere.
bool runs_here(Datum environments, const char *environment) {
    Datum *elements = nullptr;
    int count = 0;
    deconstruct_array(DatumGetArrayTypeP(environments), TEXTOID, -1, false, TYPALIGN_INT, &elements, nullptr,
                      &count);
    bool found = count == 0;
    for (int i = 0; i < count && !found; ++i)
        found = is(TextDatumGetCString(elements[i]), environment);
    return found;
}

// Whether a migration that runs statement by statement is not through.
bool any_open_step(Snapshot snapshot) {
    const TableScan steps("step", snapshot);
    const int settled_column = steps.column("settled_by");
    bool open = false;
    while (!open && steps.next())
        open = steps.is_null(settled_column);
    steps.close();
    return open;
}

// Whether a run may have been cut off: the process of one that says it is running has gone, since the run
// lock is ours; that of a queued one may be waiting.
bool any_open_run(Snapshot snapshot) {
    const TableScan runs("run", snapshot);
    const int state_column = runs.column("state");
    bool open = false;
    while (!open && runs.next())
        open = is(runs.words(state_column), "running") || is(runs.words(state_column), "queued");
    runs.close();
    return open;
}

// A leaf.
bool look(const char *environment) {
    CommandCounterIncrement();
    const Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
    HTAB *events = newest_events(snapshot);
    const Applied applied = applied_versions(events);
    const TableScan migrations("migration", snapshot);
    const int version_column = migrations.column("version");
    const int checksum_column = migrations.column("checksum");
    const int kind_column = migrations.column("kind");
    const int environments_column = migrations.column("environments");
    bool unsettled = any_open_step(snapshot) || any_open_run(snapshot);
    while (!unsettled && migrations.next()) {
        const char *kind = migrations.words(kind_column);
        if (is(kind, "seed") || is(kind, "hook") ||
            (!migrations.is_null(environments_column) &&
             !runs_here(migrations.value(environments_column), environment)))
            continue;
        const char *version = migrations.words(version_column);
        const auto *event = static_cast<const Event *>(hash_search(events, &version, HASH_FIND, nullptr));
        unsettled = event == nullptr || event->pending
                        ? !is_left_out(applied, version)
                        : !is(event->checksum, migrations.words(checksum_column));
    }
    migrations.close();
    UnregisterSnapshot(snapshot);
    return unsettled;
}

} // namespace

bool anything_unsettled() {
    const MemoryScope memory;
    const char *environment = settings::environment();
    return pg([&] { return look(environment); });
}

} // namespace turnstone::server
