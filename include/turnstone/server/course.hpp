// The course of every run inside a transaction, whatever it is to do: the frame around it, and what is done
// before, with and behind each migration.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/plan.hpp"

#include "turnstone/server/failure.hpp"
#include "turnstone/server/hooks.hpp"
#include "turnstone/server/prepared.hpp"
#include "turnstone/server/recorder.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/runner.hpp"

namespace turnstone::server {

// What a run leaves behind.
struct RunState {
    std::vector<Done> done;
    std::optional<Failure> failure; // set where a script is at fault
};

// The frame of every run: the lock, a history read behind it, and a subtransaction around it all, so that a
// failure can be recorded from a session that is in order again, and a rehearsal be taken back.
// `only_if_unsettled`: there is nothing to do where all that is registered is applied.
std::vector<Done> in_run(const Request &request, bool only_if_unsettled,
                         const std::function<void(const core::History &, RunState &)> &body);

// The steps of a run that has something to do, in the order in which they stand here. Errors of a script are
// noted in the run's state, those of the checks as well.
class Course {
  public:
    // Reads the hooks. The references must outlive the object.
    Course(const char *command, const Request &request, RunState &state);

    // All scripts of a run are read and parsed before the first statement of the first one runs.
    void check(const core::Plan &plan, core::Direction direction);
    void begin();
    void execute(const core::Plan &plan, core::Direction direction);
    void end();

    // The same for seeds.
    void check(const std::vector<RegisteredScript> &seeds);
    void execute(const std::vector<RegisteredScript> &seeds);

    [[nodiscard]] std::int64_t run_id() const noexcept { return run_id_; }

  private:
    // What is at work, as the journal is to name it.
    struct Subject {
        const char *event;
        const std::string &version;
        const std::string &name;
        const std::string &checksum;
    };
    template <class Body>
    void noting_failure(const Subject &subject, const SectionRun &run, Body &&body);
    template <class Items, class Body>
    void for_each(const Items &items, const char *what, Body &&body);
    void execute_one(const core::MigrationFacts &migration, core::Direction direction);
    void execute_one(const RegisteredScript &seed);

    const char *command_;
    const Request &request_;
    RunState &state_;
    Hooks hooks_;
    PreparedScripts scripts_;
    std::optional<SchemaRecorder> recorder_;
    std::int64_t run_id_ = 0;
};

} // namespace turnstone::server
