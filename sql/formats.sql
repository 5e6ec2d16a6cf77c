-- Folders of other tools: each is read by its own rules, applied, and rolled back where the tool has a Down.
\getenv data TURNSTONE_DATA
\set goose :data '/formats/goose'
\set dbmate :data '/formats/dbmate'
\set golang :data '/formats/golang-migrate'
\set flyway :data '/formats/flyway'
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
