-- A script's Timeout: a limit for each of its statements, beside the session's own statement_timeout.
CREATE EXTENSION turnstone;

SELECT status FROM migrate_register('1_slow.sql', E'-- +migrate Timeout: 50ms\nSELECT 1;\nSELECT 2,\n    pg_sleep(60);\nSELECT 3;\n');
SELECT version FROM migrate_apply();
SELECT error_sqlstate, error_message, error_statement, error_line FROM turnstone.journal;
-- the session's statement_timeout stays as it is, and a limit on each statement is none on the whole
SHOW statement_timeout;
SELECT status FROM migrate_register('1_slow.sql', E'-- +migrate Timeout: 3s\nSELECT pg_sleep(0.8);\nSELECT pg_sleep(0.8);\nSELECT pg_sleep(0.8);\nSELECT pg_sleep(0.8);\n');
SELECT version, statements FROM migrate_apply();
-- in both directions, in a function's body, while waiting for a lock; plpgsql may catch it
SELECT status FROM migrate_register('2_caught.sql', $$-- +migrate Timeout: 50
-- +migrate Up
DO $body$ BEGIN
    PERFORM pg_sleep(60);
EXCEPTION WHEN query_canceled THEN
    RAISE NOTICE 'caught: %', SQLSTATE;
END $body$;
SELECT pg_sleep(0);
-- +migrate Down
DO $body$ BEGIN
    PERFORM pg_sleep(60);
END $body$;
$$);
SELECT version, statements FROM migrate_apply();
SELECT version FROM migrate_rollback();
SELECT pg_sleep(0.1); -- nothing of it is left behind
-- the session's own limit is for the whole call, and says so
SET statement_timeout = '200ms';
SELECT status FROM migrate_register('3_outer.sql', E'-- +migrate Timeout: 1h\nSELECT pg_sleep(60);\n');
SELECT version FROM migrate_apply();
RESET statement_timeout;
SELECT error_sqlstate, error_message FROM turnstone.journal WHERE version = '3';
-- a lock_timeout is another thing
SELECT status FROM migrate_register('3_outer.sql', E'-- +migrate Timeout: 0\n-- +migrate LockTimeout: 10s\nSHOW lock_timeout;\nSELECT pg_sleep(0.1);\n');
SELECT version FROM migrate_apply();
-- values are looked at when the script is registered
SELECT * FROM migrate_register('4_x.sql', E'-- +migrate Timeout: soon\nSELECT 1;\n');
SELECT * FROM migrate_register('4_x.sql', E'-- +migrate Timeout: -1\nSELECT 1;\n');
SELECT * FROM migrate_register('4_x.sql', E'-- +migrate LockTimeout: 3 days\nSELECT 1;\n');
SELECT * FROM migrate_register('4_x.sql', E'-- +migrate LockTimeout: 5 lightyears\nSELECT 1;\n');

DROP EXTENSION turnstone;
