-- Baseline, mark, repair; requirements; the journal as a record.
CREATE EXTENSION turnstone;

-- a database that has the schema already
CREATE TABLE old (id int);
SELECT count(*) FROM generate_series(1, 3) n, LATERAL migrate_register(n || '_old.sql', format(E'-- +migrate Up\nCREATE TABLE old%s (id int);\n-- +migrate Down\nDROP TABLE old%s;\n', n, n));
SELECT * FROM migrate_baseline('2', 'taken over from the old tool');
SELECT * FROM migrate_baseline('2');
SELECT version, state FROM migrate_status();
SELECT count(*) AS drift FROM migrate_drift();
SELECT version FROM migrate_apply();
-- a baseline is not turnstone's to undo
SELECT version FROM migrate_rollback(3);
SELECT version FROM migrate_rollback_to('base');
SELECT version FROM migrate_apply();

-- marks need a reason and change nothing but the journal
SELECT * FROM migrate_mark('3', 'pending', NULL);
SELECT * FROM migrate_mark('3', 'failed', 'x');
SELECT * FROM migrate_mark('3', 'applied', 'x');
SELECT * FROM migrate_mark('3', 'pending', 'table was dropped by hand');
SELECT to_regclass('old3') AS still_there;
SELECT * FROM migrate_mark('3', 'applied', 'no, it was not');
SELECT * FROM migrate_mark('9', 'applied', 'x');

-- repair: an edited text of an applied migration
SELECT * FROM migrate_register('3_old.sql', E'-- +migrate Up\nCREATE TABLE old3 (id int, n int);\n-- +migrate Down\nDROP TABLE old3;\n');
SELECT * FROM migrate_repair('3');
SELECT * FROM migrate_repair('3', E'-- +migrate Up\nCREATE TABLE old3 (id int, n int);\n-- +migrate Down\nDROP TABLE old3;\n', 'the column was added by hand');
SELECT status FROM migrate_register('3_old.sql', E'-- +migrate Up\nCREATE TABLE old3 (id int, n int);\n-- +migrate Down\nDROP TABLE old3;\n');
SELECT * FROM migrate_repair('3', 'SELEKT 1');
UPDATE turnstone.migration SET checksum = 'changed behind the engine' WHERE version = '3';
SELECT version, state FROM migrate_status() WHERE version = '3';
SELECT * FROM migrate_apply();
SELECT * FROM migrate_rollback();
SELECT * FROM migrate_repair('3', reason := 'seen and accepted');
SELECT version, state FROM turnstone.status WHERE version = '3';

-- requirements and conflicts
SELECT status FROM migrate_register('10_needs.sql', E'-- +migrate Requires: 3, tea\n-- +migrate Up\nSELECT 1;\n-- +migrate Down\n');
SELECT * FROM migrate_apply();
SELECT status FROM migrate_register('11_tea.sql', E'-- +migrate Up\nSELECT 1;\n-- +migrate Down\n');
SELECT * FROM migrate_apply();
SELECT migrate_unregister('11');
SELECT status FROM migrate_register('9_tea.sql', E'-- +migrate Tags: brewed\n-- +migrate Up\nSELECT 1;\n-- +migrate Down\n');
SELECT version FROM migrate_apply();
-- one that stays requires one that goes: 9 cannot go before 10
SELECT * FROM migrate_mark('9', 'pending', 'to be the newest');
SET turnstone.out_of_order = 'allow';
SELECT version FROM migrate_apply('brewed');
RESET turnstone.out_of_order;
SELECT * FROM migrate_rollback();
SELECT version FROM migrate_rollback(2);
SELECT status FROM migrate_register('12_coffee.sql', E'-- +migrate Conflicts: tea\n-- +migrate Up\nSELECT 1;\n');
SELECT * FROM migrate_apply();
SELECT migrate_unregister('12');

-- a late script may allow itself
SELECT version FROM migrate_apply();
SELECT status FROM migrate_register('2.5_late.sql', E'-- +migrate OutOfOrder: allow\n-- +migrate Up\nSELECT 1;\n');
SELECT version FROM migrate_apply();

-- rows, WAL, the text that ran, the reason
SELECT status FROM migrate_register('20_rows.sql', E'-- +migrate LockTimeout: 3s\n-- +migrate Up\nCREATE TABLE rowed (n int, setting text);\nINSERT INTO rowed SELECT n, current_setting(''lock_timeout'') FROM generate_series(1, 100) n;\nUPDATE rowed SET n = 0 WHERE n > 90;\nSELECT * FROM rowed;\n');
SELECT version FROM migrate_apply();
SELECT statements, rows, wal_bytes > 1000 AS wrote_wal, script = (SELECT script FROM turnstone.migration WHERE version = '20') AS text_is_kept, search_path
  FROM turnstone.journal WHERE version = '20';
SELECT DISTINCT setting AS lock_timeout_in_the_script, current_setting('lock_timeout') AS here FROM rowed;
SELECT event, version, state, reason FROM turnstone.journal WHERE reason IS NOT NULL ORDER BY id;
SELECT event, version, name, statements, rows FROM turnstone.history LIMIT 2;

-- the journal is never changed
UPDATE turnstone.journal SET reason = 'x';
DELETE FROM turnstone.journal;
TRUNCATE turnstone.journal;
SET session_replication_role = replica;
DELETE FROM turnstone.journal;
RESET session_replication_role;

-- temporary objects end with the script; the caller's own stay
CREATE TEMPORARY TABLE mine (n int);
SELECT status FROM migrate_register('21_temp.sql', 'CREATE TEMPORARY TABLE scratch (id serial PRIMARY KEY, t text); CREATE TEMPORARY VIEW v AS SELECT * FROM scratch; CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS ''SELECT 1''; CREATE TYPE pg_temp.e AS ENUM (''x''); INSERT INTO mine VALUES (1)');
SELECT status FROM migrate_register('22_temp.sql', 'CREATE TEMPORARY TABLE scratch (other int)');
SELECT version FROM migrate_apply();
SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind <> 'i';
SELECT * FROM mine;

-- each event is sent on the channel (t/004_readme.t), unless that is switched off
LISTEN turnstone;
SELECT status FROM migrate_register('23_notify.sql', '-- nothing');
SET turnstone.notify = off;
SELECT version FROM migrate_apply();
RESET turnstone.notify;
UNLISTEN turnstone;

DROP TABLE old, old3, rowed, mine;
DROP EXTENSION turnstone;
