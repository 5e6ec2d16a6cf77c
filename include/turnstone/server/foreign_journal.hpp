// The journals of other tools in this database: telling them apart by their columns, reading their rows, and
// taking the locks that those tools take.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/foreign_history.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

struct ForeignJournal {
    core::ForeignTool tool;
    Oid relation;
    std::string schema; // as it is called, without quotes
    std::string table;
    std::string name; // schema and table, quoted
    const char *rows; // these as in KnownJournal
    const char *apply;
    const char *rollback;
    bool needs_foreign_id;
    bool keeps_mark;
};

// A statement of a KnownJournal with the names of this one.
std::string with_names(const ForeignJournal &journal, const char *statement);

// The journal of one tool, or of whichever has one here; `table`: where it is told which it is. Looks in the
// schemas of the caller's search_path first. Throws not_found for none; duplicate where several tools have
// one and none is named.
ForeignJournal find_foreign_journal(const std::optional<core::ForeignTool> &tool,
                                    const std::optional<Oid> &table);

// With the caller's rights. Times without a zone are taken as the session's.
std::vector<core::ForeignRow> read_foreign_journal(const ForeignJournal &journal);

// The advisory lock that the tool holds while it runs; none where it takes none.
std::optional<std::int64_t> foreign_lock_key(const ForeignJournal &journal);

// Keeps the other tool from running until the transaction's end, or until release_foreign_lock(): takes its
// lock, and for tools that lock a table that one (only for a transaction). Waits as the server's locks do. Of
// Knex, whose lock is a row, a session's is committed (knex_lock.hpp).
void take_foreign_lock(const ForeignJournal &journal, LockOwner owner);
void release_foreign_lock(const ForeignJournal &journal);

} // namespace turnstone::server
