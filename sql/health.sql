-- migrate_health(): all is well, then one thing after the other is not.
CREATE EXTENSION turnstone;
SET client_min_messages = warning;
CREATE FUNCTION unwell() RETURNS TABLE("check" text, state text, detail text, hint text) LANGUAGE sql AS $$
    SELECT h."check", h.state, replace(regexp_replace(h.detail, '\d+:\d\d:\d\d', 'TIME'), current_user, 'ME'), h.hint FROM migrate_health() h WHERE h.state <> 'ok' $$;
SELECT "check", state, hint IS NULL AS no_hint FROM migrate_health();
SELECT status FROM migrate_register('1_first.sql', e'-- +migrate Up\nCREATE TABLE t (id int);\n-- +migrate Down\nDROP TABLE t;');
SELECT version FROM migrate_apply();
SELECT * FROM unwell();
SELECT "check", regexp_replace(detail, '\d+:\d\d:\d\d', 'TIME') FROM migrate_health() WHERE "check" IN ('scripts', 'drift', 'run lock', 'sealing');

-- drift; not recorded
ALTER TABLE t ADD by_hand int;
SELECT * FROM unwell();
ALTER TABLE t DROP by_hand;
SELECT count(*) FROM migrate_accept_drift('taken back');
SET turnstone.record_schema = off;
SELECT status FROM migrate_register('2_second.sql', 'SELECT 1');
SELECT version FROM migrate_apply();
SELECT * FROM unwell();
RESET turnstone.record_schema;
SELECT status FROM migrate_register('3_third.sql', 'SELECT 1');
SELECT version FROM migrate_apply();

-- watching and sealing that somebody has switched off behind turnstone's back
SELECT count(*) FROM migrate_watch(true);
SELECT count(*) FROM migrate_seal('refuse', '{public}');
SELECT * FROM unwell();
ALTER EVENT TRIGGER turnstone_watch_drop DISABLE;
DROP EVENT TRIGGER turnstone_seal_command;
SELECT * FROM unwell();
SELECT count(*) FROM migrate_watch(true);
SELECT count(*) FROM migrate_seal('refuse', '{public}');
SELECT count(*) FROM migrate_break_glass('an incident', '1 hour', current_user::text);
SELECT * FROM unwell();
SELECT count(*) FROM migrate_break_glass_end();
SELECT count(*) FROM migrate_seal('off');
SELECT count(*) FROM migrate_watch(false);
ALTER EVENT TRIGGER turnstone_updated_at_after DISABLE;
SELECT * FROM unwell();
SELECT status FROM migrate_register('4_policy.sql', $$SELECT migrate_updated_at_policy('{public}')$$);
SELECT version FROM migrate_apply();
SELECT * FROM unwell();
ALTER EVENT TRIGGER turnstone_updated_at_after ENABLE;

-- a failure, an index that was not finished, a script applied in part
SELECT status FROM migrate_register('5_duplicates.sql', 'INSERT INTO t VALUES (1), (1);');
SELECT status FROM migrate_register('6_index.sql', e'-- +migrate Up notransaction\nCREATE TABLE made ();\nCREATE UNIQUE INDEX CONCURRENTLY once ON t (id);');
CALL migrate_deploy();
SELECT * FROM unwell() WHERE "check" <> 'worker slots';
DELETE FROM t;
CALL migrate_deploy();
SELECT "check", state FROM unwell();

-- an edited script
UPDATE turnstone.migration SET checksum = 'another' WHERE version = '1';
SELECT * FROM unwell() WHERE "check" = 'scripts';

DROP EXTENSION turnstone CASCADE;
DROP TABLE t, made;
DROP FUNCTION unwell();
