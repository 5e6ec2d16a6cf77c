// Owns migrate_export() and migrate_import_journal(): scripts and history as JSON, for keeping them where the
// extension is not, and for taking them to another database.
#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/functions.hpp"
#include "turnstone/server/lock.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

// What this file writes; raised when a reader of it would have to change.
constexpr int export_format = 1;

void require_empty() {
    static Query query{
        "select exists (select from turnstone.journal) or exists (select from turnstone.migration)"};
    if (run(query).boolean(0, 0))
        throw core::Error(core::ErrorCode::wrong_state, "this database has scripts or a history already",
                          "A history is imported whole, into an empty one.",
                          "Create the extension in a database that has none.");
}

void require_format(const std::string &document) {
    static Query query{R"(
        select coalesce($1::pg_catalog.jsonb ->> 'format', ''), coalesce($1::pg_catalog.jsonb ->> 'turnstone', '?'),
               pg_catalog.jsonb_typeof($1::pg_catalog.jsonb -> 'journal') = 'array'
               and pg_catalog.jsonb_typeof($1::pg_catalog.jsonb -> 'migrations') = 'array')"};
    const Rows rows = run(query, {document});
    if (rows.text(0, 0) != std::to_string(export_format) || !rows.boolean(0, 2))
        throw core::Error(core::ErrorCode::invalid_argument,
                          "this is no history that migrate_export() has written",
                          fmt::format("Its format is \"{}\", that of turnstone {}; format {} is read here.",
                                      rows.text(0, 0), rows.text(0, 1), export_format),
                          "Export it with this version of turnstone.");
}

void go_on_numbering(const char *table) {
    const std::string text =
        fmt::format("select pg_catalog.setval(pg_catalog.pg_get_serial_sequence('turnstone.{0}', 'id'), "
                    "coalesce(pg_catalog.max(id), 0) + 1, false) from turnstone.{0}",
                    table);
    Query query{text.c_str()};
    run(query);
}

} // namespace

Datum export_history(FunctionCallInfo fcinfo) {
    static Query query{R"(
        select pg_catalog.jsonb_build_object(
               'format', $1, 'turnstone', $2, 'database', pg_catalog.current_database(),
               'server_version', pg_catalog.current_setting('server_version'), 'exported_at', pg_catalog.clock_timestamp(),
               'migrations', coalesce((select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(m) order by m.version_key, m.version)
                                         from turnstone.migration m), '[]'),
               'runs', coalesce((select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(r) order by r.id) from turnstone.run r), '[]'),
               'journal', coalesce((select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(j) order by j.id)
                                      from turnstone.journal j), '[]'),
               'steps', coalesce((select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(s) order by s.id) from turnstone.step s), '[]'),
               'tags', coalesce((select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(t) order by t.tag) from turnstone.tag t), '[]')))"};
    const Rows rows = run(query, {export_format, TURNSTONE_VERSION});
    return pg([&] {
        const std::string &document = rows.text(0, 0);
        fcinfo->isnull = false;
        return DirectFunctionCall1(jsonb_in, CStringGetDatum(document.c_str()));
    });
}

Datum import_history(FunctionCallInfo fcinfo) {
    const std::string document =
        pg([&] { return DatumGetCString(DirectFunctionCall1(jsonb_out, PG_GETARG_DATUM(0))); });
    take_run_lock();
    require_empty();
    require_format(document);
    static Query migrations{R"(
        insert into turnstone.migration
        select * from pg_catalog.jsonb_populate_recordset(null::turnstone.migration, $1::pg_catalog.jsonb -> 'migrations'))"};
    static Query runs{R"(
        insert into turnstone.run overriding system value
        select * from pg_catalog.jsonb_populate_recordset(null::turnstone.run, $1::pg_catalog.jsonb -> 'runs'))"};
    static Query journal{R"(
        insert into turnstone.journal overriding system value
        select * from pg_catalog.jsonb_populate_recordset(null::turnstone.journal, $1::pg_catalog.jsonb -> 'journal'))"};
    static Query steps{R"(
        insert into turnstone.step overriding system value
        select * from pg_catalog.jsonb_populate_recordset(null::turnstone.step, $1::pg_catalog.jsonb -> 'steps'))"};
    static Query tags{R"(
        insert into turnstone.tag
        select * from pg_catalog.jsonb_populate_recordset(null::turnstone.tag, $1::pg_catalog.jsonb -> 'tags'))"};
    for (Query *query : {&migrations, &runs, &journal, &steps, &tags})
        run(*query, {document});
    for (const char *table : {"run", "journal", "step"})
        go_on_numbering(table);
    static Query count{"select pg_catalog.count(*) from turnstone.journal"};
    return Int64GetDatum(run(count).integer(0, 0));
}

} // namespace turnstone::server
