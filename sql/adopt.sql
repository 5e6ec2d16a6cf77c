-- Taking over the history of each tool: journals as those tools make them, what each row means, and what is written.
CREATE EXTENSION turnstone;
SET client_min_messages = warning;
SET timezone = 'Europe/Berlin';
CREATE ROLE regress_turnstone_adopter;

SELECT * FROM migrate_adopt();
SELECT * FROM migrate_adopt('flyway');
SELECT * FROM migrate_adopt('nothing');

CREATE FUNCTION register_some(VARIADIC names text[]) RETURNS int LANGUAGE sql AS $$
    SELECT count(*)::int FROM unnest(names) name, migrate_register(name, 'CREATE TABLE t(id int);' || e'\n') r $$;
CREATE FUNCTION forget() RETURNS int LANGUAGE sql AS $$
    SELECT count(*)::int FROM turnstone.migration m, LATERAL (SELECT migrate_unregister(m.version)) r $$;

-- dbmate, Rails, Ecto: versions alone
SELECT register_some('20240101000000_a.sql', '20240102000000_b.sql', '20240103000000_c.sql');
CREATE TABLE schema_migrations (version varchar PRIMARY KEY);
INSERT INTO schema_migrations VALUES ('20240101000000'), ('20240102000000');
SET client_min_messages = notice;
SELECT * FROM migrate_adopt();
SET client_min_messages = warning;
SELECT count(*) AS nothing_written FROM turnstone.journal;
-- a row without a file is in the way of everything, unless one says otherwise
INSERT INTO schema_migrations VALUES ('20230101000000');
SELECT * FROM migrate_adopt(dry_run => false);
SELECT count(*) AS nothing_written FROM turnstone.journal;
SELECT version, verdict, foreign_id FROM migrate_adopt('rails', dry_run => false, force => true);
SELECT version, state FROM migrate_status();
SELECT event, state, version, reason, application FROM turnstone.journal ORDER BY id;
-- again: all is there, and nothing is written twice
SELECT version, verdict FROM migrate_adopt(force => true, dry_run => false);
SELECT count(*) AS rows FROM turnstone.journal;
-- what is pending goes on from there
SELECT version, name FROM migrate_apply();
DROP TABLE schema_migrations, t;
DROP EXTENSION turnstone CASCADE;
CREATE EXTENSION turnstone;

-- Flyway: checksums, a failed one, an undone one, a repeatable one; times without a zone are the session's
SELECT register_some('1__a.sql', '2__b.sql', '3__c.sql', '4__d.sql', '5__e.sql', 'R__view.sql');
CREATE SCHEMA "Odd schema";
CREATE TABLE "Odd schema".flyway_schema_history (installed_rank int NOT NULL PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL,
    type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL,
    installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL, success boolean NOT NULL);
INSERT INTO "Odd schema".flyway_schema_history VALUES
    (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"Odd schema"', NULL, 'ann', '2024-01-01', 0, true),
    (1, '1', 'a', 'SQL', 'V1__a.sql', -66220931, 'ann', '2024-01-01 12:00', 17, true),
    (2, '2', 'b', 'SQL', 'V2__b.sql', 99, 'ann', '2024-07-01 12:00', 17, true),
    (3, '3', 'c', 'SQL', 'V3__c.sql', -66220931, 'ann', '2024-07-02', 17, true),
    (4, '3', 'c', 'UNDO_SQL', 'U3__c.sql', 1, 'ann', '2024-07-03', 17, true),
    (5, '4', 'd', 'SQL', 'V4__d.sql', -66220931, 'bob', '2024-07-04', 17, false),
    (6, NULL, 'view', 'SQL', 'R__view.sql', -66220931, 'bob', '2024-07-05', 17, true),
    (7, '9', 'gone', 'SQL', 'V9__gone.sql', 1, 'bob', '2024-07-06', 17, true);
SELECT * FROM migrate_adopt('flyway');
SELECT * FROM migrate_adopt('flyway', false);
UPDATE "Odd schema".flyway_schema_history SET checksum = -66220931 WHERE version = '2';
DELETE FROM "Odd schema".flyway_schema_history WHERE version IN ('4', '9');
BEGIN;
SELECT version, verdict FROM migrate_adopt('flyway', false);
SELECT version, finished_at, duration, role, application, reason FROM turnstone.journal ORDER BY id;
SELECT version, state FROM migrate_status();
-- its lock is held until the end
SELECT count(*) AS locks FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
COMMIT;
DROP SCHEMA "Odd schema" CASCADE;
DROP EXTENSION turnstone CASCADE;
CREATE EXTENSION turnstone;

-- two journals at once: nobody guesses; a table under another name is named
SELECT register_some('1_a.sql', '2_b.sql', '3_c.sql');
CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);
INSERT INTO schema_migrations VALUES (2, false);
CREATE TABLE migrations (id text NOT NULL PRIMARY KEY, applied_at timestamptz);
INSERT INTO migrations VALUES ('1_a.sql', '2024-01-01 12:00+00');
SELECT version, verdict, detail FROM migrate_adopt();
SELECT version, verdict, applied_at FROM migrate_adopt(journal => 'migrations');
CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp DEFAULT now());
INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (0, true, '2024-01-01'), (1, true, '2024-01-01'), (2, true, '2024-01-01'), (2, false, '2024-01-02');
SELECT version, verdict FROM migrate_adopt();
SELECT version, verdict, applied_at FROM migrate_adopt('goose');
DROP TABLE goose_db_version;
UPDATE schema_migrations SET dirty = true;
SELECT version, verdict, detail FROM migrate_adopt();
SELECT version, verdict FROM migrate_adopt(dry_run => false);
DROP TABLE migrations, schema_migrations;

-- a view is no journal, nor is a temporary table; whoever may not read it is told so
CREATE VIEW schema_migrations AS SELECT '1'::varchar AS version;
CREATE TEMP TABLE alembic_version (version_num varchar(32) NOT NULL);
SELECT version, verdict FROM migrate_adopt();
DROP VIEW schema_migrations;
DROP TABLE alembic_version;
CREATE TABLE pgmigrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);
INSERT INTO pgmigrations (name, run_on) VALUES ('1_a', '2024-01-01');
GRANT USAGE ON SCHEMA turnstone TO regress_turnstone_adopter;
GRANT EXECUTE ON FUNCTION migrate_adopt TO regress_turnstone_adopter;
SET ROLE regress_turnstone_adopter;
SELECT version, verdict FROM migrate_adopt();
RESET ROLE;
GRANT SELECT ON pgmigrations TO regress_turnstone_adopter;
SET ROLE regress_turnstone_adopter;
SELECT version, verdict FROM migrate_adopt();
RESET ROLE;
DROP TABLE pgmigrations;
SELECT forget() > 0 AS forgotten;

-- each of the others, by its own columns
CREATE FUNCTION adopted(tool text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', coalesce(name, foreign_id), '=', verdict, applied_at::date, applied_by, duration, detail), '; ' ORDER BY n)
      FROM migrate_adopt(tool) WITH ORDINALITY a(version, name, verdict, applied_at, applied_by, duration, foreign_id, detail, n) $$;

SELECT register_some('20240101_a.sql', '20240102_b.sql', '20240103_c.sql');
CREATE SCHEMA drizzle;
CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint);
INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (encode(sha256(e'CREATE TABLE t(id int);\n'), 'hex'), 1);
SELECT adopted('drizzle');
ALTER TABLE drizzle.__drizzle_migrations ADD name text, ADD applied_at timestamptz DEFAULT '2024-02-01';
UPDATE drizzle.__drizzle_migrations SET name = '20240102_b.sql';
SELECT adopted('drizzle');

CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
    logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0);
INSERT INTO _prisma_migrations (id, checksum, started_at, finished_at, migration_name, logs) VALUES
    ('1', encode(sha256(e'CREATE TABLE t(id int);\n'), 'hex'), '2024-02-01 12:00', '2024-02-01 12:01', '20240101_a', NULL),
    ('2', 'x', '2024-02-02', NULL, '20240102_b', 'relation "t" already exists');
SELECT adopted('prisma');

CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamptz NOT NULL DEFAULT now(),
    success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL);
INSERT INTO _sqlx_migrations VALUES (20240101, 'a', '2024-02-01', true, sha384(e'CREATE TABLE t(id int);\n'), 1500000),
    (20240102, 'b', '2024-02-01', true, '\x00', 1500000), (20240103, 'c', '2024-02-01', false, '\x00', -1);
SELECT adopted('sqlx');

CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());
INSERT INTO __diesel_schema_migrations VALUES ('20240101', '2024-02-01');
SELECT adopted('diesel');

CREATE TABLE knex_migrations (id serial PRIMARY KEY, name varchar(255), batch int, migration_time timestamptz);
INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('20240101_a.cjs', 1, '2024-02-01');
SELECT adopted('knex');

CREATE TABLE schemaversion (version bigint PRIMARY KEY, name text, md5 text, run_at timestamptz);
INSERT INTO schemaversion VALUES (0, NULL, NULL, NULL), (20240101, 'a', md5(e'CREATE TABLE t(id int);\n'), '2024-02-01'), (20240102, 'b', 'other', '2024-02-01');
SELECT adopted('postgrator');

CREATE SCHEMA graphile_migrate;
CREATE TABLE graphile_migrate.migrations (hash text PRIMARY KEY, previous_hash text REFERENCES graphile_migrate.migrations, filename text NOT NULL, date timestamptz NOT NULL DEFAULT now());
INSERT INTO graphile_migrate.migrations VALUES ('sha1:f2d1e4ccc4e27919391f5a6ce4973935a8ea8438', NULL, '20240101_a.sql', '2024-02-01');
SELECT adopted('graphile-migrate');

CREATE SCHEMA supabase_migrations;
CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, statements text[], name text);
INSERT INTO supabase_migrations.schema_migrations VALUES ('20240101', '{CREATE TABLE t(id int)}', 'a'), ('20240102', '{CREATE TABLE other()}', 'b');
SELECT adopted('supabase');

CREATE SCHEMA atlas_schema_revisions;
CREATE TABLE atlas_schema_revisions.atlas_schema_revisions (version varchar PRIMARY KEY, description varchar NOT NULL, type bigint NOT NULL DEFAULT 2, applied bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0, executed_at timestamptz NOT NULL, execution_time bigint NOT NULL, error text, error_stmt text, hash varchar NOT NULL, partial_hashes jsonb, operator_version varchar NOT NULL);
INSERT INTO atlas_schema_revisions.atlas_schema_revisions (version, description, type, applied, total, executed_at, execution_time, error, hash, operator_version) VALUES
    ('.atlas_cloud_identifier', 'x', 2, 0, 0, '2024-02-01', 0, NULL, '', ''), ('20240102', 'b', 1, 0, 0, '2024-02-01', 0, NULL, '', ''),
    ('20240103', 'c', 2, 2, 5, '2024-02-01', 9000, 'relation "t" already exists', 'x', '');
SELECT adopted('atlas');

CREATE SCHEMA sqitch;
CREATE TABLE sqitch.changes (change_id text PRIMARY KEY, script_hash text, change text NOT NULL, project text NOT NULL, note text NOT NULL DEFAULT '', committed_at timestamptz NOT NULL, committer_name text NOT NULL);
CREATE TABLE sqitch.events (event text NOT NULL, change_id text NOT NULL, change text NOT NULL, committed_at timestamptz NOT NULL, committer_name text NOT NULL);
INSERT INTO sqitch.changes VALUES ('1', encode(substring(sha256('x') for 20), 'hex'), '20240101_a', 'p', '', '2024-02-01', 'Ann'), ('2', NULL, '20240102_b', 'p', '', '2024-02-01', 'Ann');
INSERT INTO sqitch.events VALUES ('deploy', '1', '20240101_a', '2024-02-01', 'Ann'), ('deploy', '2', '20240102_b', '2024-02-01', 'Ann'), ('fail', '3', '20240103_c', '2024-02-01', 'Bob');
SELECT adopted('sqitch');

CREATE TABLE databasechangelog (id varchar(255) NOT NULL, author varchar(255) NOT NULL, filename varchar(255) NOT NULL, dateexecuted timestamp NOT NULL, orderexecuted int NOT NULL, exectype varchar(10) NOT NULL, md5sum varchar(35));
UPDATE turnstone.migration SET foreign_id = 'db/changelog.sql::1::ann' WHERE name = '20240101_a.sql';
INSERT INTO databasechangelog VALUES ('1', 'ann', 'db/changelog.sql', '2024-02-01', 1, 'EXECUTED', '9:x'), ('2', 'ann', 'gone.sql', '2024-02-01', 2, 'FAILED', '9:x');
SELECT adopted('liquibase');

CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('20240102_b');
SELECT adopted('alembic');

CREATE SCHEMA _v;
CREATE TABLE _v.patches (patch_name text PRIMARY KEY, applied_tsz timestamptz NOT NULL, applied_by text NOT NULL, requires text[], conflicts text[]);
INSERT INTO _v.patches VALUES ('20240101_a', '2024-02-01', 'ann');
SELECT adopted('depesz');

CREATE SCHEMA pgroll;
CREATE TABLE pgroll.migrations (schema text, name text, migration jsonb, created_at timestamp, updated_at timestamp, parent text, done boolean, resulting_schema jsonb, migration_type text);
INSERT INTO pgroll.migrations (name, created_at, done) VALUES ('20240101_a', '2024-02-01', true), ('20240102_b', '2024-02-01', false);
SELECT adopted('pgroll');

CREATE SCHEMA omni_schema;
CREATE TABLE omni_schema.migrations (name text, migration text, applied_at timestamp);
INSERT INTO omni_schema.migrations VALUES ('20240101_a.sql', e'CREATE TABLE t(id int);\n', '2024-02-01'), ('20240102_b.sql', 'other', '2024-02-01');
SELECT adopted('omnigres');

CREATE SCHEMA prisma_contract;
CREATE TABLE prisma_contract.marker (space text, core_hash text, profile_hash text);
INSERT INTO prisma_contract.marker VALUES ('app', 'x', 'y');
SELECT adopted('prisma-contract');

SELECT count(*) AS nothing_written FROM turnstone.journal;
DROP SCHEMA drizzle, graphile_migrate, supabase_migrations, atlas_schema_revisions, sqitch, _v, pgroll, omni_schema, prisma_contract CASCADE;
DROP TABLE _prisma_migrations, _sqlx_migrations, __diesel_schema_migrations, knex_migrations, schemaversion, databasechangelog, alembic_version;
DROP EXTENSION turnstone;
DROP FUNCTION register_some(text[]), forget(), adopted(text);
DROP OWNED BY regress_turnstone_adopter;
DROP ROLE regress_turnstone_adopter;
