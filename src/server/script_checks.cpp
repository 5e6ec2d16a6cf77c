#include "turnstone/server/script_checks.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/parser.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/statement_timer.hpp"

namespace turnstone::server {

namespace {

void check_duration(const char *option, const std::string &value) {
    if (!value.empty() && !milliseconds_of(value))
        throw core::Error(core::ErrorCode::invalid_script,
                          fmt::format("value \"{}\" of option {} is no duration", value, option), {},
                          "Write a number of milliseconds, or one with its unit, like 500ms, 30s or 5min.");
}

void check_kind(core::MigrationKind kind, const core::Script &script) {
    if (!is_extra(kind))
        return;
    const char *what = core::kind_name(kind);
    const core::ScriptOptions &options = script.options;
    const auto refuse = [&](const char *why) {
        throw core::Error(core::ErrorCode::invalid_script, fmt::format("a {} {}", what, why), {},
                          "Seeds are named S__words.sql; hooks before_run.sql, before_each.sql, "
                          "after_each.sql, after_run.sql and after_failure.sql.");
    };
    if (script.down.present)
        refuse("has no Down");
    if (!script.up.transactional)
        refuse("cannot run without a transaction");
    if (!options.conflicts.empty() || !options.tags.empty() || options.out_of_order_allowed)
        refuse("takes no Conflicts, Tags and OutOfOrder");
    if (kind == core::MigrationKind::hook && !(options.requirements.empty() && options.environments.empty()))
        refuse("takes no Requires and Environment");
}

} // namespace

bool is_extra(core::MigrationKind kind) {
    return kind == core::MigrationKind::seed || kind == core::MigrationKind::hook;
}

void check_script(const core::ScriptName &identity, const core::Script &script, DroppedWrappers &wrappers) {
    const std::string &name = identity.name;
    check_kind(identity.kind, script);
    check_duration("LockTimeout", script.options.lock_timeout);
    check_duration("Timeout", script.options.timeout);
    for (const core::Direction direction : {core::Direction::up, core::Direction::down}) {
        const core::ScriptSection &section = script.section(direction);
        if (!section.present)
            continue;
        const MemoryScope memory;
        bool wrapped = false;
        const ScriptPlace place{name, direction, section.text, identity.kind};
        const auto statements = parse_section(place, &wrapped);
        if (is_extra(identity.kind))
            require_transactional(place, statements);
        if (wrapped)
            wrappers.add(name, direction);
        if (statements.empty() && direction == core::Direction::up)
            pg([&] { ereport(NOTICE, (errmsg("migration \"%s\" (up) holds no statement", name.c_str()))); });
    }
}

} // namespace turnstone::server
