// Owns the aliases: functions of other names behind which turnstone_set_updated_at() stands.
#include "turnstone/server/stamp_alias.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/raii.hpp"
#include "turnstone/server/stamp_trigger.hpp"

namespace turnstone::server {

namespace {

struct Name {
    Oid schema_oid = InvalidOid;
    std::string schema;
    std::string function;
    [[nodiscard]] std::string quoted_name() const {
        return fmt::format("{}.{}", quoted(schema), quoted(function));
    }
};

// In the schema that a CREATE FUNCTION of the caller would put it into.
Name resolve(const std::string &text) {
    struct Flat {
        Oid schema;
        char *function;
        char *schema_name;
    };
    const Flat flat = pg([&] {
        Flat found{InvalidOid, nullptr, nullptr};
        List *names = textToQualifiedNameList(cstring_to_text(text.c_str()));
        found.schema = QualifiedNameGetCreationNamespace(names, &found.function);
        found.schema_name = get_namespace_name(found.schema);
        return found;
    });
    return {flat.schema, flat.schema_name, flat.function};
}

void require_create(const Name &name, const std::string &role) {
    static Query query{
        "select pg_catalog.has_schema_privilege($1::pg_catalog.name, $2::pg_catalog.oid, 'create')"};
    if (!run(query, {role, std::to_string(name.schema_oid)}).boolean(0, 0))
        pg([&] {
            ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                            errmsg("permission denied for schema %s", name.schema.c_str())));
        });
}

// Whether there is a function of this name; fills in what its body does. Throws where ours cannot take its
// place.
bool read_known(const Name &name, const std::string &role, core::StampOptions &options) {
    static Query query{R"(
        select p.oid, l.lanname, p.prosrc, p.prorettype = 'pg_catalog.trigger'::pg_catalog.regtype,
               pg_catalog.pg_has_role($3, p.proowner, 'usage'),
               exists (select from pg_catalog.unnest(p.proconfig) s where s not like 'search_path=%'),
               exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                          and d.objid = p.oid and d.deptype = 'e')
          from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang
         where p.pronamespace = $1::pg_catalog.oid and p.proname = $2 and p.pronargs = 0)"};
    const Rows rows = run(query, {std::to_string(name.schema_oid), name.function, role});
    if (rows.empty())
        return false;
    const auto refuse = [&](const std::string &detail) {
        throw core::Error(core::ErrorCode::duplicate,
                          fmt::format("function {}() exists, and cannot be replaced", name.quoted_name()),
                          detail);
    };
    if (!rows.boolean(0, 4))
        pg([&] {
            ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                            errmsg("must be owner of function %s", name.function.c_str())));
        });
    if (rows.boolean(0, 6))
        refuse("It belongs to an extension.");
    const std::string &source = rows.text(0, 2);
    if (rows.text(0, 1) == "c" && source == "turnstone_set_updated_at")
        return true;
    if (rows.text(0, 1) == "c" && source == "turnstone_set_updated_at_alias") {
        options = alias_options(static_cast<Oid>(rows.integer(0, 0)));
        return true;
    }
    const auto body =
        rows.text(0, 1) == "plpgsql" && rows.boolean(0, 3) ? stamp_body_of(source) : std::nullopt;
    if (!body)
        refuse(
            "Its body is none of those that are known to set a column to the time, and to do nothing else.");
    if (!body->obstacle.empty())
        refuse(fmt::format("In its body, {}.", body->obstacle));
    if (body->value != core::StampBody::Value::timestamptz || body->precision || body->needs_not_null)
        refuse("What its body does depends on the column's type. migrate_adopt_updated_at() looks at each "
               "trigger.");
    if (rows.boolean(0, 5))
        refuse("It has settings of its own.");
    options = body->options;
    return true;
}

void remember(const Name &name, const core::StampOptions &options) {
    static Query erase{
        "delete from turnstone.updated_at_alias where schema_name = $1 and function_name = $2"};
    static Query insert{R"(
        insert into turnstone.updated_at_alias (schema_name, function_name, column_name, clock, stamp_when, unit)
        values ($1, $2, $3, $4, $5, $6))"};
    run(erase, {name.schema, name.function});
    if (options != core::StampOptions{})
        run(insert, {name.schema, name.function, options.column, options.clock_name(), options.when_name(),
                     Value::or_null(options.unit_name())});
}

} // namespace

core::StampOptions alias_options(Oid function) {
    static Query query{R"(
        select a.column_name, a.clock, a.stamp_when, a.unit, n.nspname, p.proname
          from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
          left join turnstone.updated_at_alias a on a.schema_name = n.nspname and a.function_name = p.proname
         where p.oid = $1::pg_catalog.oid)"};
    const Rows rows = run(query, {std::to_string(function)});
    if (rows.empty() || rows.is_null(0, 0))
        throw core::Error(core::ErrorCode::undefined,
                          fmt::format("alias \"{}\" of turnstone_set_updated_at() is not known",
                                      rows.empty() ? std::to_string(function) : rows.text(0, 5)),
                          "It was renamed or moved, or its row in turnstone.updated_at_alias is gone.",
                          "Call migrate_updated_at_alias() for it.");
    core::StampOptions options;
    options.column = rows.text(0, 0);
    options.set_clock(rows.text(0, 1));
    options.set_when(rows.text(0, 2));
    if (!rows.is_null(0, 3))
        options.set_unit(rows.text(0, 3));
    return options;
}

Alias make_alias(const AliasRequest &request) {
    const std::string role = current_role();
    const Name name = resolve(request.name);
    require_create(name, role);
    core::StampOptions options;
    const bool known = read_known(name, role, options);
    if (request.column)
        options.column = *request.column;
    if (request.clock)
        options.set_clock(*request.clock);
    if (request.when)
        options.set_when(*request.when);
    if (request.unit)
        options.set_unit(*request.unit);
    const std::string function = name.quoted_name() + "()";
    // The language C is the superusers'; whose function it is stays the caller's.
    execute(fmt::format("create or replace function {} returns pg_catalog.trigger language c as {}, {}",
                        function, quoted_literal("$libdir/turnstone"),
                        quoted_literal(options == core::StampOptions{} ? "turnstone_set_updated_at"
                                                                       : "turnstone_set_updated_at_alias")),
            Rights::engine);
    if (!known)
        execute(fmt::format("alter function {} owner to {}", function, quoted(role)), Rights::engine);
    execute(fmt::format("alter function {} depends on extension turnstone", function), Rights::engine);
    execute(
        fmt::format("comment on function {} is {}", function,
                    quoted_literal(fmt::format("turnstone_set_updated_at() under another name: column {}, "
                                               "clock {}, when {}",
                                               options.column, options.clock_name(), options.when_name()))),
        Rights::engine);
    remember(name, options);
    return {function, known ? "replaced" : "created"};
}

} // namespace turnstone::server
