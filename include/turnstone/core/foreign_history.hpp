// What another tool's journal says, and which of the registered scripts each of its rows means: by that
// tool's own identity and checksum rules (docs/switching.md). Who reads the journal's table is the server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/format.hpp"
#include "turnstone/core/script_name.hpp"
#include "turnstone/core/version.hpp"

namespace turnstone::core {

enum class ForeignTool {
    alembic,
    atlas,
    dbmate, // and Rails, Ecto, Hasura: a table of versions
    depesz,
    diesel,
    drizzle,
    flyway,
    golang_migrate,
    goose,
    graphile_migrate,
    knex,
    liquibase,
    node_pg_migrate,
    omnigres,
    pgroll,
    postgrator,
    prisma,
    prisma_contract, // Prisma 8
    sql_migrate,
    sqitch,
    sqlx,
    supabase,
};

const char *tool_name(ForeignTool tool);                      // "golang-migrate"
std::optional<ForeignTool> parse_tool(std::string_view name); // in any case, '_' for '-'; "rails" is dbmate

// "Tools are alembic, atlas, ....", for messages.
std::string tools_hint();

// A row of the other journal, in the order in which that tool wrote them.
struct ForeignRow {
    enum class State { applied, failed, partial, reverted, baseline };
    // What the tool calls it: version, file name, name of the change.
    std::string id;
    std::string name;     // a second name where the tool keeps one; or empty
    std::string checksum; // as that tool writes it; empty where it keeps none
    State state = State::applied;
    std::string applied_at; // as the server reads a timestamptz; empty where it is not kept
    std::string applied_by; // or empty
    std::optional<std::int64_t> microseconds;
    std::string detail; // what the tool says of it: its error, how far it came
};

// A registered script.
struct OwnScript {
    std::string version;
    std::string name; // of the file or folder
    MigrationKind kind = MigrationKind::versioned;
    std::string bytes; // of the file, of the up file of a pair
    std::string md5;   // of the bytes, in hexadecimal
    std::string sha384;
    std::string foreign_id;  // as core::FolderMigration has it
    bool in_journal = false; // turnstone's own says that it is applied
};

enum class Verdict {
    exact,        // the checksum of the other journal is that of the script
    named,        // the name is the same, no checksum is kept
    assumed,      // below the mark that the tool keeps in place of rows
    changed_file, // the name is the same, the checksum is not
    missing_file, // a row that no script belongs to
    failed,       // the tool says that it failed
    partial,      // the tool says that it came only so far
    reverted,     // it was undone
    pending,      // a script that the tool has not applied
    adopted,      // turnstone's journal has it already
};
const char *verdict_name(Verdict verdict); // "changed file"

struct Adoption {
    Verdict verdict = Verdict::pending;
    std::optional<std::size_t> script; // none for a missing file
    std::optional<std::size_t> row;    // none for pending; for assumed the row that is the mark
    std::string detail;                // a sentence for people, or empty
};

// One for each script, in the order that the scripts are given in, then one for each row without a script.
std::vector<Adoption> match_history(ForeignTool tool, const std::vector<ForeignRow> &rows,
                                    const std::vector<OwnScript> &scripts);

// Whether it is applied as the other tool sees it, and the script is known to be what ran.
bool is_adoptable(Verdict verdict);

} // namespace turnstone::core
