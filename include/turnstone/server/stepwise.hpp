// A migration that runs statement by statement, each in a transaction of its own, with a step row for each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "turnstone/core/plan.hpp"
#include "turnstone/core/script.hpp"

#include "turnstone/server/executor.hpp"

namespace turnstone::server {

struct StepwiseMigration {
    std::int64_t run_id;
    const core::MigrationFacts &facts;
    const ScriptPlace &place;
    const std::vector<Statement> &statements;
    TimeLimits limits;
};

// Whether a section must run so: it is marked notransaction, or a statement of it needs a transaction of its
// own, or a later statement uses an enum value that an earlier one adds.
bool must_run_stepwise(const core::ScriptSection &section, const std::vector<Statement> &statements);

// Runs what is not done yet. A statement that may run in a transaction has its mark in that transaction; one
// that commits on its way is marked before it and in its last transaction, and where it was cut off between
// the two the catalog is asked (verify.hpp). Throws wrong_state where the script has changed in what is done,
// and where nobody can tell whether a statement is. Behind it a transaction is open in which the journal row
// may be written; behind an error everything but the open transaction is committed.
void run_stepwise(const StepwiseMigration &migration, SectionRun &done);

} // namespace turnstone::server
