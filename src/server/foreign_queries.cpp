// Owns what the journals of other tools look like and how their rows are read: one entry a journal, from
// their own sources (docs/switching.md). Each query gives id, name, checksum, state, time, user, microseconds
// and a sentence; $1 is the session's time zone, for times that were written without one. In the texts,
// {table} is the journal and {schema} its schema.
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
          from {table} where type <> 'SCHEMA' order by installed_rank)"},
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
          from {table} where version <> '.atlas_cloud_identifier' order by executed_at)"},
    {Tool::goose, "", "goose_db_version", "id,version_id,is_applied,tstamp",
     R"(select version_id, '', '', case when is_applied then 'applied' else 'reverted' end, tstamp at time zone $1,
               null, null, null
          from {table} where version_id <> 0 order by id)"},
    {Tool::golang_migrate, "", "schema_migrations", "version,dirty",
     R"(select version, '', '', case when dirty then 'failed' else 'applied' end, null, null, null,
               case when dirty then 'golang-migrate says "dirty": it failed somewhere within.' end from {table})"},
    {Tool::supabase, "supabase_migrations", "schema_migrations", "version,statements,name",
     R"(select version, coalesce(name, ''), coalesce(pg_catalog.array_to_string(statements, e'\x1f'), ''), 'applied',
               null, null, null, null from {table} order by version)"},
    {Tool::prisma, "", "_prisma_migrations",
     "checksum,finished_at,migration_name,rolled_back_at,applied_steps_count",
     R"(select migration_name, '', checksum,
               case when rolled_back_at is not null then 'reverted' when finished_at is null then 'failed' else 'applied' end,
               finished_at, null, (extract(epoch from finished_at - started_at) * 1000000)::pg_catalog.int8,
               case when rolled_back_at is null and finished_at is null
                    then 'Prisma says that it failed: ' || coalesce(pg_catalog."left"(logs, 200), 'it keeps no log of it') end
          from {table} order by started_at)"},
    {Tool::prisma_contract, "prisma_contract", "marker", "space,core_hash,profile_hash",
     R"(select space, '', '', 'applied', null, null, null,
               'Prisma 8 keeps a contract and no scripts: take its present schema as a baseline.' from {table})"},
    {Tool::graphile_migrate, "graphile_migrate", "migrations", "hash,previous_hash,filename,date",
     R"(select filename, '', hash, 'applied', date, null, null, null from {table} order by filename)"},
    {Tool::drizzle, "", "__drizzle_migrations", "hash,created_at,name,applied_at",
     R"(select coalesce(created_at, 0), coalesce(name, ''), hash, 'applied', applied_at, null, null, null
          from {table} order by id)"},
    {Tool::drizzle, "", "__drizzle_migrations", "hash,created_at",
     R"(select coalesce(created_at, 0), '', hash, 'applied', null, null, null, null from {table} order by id)"},
    {Tool::sqlx, "", "_sqlx_migrations", "version,description,installed_on,success,checksum,execution_time",
     R"(select version, description, pg_catalog.encode(checksum, 'hex'),
               case when success then 'applied' else 'failed' end, installed_on, null,
               case when execution_time > 0 then execution_time / 1000 end,
               case when not success then 'sqlx says "dirty": it was cut off.' end
          from {table} order by version)"},
    {Tool::diesel, "", "__diesel_schema_migrations", "version,run_on",
     R"(select version, '', '', 'applied', run_on at time zone $1, null, null, null from {table} order by version)"},
    {Tool::node_pg_migrate, "", "pgmigrations", "id,name,run_on",
     R"(select name, '', '', 'applied', run_on at time zone $1, null, null, null from {table} order by run_on, id)"},
    {Tool::knex, "", "knex_migrations", "id,name,batch,migration_time",
     R"(select name, '', '', 'applied', migration_time, null, null, null from {table} order by id)"},
    {Tool::postgrator, "", "schemaversion", "version,name,md5,run_at",
     R"(select version, coalesce(name, ''), coalesce(md5, ''), 'applied', run_at::pg_catalog.timestamptz, null, null, null
          from {table} where version <> 0 order by version)"},
    {Tool::alembic, "", "alembic_version", "version_num",
     R"(select version_num, '', '', 'applied', null, null, null, null from {table})"},
    {Tool::depesz, "_v", "patches", "patch_name,applied_tsz,applied_by,requires",
     R"(select patch_name, '', '', 'applied', applied_tsz, applied_by, null, null from {table} order by applied_tsz)"},
    {Tool::pgroll, "pgroll", "migrations", "schema,name,migration,done,resulting_schema",
     R"(select name, '', '', case when done then 'applied' else 'partial' end, created_at::pg_catalog.timestamptz, null, null,
               case when not done then 'pgroll has it started and not completed.' end
          from {table} order by created_at)"},
    {Tool::omnigres, "omni_schema", "migrations", "name,migration,applied_at",
     R"(select name, '', migration, 'applied', applied_at::pg_catalog.timestamptz, null, null, null
          from {table} order by applied_at)"},
    {Tool::dbmate, "", "schema_migrations", "version",
     R"(select version, '', '', 'applied', null, null, null, null from {table} order by version)"},
    {Tool::sql_migrate, "", "gorp_migrations", "id,applied_at",
     R"(select id, '', '', 'applied', applied_at, null, null, null from {table} order by id)"},
};

} // namespace

std::span<const KnownJournal> known_journals() {
    return journals;
}

} // namespace turnstone::server
