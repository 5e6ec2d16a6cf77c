// Owns migrate_updated_at_status(): every table with a column that is, or should be, kept, and how it stands.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "turnstone/server/stamp_policy.hpp"

namespace turnstone::server {

namespace {

std::string why_stale(const TableFacts &table, const TriggerFacts &trigger) {
    if (!trigger.problem.empty())
        return trigger.problem;
    const ColumnFacts *column = table.column(trigger.options.column);
    if (column == nullptr)
        return fmt::format("column \"{}\" does not exist", trigger.options.column);
    if (column->generated)
        return "the column is generated";
    return column->can_be_kept ? std::string() : "the column is of type " + column->type_name;
}

std::string partial(const TriggerFacts &trigger) {
    if (trigger.has_condition)
        return "under a WHEN clause";
    if (trigger.has_columns)
        return "for some columns only";
    return {};
}

StampStatus state_of(const TableFacts &table, const std::string &column,
                     const std::vector<TriggerFacts> &triggers) {
    StampStatus status;
    status.oid = table.oid;
    status.schema = table.schema;
    status.table = table.identity;
    status.column = column;
    status.state = "untracked";
    const TriggerFacts *native = nullptr;
    const TriggerFacts *foreign = nullptr;
    const TriggerFacts *later = nullptr;
    for (const TriggerFacts &trigger : triggers) {
        if (trigger.keeper == Keeper::native && trigger.keeps(column)) {
            // One that works says more than one that does not.
            if (native == nullptr || !native->is_enabled())
                native = &trigger;
            later = nullptr;
            continue;
        }
        if (trigger.is_enabled() && trigger.writes(column)) {
            if (native != nullptr)
                later = &trigger;
            if (trigger.keeper != Keeper::none)
                foreign = &trigger;
        }
    }
    if (native != nullptr) {
        status.trigger = native->name;
        status.state = "tracked";
        status.detail = partial(*native);
        if (const std::string stale = why_stale(table, *native); !stale.empty()) {
            status.state = "stale";
            status.detail = stale;
        } else if (!native->is_enabled()) {
            status.state = "disabled";
            status.detail = "";
        } else if (native->enabled == 'R') {
            status.state = "disabled";
            status.detail = "it fires in replication sessions only";
        } else if (later != nullptr) {
            status.state = "shadowed";
            status.detail = fmt::format("trigger \"{}\" writes the column after it", later->name);
        }
    } else if (foreign != nullptr) {
        status.trigger = foreign->name;
        status.state = "foreign";
        status.detail = fmt::format("by function {}()", foreign->function);
    } else if (const ColumnFacts *facts = table.column(column); facts != nullptr && !facts->can_be_kept) {
        status.detail =
            facts->generated ? "the column is generated" : "the column is of type " + facts->type_name;
    }
    return status;
}

// A partition's own row is worth showing only where it differs from its partitioned table's.
bool is_told_by_root(const TableFacts &table, const StampStatus &status,
                     const std::vector<TriggerFacts> &triggers) {
    if (table.root == table.oid)
        return false;
    if (status.state == "untracked")
        return true;
    return status.state == "tracked" &&
           std::any_of(triggers.begin(), triggers.end(), [&](const TriggerFacts &trigger) {
               return trigger.keeps(status.column) && trigger.parent != InvalidOid;
           });
}

} // namespace

std::vector<StampStatus> stamp_status(const std::vector<std::string> &schemas) {
    const std::vector<core::StampPolicy> policies = read_policies();
    std::set<std::string> names{"updated_at"};
    for (const core::StampPolicy &policy : policies)
        names.insert(policy.options.column);
    const OidTexts tables = tables_of_interest({names.begin(), names.end()});
    Triggers triggers = read_triggers(tables);
    for (const auto &[table, of_table] : triggers) {
        for (const TriggerFacts &trigger : of_table) {
            if (trigger.keeper != Keeper::none)
                names.insert(trigger.options.column);
        }
    }
    std::vector<StampStatus> all;
    for (const TableFacts &table : read_tables(tables, {names.begin(), names.end()})) {
        if (!schemas.empty() && std::find(schemas.begin(), schemas.end(), table.schema) == schemas.end())
            continue;
        const std::vector<TriggerFacts> &of_table = triggers[table.oid];
        std::set<std::string> columns;
        for (const ColumnFacts &column : table.columns) {
            const bool usual =
                column.name == "updated_at" || policy_for(policies, table, column.name) != nullptr;
            const bool kept = std::any_of(of_table.begin(), of_table.end(), [&](const TriggerFacts &trigger) {
                return trigger.keeps(column.name);
            });
            if (kept || (usual && table.kind != 'f'))
                columns.insert(column.name);
        }
        for (const TriggerFacts &trigger : of_table) {
            if (trigger.keeper == Keeper::native)
                columns.insert(trigger.options.column);
        }
        for (const std::string &column : columns) {
            StampStatus status = state_of(table, column, of_table);
            if (is_told_by_root(table, status, of_table))
                continue;
            if (const core::StampPolicy *policy = policy_for(policies, table, column); policy != nullptr)
                status.policy = policy->name;
            all.push_back(std::move(status));
        }
    }
    return all;
}

void append_policy_gaps(std::vector<core::Difference> &drift, const std::vector<std::string> &schemas) {
    static Query query{"select exists (select from turnstone.updated_at_policy)"};
    if (!run(query).boolean(0, 0))
        return;
    for (const StampStatus &status : stamp_status(schemas)) {
        if (status.policy.empty() || status.state == "tracked" || status.state == "foreign")
            continue;
        core::Difference gap;
        gap.property = fmt::format("updated_at policy \"{}\", column \"{}\"", status.policy, status.column);
        gap.object_type = "table";
        gap.identity = status.table;
        gap.root = {status.table, "table"};
        gap.expected = "tracked";
        gap.actual =
            status.detail.empty() ? status.state : fmt::format("{}: {}", status.state, status.detail);
        drift.push_back(std::move(gap));
    }
}

} // namespace turnstone::server
