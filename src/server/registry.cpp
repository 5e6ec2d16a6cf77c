// Owns turnstone.migration: what may be registered, updated and refused.
#include "turnstone/server/registry.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/folder_entry.hpp"
#include "turnstone/core/plan.hpp"
#include "turnstone/core/script_dependencies.hpp"
#include "turnstone/core/script_name.hpp"

#include "turnstone/server/dropped_wrappers.hpp"
#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/parser.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/script_checks.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/steps.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

// What the name of a script says of it.
using Identity = core::ScriptName;

// One script to be registered: what its name says, its bytes, and what they say.
struct Candidate {
    const Identity &identity;
    const Source &source;
    core::Script script;
    core::ScriptOptions options; // of the script, and of what the tool says beside it
    std::string checksum;
};

struct Existing {
    std::string version;
    std::string name;
    std::string description;
    core::MigrationKind kind;
    std::string checksum;
    Source source;
    std::string dependencies; // requirements, conflicts and tags
};

// Errors of `body` name the script.
template <class Body>
auto naming_script(const std::string &name, Body &&body) {
    try {
        return body();
    } catch (const core::Error &error) {
        if (error.message().find(name) != std::string::npos)
            throw;
        throw core::Error(error.code(), fmt::format("script \"{}\": {}", name, error.message()),
                          error.detail(), error.hint());
    }
}

core::Variables variables() {
    static Query query{"select name, value from turnstone.variable"};
    const Rows rows = run(query);
    core::Variables all;
    for (std::size_t row = 0; row < rows.size(); ++row)
        all.emplace(rows.text(row, 0), rows.text(row, 1));
    return all;
}

// Whether the script may have variables to be put in.
bool may_substitute(const Source &source) {
    switch (source.format) {
    case core::Format::goose:
    case core::Format::flyway:
    case core::Format::graphile_migrate:
    case core::Format::liquibase:
        return true;
    case core::Format::native:
        return source.up.find("${") != std::string::npos || source.down.find("${") != std::string::npos;
    default:
        return false;
    }
}

core::Script read_in_server_encoding(const Source &source) {
    core::Script script =
        core::read_migration(source.format, from_utf8(std::string(core::script_text(source.up))),
                             from_utf8(std::string(core::script_text(source.down))),
                             may_substitute(source) ? variables() : core::Variables{},
                             compat::strings_are_standard(), source.placeholders);
    script.up.transactional = script.up.transactional && source.up_transactional;
    script.down.transactional = script.down.transactional && source.down_transactional;
    return script;
}

std::string checksum_of(const Source &source) {
    if (source.down.empty())
        return sha256(source.up);
    std::string both = source.up;
    both += '\0';
    both += source.down;
    return sha256(both);
}

// Holds a name to the setting turnstone.naming.
void check_name(const std::string &name) {
    const std::string fault = settings::naming() == Naming::off ? "" : core::naming_fault(name);
    if (fault.empty())
        return;
    pg([&] {
        ereport(settings::naming() == Naming::strict ? ERROR : WARNING,
                (errcode(ERRCODE_INVALID_NAME),
                 errmsg("script \"%s\" is not named YYYYMMDDHHMMSS_verb_description.sql", name.c_str()),
                 errdetail_internal("%s", fault.c_str()),
                 errhint("The rule is that of the setting turnstone.naming.")));
    });
}

std::optional<Existing> first_of(const Rows &rows) {
    if (rows.empty())
        return std::nullopt;
    Existing existing{
        rows.text(0, 0), rows.text(0, 1),
        rows.text(0, 2), core::parse_kind(rows.text(0, 10)).value_or(core::MigrationKind::versioned),
        rows.text(0, 3), {},
        rows.text(0, 11)};
    existing.source = {core::parse_format(rows.text(0, 4)).value_or(core::Format::native),
                       rows.text(0, 5),
                       rows.text(0, 6),
                       rows.boolean(0, 7),
                       rows.boolean(0, 8),
                       rows.boolean(0, 9),
                       rows.text(0, 12)};
    return existing;
}

#define EXISTING_COLUMNS                                                                                     \
    "select version, name, description, checksum, format, script, down_script, up_transactional, "           \
    "down_transactional, placeholders, kind, "                                                               \
    "pg_catalog.concat_ws(e'\\x1e', pg_catalog.array_to_string(requirements, e'\\x1f'), "                    \
    "pg_catalog.array_to_string(conflicts, e'\\x1f'), pg_catalog.array_to_string(tags, e'\\x1f')), "         \
    "foreign_id "                                                                                            \
    "from turnstone.migration where "

// By the text of the version as it was registered.
std::optional<Existing> find_text(const std::string &version) {
    static Query query{EXISTING_COLUMNS "version = $1"};
    return first_of(run(query, {version}));
}

// By what the version means: 01 finds 1.
std::optional<Existing> find_version(const core::Version &version) {
    const std::string key = version.sort_key();
    if (key.empty())
        return find_text(version.text());
    static Query query{EXISTING_COLUMNS "version_key = $1::pg_catalog.numeric[]"};
    return first_of(run(query, {key}));
}

#undef EXISTING_COLUMNS

Existing require_version(const std::string &version) {
    auto existing = find_version(core::Version::from_text(version));
    if (!existing && version.ends_with(".sql")) // what has no number goes by its name, with or without ending
        existing = find_text(version.substr(0, version.size() - 4));
    if (!existing)
        throw core::Error(core::ErrorCode::undefined, fmt::format("version {} is not registered", version));
    return std::move(*existing);
}

void update(const Existing &existing, const Candidate &candidate) {
    static Query query{R"(
        update turnstone.migration
           set name = $2, description = $3, format = $4, script = $5, down_script = $6, up_transactional = $7,
               down_transactional = $8, checksum = $9, has_down = $10, requirements = $11, conflicts = $12,
               tags = $13, out_of_order_allowed = $14, registered_at = pg_catalog.now(), registered_by = $15,
               placeholders = $16, kind = $17, environments = $18,
               foreign_id = coalesce(nullif($19, ''), foreign_id)
         where version = $1)"};
    const core::ScriptOptions &options = candidate.options;
    const Source &source = candidate.source;
    run(query, {existing.version, candidate.identity.name, candidate.identity.description,
                core::format_name(source.format), Value::binary(source.up),
                Value::binary_or_null(source.down), source.up_transactional, source.down_transactional,
                candidate.checksum, candidate.script.down.present, options.requirements, options.conflicts,
                options.tags, options.out_of_order_allowed, current_role(), source.placeholders,
                core::kind_name(candidate.identity.kind), options.environments, source.foreign_id});
}

// False where another session has registered the version meanwhile.
bool insert(const Candidate &candidate) {
    static Query query{R"(
        insert into turnstone.migration
               (version, version_key, name, description, format, script, down_script, up_transactional,
                down_transactional, checksum, has_down, requirements, conflicts, tags, out_of_order_allowed,
                registered_by, placeholders, kind, environments, foreign_id)
        values ($1, $2::pg_catalog.numeric[], $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18, $19, $20)
            on conflict do nothing
        returning version)"};
    const core::ScriptOptions &options = candidate.options;
    const Source &source = candidate.source;
    const Identity &identity = candidate.identity;
    const std::string key = identity.version.sort_key();
    const Rows rows = run(query, {identity.version.text(),
                                  Value::or_null(key),
                                  identity.name,
                                  identity.description,
                                  core::format_name(source.format),
                                  Value::binary(source.up),
                                  Value::binary_or_null(source.down),
                                  source.up_transactional,
                                  source.down_transactional,
                                  candidate.checksum,
                                  candidate.script.down.present,
                                  options.requirements,
                                  options.conflicts,
                                  options.tags,
                                  options.out_of_order_allowed,
                                  current_role(),
                                  source.placeholders,
                                  core::kind_name(identity.kind),
                                  options.environments,
                                  source.foreign_id});
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

bool is_applied(const core::Version &version, std::string *applied_checksum = nullptr) {
    const core::History history = read_history();
    for (const core::MigrationFacts &migration : history.migrations()) {
        if (migration.version != version || !migration.applied)
            continue;
        if (applied_checksum != nullptr)
            *applied_checksum = migration.applied_checksum;
        return true;
    }
    return false;
}

bool seed_has_run(const std::string &version) {
    static Query query{R"(
        select exists (select from turnstone.journal
                        where version = $1 and event = 'seed' and error_sqlstate is null))"};
    return run(query, {version}).boolean(0, 0);
}

// The version is registered already.
std::string reconcile(const Existing &existing, const Candidate &candidate) {
    const bool same_text = existing.checksum == candidate.checksum;
    const Identity &identity = candidate.identity;
    if (same_text && existing.name == identity.name &&
        existing.source.placeholders == candidate.source.placeholders &&
        existing.dependencies == core::dependencies_text(candidate.options) &&
        (candidate.source.foreign_id.empty() || candidate.source.foreign_id == existing.source.foreign_id))
        return "unchanged";
    take_run_lock(); // a run in another session may be applying the old text
    if (is_extra(identity.kind)) {
        const bool ran = identity.kind == core::MigrationKind::seed && seed_has_run(existing.version);
        update(existing, candidate);
        return ran && !same_text ? "changed" : "updated";
    }
    // Whether it is pending or not: two developers who chose one version must hear of it.
    if (existing.name != identity.name && !same_text)
        throw core::Error(core::ErrorCode::duplicate,
                          fmt::format("version {} is registered already, by script \"{}\"", existing.version,
                                      existing.name),
                          fmt::format("\"{}\" is another script of the same version.", identity.name),
                          "Give one of the two another version.");
    std::string applied_checksum;
    const bool applied = is_applied(identity.version, &applied_checksum);
    if (!applied || same_text || identity.version.is_repeatable()) {
        update(existing, candidate);
        return applied && !same_text ? "changed" : "updated";
    }
    if (!harmless_edit(read_in_server_encoding(existing.source), candidate.script))
        throw core::Error(
            core::ErrorCode::wrong_state,
            fmt::format("script \"{}\" was edited after it had been applied", identity.name),
            fmt::format("Applied with checksum {}, now {}.", applied_checksum, candidate.checksum),
            "Restore the text that was applied and put the change into a new migration; or roll the "
            "migration back, register the new text and apply it; or accept the new text without "
            "running it, with migrate_repair().");
    update(existing, candidate);
    write_event(
        {begin_run("register"), "reformat", nullptr, existing.version, identity.name, candidate.checksum});
    return "reformatted";
}

Candidate candidate_of(const Identity &identity, const Source &source, DroppedWrappers &noted,
                       const core::ScriptOptions &beside = {}) {
    core::Script script = read_in_server_encoding(source);
    check_script(identity, script, noted);
    core::ScriptOptions options = script.options;
    const auto add = [](std::vector<std::string> &list, const std::vector<std::string> &more) {
        list.insert(list.end(), more.begin(), more.end());
    };
    add(options.requirements, beside.requirements);
    add(options.conflicts, beside.conflicts);
    add(options.tags, beside.tags);
    return {identity, source, std::move(script), std::move(options), checksum_of(source)};
}

std::string register_candidate(const Candidate &candidate) {
    const Identity &identity = candidate.identity;
    if (const auto existing = find_version(identity.version))
        return reconcile(*existing, candidate);
    if (insert(candidate))
        return "registered";
    if (const auto existing = find_version(identity.version))
        return reconcile(*existing, candidate);
    throw core::Error(
        core::ErrorCode::duplicate,
        fmt::format("a script \"{}\" is registered already, with another version", identity.name), {},
        "Give one of the two another name.");
}

Registered register_source(const Identity &identity, const Source &source, DroppedWrappers &noted,
                           const core::ScriptOptions &beside = {}) {
    return naming_script(identity.name, [&]() -> Registered {
        return {identity.version.text(), identity.name,
                register_candidate(candidate_of(identity, source, noted, beside))};
    });
}

Registered register_one(core::Format format, const core::FolderMigration &migration, DroppedWrappers &noted) {
    const bool native = format == core::Format::native;
    if (native) // the others have rules of their own
        check_name(migration.name);
    const Source source{format,
                        migration.up_bytes,
                        migration.down_bytes,
                        migration.up_transactional,
                        migration.down_transactional,
                        native && settings::placeholders(),
                        migration.foreign_id};
    const Identity identity{migration.name, core::registered_version(migration), migration.description,
                            migration.kind};
    return register_source(identity, source, noted, migration.beside);
}

} // namespace

Registered register_script(const std::string &path, const Source &source) {
    const core::ScriptName name = core::parse_script_name(path);
    check_name(name.name);
    Source read = source;
    read.placeholders = settings::placeholders();
    DroppedWrappers wrappers(DroppedWrappers::Notices::each);
    return register_source(name, read, wrappers);
}

Registered register_entry(core::Format format, const core::FolderMigration &migration) {
    DroppedWrappers wrappers(DroppedWrappers::Notices::each);
    return register_one(format, migration, wrappers);
}

std::vector<Registered> register_folder(const core::Folder &folder) {
    for (const std::string &note : folder.notes)
        pg([&] { ereport(NOTICE, (errmsg("passed over: %s", note.c_str()))); });
    for (const std::string &what : folder.remarks)
        pg([&] { ereport(NOTICE, (errmsg("%s", what.c_str()))); });
    DroppedWrappers wrappers(DroppedWrappers::Notices::together);
    std::vector<Registered> registered;
    registered.reserve(folder.migrations.size());
    for (const core::FolderMigration &migration : folder.migrations)
        registered.push_back(register_one(folder.format, migration, wrappers));
    wrappers.tell_of_all();
    return registered;
}

void replace_script(const std::string &version, const std::string &up) {
    const Existing existing = require_version(version);
    Source source = existing.source;
    source.up = up;
    const Identity identity{existing.name, core::Version::from_text(existing.version), existing.description,
                            existing.kind};
    const core::ScriptOptions own = read_in_server_encoding(existing.source).options;
    DroppedWrappers wrappers(DroppedWrappers::Notices::each);
    update(existing,
           candidate_of(identity, source, wrappers, core::dependencies_beside(existing.dependencies, own)));
}

void unregister_script(const std::string &version) {
    const Existing existing = require_version(version);
    take_run_lock();
    if (is_applied(core::Version::from_text(existing.version)))
        throw core::Error(
            core::ErrorCode::wrong_state,
            fmt::format("migration \"{}\" is applied and cannot be unregistered", existing.name), {},
            existing.kind == core::MigrationKind::baseline ? "A baseline script has no way back."
                                                           : "Roll it back first.");
    if (!open_steps(existing.version).empty())
        throw core::Error(
            core::ErrorCode::wrong_state,
            fmt::format("migration \"{}\" is applied in part and cannot be unregistered", existing.name), {},
            "Finish it with CALL migrate_deploy(), or set its state with migrate_mark().");
    static Query query{"delete from turnstone.migration where version = $1"};
    run(query, {existing.version});
}

core::Script registered_script(const std::string &version) {
    const auto existing = find_text(version);
    if (!existing)
        throw core::Error(core::ErrorCode::undefined, fmt::format("version {} is not registered", version));
    return naming_script(existing->name, [&] { return read_in_server_encoding(existing->source); });
}

core::Script script_that_ran(const std::string &version, const std::string &bytes,
                             core::Direction direction) {
    const auto existing = find_text(version);
    Source source = existing ? existing->source : Source{};
    if (direction == core::Direction::down && !source.down.empty())
        source.down = bytes;
    else
        source.up = bytes;
    return read_in_server_encoding(source);
}

std::vector<RegisteredScript> registered_scripts(const std::vector<std::string> &versions) {
    std::vector<RegisteredScript> scripts;
    for (const std::string &version : versions) {
        const auto existing = find_text(version);
        if (existing)
            scripts.push_back(
                {existing->version, existing->name, existing->checksum,
                 naming_script(existing->name, [&] { return read_in_server_encoding(existing->source); })});
    }
    return scripts;
}

void set_variable(const std::string &name, const std::optional<std::string> &value) {
    static Query remove{"delete from turnstone.variable where name = $1"};
    static Query set{R"(
        insert into turnstone.variable (name, value, set_by) values ($1, $2, $3)
            on conflict (name) do update set value = excluded.value, set_at = pg_catalog.now(),
                                             set_by = excluded.set_by)"};
    if (!value)
        run(remove, {name});
    else
        run(set, {name, *value, current_role()});
}

} // namespace turnstone::server
