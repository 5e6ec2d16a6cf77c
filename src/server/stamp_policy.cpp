// Owns turnstone.updated_at_policy, and the bringing of tables into line with it.
//
// Who declares a policy takes a lock on that table that waits for all transactions which made tables without
// having seen it (stamp_event.cpp takes the other half): no table falls between them.
#include "turnstone/server/stamp_policy.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/journal.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/recorder.hpp"
#include "turnstone/server/run_checks.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

namespace {

constexpr char separator = '\x1f';

std::vector<std::string> split(const std::string &list) {
    std::vector<std::string> items;
    for (std::size_t start = 0; start < list.size();) {
        const std::size_t end = std::min(list.find(separator, start), list.size());
        items.push_back(list.substr(start, end - start));
        start = end + 1;
    }
    return items;
}

const core::StampPolicy *find(const std::vector<core::StampPolicy> &policies, const std::string &name) {
    const auto found = std::find_if(policies.begin(), policies.end(),
                                    [&](const core::StampPolicy &policy) { return policy.name == name; });
    return found == policies.end() ? nullptr : &*found;
}

std::string described(const core::StampPolicy &policy) {
    return fmt::format("schemas: {}; exclude: {}; arguments: {}",
                       policy.schemas.empty() ? "all" : fmt::format("{}", fmt::join(policy.schemas, ", ")),
                       policy.exclude.empty() ? "none" : fmt::format("{}", fmt::join(policy.exclude, ", ")),
                       fmt::join(policy.options.arguments(), ", "));
}

void lock_policies() {
    static Query query{"lock table turnstone.updated_at_policy in exclusive mode"};
    run(query);
}

// A policy is an event of the journal like a tag; it belongs to no version.
void record(const core::StampPolicy &policy, const char *what, const std::optional<std::string> &reason) {
    const std::string definition = described(policy);
    write_event({begin_run("policy", policy.name), "policy", nullptr, std::string(), policy.name,
                 sha256(to_utf8(definition)),
                 fmt::format("{}: {}{}{}", what, definition, reason ? "; " : "", reason.value_or(""))});
}

// The recording of the schema before and behind the change, where there is a record to be kept in step.
class RecordKeeper {
  public:
    RecordKeeper() {
        static Query query{"select exists (select from turnstone.snapshot)"};
        // Inside of a migration the run records what it does.
        if (!run_is_in_progress() && run(query).boolean(0, 0))
            recorder_.emplace();
    }
    void finish() {
        if (recorder_)
            recorder_->finish();
    }

  private:
    std::optional<SchemaRecorder> recorder_;
};

bool name_is_taken(const TableFacts &table, const std::string &name) {
    static Query query{R"(
        select exists (select from pg_catalog.pg_trigger g
                        where g.tgname = $2
                          and (g.tgrelid = $1::pg_catalog.oid
                               or g.tgrelid in (select t.relid from pg_catalog.pg_partition_tree($1::pg_catalog.oid) t)))"
                       ")"};
    return run(query, {std::to_string(table.oid), name}).boolean(0, 0);
}

std::string free_name(const TableFacts &table, const std::string &column) {
    std::string usual = standard_name(column);
    if (!name_is_taken(table, usual))
        return usual;
    const MemoryScope memory;
    std::string second = pg([&] { return makeObjectName("turnstone", usual.c_str(), nullptr); });
    if (!name_is_taken(table, second))
        return second;
    throw core::Error(
        core::ErrorCode::duplicate,
        fmt::format("table {} has other triggers named \"{}\" and \"{}\"", table.identity, usual, second));
}

// What partitions were given while their root was under no policy.
void drop_policy_triggers_of_partitions(const TableFacts &table, const std::string &column) {
    static Query query{R"(
        select t.relid::pg_catalog.oid from pg_catalog.pg_partition_tree($1::pg_catalog.oid) t where t.level > 0)"};
    if (table.kind != 'p')
        return;
    const Rows rows = run(query, {std::to_string(table.oid)});
    OidTexts partitions;
    for (std::size_t row = 0; row < rows.size(); ++row)
        partitions.push_back(rows.text(row, 0));
    const Triggers triggers = read_triggers(partitions);
    for (const TableFacts &partition : read_tables(partitions, {column})) {
        const auto found = triggers.find(partition.oid);
        if (found == triggers.end())
            continue;
        for (const TriggerFacts &trigger : found->second) {
            if (trigger.keeper == Keeper::native && trigger.keeps(column) && trigger.parent == InvalidOid &&
                !trigger.options.policy.empty())
                drop_trigger(partition, trigger.name, Rights::engine);
        }
    }
}

// What a table has for one policy.
struct Standing {
    const core::StampPolicy &policy;
    const TableFacts &table;
    bool wanted = false;                 // it is under the policy, and has the column
    const ColumnFacts *column = nullptr; // null where it has none
    std::vector<const TriggerFacts *> own;
    const TriggerFacts *other = nullptr; // keeps the column, and is not the policy's
};

Standing standing(const std::vector<core::StampPolicy> &policies, const core::StampPolicy &policy,
                  const TableFacts &table, const std::vector<TriggerFacts> &triggers) {
    const std::string &column = policy.options.column;
    Standing result{policy, table, false, table.column(column), {}, nullptr};
    result.wanted = policy_for(policies, table, column) == &policy && result.column != nullptr;
    for (const TriggerFacts &trigger : triggers) {
        const bool own = trigger.keeper == Keeper::native && trigger.options.policy == policy.name &&
                         trigger.parent == InvalidOid;
        if (own)
            result.own.push_back(&trigger);
        else if (trigger.keeps(column) &&
                 (trigger.parent != InvalidOid || // comes with the partitioned table's
                  find(policies, trigger.options.policy) == nullptr))
            result.other = &trigger;
    }
    // A partition is kept through its root, which has the same column.
    if (table.root != table.oid && policy_for(policies, table, column) == &policy &&
        policy.covers(table.root_schema, table.root_name))
        result.wanted = false;
    return result;
}

void drop_own(const Standing &standing, std::vector<PolicyResult> &results, const std::string &note) {
    for (const TriggerFacts *trigger : standing.own) {
        drop_trigger(standing.table, trigger->name, Rights::engine);
        results.push_back({standing.table.identity, trigger->name, "dropped", note});
    }
}

void settle(const Standing &standing, std::vector<PolicyResult> &results) {
    const TableFacts &table = standing.table;
    core::StampOptions options = standing.policy.options;
    const bool can_be_kept = standing.column != nullptr && standing.column->can_be_kept;
    if (!standing.wanted || !can_be_kept) {
        drop_own(standing, results,
                 standing.column == nullptr ? fmt::format("column \"{}\" is gone", options.column)
                 : !standing.wanted         ? ""
                                            : "its type cannot be kept");
        if (standing.wanted)
            results.push_back(
                {table.identity, "", "skipped",
                 fmt::format("column \"{}\" is {}", options.column,
                             standing.column->generated ? "generated"
                                                        : "of type " + standing.column->type_name)});
        return;
    }
    if (standing.other != nullptr) {
        drop_own(standing, results, fmt::format("trigger \"{}\" keeps the column", standing.other->name));
        if (standing.own.empty())
            results.push_back({table.identity, standing.other->name, "kept",
                               standing.other->keeper == Keeper::native
                                   ? ""
                                   : fmt::format("by function {}()", standing.other->function)});
        return;
    }
    if (!standing.column->is_integer)
        options.unit.reset();
    if (standing.own.empty()) {
        drop_policy_triggers_of_partitions(table, options.column);
        const std::string name = free_name(table, options.column);
        create_stamp_trigger(table, name, options, false, Rights::engine);
        results.push_back({table.identity, name, "created", ""});
        return;
    }
    const TriggerFacts &first = *standing.own.front();
    for (std::size_t i = 1; i < standing.own.size(); ++i) {
        drop_trigger(table, standing.own[i]->name, Rights::engine);
        results.push_back({table.identity, standing.own[i]->name, "dropped", "there is another one"});
    }
    if (first.options == options && first.problem.empty()) {
        results.push_back({table.identity, first.name, "unchanged", ""});
        return;
    }
    std::string name = first.name;
    if (first.options.column == options.column) {
        create_stamp_trigger(table, name, options, true, Rights::engine);
    } else { // its name tells the column
        drop_trigger(table, first.name, Rights::engine);
        name = free_name(table, options.column);
        create_stamp_trigger(table, name, options, false, Rights::engine);
    }
    if (first.enabled != 'O')
        set_enabled(table, name, first.enabled, Rights::engine);
    results.push_back({table.identity, name, "replaced", ""});
}

// A trigger makes way before another policy's comes: first all that are not wanted any more, then the others.
std::vector<PolicyResult> settle_all(const std::vector<core::StampPolicy> &policies,
                                     const std::string &declared) {
    std::vector<std::string> columns;
    columns.reserve(policies.size());
    for (const core::StampPolicy &policy : policies)
        columns.push_back(policy.options.column);
    const OidTexts oids = tables_of_interest(columns);
    const std::vector<TableFacts> tables = read_tables(oids, columns);
    std::vector<PolicyResult> results;
    Triggers triggers = read_triggers(oids);
    for (const core::StampPolicy &policy : policies) {
        for (const TableFacts &table : tables) {
            if (const Standing now = standing(policies, policy, table, triggers[table.oid]); !now.wanted)
                settle(now, results);
        }
    }
    for (const core::StampPolicy &policy : policies) {
        triggers = read_triggers(oids);
        std::vector<PolicyResult> of_policy;
        for (const TableFacts &table : tables) {
            if (const Standing now = standing(policies, policy, table, triggers[table.oid]); now.wanted)
                settle(now, of_policy);
        }
        // Of other policies, what this one's coming or going has changed.
        for (PolicyResult &result : of_policy) {
            if (policy.name == declared ||
                (result.status != "unchanged" && result.status != "kept" && result.status != "skipped"))
                results.push_back(std::move(result));
        }
    }
    return results;
}

// The statement that made the table goes on whatever happens here.
void settle_or_warn(const Standing &standing) {
    std::vector<PolicyResult> results;
    std::string failure;
    try {
        SubTransaction attempt;
        settle(standing, results);
        attempt.commit();
    } catch (const PgError &error) {
        if (error.data()->sqlerrcode == ERRCODE_QUERY_CANCELED)
            throw;
        failure = error.what();
    } catch (const core::Error &error) {
        failure = error.message();
    }
    for (const PolicyResult &result : results) {
        if (result.status == "skipped")
            failure = result.note;
    }
    if (failure.empty())
        return;
    pg([&] {
        ereport(WARNING, (errmsg("table %s is not kept under the policy \"%s\"",
                                 standing.table.identity.c_str(), standing.policy.name.c_str()),
                          errdetail_internal("%s", failure.c_str())));
    });
}

[[noreturn]] void no_such_policy(const std::string &name) {
    throw core::Error(core::ErrorCode::undefined, fmt::format("there is no policy \"{}\"", name), {},
                      "turnstone.updated_at_policy lists them.");
}

} // namespace

std::vector<core::StampPolicy> read_policies() {
    static Query query{R"(
        select name, pg_catalog.array_to_string(schemas, e'\x1f'), pg_catalog.array_to_string(exclude, e'\x1f'),
               column_name, clock, stamp_when, unit
          from turnstone.updated_at_policy order by name collate "C")"};
    const Rows rows = run(query);
    std::vector<core::StampPolicy> policies;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        core::StampPolicy policy{rows.text(row, 0), split(rows.text(row, 1)), split(rows.text(row, 2)), {}};
        policy.options.column = rows.text(row, 3);
        policy.options.set_clock(rows.text(row, 4));
        policy.options.set_when(rows.text(row, 5));
        if (!rows.is_null(row, 6))
            policy.options.set_unit(rows.text(row, 6));
        policy.options.policy = policy.name;
        policies.push_back(std::move(policy));
    }
    return policies;
}

const core::StampPolicy *policy_for(const std::vector<core::StampPolicy> &policies, const TableFacts &table,
                                    const std::string &column) {
    if (table.temporary || table.of_extension || (table.kind != 'r' && table.kind != 'p') ||
        table.schema == "pg_catalog" || table.schema == "information_schema" || table.schema == "turnstone")
        return nullptr;
    // The root's policy comes first: its trigger is on the partition in any case.
    if (table.root != table.oid) {
        for (const core::StampPolicy &policy : policies) {
            if (policy.options.column == column && policy.covers(table.root_schema, table.root_name))
                return &policy;
        }
    }
    for (const core::StampPolicy &policy : policies) {
        if (policy.options.column == column && policy.covers(table.schema, table.name))
            return &policy;
    }
    return nullptr;
}

std::vector<PolicyResult> declare_policy(const core::StampPolicy &policy,
                                         const std::optional<std::string> &reason) {
    static Query upsert{R"(
        insert into turnstone.updated_at_policy (name, schemas, exclude, column_name, clock, stamp_when, unit, declared_by)
        values ($1, nullif($2, '{}'::pg_catalog.text[]), $3, $4, $5, $6, $7, $8)
            on conflict (name)
            do update set schemas = excluded.schemas, exclude = excluded.exclude, column_name = excluded.column_name,
                          clock = excluded.clock, stamp_when = excluded.stamp_when, unit = excluded.unit,
                          declared_at = pg_catalog.now(), declared_by = excluded.declared_by)"};
    take_run_lock();
    lock_policies();
    const std::vector<core::StampPolicy> before = read_policies();
    const core::StampPolicy *known = find(before, policy.name);
    const std::string role = current_role();
    RecordKeeper recorder;
    run(upsert,
        {policy.name, policy.schemas, policy.exclude, policy.options.column, policy.options.clock_name(),
         policy.options.when_name(), Value::or_null(policy.options.unit_name()), role});
    const std::vector<core::StampPolicy> after = read_policies();
    std::vector<PolicyResult> results = settle_all(after, policy.name);
    if (known == nullptr || described(*known) != described(policy))
        record(policy, known == nullptr ? "declared" : "changed", reason);
    recorder.finish();
    return results;
}

std::vector<PolicyResult> drop_policy(const std::string &name, bool keep_triggers,
                                      const std::optional<std::string> &reason) {
    static Query erase{"delete from turnstone.updated_at_policy where name = $1"};
    take_run_lock();
    lock_policies();
    const std::vector<core::StampPolicy> policies = read_policies();
    const core::StampPolicy *policy = find(policies, name);
    if (policy == nullptr)
        no_such_policy(name);
    RecordKeeper recorder;
    run(erase, {name});
    std::vector<PolicyResult> results;
    const OidTexts tables = tables_of_interest({});
    Triggers triggers = read_triggers(tables);
    for (const TableFacts &table : read_tables(tables, {})) {
        for (const TriggerFacts &trigger : triggers[table.oid]) {
            if (trigger.keeper != Keeper::native || trigger.options.policy != name ||
                trigger.parent != InvalidOid)
                continue;
            if (keep_triggers) {
                core::StampOptions options = trigger.options;
                options.policy.clear();
                create_stamp_trigger(table, trigger.name, options, true, Rights::engine);
                if (trigger.enabled != 'O')
                    set_enabled(table, trigger.name, trigger.enabled, Rights::engine);
            } else {
                drop_trigger(table, trigger.name, Rights::engine);
            }
            results.push_back({table.identity, trigger.name, keep_triggers ? "kept" : "dropped", ""});
        }
    }
    for (PolicyResult &result : settle_all(read_policies(), ""))
        results.push_back(std::move(result));
    record(*policy, "dropped", reason);
    recorder.finish();
    return results;
}

void settle_tables(const OidTexts &oids) {
    const std::vector<core::StampPolicy> policies = read_policies();
    std::vector<std::string> columns;
    columns.reserve(policies.size());
    for (const core::StampPolicy &policy : policies)
        columns.push_back(policy.options.column);
    const std::vector<TableFacts> tables = read_tables(oids, columns);
    for (const bool wanted : {false, true}) {
        for (const core::StampPolicy &policy : policies) {
            Triggers triggers = read_triggers(oids);
            for (const TableFacts &table : tables) {
                const Standing now = standing(policies, policy, table, triggers[table.oid]);
                if (now.wanted == wanted)
                    settle_or_warn(now);
            }
        }
    }
}

void make_way_for_partition(Oid partition, Oid parent) {
    static Query query{R"(
        select coalesce(pg_catalog.bool_and(pg_catalog.pg_has_role($2, c.relowner, 'usage')), false)
          from pg_catalog.pg_class c where c.oid = any ($1::pg_catalog.oid[]))"};
    const OidTexts both{std::to_string(partition), std::to_string(parent)};
    // Others' tables are not touched: the statement will fail by itself.
    const std::string role = current_role();
    if (!run(query, {both, role}).boolean(0, 0))
        return;
    Triggers triggers = read_triggers(both);
    const TableFacts table = read_table(partition, "");
    for (const TriggerFacts &trigger : triggers[partition]) {
        if (trigger.keeper != Keeper::native || trigger.options.policy.empty() ||
            trigger.parent != InvalidOid)
            continue;
        for (const TriggerFacts &other : triggers[parent]) {
            if (other.keeps(trigger.options.column)) {
                drop_trigger(table, trigger.name, Rights::engine);
                break;
            }
        }
    }
}

bool is_policy_trigger(Oid table, const std::string &name) {
    for (const TriggerFacts &trigger : triggers_of(table)) {
        if (trigger.name == name)
            return trigger.keeper == Keeper::native && !trigger.options.policy.empty() &&
                   trigger.parent == InvalidOid;
    }
    return false;
}

} // namespace turnstone::server
