// Owns the events that change what the journal says and nothing of the schema.
#include "turnstone/server/marks.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/recorder.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/seeds.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/steps.hpp"

namespace turnstone::server {

namespace {

Marked marked_now(const std::string &version) {
    const core::History history = read_history();
    const core::MigrationFacts &migration = history.find(version);
    return {migration.version.text(), migration.name, core::state_name(history.state(migration))};
}

void require_registered(const core::MigrationFacts &migration) {
    if (!migration.registered)
        throw core::Error(core::ErrorCode::wrong_state,
                          fmt::format("migration \"{}\" is not registered", migration.name), {},
                          "Register its script first.");
}

} // namespace

std::vector<Marked> baseline(const std::string &version, const std::optional<std::string> &reason) {
    take_run_lock();
    const core::History history = read_history();
    const core::MigrationFacts &last = history.find(version);
    std::vector<Marked> taken;
    SchemaRecorder recorder;
    std::int64_t run_id = 0;
    for (const core::MigrationFacts *migration : history.unapplied(last.version)) {
        if (run_id == 0)
            run_id = begin_run("baseline", version);
        write_event({run_id, "baseline", "applied", migration->version.text(), migration->name,
                     migration->checksum, reason});
        taken.push_back(
            {migration->version.text(), migration->name, core::state_name(core::MigrationState::baseline)});
    }
    if (taken.empty())
        throw core::Error(core::ErrorCode::wrong_state,
                          fmt::format("nothing is pending up to version {}", last.version.text()), {},
                          "migrate_status() shows what is applied.");
    recorder.finish();
    return taken;
}

std::vector<Marked> mark(const std::string &version, const std::string &state,
                         const std::optional<std::string> &reason, std::optional<int> statement) {
    if (state != "applied" && state != "pending")
        throw core::Error(core::ErrorCode::wrong_state,
                          fmt::format("a migration cannot be marked \"{}\"", state), {},
                          "The states to set are applied and pending.");
    if (!reason || reason->empty())
        throw core::Error(core::ErrorCode::wrong_state, "a mark needs a reason", {},
                          "Say why, for those who read the journal later.");
    take_run_lock();
    if (!statement) {
        if (const auto seed = mark_seed(version, state, *reason))
            return {{seed->version, seed->name, core::state_name(seed->state)}};
    }
    const core::History history = read_history();
    const core::MigrationFacts &migration = history.find(version);
    const bool applied = state == "applied";
    if (statement) {
        mark_step(migration.version.text(), *statement, applied);
        write_event(
            {begin_run("mark", version), "mark", nullptr, migration.version.text(), migration.name,
             migration.checksum,
             fmt::format("statement {}: {}: {}", *statement, applied ? "done" : "to be run again", *reason)});
        return {marked_now(migration.version.text())};
    }
    if (migration.applied == applied && !migration.partial)
        throw core::Error(core::ErrorCode::wrong_state,
                          fmt::format("migration \"{}\" is {} already", migration.name, state));
    if (applied)
        require_registered(migration);
    write_event({begin_run("mark", version), "mark", state.c_str(), migration.version.text(), migration.name,
                 migration.registered ? migration.checksum : migration.applied_checksum, reason});
    settle_steps(migration.version.text());
    return {marked_now(migration.version.text())};
}

std::vector<Marked> repair(const std::string &version, const std::optional<std::string> &bytes,
                           const std::optional<std::string> &reason) {
    take_run_lock();
    const core::History history = read_history();
    const core::MigrationFacts &migration = history.find(version);
    require_registered(migration);
    if (!migration.applied)
        throw core::Error(core::ErrorCode::wrong_state,
                          fmt::format("migration \"{}\" is not applied", migration.name), {},
                          "The text of a pending migration is changed by registering it again.");
    if (!bytes && history.state(migration) != core::MigrationState::changed)
        throw core::Error(
            core::ErrorCode::wrong_state,
            fmt::format("the registered text of \"{}\" is the one that was applied", migration.name), {},
            "Give the new text: migrate_repair(version, script).");
    if (bytes)
        replace_script(migration.version.text(), *bytes);
    const core::History now = read_history();
    const core::MigrationFacts &repaired = now.find(migration.version.text());
    write_event({begin_run("repair", version), "repair", nullptr, repaired.version.text(), repaired.name,
                 repaired.checksum, reason});
    return {marked_now(repaired.version.text())};
}

std::vector<Marked> tag(const std::string &tag, const std::optional<std::string> &version) {
    static Query find_tag{"select version from turnstone.tag where tag = $1"};
    static Query insert{"insert into turnstone.tag (tag, version, tagged_by) values ($1, $2, $3)"};
    if (tag.empty() || tag == "head" || tag == "base" || tag.front() == '+' || tag.front() == '-' ||
        !core::Version::from_text(tag).is_repeatable() ||
        tag.find_first_of("\n\r\t,\x1f ") != std::string::npos)
        throw core::Error(
            core::ErrorCode::invalid_name, fmt::format("\"{}\" is no name for a tag", tag),
            "A tag is no version, no target like head, base or +1, and holds no blank and no comma.");
    take_run_lock();
    const core::History history = read_history();
    if (!version && history.newest_applied() == nullptr)
        throw core::Error(core::ErrorCode::wrong_state, "no migration is applied", {},
                          "Name the version to tag.");
    const core::MigrationFacts &migration = version ? history.find(*version) : *history.newest_applied();
    const Rows known = run(find_tag, {tag});
    if (!known.empty() && known.text(0, 0) != migration.version.text())
        throw core::Error(core::ErrorCode::duplicate,
                          fmt::format("tag \"{}\" names version {} already", tag, known.text(0, 0)));
    if (known.empty()) {
        run(insert, {tag, migration.version.text(), current_role()});
        write_event({begin_run("tag", version), "tag", nullptr, migration.version.text(), migration.name,
                     migration.registered ? migration.checksum : migration.applied_checksum, tag});
    }
    return {marked_now(migration.version.text())};
}

} // namespace turnstone::server
