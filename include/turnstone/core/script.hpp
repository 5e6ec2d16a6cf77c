// A migration script as its author wrote it: the annotations of sql-migrate, and plain files without any.
// Owns the annotation grammar and the cut into an Up and a Down.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace turnstone::core {

enum class Direction { up, down };

const char *direction_name(Direction direction);

// One direction of a script.
struct ScriptSection {
    bool present = false;
    bool transactional = true; // false: "-- +migrate Up notransaction"
    // The whole script with all that does not belong to this direction blanked out, byte by byte, so that
    // every offset and line in it is that of the script. Several sections of one direction are all in it.
    std::string text;
};

// What the head of a script says of it: "-- +migrate Key: value" lines before the first Up. Lists are divided
// by commas or blanks.
struct ScriptOptions {
    std::vector<std::string> requirements; // Requires: versions or names that must be applied before
    std::vector<std::string> conflicts;    // Conflicts: versions or names that must not be applied
    std::vector<std::string> tags;         // Tags: names for this version, as migrate_tag() gives them
    bool out_of_order_allowed = false;     // OutOfOrder: allow
    std::string lock_timeout;              // LockTimeout: a value of lock_timeout; empty for the session's
    std::string timeout;                   // Timeout: limit for each statement; empty for none
    std::vector<std::string> environments; // Environment: where it is meant to run; empty for everywhere
    std::optional<bool> placeholders;      // Placeholders: on or off; none: as the caller wants it

    friend bool operator==(const ScriptOptions &, const ScriptOptions &) = default;
};

struct Script {
    ScriptOptions options;
    bool annotated = false; // false: a plain file, all of it Up
    ScriptSection up;
    ScriptSection down;

    [[nodiscard]] const ScriptSection &section(Direction direction) const {
        return direction == Direction::up ? up : down;
    }
};

// What a file's bytes hold: a UTF-8 byte order mark is dropped; UTF-16 and NUL bytes throw invalid_text with
// the line and column. Whether the rest is valid UTF-8 is the caller's to check.
std::string_view script_text(std::string_view bytes);

// Annotations stand at the start of a line, outside of every quotation:
//   -- +migrate Up [notransaction]      begins (or goes on with) the Up; likewise Down
//   -- +migrate StatementBegin / End    accepted, not needed
//   -- +migrate Key: value              before the first Up: ScriptOptions; Transaction: none is
//   notransaction for both
// A script with options and neither Up nor Down is all Up.
// Throws invalid_script, with the line, for an unknown annotation, for SQL before the first one, for
// annotations without an Up, and for a text that holds nothing at all.
Script read_script(std::string_view text, bool standard_conforming_strings = true);

} // namespace turnstone::core
