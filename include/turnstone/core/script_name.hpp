// What a script's file name says: version and description.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "turnstone/core/version.hpp"

namespace turnstone::core {

enum class MigrationKind {
    versioned,
    repeatable, // R__words.sql: applied again whenever it changes
    baseline,   // Flyway's B1.2__words.sql: in an empty database in place of all that it sums up
    seed,       // S__words.sql: data for an environment, run when asked for
    hook,       // before_run.sql and the like: run around other scripts
};

const char *kind_name(MigrationKind kind);
std::optional<MigrationKind> parse_kind(std::string_view name);

// The names of hooks, which are also their versions.
inline constexpr std::array<const char *, 5> hook_names{"before_run", "before_each", "after_each",
                                                        "after_run", "after_failure"};

// What a file's name without its ".sql" is besides a versioned or repeatable migration: a seed or a hook.
std::optional<MigrationKind> kind_of_name(std::string_view stem);

struct ScriptName {
    std::string name;        // the file's own name, without any directory
    Version version;         // the number it begins with; for those that have none their name
    std::string description; // the words behind it, underscores as spaces
    MigrationKind kind = MigrationKind::versioned;
};

// "20240101120000_create_users.sql", "0007_add_index.sql", "1.2__x.sql"; "R__views.sql" is repeatable,
// "S__users.sql" a seed, "before_run.sql" a hook. A directory in front is dropped. Throws invalid_name with a
// hint where there is no version, or where the name could not be shown safely (control characters).
ScriptName parse_script_name(std::string_view path);

// What is wrong with a file's name by the strict rule (YYYYMMDDHHMMSS_verb_description.sql, in lower case;
// R__words.sql for repeatable ones), as a sentence; empty for nothing.
std::string naming_fault(std::string_view name);

} // namespace turnstone::core
