-- Folders of other tools: each is read by its own rules, applied, and rolled back where the tool has a Down.
\getenv data TURNSTONE_DATA
\set goose :data '/formats/goose'
\set dbmate :data '/formats/dbmate'
\set golang :data '/formats/golang-migrate'
\set flyway :data '/formats/flyway'
\set baselines :data '/formats/flyway-baselines'
\set baselines_later :data '/formats/flyway-baselines-later'
\set baseline_steps :data '/formats/flyway-baseline-steps'
\set diesel :data '/formats/diesel'
\set sqlx :data '/formats/sqlx'
\set prisma :data '/formats/prisma'
\set drizzle_old :data '/formats/drizzle-0.31'
\set drizzle_new :data '/formats/drizzle-1.0'
\set broken :data '/formats/broken'

-- goose, with a variable from the registered map
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'goose');
SELECT migrate_set_variable('PET_NAME', 'Rex');
SELECT * FROM migrate_load(:'goose');
SELECT version, name, format, has_down FROM turnstone.migration ORDER BY version_key;
SELECT version, statements FROM migrate_apply();
SELECT * FROM pets ORDER BY id;
SELECT version FROM migrate_rollback(2);
SELECT migrate_set_variable('PET_NAME', NULL);
SELECT * FROM turnstone.variable;
DROP EXTENSION turnstone;
CREATE EXTENSION turnstone;
-- one broken file: none is registered, and it names itself and its line
SELECT * FROM migrate_load(:'broken');
SELECT count(*) AS registered FROM turnstone.migration;
SELECT * FROM migrate_load(:'goose', 'godbmate');
SELECT * FROM migrate_load(:'goose', 'dbmate');
DROP EXTENSION turnstone;

-- dbmate
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'dbmate');
SELECT version FROM migrate_apply('+1');
SELECT version, line, command, transactional, note FROM migrate_plan();
SELECT * FROM migrate_apply();
SELECT version FROM migrate_rollback();
DROP EXTENSION turnstone;

-- golang-migrate: a pair of files; an error in the Down's own file
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'golang');
SELECT * FROM migrate_load(:'golang', 'golang-migrate');
SELECT version, statements FROM migrate_apply();
SELECT * FROM migrate_rollback();
SELECT * FROM migrate_register('2_add_age', E'BEGIN;\nALTER TABLE pets ADD COLUMN age int;\nCOMMIT;\n', E'ALTER TABLE pets DROP COLUMN age;\n');
SELECT version, name, convert_from(script, 'UTF8') AS up, convert_from(down_script, 'UTF8') AS down FROM turnstone.migration ORDER BY version_key;
DROP TABLE pets;
DROP EXTENSION turnstone;

-- a pair of texts through SQL
CREATE EXTENSION turnstone;
SELECT status FROM migrate_register('1_pair.sql', 'CREATE TABLE paired (n int)', 'DROP TABLE paired');
SELECT status FROM migrate_register('1_pair.sql', 'CREATE TABLE paired (n int)', 'DROP TABLE paired');
SELECT status FROM migrate_register('1_pair.sql', 'CREATE TABLE paired (n int)', 'DROP TABLE IF EXISTS paired');
SELECT version FROM migrate_apply();
SELECT status FROM migrate_register('1_pair.sql', 'CREATE TABLE paired (n int)', '/* same */ DROP TABLE IF EXISTS paired');
SELECT * FROM migrate_register('1_pair.sql', 'CREATE TABLE paired (n int)', 'DROP TABLE paired');
SELECT version FROM migrate_rollback();
SELECT convert_from(script, 'UTF8') AS the_down_that_ran FROM turnstone.journal WHERE event = 'rollback';
DROP EXTENSION turnstone;

-- Flyway: versions with dots, an undo script, a placeholder, a repeatable one, a callback that is passed over
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'flyway');
SELECT migrate_set_variable('kind', 'dog');
SELECT * FROM migrate_load(:'flyway');
SELECT version, name, state FROM migrate_status();
SELECT version, statements FROM migrate_apply();
SELECT column_default FROM information_schema.columns WHERE table_name = 'pets' AND column_name = 'kind';
SELECT * FROM migrate_apply();
-- a repeatable script runs again when its text changes, and is nothing to roll back
SELECT * FROM migrate_register('R__pet_names.sql', 'CREATE OR REPLACE VIEW pet_names AS SELECT name, id FROM pets;');
SELECT version, state FROM migrate_status();
SELECT version FROM migrate_apply();
SELECT event, version, state FROM turnstone.journal ORDER BY id;
SELECT version FROM migrate_rollback();
SELECT version FROM migrate_rollback();
DROP VIEW pet_names;
DROP TABLE pets;
DROP EXTENSION turnstone;

-- Flyway's baseline scripts: where nothing is applied the newest one runs in place of what it sums up
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'baselines');
SELECT * FROM migrate_load(:'baselines');
SELECT version, version_key, kind, has_down FROM turnstone.migration ORDER BY version;
SELECT version, name, state FROM migrate_status();
SELECT step, version, statement, command, note FROM migrate_plan();
-- up to a target, the newest one up to it
SELECT version FROM migrate_plan('1');
-- in a database that has its schema it is what is taken over, and with it what it sums up
BEGIN;
SELECT * FROM migrate_baseline('2', 'made by hand');
SELECT version, state FROM migrate_status();
SELECT version FROM migrate_plan();
ROLLBACK;
SELECT version, statements FROM migrate_apply(dry_run := true);
SELECT version, statements FROM migrate_apply();
SELECT * FROM migrate_apply();
SELECT version, state, applied_at IS NOT NULL AS ran FROM migrate_status();
INSERT INTO pets (id, age) VALUES (1, 12) RETURNING *;
-- what comes later with an older version is summed up too; another baseline script is left out for good
SELECT * FROM migrate_load(:'baselines_later');
SELECT version, state FROM migrate_status();
SELECT status FROM migrate_register('5_needs_name.sql', E'-- +migrate Requires: 1.5\n-- +migrate Up\nSELECT 1;\n-- +migrate Down\nSELECT 1;\n');
SELECT version FROM migrate_apply();
SELECT * FROM migrate_apply();
SELECT status FROM migrate_register('S__pets.sql', E'-- +migrate Requires: 1, 2\nINSERT INTO pets VALUES (2) ON CONFLICT DO NOTHING');
SELECT version FROM migrate_seed('dev');
-- a baseline script has no way back
SELECT version, note FROM migrate_plan('-4', 'down');
SELECT * FROM migrate_rollback(4);
SELECT * FROM migrate_redo(4);
SELECT * FROM migrate_rollback_to('1');
SELECT version FROM migrate_rollback_to('2');
SELECT version FROM migrate_rollback_to('base');
SELECT version, state FROM migrate_status();
SET turnstone.allow_reset = on;
SELECT version, direction FROM migrate_reset();
SELECT version, direction FROM migrate_reset();
-- what is summed up may be forgotten, what is applied may not
SELECT migrate_unregister('1');
SELECT migrate_unregister('B4');
SELECT migrate_unregister('B02');
SELECT migrate_tag('B7');
-- marked pending, with nothing else applied, it is to be run again
SELECT count(*) FROM migrate_rollback_to('B2');
SELECT * FROM migrate_mark('B2', 'pending', 'made anew');
DROP TABLE pets CASCADE;
SELECT version FROM migrate_apply('2');
DROP TABLE pets CASCADE;
DROP EXTENSION turnstone;
-- the same by migrate_deploy()
CREATE EXTENSION turnstone;
SELECT count(*) FROM migrate_load(:'baselines');
CALL migrate_deploy('2');
CALL migrate_deploy();
CALL migrate_deploy();
CALL migrate_revert(2);
SELECT version, state FROM migrate_status();
DROP TABLE pets CASCADE;
DROP EXTENSION turnstone;
-- one that has stopped half way is the one to be finished
CREATE EXTENSION turnstone;
SELECT count(*) FROM migrate_load(:'baseline_steps');
CALL migrate_deploy();
SELECT version, state FROM migrate_status();
SELECT * FROM migrate_apply();
CREATE TABLE dictionary ();
CALL migrate_deploy();
SELECT version, state FROM migrate_status();
SELECT * FROM migrate_apply();
DROP TABLE words, dictionary;
DROP EXTENSION turnstone;
-- where migrations are applied they are left out; a reset leaves nothing applied, and begins with one
CREATE EXTENSION turnstone;
SELECT count(*) FROM migrate_load(:'baselines');
SELECT migrate_unregister('B1');
SELECT version FROM migrate_apply('1');
SELECT version, state FROM migrate_status();
SELECT version FROM migrate_apply();
SELECT * FROM migrate_apply();
SELECT version, direction FROM migrate_reset();
SELECT version, state FROM migrate_status();
RESET turnstone.allow_reset;
DROP TABLE pets CASCADE;
DROP EXTENSION turnstone;

-- diesel and sqlx
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'diesel');
SELECT version FROM migrate_apply();
SELECT version FROM migrate_rollback_to('base');
DROP EXTENSION turnstone;
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'sqlx');
SELECT * FROM migrate_apply();
SELECT version FROM migrate_apply('1');
DROP TABLE pets;
DROP EXTENSION turnstone;

-- Prisma
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'prisma');
SELECT version, format, has_down FROM turnstone.migration ORDER BY version_key;
SELECT version, statements FROM migrate_apply();
SELECT version FROM migrate_rollback();
DROP TABLE pets;
DROP EXTENSION turnstone;

-- Drizzle, both layouts, as drizzle-kit wrote them: the same schema in the end
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'drizzle_old');
SELECT version, statements FROM migrate_apply();
DROP EXTENSION turnstone;
SELECT count(*) > 0 AS made_tables FROM pg_tables WHERE schemaname = 'public';
SET client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;
RESET client_min_messages;
CREATE EXTENSION turnstone;
SELECT * FROM migrate_load(:'drizzle_new');
SELECT version, statements FROM migrate_apply();
SELECT * FROM migrate_drift();
DROP EXTENSION turnstone;
SET client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;
