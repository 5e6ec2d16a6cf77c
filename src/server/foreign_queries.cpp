// Owns what the journals of other tools look like and how their rows are read: one entry a journal, from
// their own sources (docs/switching.md). Each query gives id, name, checksum, state, time, user, microseconds
// and a sentence; $1 is the session's time zone, for times that were written without one. In the texts,
// {table} is the journal and {schema} its schema.
//
// The statements that write its row of a migration (turnstone.coexist) have $1 version (null for a repeatable
// one), $2 name of the file, $3 that without its ending, $4 bytes, $5 foreign id, $6 description, $7
// microseconds, $8 Flyway's checksum, $9 the highest version that is applied now, $10 the heads of Alembic's
// branches, $11 role.
#include "turnstone/server/foreign_queries.hpp"

namespace turnstone::server {

namespace {

using Tool = core::ForeignTool;

// In the order in which they are looked for: what is told by more columns comes first.
constexpr KnownJournal journals[] = {
    {Tool::flyway, "", "flyway_schema_history",
     "installed_rank,version,script,type,checksum,installed_by,success",
     R"(select coalesce(version, ''), script, coalesce(checksum::pg_catalog.text, ''),
               case when type in ('UNDO_SQL', 'UNDO_SCRIPT', 'UNDO_JDBC', 'UNDO_SPRING_JDBC', 'DELETE') then 'reverted'
                    when type = 'BASELINE' then 'baseline' when success then 'applied' else 'failed' end,
               installed_on at time zone $1, installed_by, execution_time::pg_catalog.int8 * 1000,
               case when not success then 'Flyway says that it failed; what it left behind may be there.' end
          from {table} where type <> 'SCHEMA' order by installed_rank)",
     R"(insert into {table} (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
               select coalesce(pg_catalog.max(installed_rank), 0) + 1, $1, pg_catalog."left"($6, 200), 'SQL', $2, $8::pg_catalog.int4,
                      $11, $7 / 1000, true from {table})",
     R"(delete from {table} where version = $1 or $1 is null and version is null and script = $2)"},
    {Tool::liquibase, "", "databasechangelog", "id,author,filename,orderexecuted,exectype,md5sum",
     R"(select filename || '::' || id || '::' || author, '', '',
               case exectype when 'FAILED' then 'failed' when 'SKIPPED' then 'reverted' else 'applied' end,
               dateexecuted at time zone $1, author, null,
               case exectype when 'FAILED' then 'Liquibase says that it failed.'
                             when 'MARK_RAN' then 'Liquibase took it as run without running it.' end
          from {table} order by orderexecuted, dateexecuted)"},
    {Tool::sqitch, "sqitch", "changes", "change_id,change,project,committed_at,committer_name",
     R"(select e.change_id, e.change, coalesce(c.script_hash, ''),
               case when c.change_id is not null then 'applied' when e.event = 'fail' then 'failed' else 'reverted' end,
               coalesce(c.committed_at, e.committed_at), coalesce(c.committer_name, e.committer_name), null,
               case when c.change_id is null and e.event = 'fail' then 'Sqitch says that it failed, and took it back.' end
          from (select distinct on (e.change_id) e.* from {schema}.events e order by e.change_id, e.committed_at desc) e
          left join {table} c on c.change_id = e.change_id order by coalesce(c.committed_at, e.committed_at))"},
    {Tool::atlas, "", "atlas_schema_revisions",
     "version,description,type,applied,total,hash,partial_hashes,operator_version",
     R"(select version, description, coalesce(hash, ''),
               case when coalesce(error, '') <> '' or applied < total then case when applied > 0 then 'partial' else 'failed' end
                    when type & 1 <> 0 and type & 2 = 0 then 'baseline' else 'applied' end,
               executed_at, null, execution_time / 1000,
               case when coalesce(error, '') <> '' or applied < total
                    then pg_catalog.format('Atlas ran %s of its %s statements; then: %s', applied, total,
                                           coalesce(nullif(error, ''), 'nothing is kept')) end
          from {table} where version <> '.atlas_cloud_identifier' order by executed_at)",
     R"(insert into {table} (version, description, type, applied, total, executed_at, execution_time, hash, operator_version)
               values ($1, $6, 2, 1, 1, pg_catalog.clock_timestamp(), $7 * 1000, $5, 'turnstone'))",
     R"(delete from {table} where version = $1)", true},
    {Tool::goose, "", "goose_db_version", "id,version_id,is_applied,tstamp",
     R"(select version_id, '', '', case when is_applied then 'applied' else 'reverted' end, tstamp at time zone $1,
               null, null, null
          from {table} where version_id <> 0 order by id)",
     R"(insert into {table} (version_id, is_applied) values ($1::pg_catalog.int8, true))",
     R"(delete from {table} where version_id = $1::pg_catalog.int8)"},
    {Tool::golang_migrate, "", "schema_migrations", "version,dirty",
     R"(select version, '', '', case when dirty then 'failed' else 'applied' end, null, null, null,
               case when dirty then 'golang-migrate says "dirty": it failed somewhere within.' end from {table})",
     R"(with before as (delete from {table} returning version)
               insert into {table} (version, dirty)
               select $9::pg_catalog.int8, false from (select pg_catalog.count(*) from before) gone where $9 is not null)",
     R"(with before as (delete from {table} returning version)
               insert into {table} (version, dirty)
               select $9::pg_catalog.int8, false from (select pg_catalog.count(*) from before) gone where $9 is not null)",
     false, true},
    {Tool::supabase, "supabase_migrations", "schema_migrations", "version,statements,name",
     R"(select version, coalesce(name, ''), coalesce(pg_catalog.array_to_string(statements, e'\x1f'), ''), 'applied',
               null, null, null, null from {table} order by version)",
     R"(insert into {table} (version, statements, name) values ($1, array[pg_catalog.convert_from($4, 'UTF8')], pg_catalog.replace($6, ' ', '_')))",
     R"(delete from {table} where version = $1)"},
    {Tool::prisma, "", "_prisma_migrations",
     "checksum,finished_at,migration_name,rolled_back_at,applied_steps_count",
     R"(select migration_name, '', checksum,
               case when rolled_back_at is not null then 'reverted' when finished_at is null then 'failed' else 'applied' end,
               finished_at, null, (extract(epoch from finished_at - started_at) * 1000000)::pg_catalog.int8,
               case when rolled_back_at is null and finished_at is null
                    then 'Prisma says that it failed: ' || coalesce(pg_catalog."left"(logs, 200), 'it keeps no log of it') end
          from {table} order by started_at)",
     R"(insert into {table} (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
               select pg_catalog.gen_random_uuid()::pg_catalog.text, pg_catalog.encode(pg_catalog.sha256($4), 'hex'),
                      pg_catalog.clock_timestamp(), $3, pg_catalog.clock_timestamp() - $7 * interval '1 microsecond', 1)",
     R"(delete from {table} where migration_name = $3 and rolled_back_at is null)"},
    {Tool::prisma_contract, "prisma_contract", "marker", "space,core_hash,profile_hash",
     R"(select space, '', '', 'applied', null, null, null,
               'Prisma 8 keeps a contract and no scripts: take its present schema as a baseline.' from {table})"},
    {Tool::graphile_migrate, "graphile_migrate", "migrations", "hash,previous_hash,filename,date",
     R"(select filename, '', hash, 'applied', date, null, null, null from {table} order by filename)",
     R"(insert into {table} (hash, previous_hash, filename)
               select $5, (select t.hash from {table} t where not exists (select from {table} n where n.previous_hash = t.hash)
                            order by t.filename desc limit 1), $1 || '.sql')",
     R"(delete from {table} where hash = $5)", true},
    {Tool::drizzle, "", "__drizzle_migrations", "hash,created_at,name,applied_at",
     R"(select coalesce(created_at, 0), coalesce(name, ''), hash, 'applied', applied_at, null, null, null
          from {table} order by id)",
     R"(insert into {table} (hash, created_at, name) select pg_catalog.encode(pg_catalog.sha256($4), 'hex'), coalesce(nullif($5, '')::pg_catalog.int8, (extract(epoch from pg_catalog.clock_timestamp()) * 1000)::pg_catalog.int8), $2)",
     R"(delete from {table} where name = $2)"},
    {Tool::drizzle, "", "__drizzle_migrations", "hash,created_at",
     R"(select coalesce(created_at, 0), '', hash, 'applied', null, null, null, null from {table} order by id)",
     R"(insert into {table} (hash, created_at) select pg_catalog.encode(pg_catalog.sha256($4), 'hex'), $5::pg_catalog.int8)",
     R"(delete from {table} where created_at = $5::pg_catalog.int8)", true},
    {Tool::sqlx, "", "_sqlx_migrations", "version,description,installed_on,success,checksum,execution_time",
     R"(select version, description, pg_catalog.encode(checksum, 'hex'),
               case when success then 'applied' else 'failed' end, installed_on, null,
               case when execution_time > 0 then execution_time / 1000 end,
               case when not success then 'sqlx says "dirty": it was cut off.' end
          from {table} order by version)",
     R"(insert into {table} (version, description, success, checksum, execution_time)
               values ($1::pg_catalog.int8, $6, true, pg_catalog.sha384($4), $7 * 1000))",
     R"(delete from {table} where version = $1::pg_catalog.int8)"},
    {Tool::diesel, "", "__diesel_schema_migrations", "version,run_on",
     R"(select version, '', '', 'applied', run_on at time zone $1, null, null, null from {table} order by version)",
     R"(insert into {table} (version) values ($1))", R"(delete from {table} where version = $1)"},
    {Tool::node_pg_migrate, "", "pgmigrations", "id,name,run_on",
     R"(select name, '', '', 'applied', run_on at time zone $1, null, null, null from {table} order by run_on, id)",
     R"(insert into {table} (name, run_on) values ($3, pg_catalog.clock_timestamp()))",
     R"(delete from {table} where name = $3)"},
    {Tool::knex, "", "knex_migrations", "id,name,batch,migration_time",
     R"(select name, '', '', 'applied', migration_time, null, null, null from {table} order by id)",
     R"(insert into {table} (name, batch, migration_time)
               select $5, coalesce(pg_catalog.max(batch), 0) + 1, pg_catalog.clock_timestamp() from {table})",
     R"(delete from {table} where name = $5)", true},
    {Tool::postgrator, "", "schemaversion", "version,name,md5,run_at",
     R"(select version, coalesce(name, ''), coalesce(md5, ''), 'applied', run_at::pg_catalog.timestamptz, null, null, null
          from {table} where version <> 0 order by version)",
     R"(insert into {table} (version, name, md5, run_at)
               values ($1::pg_catalog.int8, coalesce(nullif(pg_catalog.split_part($3, '.', 3), ''), $6), pg_catalog.md5($4), pg_catalog.clock_timestamp()))",
     R"(delete from {table} where version = $1::pg_catalog.int8)"},
    {Tool::alembic, "", "alembic_version", "version_num",
     R"(select version_num, '', '', 'applied', null, null, null, null from {table})",
     R"(with before as (delete from {table} returning version_num)
               insert into {table} (version_num)
               select pg_catalog.unnest(pg_catalog.string_to_array($10, ',')) from (select pg_catalog.count(*) from before) gone)",
     R"(with before as (delete from {table} returning version_num)
               insert into {table} (version_num)
               select pg_catalog.unnest(pg_catalog.string_to_array($10, ',')) from (select pg_catalog.count(*) from before) gone)",
     true, true},
    {Tool::depesz, "_v", "patches", "patch_name,applied_tsz,applied_by,requires",
     R"(select patch_name, '', '', 'applied', applied_tsz, applied_by, null, null from {table} order by applied_tsz)",
     R"(insert into {table} (patch_name, applied_tsz, applied_by, requires)
               values ($3, pg_catalog.clock_timestamp(), $11, '{}'))",
     R"(delete from {table} where patch_name = $3)"},
    {Tool::pgroll, "pgroll", "migrations", "schema,name,migration,done,resulting_schema",
     R"(select name, '', '', case when done then 'applied' else 'partial' end, created_at::pg_catalog.timestamptz, null, null,
               case when not done then 'pgroll has it started and not completed.' end
          from {table} order by created_at)"},
    {Tool::omnigres, "omni_schema", "migrations", "name,migration,applied_at",
     R"(select name, '', migration, 'applied', applied_at::pg_catalog.timestamptz, null, null, null
          from {table} order by applied_at)",
     R"(insert into {table} (name, migration, applied_at)
               values ($2, pg_catalog.convert_from($4, 'UTF8'), pg_catalog.clock_timestamp()))",
     R"(delete from {table} where name = $2)"},
    {Tool::dbmate, "", "schema_migrations", "version",
     R"(select version, '', '', 'applied', null, null, null, null from {table} order by version)",
     R"(insert into {table} (version) values ($1))", R"(delete from {table} where version = $1)"},
    {Tool::sql_migrate, "", "gorp_migrations", "id,applied_at",
     R"(select id, '', '', 'applied', applied_at, null, null, null from {table} order by id)",
     R"(insert into {table} (id, applied_at) values ($2, pg_catalog.clock_timestamp()))",
     R"(delete from {table} where id = $2)"},
};

} // namespace

std::span<const KnownJournal> known_journals() {
    return journals;
}

} // namespace turnstone::server
