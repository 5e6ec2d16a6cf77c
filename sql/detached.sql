-- Detached runs: migrate_submit(), migrate_wait(), migrate_cancel(), turnstone.progress.
CREATE EXTENSION turnstone;
CREATE TABLE diary (id int GENERATED ALWAYS AS IDENTITY, what text);

SELECT name, status FROM migrate_register('1_who.sql', $$
INSERT INTO diary (what) SELECT concat_ws(', ', current_user, session_user, current_setting('work_mem'), current_setting('search_path'),
                                          regexp_replace(current_setting('application_name'), '[0-9]+', 'n'));
CREATE TABLE made (id int);
$$);
SELECT name, status FROM migrate_register('2_index.sql', 'CREATE INDEX CONCURRENTLY made_id ON made (id)');

-- Role and settings of the session carry over; the worker is another session.
CREATE ROLE turnstone_detached NOLOGIN;
GRANT CREATE, USAGE ON SCHEMA public TO turnstone_detached;
GRANT INSERT ON diary TO turnstone_detached;
GRANT EXECUTE ON FUNCTION migrate_submit(text) TO turnstone_detached;
SET work_mem = '9MB';
SET search_path = public, pg_catalog;
SET ROLE turnstone_detached;
SELECT migrate_submit() AS run \gset
RESET ROLE;
RESET search_path;
CALL migrate_wait(:run);
SELECT what FROM diary ORDER BY id;
SELECT id = :run AS this, command, target, state, backend <> pg_backend_pid() AS elsewhere, role, error_message FROM turnstone.run;
SELECT version, state, applied_by FROM migrate_status();
SELECT tableowner FROM pg_tables WHERE tablename = 'made';
SELECT indisvalid FROM pg_index WHERE indexrelid = 'made_id'::regclass;
SELECT * FROM turnstone.progress;
-- A run that is over can be waited for again, and not be cancelled.
CALL migrate_wait(:run);
SELECT migrate_cancel(:run);

-- Nothing pending is no error.
SELECT migrate_submit() AS run \gset
CALL migrate_wait(:run);

-- The run's error is that of whoever waits, whole.
SELECT name, status FROM migrate_register('3_broken.sql', E'SELECT 1;\nDO $$ BEGIN RAISE EXCEPTION ''broken'' USING ERRCODE = ''XY123'', DETAIL = ''The detail.'', HINT = ''The hint.''; END $$;');
SELECT migrate_submit() AS run \gset
CALL migrate_wait(:run);
\echo :LAST_ERROR_SQLSTATE
SELECT command, state, error_sqlstate, error_message, error_detail, error_hint FROM turnstone.run WHERE id = :run;
SELECT event, version, error_sqlstate, error_statement, error_line FROM turnstone.journal WHERE error_sqlstate IS NOT NULL;
-- So is one from before its first migration.
SELECT name, status FROM migrate_register('0.5_late.sql', 'SELECT 1');
SELECT migrate_submit() AS run \gset
CALL migrate_wait(:run);
SELECT migrate_unregister('0.5'), migrate_unregister('3');

-- What it does can be seen while it does it, and be cancelled.
SELECT name, status FROM migrate_register('4_waits.sql', $$SELECT 1; SELECT pg_advisory_xact_lock(4711);$$);
SELECT pg_advisory_lock(4711);
SELECT migrate_submit() AS run \gset
DO $$ BEGIN
    FOR i IN 1 .. 1000 LOOP
        EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted);
        PERFORM pg_sleep(0.01);
    END LOOP;
END $$;
SELECT run = :run AS this, kind, state, migration, "position", migrations, statement, statements, command,
       blocked_by = ARRAY[pg_backend_pid()] AS by_us, elapsed > '0' AS took, role = current_user AS mine
  FROM turnstone.progress;
SELECT migrate_cancel(:run);
CALL migrate_wait(:run);
SELECT state, error_sqlstate FROM turnstone.run WHERE id = :run;

-- A run that waits for the session which waits for it would wait for ever.
SELECT migrate_submit() AS run \gset
\set VERBOSITY terse
CALL migrate_wait(:run);
\set VERBOSITY default
\echo :LAST_ERROR_SQLSTATE
SELECT pg_advisory_unlock(4711);
DO $$ BEGIN
    FOR i IN 1 .. 1000 LOOP
        EXIT WHEN NOT EXISTS (SELECT FROM turnstone.progress);
        PERFORM pg_sleep(0.01);
    END LOOP;
END $$;
SELECT state, error_sqlstate FROM turnstone.run WHERE id = :run;
CALL migrate_deploy();

-- A second run waits for the first, and then finds nothing to do.
SELECT name, status FROM migrate_register('5_slow.sql', 'SELECT pg_sleep(0.2)');
SELECT migrate_submit() AS one, migrate_submit() AS two \gset
CALL migrate_wait(:one);
CALL migrate_wait(:two);
SELECT state FROM turnstone.run WHERE id IN (:one, :two);
SELECT count(*) FROM turnstone.journal WHERE version = '5';

-- One whose process ended while it waited is told as interrupted by the next call of whatever kind, also where nothing is pending.
INSERT INTO turnstone.run (id, command, state) OVERRIDING SYSTEM VALUE VALUES (1000, 'deploy', 'queued'), (1001, 'deploy', 'queued');
UPDATE turnstone.run SET state = 'done' WHERE id = 1001;
CALL migrate_deploy();
SELECT state FROM turnstone.run WHERE id = 1000;
UPDATE turnstone.run SET state = 'queued' WHERE id = 1001;
SELECT count(*) FROM migrate_apply();
SELECT state FROM turnstone.run WHERE id = 1001;
DELETE FROM turnstone.run WHERE id >= 1000;

-- What cannot be.
CALL migrate_wait(NULL);
CALL migrate_wait(-1);
SELECT migrate_cancel(-1);
BEGIN;
CALL migrate_wait(1);
ROLLBACK;
SET SESSION AUTHORIZATION turnstone_detached;
SELECT migrate_cancel(1);
SELECT * FROM turnstone.progress;
RESET SESSION AUTHORIZATION;

DROP TABLE diary, made;
DROP EXTENSION turnstone;
DROP OWNED BY turnstone_detached;
DROP ROLE turnstone_detached;
