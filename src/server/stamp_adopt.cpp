// Owns migrate_adopt_updated_at(): which triggers of others ours can take the place of, and the taking.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "turnstone/server/stamp_policy.hpp"

namespace turnstone::server {

namespace {

using Value = core::StampBody::Value;

OidTexts tables_with_triggers() {
    static Query query{R"(
        select distinct g.tgrelid from pg_catalog.pg_trigger g
          join pg_catalog.pg_class c on c.oid = g.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where (g.tgtype & 19) = 19 and g.tgparentid = 0
           and n.nspname not in ('pg_catalog', 'information_schema', 'turnstone'))"};
    const Rows rows = run(query);
    OidTexts tables;
    for (std::size_t row = 0; row < rows.size(); ++row)
        tables.push_back(rows.text(row, 0));
    return tables;
}

std::vector<std::string> columns_of(const Triggers &triggers) {
    std::vector<std::string> columns;
    for (const auto &[table, of_table] : triggers) {
        for (const TriggerFacts &trigger : of_table) {
            if (trigger.keeper != Keeper::none)
                columns.push_back(trigger.options.column);
        }
    }
    return columns;
}

// Why ours cannot take its place; empty where it can.
std::string obstacle(const TableFacts &table, const TriggerFacts &trigger) {
    const ColumnFacts *column = table.column(trigger.options.column);
    if (column == nullptr)
        return fmt::format("column \"{}\" does not exist", trigger.options.column);
    if (!trigger.problem.empty())
        return trigger.problem;
    if (trigger.other_events)
        return "it also fires on other events than UPDATE";
    int32 precision = -1;
    const Oid base = pg([&] {
        precision = column->typmod;
        return getBaseTypeAndTypmod(column->type, &precision);
    });
    if (base != TIMESTAMPTZOID && base != TIMESTAMPOID && base != DATEOID)
        return "the column is of type " + column->type_name;
    if (column->generated)
        return "the column is generated";
    if (!trigger.body) // moddatetime
        return base == DATEOID ? "the column is of type date" : "";
    const core::StampBody &body = *trigger.body;
    if ((body.value == Value::date && base != DATEOID) ||
        (body.value == Value::timestamp && base == TIMESTAMPTZOID))
        return "it casts the time to a coarser type than the column's";
    if (body.precision && base != DATEOID && *body.precision < 6 &&
        (precision < 0 || *body.precision < precision))
        return fmt::format("it rounds the time to {} digits, the column does not", *body.precision);
    if (body.needs_not_null && !column->not_null)
        return "its comparison is not true of nulls, and the column may be null";
    return {};
}

std::string note_on(const TriggerFacts &trigger) {
    if (!trigger.body || !trigger.options.only_changed)
        return {};
    std::string note = "values that are equal and not the same (1.0 and 1.00) count as a change";
    if (trigger.body->compares_stamp && !trigger.options.unless_set)
        note += "; an update of nothing but the stamp leaves it";
    return note;
}

// The trigger and those of partitions that came with it, with their states.
struct Enabled {
    std::string table;
    std::string name;
    char state;
};

std::vector<Enabled> enabled_states(Oid trigger) {
    static Query query{R"(
        with recursive family(oid, depth) as (
            select $1::pg_catalog.oid, 0
            union all
            select g.oid, f.depth + 1 from family f join pg_catalog.pg_trigger g on g.tgparentid = f.oid)
        select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), g.tgname, g.tgenabled
          from family f join pg_catalog.pg_trigger g on g.oid = f.oid join pg_catalog.pg_class c on c.oid = g.tgrelid
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         order by f.depth, 1)"};
    const Rows rows = run(query, {std::to_string(trigger)});
    std::vector<Enabled> states;
    for (std::size_t row = 0; row < rows.size(); ++row)
        states.push_back({rows.text(row, 0), rows.text(row, 1), rows.text(row, 2).at(0)});
    return states;
}

// The trigger's own definition with another function: timing, columns and condition stay what they are. Empty
// where the definition does not end as it is known to.
std::string with_our_function(const TriggerFacts &trigger) {
    static Query query{R"(
        select pg_catalog.pg_get_triggerdef(g.oid), g.tgargs
          from pg_catalog.pg_trigger g where g.oid = $1::pg_catalog.oid)"};
    const Rows rows = run(query, {std::to_string(trigger.oid)});
    const std::string &definition = rows.text(0, 0);
    std::string arguments;
    const std::string &bytes = rows.text(0, 1);
    for (std::size_t start = 0; start < bytes.size();) {
        const std::size_t end = std::min(bytes.find('\0', start), bytes.size());
        if (!arguments.empty())
            arguments += ", ";
        arguments += quoted_literal(bytes.substr(start, end - start));
        start = end + 1;
    }
    const std::string head = "CREATE TRIGGER ";
    const std::string tail = fmt::format(" EXECUTE FUNCTION {}({})", trigger.function, arguments);
    if (!definition.starts_with(head) || !definition.ends_with(tail))
        return {};
    return fmt::format("CREATE OR REPLACE TRIGGER {} EXECUTE FUNCTION {}",
                       definition.substr(head.size(), definition.size() - head.size() - tail.size()),
                       stamp_call(trigger.options));
}

std::string take_over(const TriggerFacts &trigger) {
    const std::string statement = with_our_function(trigger);
    if (statement.empty())
        return "its definition could not be read";
    const std::vector<Enabled> states = enabled_states(trigger.oid);
    execute(statement, Rights::caller);
    char state_of_all = 'O';
    for (const Enabled &one : states) {
        if (one.state == state_of_all)
            continue;
        TableFacts table;
        table.identity = one.table;
        set_enabled(table, one.name, one.state, Rights::caller);
        // The partitioned table's state goes to its partitions with it.
        if (&one == &states.front())
            state_of_all = one.state;
    }
    return {};
}

} // namespace

std::vector<Adoption> adopt(const std::vector<std::string> &schemas, bool dry_run) {
    const OidTexts tables = tables_with_triggers();
    Triggers triggers = read_triggers(tables);
    std::vector<Adoption> all;
    for (const TableFacts &table : read_tables(tables, columns_of(triggers))) {
        if (table.of_extension || table.temporary ||
            (!schemas.empty() && std::find(schemas.begin(), schemas.end(), table.schema) == schemas.end()))
            continue;
        for (const TriggerFacts &trigger : triggers[table.oid]) {
            if (trigger.parent != InvalidOid ||
                (trigger.keeper != Keeper::plpgsql && trigger.keeper != Keeper::moddatetime))
                continue;
            Adoption adoption{table.identity,
                              trigger.name,
                              trigger.function + "()",
                              trigger.options.column,
                              fmt::format("{}", fmt::join(trigger.options.arguments(), ", ")),
                              "left",
                              obstacle(table, trigger)};
            if (adoption.note.empty()) {
                adoption.status = dry_run ? "adoptable" : "adopted";
                adoption.note = note_on(trigger);
                if (!dry_run) {
                    if (const std::string problem = take_over(trigger); !problem.empty()) {
                        adoption.status = "left";
                        adoption.note = problem;
                    }
                }
            }
            all.push_back(std::move(adoption));
        }
    }
    return all;
}

} // namespace turnstone::server
