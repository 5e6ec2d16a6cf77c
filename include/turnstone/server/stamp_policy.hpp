// Policies: "every table in these schemas that has such a column", declared once and kept by the server.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/comparison.hpp"

#include "turnstone/server/stamp_trigger.hpp"

namespace turnstone::server {

struct PolicyResult {
    std::string table;
    std::string trigger;
    std::string status; // created, replaced, unchanged, dropped, kept, skipped
    std::string note;
};

// In the order of their names, which is the order of precedence.
std::vector<core::StampPolicy> read_policies();

// The policy that a table's column is under; null for none. A partition is under that of its root.
const core::StampPolicy *policy_for(const std::vector<core::StampPolicy> &policies, const TableFacts &table,
                                    const std::string &column);

// Declares a policy or changes the one of its name, and brings the tables into line with it. The rows of what
// had to be done, and of what could not be.
std::vector<PolicyResult> declare_policy(const core::StampPolicy &policy,
                                         const std::optional<std::string> &reason);

// Its triggers go with it, or stay as triggers of the tables' own.
std::vector<PolicyResult> drop_policy(const std::string &name, bool keep_triggers,
                                      const std::optional<std::string> &reason);

// Brings these tables into line with the policies, as they may have been made or changed. What cannot be done
// becomes a warning, never an error of the statement that made them.
void settle_tables(const OidTexts &tables);

// Before a table becomes a partition: takes its policy's triggers away where the partitioned table brings
// some for the same column, of the same name.
void make_way_for_partition(Oid partition, Oid parent);

// Whether the table has a trigger of that name that a policy made.
bool is_policy_trigger(Oid table, const std::string &name);

struct StampStatus {
    Oid oid = InvalidOid;
    std::string schema;
    std::string table; // qualified and quoted
    std::string column;
    std::string state; // tracked, untracked, disabled, stale, shadowed, foreign
    std::string trigger;
    std::string policy;
    std::string detail;
};

// Of all tables that have such a column. Schemas: names; empty for all.
std::vector<StampStatus> stamp_status(const std::vector<std::string> &schemas);

// Adds what is not as the policies want it to drift.
void append_policy_gaps(std::vector<core::Difference> &drift, const std::vector<std::string> &schemas);

struct Adoption {
    std::string table;
    std::string trigger;
    std::string function;
    std::string column;
    std::string arguments;
    std::string status; // adoptable, adopted, left
    std::string note;
};

// Triggers of others that keep a column: those that ours can take the place of, and why not the others.
std::vector<Adoption> adopt(const std::vector<std::string> &schemas, bool dry_run);

} // namespace turnstone::server
