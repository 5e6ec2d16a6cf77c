// Owns turnstone.baseline and turnstone.gate: the raw state that runs left, and the gate before it.
#include "turnstone/server/raw_state.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "turnstone/server/catalog_gate.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/raw_scan.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/tuple_hash.hpp"

namespace turnstone::server {

namespace {

// Another number for another way of hashing, or another choice of what belongs to what.
constexpr std::int64_t format = 1;

static_assert(sizeof(RawHash) == 16, "entries are kept as they are");

// This session's own, if any: also where nothing can be written.
CatalogGate session_gate;
bool has_session_gate = false;

// What the last raw_state() of this session saw, if a gate may be built upon it.
CatalogGate last_look;
bool may_rely_on_last_look = false;

// The values of $1 to $4 in the queries below: where a state is good.
struct Place {
    std::int64_t system = static_cast<std::int64_t>(GetSystemIdentifier());
    std::int64_t database = MyDatabaseId;
    std::int64_t major = PG_VERSION_NUM / 10000;
};

std::string_view bytes_of(const RawState &state) {
    return {reinterpret_cast<const char *>(state.data()), state.size() * sizeof(RawHash)};
}

std::int64_t fingerprint(const RawState &state) {
    const std::string_view bytes = bytes_of(state);
    return static_cast<std::int64_t>(
        hash_of_bytes(bytes.data(), bytes.size(), static_cast<std::uint64_t>(format)));
}

bool is_exact(const RawState &state) {
    return std::none_of(state.begin(), state.end(), [](const RawHash &entry) { return entry.hash == 0; });
}

// What is recorded, by its fingerprint, and the gate that anybody has opened to it.
struct RecordedGate {
    std::optional<std::int64_t> fingerprint; // none where surely_unchanged() cannot hold
    std::optional<CatalogGate> gate;
};

RecordedGate recorded_gate() {
    static Query query{R"(
        select b.fingerprint, g.gate
          from turnstone.baseline b
          left join turnstone.gate g on g.fingerprint = b.fingerprint and pg_catalog.octet_length(g.gate) = $5
         where b.system_identifier = $1 and b.database_id = $2 and b.major_version = $3 and b.format = $4
           and b.is_exact)"};
    const Place place;
    const Rows rows = run(query, {place.system, place.database, place.major, format,
                                  static_cast<std::int64_t>(sizeof(CatalogGate))});
    RecordedGate found;
    if (rows.empty())
        return found;
    found.fingerprint = rows.integer(0, 0);
    if (!rows.is_null(0, 1)) {
        found.gate.emplace();
        std::memcpy(&*found.gate, rows.text(0, 1).data(), sizeof(CatalogGate));
    }
    return found;
}

// Another session that is at it keeps the row locked until its transaction ends: then it is left to that one.
void keep_gate(const CatalogGate &gate) {
    static Query query{R"(
        update turnstone.gate set fingerprint = $1, gate = $2
         where ctid = any (array(select ctid from turnstone.gate for update skip locked)))"};
    run(query, {gate.fingerprint, Value::binary({reinterpret_cast<const char *>(&gate), sizeof gate})});
}

// A row that was changed since the transaction began cannot be updated by one that reads but its own
// snapshot.
bool may_write() {
    return pg([] {
        return !XactReadOnly && !RecoveryInProgress() && !IsInParallelMode() && !IsolationUsesXactSnapshot();
    });
}

} // namespace

RawState raw_state() {
    struct Scanned {
        GatedSnapshot at;
        RawScan scan;
    };
    may_rely_on_last_look = false;
    const MemoryScope memory;
    const Scanned scanned = pg([] {
        Scanned found{};
        found.at = snapshot_for_gate();
        found.scan = scan_raw(found.at.snapshot);
        UnregisterSnapshot(found.at.snapshot);
        return found;
    });
    RawState state;
    state.reserve(static_cast<std::size_t>(scanned.scan.entries.size));
    for (const RawEntry &entry : scanned.scan.entries)
        state.push_back({entry.root, entry.hash});
    last_look = {fingerprint(state), scanned.at.start};
    last_look.start.shared = scanned.scan.shared;
    may_rely_on_last_look = scanned.at.is_settled;
    return state;
}

std::vector<RootId> roots_that_differ(const RawState &one, const RawState &other) {
    std::vector<RootId> found;
    auto left = one.begin();
    auto right = other.begin();
    while (left != one.end() || right != other.end()) {
        if (right == other.end() || (left != one.end() && left->root < right->root)) {
            found.push_back((left++)->root);
        } else if (left == one.end() || right->root < left->root) {
            found.push_back((right++)->root);
        } else {
            if (left->hash != right->hash || left->hash == 0)
                found.push_back(left->root);
            ++left;
            ++right;
        }
    }
    return found;
}

std::optional<RawState> recorded_raw_state() {
    static Query query{R"(
        select hashes from turnstone.baseline
         where system_identifier = $1 and database_id = $2 and major_version = $3 and format = $4)"};
    const Place place;
    const Rows rows = run(query, {place.system, place.database, place.major, format});
    if (rows.empty())
        return std::nullopt;
    const std::string &bytes = rows.text(0, 0);
    RawState state(bytes.size() / sizeof(RawHash));
    if (!state.empty())
        std::memcpy(static_cast<void *>(state.data()), bytes.data(), state.size() * sizeof(RawHash));
    return state;
}

void keep_raw_state(const RawState &state) {
    static Query query{R"(
        insert into turnstone.baseline
               (system_identifier, database_id, major_version, format, fingerprint, is_exact, hashes)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (one_row) do update
           set system_identifier = $1, database_id = $2, major_version = $3, format = $4, fingerprint = $5,
               is_exact = $6, hashes = $7, kept_at = pg_catalog.clock_timestamp()
         where baseline.fingerprint <> $5 or baseline.system_identifier <> $1 or baseline.database_id <> $2
            or baseline.major_version <> $3 or baseline.format <> $4)"};
    const Place place;
    run(query, {place.system, place.database, place.major, format, fingerprint(state), is_exact(state),
                Value::binary(bytes_of(state))});
}

bool surely_unchanged() {
    const RecordedGate recorded = recorded_gate();
    if (!recorded.fingerprint)
        return false;
    const MemoryScope memory;
    if (has_session_gate && session_gate.fingerprint == *recorded.fingerprint &&
        pg([] { return is_closed(session_gate); }))
        return true;
    if (!recorded.gate || recorded.gate->fingerprint != *recorded.fingerprint)
        return false;
    const CatalogGate gate = *recorded.gate;
    if (!pg([&] { return is_closed(gate); }))
        return false;
    session_gate = gate;
    has_session_gate = true;
    return true;
}

void open_gate(const RawState &now) {
    if (!may_rely_on_last_look || last_look.fingerprint != fingerprint(now) || !is_exact(now))
        return;
    session_gate = last_look;
    has_session_gate = true;
    if (may_write())
        keep_gate(session_gate);
}

} // namespace turnstone::server
