// The recording of the schema around a run.
#pragma once

#include <optional>
#include <vector>

#include "turnstone/server/raw_state.hpp"
#include "turnstone/server/record.hpp"
#include "turnstone/server/touched.hpp"

namespace turnstone::server {

// Records what a run does to the schema: what was drift before the run stays drift after it. With
// turnstone.record_schema off it marks the record as stale.
class SchemaRecorder {
  public:
    SchemaRecorder(); // before the run's first statement
    // For a run that commits on its way: in its first transaction. What settle_interrupted_runs() needs.
    void keep_found_drift() const { server::keep_found_drift(found_); }
    void finish(); // behind its last journal row
    // Whether the run found the schema otherwise than it is recorded.
    [[nodiscard]] bool any_drift_found() const { return !found_.roots.empty(); }

  private:
    friend void settle_interrupted_runs();
    SchemaRecorder(FoundDrift found, bool takes_over);

    void take_over() const;
    void record_changes() const;
    [[nodiscard]] RawState next_baseline(RawState now) const;
    [[nodiscard]] const TouchLog *log() const { return log_ ? &*log_ : nullptr; }

    bool recording_;
    bool takes_over_ = false;     // what is there becomes what is expected
    std::optional<TouchLog> log_; // none for a run that is over
    RawState baseline_;           // of what is recorded
    RawState before_;             // of what the run found
    FoundDrift found_;            // where those differ
};

// Ends the runs whose processes ended before they could: records what the one that was under way did to the
// schema; the others have done nothing. To be called by the holder of the run lock, before it reads anything.
void settle_interrupted_runs();

// Whether a run says that it is under way; it may have been cut off.
bool any_run_is_open();

// The raw state of what is recorded. A record of another place (behind a restore, an upgrade) is made one of
// this place first. For the holder of the run lock.
RawState baseline_of_this_place(const LastRecord &last);

// Makes what is there what is expected, of these objects; the journal's last row says why. For the holder of
// the run lock.
void accept_objects(RawState baseline, const RawState &live, const std::vector<RootId> &roots);

} // namespace turnstone::server
