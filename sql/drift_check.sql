-- turnstone.drift_check: runs that apply look for drift first.
CREATE EXTENSION turnstone;
\set SHOW_CONTEXT never
SET turnstone.drift_check = refuse;
SELECT status FROM migrate_register('1_create.sql', E'-- +migrate Up\nCREATE TABLE checked (id int, name text);\n-- +migrate Down\nDROP TABLE checked;');
-- nothing to compare with
SELECT version FROM migrate_apply();
SELECT version FROM migrate_apply();
SELECT status FROM migrate_register('2_more.sql', E'-- +migrate Up\nCREATE TABLE more (id int);\n-- +migrate Down\nDROP TABLE more;');
-- no drift, no word
SELECT version FROM migrate_apply(dry_run := true);
ALTER TABLE checked ADD COLUMN by_hand int;
ALTER TABLE checked ALTER COLUMN name SET NOT NULL;
SELECT version FROM migrate_apply();
SELECT version FROM migrate_apply(dry_run := true);
CALL migrate_deploy();
SELECT version, state FROM migrate_status();
SELECT state, error_message FROM turnstone.run WHERE command IN ('apply', 'deploy');
-- going back is never refused, nor is doing nothing
SELECT version FROM migrate_rollback(0);
SET turnstone.drift_check = warn;
CREATE TABLE by_hand_1 (id int);
CREATE TABLE by_hand_2 (id int);
CREATE TABLE by_hand_3 (id int);
CREATE TABLE by_hand_4 (id int);
SELECT version FROM migrate_apply(dry_run := true);
SELECT version FROM migrate_apply();
-- it stays drift, and nothing is pending
SELECT version FROM migrate_apply();
SELECT version FROM migrate_rollback();
CALL migrate_deploy();
SELECT version FROM migrate_rollback();
SET turnstone.drift_check = refuse;
CALL migrate_deploy();
DROP TABLE by_hand_1, by_hand_2, by_hand_3, by_hand_4;
ALTER TABLE checked DROP COLUMN by_hand;
ALTER TABLE checked ALTER COLUMN name DROP NOT NULL;
SELECT version FROM migrate_apply();
-- a stale record tells nothing
SET turnstone.record_schema = off;
SELECT version FROM migrate_rollback();
RESET turnstone.record_schema;
SELECT version FROM migrate_apply();
SELECT version FROM migrate_rollback(2);
SET turnstone.drift_check = loud;
RESET turnstone.drift_check;
DROP EXTENSION turnstone;
