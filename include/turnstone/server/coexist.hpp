// turnstone.coexist: another tool that still keeps a journal here. While turnstone runs, that tool's lock is
// held, and each migration's row is written into its journal too, in the migration's own transaction, so that
// a team can go back to it.
#pragma once

#include <optional>

#include "turnstone/server/foreign_journal.hpp"
#include "turnstone/server/journal.hpp"

namespace turnstone::server {

// For the time of a run. Throws undefined where that tool has no journal here, unsupported for one whose rows
// cannot be written.
class Coexistence {
  public:
    explicit Coexistence(LockOwner owner);
    Coexistence(const Coexistence &) = delete;
    Coexistence &operator=(const Coexistence &) = delete;
    ~Coexistence();

    // Gives a session's lock back. To be called outside of failed transactions.
    void release();

  private:
    std::optional<ForeignJournal> journal_;
    LockOwner owner_;
};

// The other journal's row of a migration that was applied or rolled back; nothing where there is no other
// journal. The caller must have the right to; what its triggers do has the rights of the table's owner.
void write_foreign_row(const JournalEvent &event);

} // namespace turnstone::server
