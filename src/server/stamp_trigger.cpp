// Owns the reading of tables, columns and triggers from the catalog, and the statements on triggers.
#include "turnstone/server/stamp_trigger.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/plpgsql_tokens.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/stamp.hpp"
#include "turnstone/server/stamp_alias.hpp"

namespace turnstone::server {

namespace {

Oid oid_of(const Rows &rows, std::size_t row, std::size_t column) {
    return static_cast<Oid>(rows.integer(row, column));
}

// pg_trigger.tgargs: each argument ends with a zero byte.
std::vector<std::string> split_arguments(const std::string &bytes) {
    std::vector<std::string> arguments;
    for (std::size_t start = 0; start < bytes.size();) {
        const std::size_t end = std::min(bytes.find('\0', start), bytes.size());
        arguments.push_back(bytes.substr(start, end - start));
        start = end + 1;
    }
    return arguments;
}

void classify(TriggerFacts &trigger, const Rows &rows, std::size_t row) {
    const std::string &source = rows.text(row, 11);
    const std::string &language = rows.text(row, 12);
    const std::vector<std::string> arguments = split_arguments(rows.text(row, 7));
    if (language == "c" && rows.boolean(row, 13)) {
        trigger.keeper = Keeper::native;
        try {
            core::StampOptions defaults;
            if (source == "turnstone_set_updated_at_alias")
                defaults = alias_options(oid_of(rows, row, 10));
            trigger.options = core::StampOptions::parse(arguments, defaults);
        } catch (const core::Error &error) {
            trigger.problem = error.message();
        }
    } else if (language == "c" && rows.boolean(row, 15) && arguments.size() == 1) {
        trigger.keeper = Keeper::moddatetime;
        trigger.options.column = arguments.front();
    } else if (language == "plpgsql") {
        trigger.tokens = plpgsql_tokens(source);
        trigger.body = trigger.tokens ? core::recognise_stamp_body(*trigger.tokens) : std::nullopt;
        if (trigger.body) {
            trigger.keeper = Keeper::plpgsql;
            trigger.options = trigger.body->options;
            trigger.problem = trigger.body->obstacle;
            if (trigger.problem.empty() && rows.boolean(row, 14))
                trigger.problem = "its function has settings of its own";
        }
    }
}

} // namespace

const ColumnFacts *TableFacts::column(const std::string &wanted) const {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const ColumnFacts &column) { return column.name == wanted; });
    return found == columns.end() ? nullptr : &*found;
}

bool TriggerFacts::writes(const std::string &column) const {
    if (keeper != Keeper::none)
        return options.column == column;
    return tokens && core::assigns_column(*tokens, column);
}

std::vector<TableFacts> read_tables(const OidTexts &tables, const std::vector<std::string> &columns) {
    static Query table_query{R"(
        select c.oid, n.nspname, c.relname, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
               c.relkind, c.relpersistence = 't',
               exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                          and d.objid = c.oid and d.deptype = 'e'),
               coalesce(r.oid, c.oid), coalesce(rn.nspname, n.nspname), coalesce(r.relname, c.relname)
          from pg_catalog.unnest($1::pg_catalog.oid[]) with ordinality as wanted(oid, place)
          join pg_catalog.pg_class c on c.oid = wanted.oid
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          left join pg_catalog.pg_class r on c.relispartition and r.oid = pg_catalog.pg_partition_root(c.oid)
          left join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
         order by 2, 3)"};
    static Query column_query{R"(
        select a.attrelid, a.attname, a.atttypid, a.atttypmod, pg_catalog.format_type(a.atttypid, a.atttypmod),
               a.attnotnull, a.attgenerated <> ''
          from pg_catalog.unnest($1::pg_catalog.oid[]) as wanted(oid)
          join pg_catalog.pg_attribute a on a.attrelid = wanted.oid
         where a.attname = any ($2) and a.attnum > 0 and not a.attisdropped
         order by a.attrelid, a.attnum)"};
    const Rows table_rows = run(table_query, {tables});
    std::vector<TableFacts> facts;
    std::map<Oid, std::size_t> place_of;
    for (std::size_t row = 0; row < table_rows.size(); ++row) {
        TableFacts table;
        table.oid = oid_of(table_rows, row, 0);
        table.schema = table_rows.text(row, 1);
        table.name = table_rows.text(row, 2);
        table.identity = table_rows.text(row, 3);
        table.kind = table_rows.text(row, 4).at(0);
        table.temporary = table_rows.boolean(row, 5);
        table.of_extension = table_rows.boolean(row, 6);
        table.root = oid_of(table_rows, row, 7);
        table.root_schema = table_rows.text(row, 8);
        table.root_name = table_rows.text(row, 9);
        place_of[table.oid] = facts.size();
        facts.push_back(std::move(table));
    }
    const Rows column_rows = run(column_query, {tables, columns});
    for (std::size_t row = 0; row < column_rows.size(); ++row) {
        const auto place = place_of.find(oid_of(column_rows, row, 0));
        if (place == place_of.end())
            continue;
        ColumnFacts column;
        column.name = column_rows.text(row, 1);
        column.type = oid_of(column_rows, row, 2);
        column.typmod = static_cast<int32>(column_rows.integer(row, 3));
        column.type_name = column_rows.text(row, 4);
        column.not_null = column_rows.boolean(row, 5);
        column.generated = column_rows.boolean(row, 6);
        column.can_be_kept = !column.generated && is_stamp_type(column.type);
        const Oid base = pg([&] { return getBaseType(column.type); });
        column.is_integer = base == INT8OID || base == INT4OID;
        facts[place->second].columns.push_back(std::move(column));
    }
    return facts;
}

TableFacts read_table(Oid table, const std::string &column) {
    std::vector<TableFacts> facts = read_tables({std::to_string(table)}, {column});
    if (facts.empty())
        throw core::Error(core::ErrorCode::undefined, fmt::format("table with OID {} does not exist", table));
    return facts.front();
}

Triggers read_triggers(const OidTexts &tables) {
    // tgtype: 1 is for each row, 2 before, 16 update; 4, 8 and 32 are the other events.
    static Query query{R"(
        select g.oid, g.tgrelid, g.tgname, g.tgenabled, g.tgparentid, (g.tgtype & 44) <> 0, g.tgqual is not null,
               g.tgargs, g.tgattr::pg_catalog.text <> '',
               pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname), p.oid, p.prosrc, l.lanname,
               p.prosrc in ('turnstone_set_updated_at', 'turnstone_set_updated_at_alias')
                   and p.probin = (select own.probin from pg_catalog.pg_depend d
                                     join pg_catalog.pg_extension e on e.oid = d.refobjid and e.extname = 'turnstone'
                                     join pg_catalog.pg_proc own on own.oid = d.objid
                                    where d.deptype = 'e' and d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                                      and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                                      and own.prosrc = 'turnstone_set_updated_at'),
               exists (select from pg_catalog.unnest(p.proconfig) s where s not like 'search_path=%'),
               p.prosrc = 'moddatetime' and p.probin like '%moddatetime%'
          from pg_catalog.unnest($1::pg_catalog.oid[]) as wanted(oid)
          join pg_catalog.pg_trigger g on g.tgrelid = wanted.oid
          join pg_catalog.pg_proc p on p.oid = g.tgfoid
          join pg_catalog.pg_namespace n on n.oid = p.pronamespace
          join pg_catalog.pg_language l on l.oid = p.prolang
         where (g.tgtype & 19) = 19
         order by g.tgrelid, g.tgname collate "C")"};
    const Rows rows = run(query, {tables});
    Triggers triggers;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        TriggerFacts trigger;
        trigger.oid = oid_of(rows, row, 0);
        trigger.table = oid_of(rows, row, 1);
        trigger.name = rows.text(row, 2);
        trigger.enabled = rows.text(row, 3).at(0);
        trigger.parent = oid_of(rows, row, 4);
        trigger.other_events = rows.boolean(row, 5);
        trigger.has_condition = rows.boolean(row, 6);
        trigger.has_columns = rows.boolean(row, 8);
        trigger.function = rows.text(row, 9);
        classify(trigger, rows, row);
        triggers[trigger.table].push_back(std::move(trigger));
    }
    return triggers;
}

std::vector<TriggerFacts> triggers_of(Oid table) {
    Triggers triggers = read_triggers({std::to_string(table)});
    return std::move(triggers[table]);
}

OidTexts tables_of_interest(const std::vector<std::string> &columns) {
    static Query query{R"(
        select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'f') and c.relpersistence <> 't'
           and n.nspname not in ('pg_catalog', 'information_schema', 'turnstone') and n.nspname !~ '^pg_'
           and (c.oid in (select a.attrelid from pg_catalog.pg_attribute a
                           where a.attname = any ($1) and a.attnum > 0 and not a.attisdropped)
                or c.oid in (select g.tgrelid from pg_catalog.pg_trigger g
                               join pg_catalog.pg_proc p on p.oid = g.tgfoid
                              where p.prosrc in ('turnstone_set_updated_at', 'turnstone_set_updated_at_alias'))))"};
    const Rows rows = run(query, {columns});
    OidTexts tables;
    for (std::size_t row = 0; row < rows.size(); ++row)
        tables.push_back(rows.text(row, 0));
    return tables;
}

std::optional<core::StampBody> stamp_body_of(const std::string &source) {
    const auto tokens = plpgsql_tokens(source);
    return tokens ? core::recognise_stamp_body(*tokens) : std::nullopt;
}

std::string quoted(const std::string &identifier) {
    const MemoryScope memory;
    return pg([&] { return quote_identifier(identifier.c_str()); });
}

std::string quoted_literal(const std::string &text) {
    const MemoryScope memory;
    return pg([&] { return quote_literal_cstr(text.c_str()); });
}

std::string stamp_function() {
    static Query query{R"(
        select pg_catalog.quote_ident(n.nspname) from pg_catalog.pg_extension e
          join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'turnstone')"};
    return run(query).text(0, 0) + ".turnstone_set_updated_at";
}

std::string stamp_call(const core::StampOptions &options) {
    std::vector<std::string> arguments = options.arguments();
    for (std::string &argument : arguments)
        argument = quoted_literal(argument);
    return fmt::format("{}({})", stamp_function(), fmt::join(arguments, ", "));
}

std::string standard_name(const std::string &column) {
    const MemoryScope memory;
    return pg([&] { return makeObjectName("set", column.c_str(), nullptr); });
}

void execute(const std::string &statement, Rights rights) {
    Query query{statement.c_str()};
    run(query, {}, rights);
}

void create_stamp_trigger(const TableFacts &table, const std::string &name, const core::StampOptions &options,
                          bool replace, Rights rights) {
    execute(fmt::format("create {}trigger {} before update on {} for each row execute function {}",
                        replace ? "or replace " : "", quoted(name), table.identity, stamp_call(options)),
            rights);
    const std::string comment =
        options.policy.empty()
            ? fmt::format("keeps \"{}\" (turnstone)", options.column)
            : fmt::format("keeps \"{}\" under the policy \"{}\" (turnstone)", options.column, options.policy);
    execute(fmt::format("comment on trigger {} on {} is {}", quoted(name), table.identity,
                        quoted_literal(comment)),
            rights);
}

void drop_trigger(const TableFacts &table, const std::string &name, Rights rights) {
    execute(fmt::format("drop trigger {} on {}", quoted(name), table.identity), rights);
}

void set_enabled(const TableFacts &table, const std::string &name, char enabled, Rights rights) {
    const char *action = enabled == 'D'   ? "disable"
                         : enabled == 'R' ? "enable replica"
                         : enabled == 'A' ? "enable always"
                                          : "enable";
    execute(fmt::format("alter table {} {} trigger {}", table.identity, action, quoted(name)), rights);
}

} // namespace turnstone::server
