// Owns the recording of the schema around a run. What a run changed is told by two raw states, before it and
// behind it; only those objects are captured.
#include "turnstone/server/recorder.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "turnstone/core/error.hpp"

#include "turnstone/server/attribution.hpp"
#include "turnstone/server/capture.hpp"
#include "turnstone/server/event_log.hpp"
#include "turnstone/server/progress.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

// Beside what no longer is as it was: there is something recorded that has no OID here.
constexpr RootId unknown_root{InvalidOid, InvalidOid};

RootId root_of(const core::Physical &physical) {
    return {static_cast<Oid>(physical.catalog), static_cast<Oid>(physical.id)};
}

RootId root_of(const core::SchemaDocuments::value_type &entry) {
    return root_of(core::object_of(entry.first, entry.second).physical);
}

// The record of another place becomes one of this place: OIDs and meanings are those of what is here under
// the same name. Adds a row to turnstone.snapshot.
RawState settle_in() {
    RawState state = raw_state();
    const core::SchemaDocuments recorded = recorded_schema();
    const core::SchemaDocuments live = capture_schema();
    core::SchemaDocuments settled;
    std::set<core::ObjectKey> same;
    bool any_missing = false;
    for (const auto &[key, document] : recorded) {
        core::SchemaObject object = core::object_of(key, document);
        const auto here = live.find(key);
        if (here != live.end()) {
            const core::SchemaObject there = core::object_of(key, here->second);
            core::settle_in(object, there);
            if (core::portable(key, document) == core::portable(key, here->second))
                same.insert(key);
        } else {
            core::settle_in(object, {});
            any_missing = true;
        }
        settled.emplace_hint(settled.end(), key, core::document_of(object));
    }
    for (const auto &[key, document] : live) {
        if (!same.contains(key))
            state.put(root_of(core::object_of(key, document).physical), 0);
    }
    if (any_missing)
        state.put(unknown_root, 0);
    write_record(add_snapshot(false), recorded, settled, nullptr);
    keep_raw_state(state);
    return state;
}

// Whether the run gave anything another name: what mentions it is then to be captured anew, too.
bool renames_anything(const core::SchemaDocuments &before, const core::SchemaDocuments &after) {
    std::map<RootId, std::pair<core::ObjectKey, core::SchemaObject>> known;
    for (const auto &[key, document] : before) {
        core::SchemaObject object = core::object_of(key, document);
        const RootId root = root_of(object.physical);
        known.emplace(root, std::pair(key, std::move(object)));
    }
    for (const auto &[key, document] : after) {
        const core::SchemaObject object = core::object_of(key, document);
        const auto old = known.find(root_of(object.physical));
        if (old == known.end())
            continue;
        if (old->second.first != key)
            return true;
        for (const core::Part &part : object.parts) {
            for (const core::Part &other : old->second.second.parts) {
                if (part.type == other.type && part.physical.id == other.physical.id &&
                    part.name != other.name)
                    return true;
            }
        }
    }
    return false;
}

// Runs that were waiting for the run lock when their processes ended. They have done nothing.
void settle_interrupted_queue() {
    static Query queued{
        "select id, coalesce(progress_handle, 0) from turnstone.run where state = 'queued' order by id"};
    static Query settle{R"(
        update turnstone.run set state = 'interrupted', finished_at = pg_catalog.clock_timestamp()
         where id = $1 and state = 'queued')"};
    const Rows runs = run(queued);
    for (std::size_t row = 0; row < runs.size(); ++row) {
        const std::int64_t id = runs.integer(row, 0);
        if (read_progress(runs.integer(row, 1), id))
            continue;
        run(settle, {id});
        log_interruption(id);
    }
}

} // namespace

RawState baseline_of_this_place(const LastRecord &last) {
    std::optional<RawState> baseline = last.of_this_place ? recorded_raw_state() : std::nullopt;
    return baseline ? std::move(*baseline) : settle_in();
}

SchemaRecorder::SchemaRecorder() : recording_(settings::record_schema()) {
    if (!recording_)
        return;
    log_.emplace();
    const LastRecord last = last_record();
    takes_over_ = !last.exists || last.stale;
    if (takes_over_)
        return;
    baseline_ = baseline_of_this_place(last);
    if (surely_unchanged()) {
        before_ = baseline_;
        return;
    }
    before_ = raw_state();
    const std::vector<RootId> drifted = roots_that_differ(baseline_, before_);
    if (drifted.empty())
        return;
    for (const RootId root : drifted)
        found_.roots.push_back({root, static_cast<std::int64_t>(before_.hash_of(root).value_or(0))});
    found_.documents = capture_objects(drifted);
}

SchemaRecorder::SchemaRecorder(FoundDrift found, bool takes_over)
    : recording_(settings::record_schema()), takes_over_(takes_over), found_(std::move(found)) {
    std::optional<RawState> baseline = takes_over_ ? std::nullopt : recorded_raw_state();
    takes_over_ = !baseline;
    if (takes_over_)
        return;
    baseline_ = std::move(*baseline);
    before_ = baseline_;
    for (const FoundObject &object : found_.roots)
        before_.put(object.root, object.raw_hash == 0
                                     ? std::nullopt
                                     : std::optional(static_cast<std::uint64_t>(object.raw_hash)));
}

void SchemaRecorder::finish() {
    if (!recording_)
        add_snapshot(true);
    else if (takes_over_)
        take_over();
    else
        record_changes();
}

void SchemaRecorder::take_over() const {
    const RawState now = raw_state();
    // What no statement has touched has been there before the first run, or has come while none was recorded.
    const Attribution attribution(log(), {});
    write_record(add_snapshot(false), recorded_schema(), capture_schema(), &attribution);
    keep_raw_state(now);
}

void SchemaRecorder::record_changes() const {
    const RawState now = raw_state();
    const std::vector<RootId> touched = roots_that_differ(before_, now);
    const std::int64_t snapshot = add_snapshot(false);
    if (touched.empty())
        return;
    core::SchemaDocuments after = capture_objects(touched);
    core::SchemaDocuments recorded = recorded_objects(touched, after);
    const bool everything = renames_anything(recorded, after);
    if (everything) {
        after = capture_schema();
        recorded = recorded_schema();
    }
    // What the run found is what is recorded, but for the drift.
    core::SchemaDocuments before = recorded;
    if (!found_.roots.empty()) {
        std::set<RootId> drifted;
        for (const FoundObject &object : found_.roots)
            drifted.insert(object.root);
        std::erase_if(before, [&](const auto &entry) { return drifted.contains(root_of(entry)); });
        for (const auto &entry : found_.documents) {
            if (everything || std::binary_search(touched.begin(), touched.end(), root_of(entry)))
                before.insert(entry);
        }
    }
    const Attribution attribution(log(), {last_journal_row()});
    write_record(snapshot, recorded, core::advanced(recorded, before, after), &attribution);
    keep_raw_state(next_baseline(now));
}

// Of what had drifted before the run, what was expected: or, where the run has changed it as well, what is
// never equal.
RawState SchemaRecorder::next_baseline(RawState now) const {
    for (const FoundObject &object : found_.roots) {
        const auto hash = static_cast<std::int64_t>(now.hash_of(object.root).value_or(0));
        now.put(object.root, hash == object.raw_hash ? baseline_.hash_of(object.root) : 0);
    }
    return now;
}

bool any_run_is_open() {
    static Query query{"select exists (select from turnstone.run where state = 'running')"};
    return run(query).boolean(0, 0);
}

void settle_interrupted_runs() {
    static Query settle{R"(
        update turnstone.run set state = 'interrupted', finished_at = pg_catalog.clock_timestamp()
         where state = 'running' returning id)"};
    settle_interrupted_queue();
    if (!any_run_is_open())
        return;
    const Rows interrupted = run(settle);
    for (std::size_t row = 0; row < interrupted.size(); ++row)
        log_interruption(interrupted.integer(row, 0));
    const LastRecord last = last_record();
    const bool takes_over = !last.exists || last.stale; // as that run would have, had it come to its end
    if (takes_over || last.of_this_place)               // else the next run finds out for itself
        SchemaRecorder(found_drift(), takes_over).finish();
}

void accept_objects(RawState baseline, const RawState &live, const std::vector<RootId> &roots) {
    const core::SchemaDocuments there = capture_objects(roots);
    const Attribution attribution(nullptr, {last_journal_row()});
    write_record(add_snapshot(false), recorded_objects(roots, there), there, &attribution);
    for (const RootId root : roots)
        baseline.put(root, live.hash_of(root));
    keep_raw_state(baseline);
}

} // namespace turnstone::server
