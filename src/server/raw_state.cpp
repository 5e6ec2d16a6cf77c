// Owns turnstone.baseline and turnstone.gate: the raw state that runs left, and the gate before it.
#include "turnstone/server/raw_state.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "turnstone/server/raii.hpp"
#include "turnstone/server/raw_scan.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/tuple_hash.hpp"

namespace turnstone::server {

namespace {

// Another number for another way of hashing, or another choice of what belongs to what.
constexpr std::int64_t format = 1;

static_assert(sizeof(RawState::Entry) == 16 && sizeof(RawEntry) == 16, "entries are kept as they are");

// This session's own, if any: also where nothing can be written.
CatalogGate session_gate;
bool has_session_gate = false;

bool before(const RawState::Entry &entry, RootId root) {
    return entry.root < root;
}

// The values of $1 to $4 in the queries below: where a state is good.
struct Place {
    std::int64_t system = static_cast<std::int64_t>(GetSystemIdentifier());
    std::int64_t database = MyDatabaseId;
    std::int64_t major = PG_VERSION_NUM / 10000;
};

template <class Trivial>
std::string_view bytes_of(const Trivial &value) {
    return {reinterpret_cast<const char *>(&value), sizeof value};
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
    run(query, {gate.fingerprint, Value::binary(bytes_of(gate))});
}

// A row that was changed since the transaction began cannot be updated by one that reads but its own
// snapshot.
bool may_write() {
    return pg([] {
        return !XactReadOnly && !RecoveryInProgress() && !IsInParallelMode() && !IsolationUsesXactSnapshot();
    });
}

} // namespace

std::optional<std::uint64_t> RawState::hash_of(RootId root) const {
    const auto place = std::lower_bound(entries_.begin(), entries_.end(), root, before);
    return place == entries_.end() || place->root != root ? std::nullopt : std::optional(place->hash);
}

void RawState::put(RootId root, std::optional<std::uint64_t> hash) {
    start_.reset();
    const auto place = std::lower_bound(entries_.begin(), entries_.end(), root, before);
    const bool exists = place != entries_.end() && place->root == root;
    if (exists && hash)
        place->hash = *hash;
    else if (exists)
        entries_.erase(place);
    else if (hash)
        entries_.insert(place, {root, *hash});
}

bool RawState::is_exact() const {
    return std::none_of(entries_.begin(), entries_.end(), [](const Entry &entry) { return entry.hash == 0; });
}

std::int64_t RawState::fingerprint() const {
    return static_cast<std::int64_t>(
        hash_of_bytes(entries_.data(), entries_.size() * sizeof(Entry), static_cast<std::uint64_t>(format)));
}

RawState raw_state() {
    struct Scanned {
        GatedSnapshot at;
        Array<RawEntry> entries;
    };
    const MemoryScope memory;
    const Scanned scanned = pg([] {
        Scanned found{};
        found.at = snapshot_for_gate();
        const RawScan scan = scan_raw(found.at);
        found.entries = scan.entries;
        found.at.start.shared = scan.shared;
        UnregisterSnapshot(found.at.snapshot);
        return found;
    });
    std::vector<RawState::Entry> entries;
    entries.reserve(static_cast<std::size_t>(scanned.entries.size));
    for (const RawEntry &entry : scanned.entries)
        entries.push_back({entry.root, entry.hash});
    return RawState(std::move(entries),
                    scanned.at.is_settled ? std::optional(scanned.at.start) : std::nullopt);
}

std::vector<RootId> roots_that_differ(const RawState &left, const RawState &right) {
    std::vector<RootId> found;
    auto one = left.entries().begin();
    auto other = right.entries().begin();
    while (one != left.entries().end() || other != right.entries().end()) {
        if (other == right.entries().end() || (one != left.entries().end() && one->root < other->root)) {
            found.push_back((one++)->root);
        } else if (one == left.entries().end() || other->root < one->root) {
            found.push_back((other++)->root);
        } else {
            if (one->hash != other->hash || one->hash == 0)
                found.push_back(one->root);
            ++one;
            ++other;
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
    std::vector<RawState::Entry> entries(bytes.size() / sizeof(RawState::Entry));
    std::memcpy(entries.data(), bytes.data(), entries.size() * sizeof(RawState::Entry));
    return RawState(std::move(entries));
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
    const std::vector<RawState::Entry> &entries = state.entries();
    run(query, {place.system, place.database, place.major, format, state.fingerprint(), state.is_exact(),
                Value::binary({reinterpret_cast<const char *>(entries.data()),
                               entries.size() * sizeof(RawState::Entry)})});
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
    CatalogGate gate = *recorded.gate;
    if (!pg([&] { return is_closed(gate); }))
        return false;
    session_gate = gate;
    has_session_gate = true;
    return true;
}

void open_gate(const RawState &now) {
    if (!now.gate_start() || !now.is_exact())
        return;
    CatalogGate gate;
    std::memset(&gate, 0, sizeof gate); // its bytes are kept
    gate.fingerprint = now.fingerprint();
    gate.start = *now.gate_start();
    session_gate = gate;
    has_session_gate = true;
    if (may_write())
        keep_gate(gate);
}

} // namespace turnstone::server
