-- Errors in the middle: nothing stays applied, and the message names the place.
CREATE EXTENSION turnstone;

SELECT count(*) FROM generate_series(1, 10) n,
    LATERAL migrate_register(n || '_create_t' || n || '.sql', format(E'CREATE TABLE t%s (id int PRIMARY KEY);\nINSERT INTO t%s VALUES (1);\n', n, n));

-- the seventh of ten: analysis
SELECT status FROM migrate_register('7_create_t7.sql', E'CREATE TABLE t7 (id int);\n\nINSERT INTO t7\n    SELECT nonsense FROM t6;\n');
SELECT * FROM migrate_apply();
SELECT count(*) AS applied FROM turnstone.journal WHERE state = 'applied';
-- but the failure is in the journal, although the transaction was rolled back
SELECT event, state, version, statements, error_sqlstate, error_message, error_statement, error_line, error_column, script IS NOT NULL AS text_is_kept,
       session_role = session_user AND role = current_user AS by_me, backend = pg_backend_pid() AS here, duration > '0' AS has_duration
  FROM turnstone.journal;
SELECT error_context FROM turnstone.journal;
SELECT version, state FROM migrate_status() WHERE version IN ('6', '7', '8');
SELECT count(*) AS tables FROM pg_class WHERE relname ~ '^t\d+$';

-- run time, no position known but the statement's
SELECT status FROM migrate_register('7_create_t7.sql', E'CREATE TABLE t7 (id int);\n/* twice */ INSERT INTO t6\n  VALUES (1);\n');
SELECT * FROM migrate_apply();

-- in a PL/pgSQL body that the script creates and calls: raised by the body, in an expression of it, and at creation
SELECT status FROM migrate_register('7_create_t7.sql', $$CREATE FUNCTION f7() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'no good' USING ERRCODE = 'P7777', HINT = 'Do better.';
END $body$;

SELECT 1,
       f7();
$$);
SELECT * FROM migrate_apply();
\set VERBOSITY sqlstate
SELECT * FROM migrate_apply();
\set VERBOSITY default
SELECT status FROM migrate_register('7_create_t7.sql', $$CREATE FUNCTION f7() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM 1 / 0;
    PERFORM nonsense;
END $body$;
SELECT f7();
$$);
SELECT * FROM migrate_apply();
SELECT status FROM migrate_register('7_create_t7.sql', $$SELECT 1;
CREATE FUNCTION f7() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM 1 +;
END $body$;
$$);
SELECT * FROM migrate_apply();
SELECT status FROM migrate_register('7_create_t7.sql', $$CREATE FUNCTION f7() RETURNS int LANGUAGE sql AS $body$
    SELECT nonsense
$body$;
$$);
SELECT * FROM migrate_apply();

-- a caller that catches the error finds its own work and nothing of the run
BEGIN;
CREATE TABLE mine (n int);
DO $$
BEGIN
    PERFORM migrate_apply();
EXCEPTION WHEN undefined_column THEN
    RAISE NOTICE 'caught: %', sqlerrm;
END $$;
SELECT count(*) AS tables FROM pg_class WHERE relname ~ '^t\d+$';
SELECT count(*) AS mine FROM mine;
ROLLBACK;
SELECT error_sqlstate, error_message, error_hint, count(*) FROM turnstone.journal GROUP BY 1, 2, 3 ORDER BY min(id);
-- a rehearsal's failure is no event
SELECT count(*) AS failures FROM turnstone.journal;
SELECT count(*) FROM migrate_apply(dry_run := true);
SELECT count(*) AS failures FROM turnstone.journal;

-- a script that was good when registered and is not when it runs: nothing of the run happens
SELECT status FROM migrate_register('7_create_t7.sql', E'CREATE TABLE t7 (id int PRIMARY KEY);\nINSERT INTO t7 VALUES (1);\n');
CREATE TABLE t9 (already int);
SELECT * FROM migrate_apply();
DROP TABLE t9;

-- the session goes on: all of it runs
SELECT version, statements FROM migrate_apply();

-- rollback names the place in the Down
SELECT status FROM migrate_register('11_bad_down.sql', E'-- +migrate Up\nCREATE TABLE t11 (id int);\n\n-- +migrate Down\nDROP TABLE t11;\nDROP TABLE t12;\n');
SELECT version FROM migrate_apply();
SELECT * FROM migrate_rollback();
SELECT to_regclass('t11') AS still_there;

-- cancel and statement_timeout in a script
SELECT status FROM migrate_register('12_slow.sql', E'SELECT 1;\nSELECT pg_sleep(60);\n');
SET statement_timeout = '100ms';
SELECT * FROM migrate_apply();
RESET statement_timeout;
SELECT version, state FROM migrate_status() WHERE version IN ('11', '12');
SELECT migrate_unregister('12');

-- where the extension is not there for others yet, nothing is recorded and nobody is disturbed
DROP EXTENSION turnstone;
BEGIN;
CREATE EXTENSION turnstone;
SELECT status FROM migrate_register('1_x.sql', 'SELECT 1 / 0');
SAVEPOINT before_run;
SELECT * FROM migrate_apply();
ROLLBACK TO before_run;
SELECT count(*) FROM turnstone.journal;
COMMIT;
DROP TABLE t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11;
DROP EXTENSION turnstone;
