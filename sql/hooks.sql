-- Hooks: scripts that run around others.
CREATE EXTENSION turnstone;
CREATE TABLE diary (id int GENERATED ALWAYS AS IDENTITY, entry text);
CREATE VIEW page AS SELECT entry FROM diary ORDER BY id;

-- registered by name, with or without .sql; no migrations
SELECT * FROM migrate_register('before_run.sql', $$INSERT INTO diary (entry) SELECT 'before_run ' || current_setting('turnstone.hook_command') || ' ' || (current_setting('turnstone.hook_run')::bigint = (SELECT max(id) FROM turnstone.run));$$);
SELECT * FROM migrate_register('after_run', $$INSERT INTO diary (entry) VALUES ('after_run ' || current_setting('turnstone.hook_command') || '/' || current_setting('turnstone.hook_version'));$$);
SELECT * FROM migrate_register('before_each.sql', $$INSERT INTO diary (entry) VALUES (concat_ws(' ', 'before', current_setting('turnstone.hook_version'), current_setting('turnstone.hook_name'), current_setting('turnstone.hook_direction')));$$);
SELECT * FROM migrate_register('after_each.sql', $$INSERT INTO diary (entry) VALUES (concat_ws(' ', 'after', current_setting('turnstone.hook_version'), current_setting('turnstone.hook_direction'), current_user = session_user));
SET search_path = nowhere;$$);
SELECT version, name, kind FROM turnstone.migration ORDER BY version COLLATE "C";
SELECT * FROM migrate_status();
SELECT * FROM migrate_plan();
-- a run with nothing to do calls none
SELECT * FROM migrate_apply();
SELECT * FROM page;

SELECT count(*) FROM generate_series(1, 2) n, LATERAL migrate_register(n || '_t.sql', format(E'-- +migrate Up\nCREATE TABLE t%s ();\nINSERT INTO diary (entry) VALUES (''%s'');\n-- +migrate Down\nDROP TABLE t%s;\n', n, n, n));
-- a dry run runs them too, and takes back what they did
SELECT version FROM migrate_apply(dry_run := true);
SELECT * FROM page;
SELECT version FROM migrate_apply();
SELECT * FROM page;
SELECT current_setting('turnstone.hook_version') AS nothing_is_left, current_setting('search_path') AS search_path;
SELECT event, state, version, reason, statements, script IS NOT NULL AS text_is_kept FROM turnstone.journal ORDER BY id;
SELECT version, state FROM migrate_status();
TRUNCATE diary;
SELECT version FROM migrate_rollback();
SELECT version FROM migrate_redo();
SELECT * FROM page;
SELECT migrate_unregister('before_each'), migrate_unregister('after_each.sql'), migrate_unregister('after_run');
SELECT migrate_unregister('after_run');

-- their texts may be changed at any time
SELECT status FROM migrate_register('before_run.sql', 'SELECT 1;');
SELECT status FROM migrate_register('before_run.sql', 'SELECT 1;');
SELECT status FROM migrate_register('before_run', E'SELECT 1;\nSELECT nonsense;\n');
-- one that fails fails the run, and is named, here and in the journal
SELECT status FROM migrate_register('3_t.sql', 'CREATE TABLE t3 ();');
SELECT version FROM migrate_apply();
SELECT migrate_unregister('before_run');
SELECT status FROM migrate_register('after_each.sql', E'DO $$ BEGIN\n  RAISE EXCEPTION ''no % here'', current_setting(''turnstone.hook_name'');\nEND $$;\n');
SELECT version FROM migrate_apply();
SELECT to_regclass('t3');
SELECT version, state FROM migrate_status();
SELECT event, version, name, error_message, error_statement, error_line FROM turnstone.journal WHERE error_message IS NOT NULL ORDER BY id;
SELECT migrate_unregister('after_each');

-- what a hook cannot be
SELECT * FROM migrate_register('before_each.sql', E'-- +migrate Up\nSELECT 1;\n-- +migrate Down\nSELECT 2;\n');
SELECT * FROM migrate_register('before_each.sql', E'-- +migrate Tags: x\nSELECT 1;\n');
SELECT * FROM migrate_register('before_each.sql', E'-- +migrate Requires: 1\nSELECT 1;\n');
SELECT * FROM migrate_register('before_each.sql', E'-- +migrate Transaction: none\nSELECT 1;\n');
SELECT * FROM migrate_register('before_each.sql', 'VACUUM;');
SELECT * FROM migrate_register('before_each.sql', 'SELECT 1; COMMIT;');
SELECT * FROM migrate_register('before_lunch.sql', 'SELECT 1;');
-- its head may limit its time
SELECT status FROM migrate_register('before_each.sql', E'-- +migrate Timeout: 30ms\nSELECT pg_sleep(60);\n');
SELECT version FROM migrate_apply();
SELECT migrate_unregister('before_each');

-- after_failure: in a transaction of its own, as the caller
SELECT status FROM migrate_register('after_failure.sql', $$INSERT INTO diary (entry)
SELECT concat_ws(' | ', current_setting('turnstone.hook_command'), current_setting('turnstone.hook_version'), current_setting('turnstone.hook_name'), current_setting('turnstone.hook_direction'),
    current_setting('turnstone.hook_error_sqlstate'), current_setting('turnstone.hook_error_message'), current_user, session_user = current_user, current_setting('search_path'),
    (SELECT max(run) FROM turnstone.journal) = current_setting('turnstone.hook_run')::bigint);$$);
TRUNCATE diary;
SELECT status FROM migrate_register('3_t.sql', 'CREATE TABLE t3 (); SELECT 1 / 0;');
SET search_path = public, pg_temp;
SELECT version FROM migrate_apply(dry_run := true);
SELECT * FROM page;
SELECT version FROM migrate_apply();
SELECT replace(entry, current_user, 'me') AS entry FROM page;
RESET search_path;
-- with the rights of the role that failed, and no others
CREATE ROLE regress_turnstone_hooked LOGIN;
GRANT EXECUTE ON FUNCTION migrate_apply(text, boolean) TO regress_turnstone_hooked;
GRANT CREATE ON SCHEMA public TO regress_turnstone_hooked;
SET ROLE regress_turnstone_hooked;
SELECT version FROM migrate_apply();
RESET ROLE;
SELECT event, name, error_sqlstate, error_message, role, session_role = session_user AS my_session FROM turnstone.journal ORDER BY id DESC LIMIT 2;
SELECT status FROM migrate_register('after_failure.sql', 'INSERT INTO diary (entry) VALUES (current_user); RESET ROLE;');
GRANT INSERT ON diary TO regress_turnstone_hooked;
TRUNCATE diary;
SET ROLE regress_turnstone_hooked;
SELECT version FROM migrate_apply();
RESET ROLE;
SELECT error_message FROM turnstone.journal ORDER BY id DESC LIMIT 1;
SELECT status FROM migrate_register('after_failure.sql', 'INSERT INTO diary (entry) VALUES (current_user);');
SET ROLE regress_turnstone_hooked;
SELECT version FROM migrate_apply();
RESET ROLE;
SELECT * FROM page;
-- each call has its row
SELECT count(*) FROM turnstone.journal WHERE event = 'hook' AND version = 'after_failure';

-- a script that was refused before its first statement has failed too
SELECT migrate_unregister('after_failure');
SELECT migrate_unregister('3');
SELECT status FROM migrate_register('4_gone.sql', E'-- +migrate Placeholders: on\nSELECT 4;\n');
SELECT migrate_set_variable('four', '4');
SELECT status FROM migrate_register('4_gone.sql', E'-- +migrate Placeholders: on\nSELECT 4,\n ${four};\n');
SELECT migrate_set_variable('four', NULL);
SELECT version FROM migrate_apply();
SELECT migrate_set_variable('four', 'four four four');
SELECT version FROM migrate_apply();
SELECT migrate_set_variable('four', '4');
SELECT status FROM migrate_register('5_alone.sql', 'VACUUM;');
SELECT version FROM migrate_apply();
SELECT version, state FROM migrate_status();
SELECT event, state, version, name, statements, error_sqlstate, error_message, error_statement, error_line, error_column FROM turnstone.journal WHERE version IN ('4', '5') ORDER BY id;
-- what is no fault of a script leaves no row
SELECT status FROM migrate_register('0.5_late.sql', 'SELECT 1;');
SELECT version FROM migrate_apply();
SELECT count(*) FROM turnstone.journal WHERE version = '0.5';

-- in migrate_deploy() each migration's hooks are in its own transaction
SELECT migrate_unregister('0.5'), migrate_unregister('2'), migrate_unregister('4'), migrate_unregister('5');
TRUNCATE diary;
SELECT count(*) FROM migrate_register('before_run.sql', $$INSERT INTO diary (entry) SELECT 'before_run ' || current_setting('turnstone.hook_command');$$);
SELECT count(*) FROM migrate_register('before_each.sql', $$INSERT INTO diary (entry) SELECT concat_ws(' ', 'before', current_setting('turnstone.hook_name'), current_setting('turnstone.hook_direction'));$$);
SELECT count(*) FROM migrate_register('after_each.sql', $$INSERT INTO diary (entry) SELECT concat_ws(' ', 'after', current_setting('turnstone.hook_version'));$$);
SELECT count(*) FROM migrate_register('after_run.sql', $$INSERT INTO diary (entry) SELECT 'after_run';$$);
SELECT count(*) FROM migrate_register('after_failure.sql', $$INSERT INTO diary (entry) SELECT concat_ws(' ', 'after_failure', current_setting('turnstone.hook_name'), current_setting('turnstone.hook_error_sqlstate'));$$);
SELECT status FROM migrate_register('6_t.sql', E'-- +migrate Up\nCREATE TABLE t6 (n int);\n-- +migrate Down\nDROP TABLE t6;\n');
SELECT status FROM migrate_register('7_t.sql', E'-- +migrate Up\nCREATE INDEX CONCURRENTLY t6_n ON t6 (n);\n-- +migrate Down\nDROP INDEX t6_n;\n');
CALL migrate_deploy();
SELECT * FROM page;
SELECT count(DISTINCT transaction) AS transactions FROM turnstone.journal WHERE run = (SELECT max(id) FROM turnstone.run);
TRUNCATE diary;
CALL migrate_revert();
SELECT * FROM page;
TRUNCATE diary;
SELECT status FROM migrate_register('8_t.sql', 'SELECT 1 / 0;');
CALL migrate_deploy();
SELECT * FROM page;
SELECT migrate_unregister('8');
SELECT status FROM migrate_register('9_slow.sql', E'-- +migrate Timeout: 30ms\n-- +migrate Transaction: none\nSELECT pg_sleep(60);');
CALL migrate_deploy();
SELECT version, state FROM migrate_status();
SELECT version, state FROM migrate_mark('9', 'pending', 'to be gone');
SELECT migrate_unregister('9');
-- a hook that fails undoes its migration, and no other
SELECT count(*) FROM migrate_register('after_each.sql', $$SELECT 1 / (current_setting('turnstone.hook_version')::int - 10);$$);
SELECT status FROM migrate_register('10_t.sql', 'CREATE TABLE t10 ();');
SELECT status FROM migrate_register('9_t.sql', E'-- +migrate Up\nCREATE TABLE t9 ();\n-- +migrate Down\nDROP TABLE t9;\n');
TRUNCATE diary;
CALL migrate_deploy();
SELECT * FROM page;
SELECT version, state FROM migrate_status();
SELECT event, version, name, error_sqlstate FROM turnstone.journal ORDER BY id DESC LIMIT 2;
-- what is refused before it runs is recorded here too
SELECT migrate_unregister('after_each'), migrate_unregister('10');
SELECT migrate_set_variable('ten', '10');
SELECT status FROM migrate_register('10_t.sql', E'-- +migrate Placeholders: on\nSELECT ${ten};');
SELECT migrate_set_variable('ten', '10 20 30');
TRUNCATE diary;
CALL migrate_deploy();
SELECT * FROM page;
SELECT event, version, name, error_sqlstate, error_message FROM turnstone.journal WHERE version = '10' ORDER BY id DESC LIMIT 1;
DROP TABLE t6, t9;

REVOKE ALL ON SCHEMA public FROM regress_turnstone_hooked;
DROP TABLE t1;
DROP VIEW page;
DROP TABLE diary;
DROP EXTENSION turnstone;
DROP ROLE regress_turnstone_hooked;
