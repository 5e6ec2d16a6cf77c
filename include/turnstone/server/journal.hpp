// The journal: turnstone.journal, to which every event adds a row, and what it says of each migration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/plan.hpp"

#include "turnstone/server/executor.hpp"

namespace turnstone::server {

// Lists travel as one text, divided by the control character 1F: names hold none.
std::vector<std::string> split_list(const std::string &list);

// The state of all migrations, read with a fresh snapshot. Reliable while the run lock is held.
core::History read_history();

// Whether a registered script is not applied, or not with its present checksum: what read_history() would
// find, at a small part of its cost (settled.cpp).
bool anything_unsettled();

// True where this transaction's snapshot is older than the journal: another session's migrations were
// committed after it was taken (REPEATABLE READ, SERIALIZABLE).
bool journal_is_newer_than_transaction();

// Begins a run: returns its number. Commands are those of turnstone.run.command.
std::int64_t begin_run(const char *command, const std::optional<std::string> &target = std::nullopt);

// The same for a run that commits on its way: others see it while it runs. `progress_handle` as
// ProgressReport::handle(); `state` is queued or running.
std::int64_t next_run_id();
void begin_visible_run(std::int64_t run_id, const char *command, const std::optional<std::string> &target,
                       const char *state, std::int64_t progress_handle);
// From queued to running. Whoever calls it holds the run lock, so that a row of another run that still says
// "running" is that of a process which is gone: it becomes "interrupted".
void start_visible_run(std::int64_t run_id);
// The error that ended a run. Empty for none.
struct RunError {
    std::string sqlstate;
    std::string message;
    std::string detail;
    std::string hint;
    std::string context;
};
RunError run_error(const ErrorData &error);
// `state` as turnstone.run.state.
void end_visible_run(std::int64_t run_id, const char *state, const RunError &error = {});

// Of an event that happened elsewhere, before turnstone knew of it. Empty for what is not known.
struct EventOrigin {
    std::string finished_at; // as the server reads a timestamptz
    std::string role;
    std::string application;
};

struct JournalEvent {
    std::int64_t run_id;
    const char *event; // as turnstone.journal.event
    const char *state; // "applied", "pending"; null where the event changes nothing of it
    const std::string &version;
    const std::string &name;
    const std::string &checksum;
    std::optional<std::string> reason = std::nullopt;
    bool ran = false; // the registered script is kept with the row
    SectionRun run{};
    EventOrigin origin{};
};

// Adds the row and sends a notification on the channel "turnstone" (unless turnstone.notify is off), with the
// row's main fields as JSON: id, run, event, version, name, state, role. With the commit comes a line in the
// server's log.
void write_event(const JournalEvent &event);

// The same of what is about the whole database and no version: the switches of watching and sealing. A run of
// its own, whose command is the event.
void write_database_event(const char *event, const std::string &name, const std::string &reason);

} // namespace turnstone::server
