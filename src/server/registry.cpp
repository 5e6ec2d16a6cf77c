// Owns turnstone.migration: what may be registered, updated and refused.
#include "turnstone/server/registry.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/plan.hpp"
#include "turnstone/core/script_name.hpp"

#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/parser.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

core::Script read_in_server_encoding(const std::string &bytes) {
    return core::read_script(from_utf8(std::string(core::script_text(bytes))), standard_conforming_strings);
}

// Parses both directions, so that a broken script is refused before it is registered.
void check_script(const std::string &name, const core::Script &script) {
    for (const core::Direction direction : {core::Direction::up, core::Direction::down}) {
        const core::ScriptSection &section = script.section(direction);
        if (!section.present)
            continue;
        const MemoryScope memory;
        bool wrapped = false;
        const auto statements = parse_section({name, direction, section.text}, &wrapped);
        if (wrapped)
            pg([&] {
                ereport(NOTICE, (errmsg("BEGIN and COMMIT around migration \"%s\" (%s) are dropped",
                                        name.c_str(), core::direction_name(direction)),
                                 errdetail("The engine runs every migration in a transaction.")));
            });
        if (statements.empty() && direction == core::Direction::up)
            pg([&] { ereport(NOTICE, (errmsg("migration \"%s\" (up) holds no statement", name.c_str()))); });
    }
}

struct Existing {
    std::string version;
    std::string name;
    std::string checksum;
    std::string script;
};

std::optional<Existing> find(Query &query, const std::string &key) {
    const Rows rows = run(query, {key});
    if (rows.empty())
        return std::nullopt;
    return Existing{rows.text(0, 0), rows.text(0, 1), rows.text(0, 2), rows.text(0, 3)};
}

std::optional<Existing> find_version(const core::Version &version) {
    static Query query{"select version, name, checksum, script from turnstone.migration "
                       "where version_key = $1::pg_catalog.numeric[]"};
    return find(query, version.sort_key());
}

void update(const Existing &existing, const std::string &name, const std::string &description,
            const core::Script &script, const std::string &bytes, const std::string &checksum) {
    static Query query{R"(
        update turnstone.migration
           set name = $2, description = $3, script = $4, checksum = $5, has_down = $6, requirements = $7,
               conflicts = $8, tags = $9, out_of_order_allowed = $10, registered_at = pg_catalog.now(),
               registered_by = $11
         where version = $1)"};
    const core::ScriptOptions &options = script.options;
    run(query, {existing.version, name, description, Value::binary(bytes), checksum, script.down.present,
                options.requirements, options.conflicts, options.tags, options.out_of_order_allowed,
                current_role()});
}

// False where another session has registered the version meanwhile.
bool insert(const core::ScriptName &name, const core::Script &script, const std::string &bytes,
            const std::string &checksum) {
    static Query query{R"(
        insert into turnstone.migration
               (version, version_key, name, description, script, checksum, has_down, requirements, conflicts, tags,
                out_of_order_allowed, registered_by)
        values ($1, $2::pg_catalog.numeric[], $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            on conflict (version_key) do nothing
        returning version)"};
    const core::ScriptOptions &options = script.options;
    const Rows rows =
        run(query, {name.version.text(), name.version.sort_key(), name.name, name.description,
                    Value::binary(bytes), checksum, script.down.present, options.requirements,
                    options.conflicts, options.tags, options.out_of_order_allowed, current_role()});
    return !rows.empty();
}

bool harmless_edit(const core::Script &before, const core::Script &after) {
    if (before.options != after.options)
        return false;
    for (const core::Direction direction : {core::Direction::up, core::Direction::down}) {
        const core::ScriptSection &left = before.section(direction);
        const core::ScriptSection &right = after.section(direction);
        if (left.present != right.present || left.transactional != right.transactional ||
            !same_statements(left.text, right.text))
            return false;
    }
    return true;
}

// The version is registered already.
std::string reconcile(const Existing &existing, const core::ScriptName &name, const core::Script &script,
                      const std::string &bytes, const std::string &checksum) {
    if (existing.checksum == checksum && existing.name == name.name)
        return "unchanged";
    take_run_lock(); // a run in another session may be applying the old text
    const core::History history = read_history();
    const auto &all = history.migrations();
    const auto facts = std::find_if(all.begin(), all.end(),
                                    [&](const auto &migration) { return migration.version == name.version; });
    const bool applied = facts != all.end() && facts->applied;
    // Whether it is pending or not: two developers who chose one version must hear of it.
    if (existing.name != name.name && existing.checksum != checksum)
        throw core::Error(core::ErrorCode::duplicate,
                          fmt::format("version {} is registered already, by script \"{}\"", existing.version,
                                      existing.name),
                          fmt::format("\"{}\" is another script of the same version.", name.name),
                          "Give one of the two another version.");
    if (!applied || existing.checksum == checksum) {
        update(existing, name.name, name.description, script, bytes, checksum);
        return "updated";
    }
    if (!harmless_edit(read_in_server_encoding(existing.script), script))
        throw core::Error(
            core::ErrorCode::wrong_state,
            fmt::format("script \"{}\" was edited after it had been applied", name.name),
            fmt::format("Applied with checksum {}, now {}.", facts->applied_checksum, checksum),
            "Restore the text that was applied and put the change into a new migration; or roll the "
            "migration back, register the new text and apply it.");
    update(existing, name.name, name.description, script, bytes, checksum);
    write_event({begin_run("register"), "reformat", nullptr, existing.version, name.name, checksum});
    return "reformatted";
}

std::string register_checked(const core::ScriptName &name, const std::string &bytes) {
    const core::Script script = read_in_server_encoding(bytes);
    check_script(name.name, script);
    const std::string checksum = sha256(bytes);
    if (const auto existing = find_version(name.version))
        return reconcile(*existing, name, script, bytes, checksum);
    if (insert(name, script, bytes, checksum))
        return "registered";
    const auto existing = find_version(name.version);
    if (!existing)
        throw core::Error(core::ErrorCode::wrong_state,
                          fmt::format("version {} was registered and removed by another session meanwhile",
                                      name.version.text()),
                          {}, "Call again.");
    return reconcile(*existing, name, script, bytes, checksum);
}

} // namespace

Registered register_script(const std::string &path, const std::string &bytes) {
    const core::ScriptName name = core::parse_script_name(path);
    try {
        return {name.version.text(), name.name, register_checked(name, bytes)};
    } catch (const core::Error &error) {
        if (error.message().find(name.name) != std::string::npos)
            throw;
        throw core::Error(error.code(), fmt::format("script \"{}\": {}", name.name, error.message()),
                          error.detail(), error.hint());
    }
}

void replace_script(const std::string &version, const std::string &bytes) {
    const auto existing = find_version(*core::Version::parse(version));
    if (!existing)
        throw core::Error(core::ErrorCode::undefined, fmt::format("version {} is not registered", version));
    const core::ScriptName name = core::parse_script_name(existing->name);
    const core::Script script = read_in_server_encoding(bytes);
    check_script(name.name, script);
    update(*existing, name.name, name.description, script, bytes, sha256(bytes));
}

void unregister_script(const std::string &version) {
    const auto wanted = core::Version::parse(version);
    const auto existing = wanted ? find_version(*wanted) : std::nullopt;
    if (!existing)
        throw core::Error(core::ErrorCode::undefined, fmt::format("version {} is not registered", version));
    take_run_lock();
    const core::History history = read_history();
    for (const core::MigrationFacts &migration : history.migrations()) {
        if (migration.applied && migration.version == *wanted)
            throw core::Error(
                core::ErrorCode::wrong_state,
                fmt::format("migration \"{}\" is applied and cannot be unregistered", migration.name), {},
                "Roll it back first.");
    }
    static Query query{"delete from turnstone.migration where version = $1"};
    run(query, {existing->version});
}

core::Script registered_script(const std::string &version) {
    static Query query{"select script from turnstone.migration where version = $1"};
    const Rows rows = run(query, {version});
    if (rows.empty())
        throw core::Error(core::ErrorCode::undefined, fmt::format("version {} is not registered", version));
    return read_in_server_encoding(rows.text(0, 0));
}

} // namespace turnstone::server
