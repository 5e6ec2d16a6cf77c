// Owns migrate_track_updated_at() and migrate_untrack_updated_at(): one table at a time, with the rights of
// the caller.
#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/stamp.hpp"
#include "turnstone/server/stamp_trigger.hpp"

namespace turnstone::server {

namespace {

void require_table(const TableFacts &table) {
    if (table.kind != 'r' && table.kind != 'p' && table.kind != 'f')
        throw core::Error(core::ErrorCode::unsupported, fmt::format("{} is not a table", table.identity),
                          "Only tables have triggers that run before the update of a row.");
}

void require_column(const TableFacts &table, const core::StampOptions &options) {
    const ColumnFacts *column = table.column(options.column);
    if (column == nullptr)
        pg([&] {
            ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
                            errmsg("column \"%s\" of table \"%s\" does not exist", options.column.c_str(),
                                   table.name.c_str()),
                            errhint("With add_column := true it is added.")));
        });
    (void)stamp_type(column->type, column->typmod, options, table.name);
    if (column->generated)
        throw core::Error(core::ErrorCode::wrong_type,
                          fmt::format("column \"{}\" of table \"{}\" cannot be kept by "
                                      "turnstone_set_updated_at()",
                                      options.column, table.name),
                          "It is a generated column.");
}

bool is_plain(const TriggerFacts &trigger) {
    return !trigger.has_condition && !trigger.has_columns && !trigger.other_events;
}

// A trigger of others that does no more and no less can be replaced without asking.
void require_replaceable(const TableFacts &table, const TriggerFacts &trigger) {
    if (trigger.keeper == Keeper::native || (is_plain(trigger) && trigger.problem.empty()))
        return;
    throw core::Error(
        core::ErrorCode::wrong_state,
        fmt::format("trigger \"{}\" on {} keeps column \"{}\" in a way of its own", trigger.name,
                    table.identity, trigger.options.column),
        {}, "migrate_adopt_updated_at() takes it over as it is, or says why not. Or drop it first.");
}

} // namespace

Tracked track(Oid table_oid, const core::StampOptions &options, bool add_column) {
    TableFacts table = read_table(table_oid, options.column);
    require_table(table);
    if (add_column && table.column(options.column) == nullptr) {
        // now() is stable: rows that exist get one value, without being written again.
        execute(fmt::format(
                    "alter table {} add column {} pg_catalog.timestamptz not null default pg_catalog.now()",
                    table.identity, quoted(options.column)),
                Rights::caller);
        table = read_table(table_oid, options.column);
    }
    require_column(table, options);

    std::vector<TriggerFacts> keepers;
    for (const TriggerFacts &trigger : triggers_of(table_oid)) {
        if (!trigger.keeps(options.column))
            continue;
        if (trigger.parent != InvalidOid)
            return {trigger.name, "unchanged"}; // kept through its partitioned table
        keepers.push_back(trigger);
    }
    for (const TriggerFacts &trigger : keepers)
        require_replaceable(table, trigger);
    if (keepers.empty()) {
        const std::string name = standard_name(options.column);
        create_stamp_trigger(table, name, options, false, Rights::caller);
        return {name, "created"};
    }
    const TriggerFacts first = keepers.front();
    for (std::size_t i = 1; i < keepers.size(); ++i)
        drop_trigger(table, keepers[i].name, Rights::caller);
    if (first.keeper == Keeper::native && first.options == options && first.problem.empty() &&
        is_plain(first))
        return {first.name, keepers.size() == 1 ? "unchanged" : "replaced"};
    create_stamp_trigger(table, first.name, options, true, Rights::caller);
    if (first.enabled != 'O')
        set_enabled(table, first.name, first.enabled, Rights::caller);
    return {first.name, "replaced"};
}

std::vector<std::string> untrack(Oid table_oid, const std::optional<std::string> &column) {
    const TableFacts table = read_table(table_oid, column.value_or(""));
    require_table(table);
    std::vector<std::string> dropped;
    for (const TriggerFacts &trigger : triggers_of(table_oid)) {
        if (trigger.keeper != Keeper::native || (column && trigger.options.column != *column))
            continue;
        if (trigger.parent != InvalidOid)
            throw core::Error(core::ErrorCode::wrong_state,
                              fmt::format("trigger \"{}\" on {} is that of its partitioned table",
                                          trigger.name, table.identity),
                              {}, "Untrack the partitioned table, or disable the trigger here.");
        drop_trigger(table, trigger.name, Rights::caller);
        dropped.push_back(trigger.name);
    }
    return dropped;
}

} // namespace turnstone::server
