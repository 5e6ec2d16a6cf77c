-- Environments, seeds and the reset.
CREATE EXTENSION turnstone;

-- a migration with an Environment line is for those environments only
SELECT status FROM migrate_register('1_create.sql', E'-- +migrate Up\nCREATE TABLE person (name text);\n-- +migrate Down\nDROP TABLE person;\n');
SELECT status FROM migrate_register('2_debug.sql', E'-- +migrate Environment: dev, test\n-- +migrate Up\nCREATE TABLE debug ();\n-- +migrate Down\nDROP TABLE debug;\n');
SELECT status FROM migrate_register('3_more.sql', E'-- +migrate Up\nALTER TABLE person ADD age int;\n-- +migrate Down\nALTER TABLE person DROP age;\n');
SELECT status FROM migrate_register('R__fixtures.sql', E'-- +migrate Environment: test\nCREATE OR REPLACE FUNCTION fixture() RETURNS int LANGUAGE sql AS ''SELECT 1'';');
SELECT version, environments FROM turnstone.migration ORDER BY version COLLATE "C";
SELECT version, state FROM migrate_status();
SELECT DISTINCT version FROM migrate_plan() ORDER BY 1;
SELECT version FROM migrate_apply();
SELECT version FROM migrate_apply();
SELECT version, state FROM migrate_status();
-- what is skipped is not there for others
SELECT status FROM migrate_register('4_needs.sql', E'-- +migrate Requires: 2\nSELECT 1;');
SELECT version FROM migrate_apply();
SELECT migrate_unregister('4');
-- there
SET turnstone.environment = 'test';
SELECT version, state FROM migrate_status();
SELECT version FROM migrate_apply(); -- late by now
SET turnstone.out_of_order = allow;
SELECT version FROM migrate_apply();
RESET turnstone.out_of_order;
-- what is applied stays so, whatever the environment
SET turnstone.environment = 'production';
SELECT version, state FROM migrate_status();
SELECT version FROM migrate_rollback();
SELECT version FROM migrate_apply();
SELECT version, state FROM migrate_baseline('3');
RESET turnstone.environment;

-- seeds
SELECT * FROM migrate_register('S__020_people.sql', 'INSERT INTO person VALUES (''Ann''), (''Ben'');');
SELECT status FROM migrate_register('S__010_first.sql', E'-- +migrate Environment: dev test\n-- +migrate Requires: 1\nINSERT INTO person VALUES (''first'');');
SELECT status FROM migrate_register('S__demo', E'-- +migrate Environment: demo\nINSERT INTO person VALUES (''demo'');');
SELECT version, state, applied_at FROM migrate_status() WHERE version LIKE 'S%';
SELECT version FROM migrate_apply();
SELECT * FROM migrate_plan();
-- the environment must be given
SELECT * FROM migrate_seed(NULL);
SELECT * FROM migrate_seed('');
SELECT * FROM migrate_seed('dev,test');
SELECT version, name, direction, statements FROM migrate_seed('dev', dry_run := true);
SELECT count(*) FROM person;
SELECT version, name, direction, statements, duration >= '0' AS has_duration, statement_times FROM migrate_seed('dev');
SELECT name FROM person;
SELECT version FROM migrate_seed('dev');
SELECT version FROM migrate_seed('demo');
SELECT version, state, applied_by = current_user AS by_me FROM migrate_status() WHERE version LIKE 'S%';
SELECT event, state, version, statements, rows FROM turnstone.journal WHERE event = 'seed' ORDER BY id;
SELECT command, target FROM turnstone.run ORDER BY id DESC LIMIT 1;
-- run again when changed
SELECT status FROM migrate_register('S__020_people.sql', 'INSERT INTO person VALUES (''Cid'');');
SELECT version, state FROM migrate_status() WHERE state = 'changed';
SELECT version FROM migrate_seed('dev');
SELECT version, state FROM migrate_mark('S__020_people', 'pending', 'once more');
SELECT version, state FROM migrate_mark('S__020_people.sql', 'pending', 'twice');
SELECT version FROM migrate_seed('dev');
SELECT version, state FROM migrate_mark('S__demo', 'pending', 'by hand');
SELECT version, state FROM migrate_mark('S__demo', 'applied', 'by hand');
SELECT event, state, version, reason FROM turnstone.journal WHERE reason IS NOT NULL AND event = 'seed' ORDER BY id;
-- never where another environment is
SET turnstone.environment = 'production';
SELECT version FROM migrate_seed('dev');
SELECT version, state FROM migrate_status() WHERE version LIKE 'S%';
SELECT version FROM migrate_seed('production');
RESET turnstone.environment;
-- all or nothing, and the failure is known
SELECT status FROM migrate_register('S__030_bad.sql', E'INSERT INTO person VALUES (''bad'');\nSELECT 1 / 0;');
SELECT status FROM migrate_register('S__020_people.sql', 'INSERT INTO person VALUES (''Dan'');');
SELECT version FROM migrate_seed('dev');
SELECT count(*) FROM person WHERE name IN ('bad', 'Dan');
SELECT version, state FROM migrate_status() WHERE version LIKE 'S__0%';
SELECT event, version, error_sqlstate, error_statement, error_line FROM turnstone.journal WHERE error_sqlstate IS NOT NULL ORDER BY id;
SELECT migrate_unregister('S__030_bad');
-- what a seed cannot be
SELECT * FROM migrate_register('S__x.sql', E'-- +migrate Up\nSELECT 1;\n-- +migrate Down\nSELECT 2;\n');
SELECT * FROM migrate_register('S__x.sql', 'SELECT 1', 'SELECT 2');
SELECT * FROM migrate_register('S__x.sql', 'VACUUM');
SELECT * FROM migrate_register('S__x.sql', E'-- +migrate Requires: 99\nSELECT 1;');
SELECT version FROM migrate_seed('dev');
SELECT * FROM migrate_register('S__x.sql', E'-- +migrate Requires: 2\nSELECT 1;');
SELECT version FROM migrate_seed('dev');
SELECT migrate_unregister('S__x');

-- the reset: only where it is allowed, and not by everybody
SELECT version FROM migrate_reset('dev');
CREATE ROLE regress_turnstone_resetter;
SET ROLE regress_turnstone_resetter;
SET turnstone.allow_reset = on;
RESET ROLE;
SELECT current_database() AS db \gset
ALTER DATABASE :"db" SET turnstone.allow_reset = on;
\c
SHOW turnstone.allow_reset;
SELECT status FROM migrate_register('R__view.sql', 'CREATE OR REPLACE VIEW older AS SELECT name FROM person;');
SELECT version FROM migrate_apply();
-- a missing Down is named before anything runs
SELECT status FROM migrate_register('9_no_down.sql', 'SELECT 9;');
SELECT version FROM migrate_apply();
SELECT version FROM migrate_reset('dev');
SELECT version, statement, line, command, note FROM migrate_plan('-2', 'down');
SELECT version, state FROM migrate_mark('9', 'pending', 'has no Down');
SELECT migrate_unregister('9');
SELECT migrate_unregister('R__fixtures');
-- so is a script that cannot run
SELECT status FROM migrate_register('9_vacuum.sql', 'VACUUM;');
SELECT version FROM migrate_reset('dev');
SELECT migrate_unregister('9');
-- a Down that a view is in the way of undoes the whole
SELECT version FROM migrate_reset('dev');
SELECT count(*) > 0 AS still_there FROM older;
DROP VIEW older;
-- a rehearsal, and for real
SELECT version, name, direction, statements, array_length(statement_times, 1) AS times FROM migrate_reset('dev', dry_run := true);
SELECT name FROM person ORDER BY 1;
SELECT version, name, direction, statements FROM migrate_reset('dev');
SELECT name FROM person;
SELECT count(*) FROM older;
SELECT version, state FROM migrate_status();
SELECT event, state, version, reason FROM turnstone.journal WHERE run = (SELECT max(run) FROM turnstone.journal WHERE error_sqlstate IS NULL) ORDER BY id;
SELECT command, target FROM turnstone.run ORDER BY id DESC LIMIT 1;
SELECT * FROM migrate_drift();
-- without an environment no seed; elsewhere not at all; baselines stay
DROP VIEW older;
SELECT migrate_unregister('2');
SELECT version, direction FROM migrate_reset();
SELECT count(*) FROM person;
SET turnstone.environment = 'production';
SELECT version FROM migrate_reset('dev');
RESET turnstone.environment;
DROP VIEW older;
DROP TABLE person;
SELECT version, state FROM migrate_mark('1', 'pending', 'a new life');
SELECT version, state FROM migrate_mark('3', 'pending', 'a new life');
CREATE TABLE person (name text);
SELECT version, state FROM migrate_baseline('1');
SELECT version FROM migrate_apply();
SELECT version, direction FROM migrate_reset();
ALTER DATABASE :"db" RESET turnstone.allow_reset;

DROP VIEW older;
DROP TABLE person;
DROP FUNCTION fixture;
DROP ROLE regress_turnstone_resetter;
DROP EXTENSION turnstone;
