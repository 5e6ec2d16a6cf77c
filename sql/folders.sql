-- Folders of more tools: each is told by what only it has, applied, and rolled back where it has a Down. Then loaded
-- again, which changes nothing.
\getenv data TURNSTONE_DATA
\set sqitch :data '/formats/sqitch'
\set sqitch_before :data '/formats/sqitch-before'
\set liquibase :data '/formats/liquibase'
\set atlas :data '/formats/atlas'
\set atlas_edited :data '/formats/atlas-edited'
\set graphile :data '/formats/graphile-migrate'
\set node :data '/formats/node-pg-migrate'
\set supabase :data '/formats/supabase'
\set rails :data '/formats/rails'
\set alembic :data '/formats/alembic'
\set postgrator :data '/formats/postgrator'
\set knex :data '/formats/knex'

-- Sqitch: the plan's order, requirements, conflicts and tags; a change that was reworked
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'sqitch');
SELECT version, name, description, requirements, conflicts, tags, has_down FROM turnstone.migration ORDER BY version_key;
SELECT version, foreign_id FROM turnstone.migration ORDER BY version_key;
SELECT version FROM migrate_apply('v1');
SELECT version, name FROM migrate_apply();
SELECT * FROM names;
SELECT version, status FROM migrate_load(:'sqitch', 'sqitch');
SELECT version FROM migrate_rollback_to('v1');
SELECT version FROM migrate_rollback_to('base');
-- a text that is put in place of one keeps what the plan says
BEGIN;
SELECT version FROM migrate_apply('2');
SELECT state FROM migrate_repair('2', 'CREATE TABLE posts (author int)', 'no foreign key');
SELECT requirements FROM turnstone.migration WHERE version = '2';
ROLLBACK;
DROP EXTENSION turnstone;

-- an applied change is reworked: the old one goes by the tag's name, its text is the same
CREATE EXTENSION turnstone;
SELECT name, status FROM migrate_load(:'sqitch_before');
SELECT version FROM migrate_apply();
SELECT version, name, status FROM migrate_load(:'sqitch');
SELECT version, name FROM migrate_apply();
SELECT version, state FROM migrate_status();
SELECT version FROM migrate_rollback_to('base');
DROP EXTENSION turnstone;

-- Liquibase: each changeset is a migration; one runs without a transaction, one in an environment, one on change
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'liquibase');
SELECT version, name, description, environments, has_down FROM turnstone.migration ORDER BY version_key;
CALL migrate_deploy();
SELECT version, state FROM migrate_status();
SET turnstone.environment = 'test';
CALL migrate_deploy();
RESET turnstone.environment;
SELECT name, pet_count() FROM pet_names ORDER BY name;
SELECT version, status FROM migrate_load(:'liquibase');
SELECT version FROM migrate_rollback();
SELECT count(*) FROM pets;
CALL migrate_revert('1.1');
DROP VIEW pet_names;
CALL migrate_revert('base');
SELECT to_regclass('pets');
DROP EXTENSION turnstone;

-- Atlas: sums, a transaction mode, a delimiter, an archive
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'atlas_edited');
SELECT * FROM migrate_load(:'atlas');
SELECT version, foreign_id FROM turnstone.migration ORDER BY version_key;
CALL migrate_deploy();
SELECT id, age FROM pets ORDER BY id;
SELECT version FROM migrate_rollback();
DROP TABLE pets;
DROP EXTENSION turnstone;

-- graphile-migrate, with a placeholder of its own
CREATE EXTENSION turnstone;
SELECT migrate_set_variable('READER', 'PUBLIC');
SELECT * FROM migrate_load(:'graphile');
CALL migrate_deploy();
SELECT has_table_privilege('pg_monitor', 'pets', 'SELECT'), pet_age();
DROP TABLE pets;
DROP FUNCTION pet_age();
DROP EXTENSION turnstone;

-- node-pg-migrate, postgrator, knex
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'node');
SELECT version, statements FROM migrate_apply();
SELECT version FROM migrate_rollback_to('base');
DROP EXTENSION turnstone;
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'postgrator');
SELECT version FROM migrate_apply('1');
SELECT version FROM migrate_rollback_to('base');
DROP EXTENSION turnstone;
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'knex', 'knex');
SELECT version FROM migrate_apply();
SELECT version FROM migrate_rollback_to('base');
DROP EXTENSION turnstone;

-- Supabase
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'supabase');
SELECT version FROM migrate_apply();
SELECT relrowsecurity FROM pg_class WHERE relname = 'pets';
DROP TABLE pets;
DROP EXTENSION turnstone;

-- Alembic: what "alembic upgrade --sql" and "alembic downgrade --sql" wrote
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'alembic');
CALL migrate_deploy();
SELECT name, obj_description('account'::regclass) FROM account;
SELECT to_regclass('alembic_version');
CALL migrate_revert('base');
SELECT to_regclass('account');
DROP EXTENSION turnstone;

-- a dump as Rails keeps it: a baseline, with data in COPY
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'rails');
SELECT version, state FROM migrate_status();
SELECT version, statements FROM migrate_apply();
SELECT id, name FROM pets ORDER BY id;
SELECT version FROM schema_migrations ORDER BY version;
SELECT status FROM migrate_register('20240201000000_late.sql', 'SELECT 1/0;');
SELECT status FROM migrate_register('20240401000000_add_age.sql', 'ALTER TABLE pets ADD COLUMN age int;');
SELECT version FROM migrate_apply();
SHOW search_path;
DROP TABLE pets, schema_migrations, ar_internal_metadata;
DROP EXTENSION turnstone;
