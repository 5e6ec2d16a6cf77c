-- What people put into scripts: each does the right thing, or is refused before anything runs.
CREATE EXTENSION turnstone;

-- empty, blank, only comments
SELECT * FROM migrate_register('1_empty.sql', '');
SELECT * FROM migrate_register('1_blank.sql', E' \n\t\r\n');
SELECT * FROM migrate_register('1_comments.sql', E'-- left blank on purpose\n/* really */\n');
SELECT version, statements FROM migrate_apply();

-- annotations that do not add up
SELECT * FROM migrate_register('2_no_up.sql', E'-- +migrate Down\nDROP TABLE a;\n');
SELECT * FROM migrate_register('2_unknown.sql', E'-- +migrate Upwards\nSELECT 1;\n');
SELECT * FROM migrate_register('2_before.sql', E'CREATE TABLE a ();\n-- +migrate Up\nSELECT 1;\n');

-- an annotation inside a body, a string, a comment is none
SELECT status FROM migrate_register('3_body.sql', $script$-- +migrate Up
CREATE FUNCTION three() RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
    RETURN 'a;
-- +migrate Down
b';
-- +migrate Down
END;
$body$;
/* a comment
-- +migrate Down
*/
CREATE TABLE three (t text DEFAULT '
-- +migrate Nonsense
');
-- +migrate Down
DROP TABLE three;
DROP FUNCTION three();
$script$);
SELECT version, statements FROM migrate_apply();
SELECT three();
SELECT version, direction, statements FROM migrate_rollback();

-- wrapped as a whole in a transaction: the wrapper is dropped, in both directions
SELECT status FROM migrate_register('4_wrapped.sql', E'-- +migrate Up\nBEGIN;\nCREATE TABLE four (n int);\nCOMMIT;\n-- +migrate Down\nSTART TRANSACTION;\nDROP TABLE four;\nEND;\n');
BEGIN;
SELECT version, statements FROM migrate_apply();
SELECT count(*) AS tables FROM pg_class WHERE relname = 'four';
ROLLBACK; -- it is still the caller's transaction
SELECT count(*) AS tables FROM pg_class WHERE relname = 'four';
SELECT version, statements FROM migrate_apply();
SELECT version, statements FROM migrate_rollback();
SELECT migrate_unregister('4');

-- transaction commands elsewhere
SELECT * FROM migrate_register('5_commit.sql', E'CREATE TABLE five (n int);\n  COMMIT;\nCREATE TABLE six (n int);\n');
SELECT * FROM migrate_register('5_savepoint.sql', E'SAVEPOINT s;\nCREATE TABLE five (n int);\n');
SELECT * FROM migrate_register('5_begin_only.sql', E'BEGIN;\nCREATE TABLE five (n int);\n');
SELECT * FROM migrate_register('5_isolation.sql', E'BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\nCOMMIT;\n');
SELECT * FROM migrate_register('5_chain.sql', E'BEGIN;\nSELECT 1;\nCOMMIT AND CHAIN;\n');

-- COPY from the client: alone, with its data, with data that is no SQL at all
SELECT * FROM migrate_register('6_copy.sql', E'CREATE TABLE six (n int, t text);\nCOPY six FROM STDIN;\n');
SELECT * FROM migrate_register('6_copy.sql', E'CREATE TABLE six (n int, t text);\n\nCOPY six (n, t) FROM stdin;\n1\tone\n2\t\\N\n\\.\n\nSELECT 1;\n');
SELECT * FROM migrate_register('6_copy.sql', E'CREATE TABLE six (n int, t text);\nCOPY six FROM stdin;\n1\tit''s; so\n\\.\n');
SELECT * FROM migrate_register('6_copy.sql', E'COPY pg_class TO STDOUT;\n');
SELECT * FROM migrate_register('6_down.sql', E'-- +migrate Up\nSELECT 1;\n-- +migrate Down\nCOPY pg_class TO STDOUT;\n');

-- psql's own commands
SELECT * FROM migrate_register('7_include.sql', E'SELECT 1;\n\\i other.sql\nSELECT 2;\n');
SELECT * FROM migrate_register('7_set.sql', E'SELECT 1;\n  \\set x 1\n');

-- plain syntax errors, with line, column and caret
SELECT * FROM migrate_register('8_typo.sql', E'CREATE TABLE a (n int);\n\nCRATE TABLE b (n int);\n');
SELECT * FROM migrate_register('8_typo.sql', E'-- +migrate Up\nSELECT 1;\n-- +migrate Down\nSELECT ''häader'', FROM a b c;\n');
SELECT * FROM migrate_register('8_open.sql', E'SELECT 1;\nSELECT ''open;\n');

-- statements that need a transaction of their own are refused before anything runs
SELECT status FROM migrate_register('9_create_nine.sql', 'CREATE TABLE nine (n int)');
DO $$
DECLARE
    statement text; note text;
BEGIN
    FOREACH statement IN ARRAY ARRAY[
        'CREATE INDEX CONCURRENTLY ON nine (n)', 'DROP INDEX CONCURRENTLY nine_n_idx',
        'REINDEX TABLE CONCURRENTLY nine', 'REINDEX (VERBOSE, CONCURRENTLY false) TABLE nine', 'REINDEX SCHEMA public',
        'REINDEX DATABASE regression', 'ALTER TABLE nine DETACH PARTITION ten CONCURRENTLY',
        'ALTER TABLE nine DETACH PARTITION ten FINALIZE', 'VACUUM', 'VACUUM nine', 'ANALYZE nine', 'CLUSTER', 'CLUSTER nine',
        'CREATE DATABASE x', 'DROP DATABASE x', 'ALTER DATABASE x SET TABLESPACE y', 'ALTER DATABASE x SET work_mem = 1',
        'CREATE TABLESPACE x LOCATION ''/x''', 'DROP TABLESPACE x', 'ALTER SYSTEM SET work_mem = ''1MB''', 'DISCARD ALL',
        'DISCARD PLANS', 'CREATE SUBSCRIPTION s CONNECTION ''x'' PUBLICATION p',
        'CREATE SUBSCRIPTION s CONNECTION ''x'' PUBLICATION p WITH (create_slot = false)',
        'CREATE SUBSCRIPTION s CONNECTION ''x'' PUBLICATION p WITH (connect = false)',
        'ALTER SUBSCRIPTION s REFRESH PUBLICATION', 'ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)',
        'REFRESH MATERIALIZED VIEW CONCURRENTLY v'] LOOP
        PERFORM migrate_register('10_try.sql', statement);
        BEGIN
            PERFORM migrate_apply();
            RAISE EXCEPTION 'ran';
        EXCEPTION WHEN active_sql_transaction THEN
            RAISE NOTICE 'refused: %', sqlerrm;
        WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS note = message_text;
            RAISE NOTICE 'tried: %', statement; -- what comes of it is PostgreSQL's to say
        END;
    END LOOP;
END $$;
SELECT count(*) AS tables FROM pg_class WHERE relname = 'nine';
SELECT status FROM migrate_register('10_try.sql', E'SELECT 1;\nCREATE INDEX CONCURRENTLY ON nine (n);\n');
SELECT * FROM migrate_apply();
SELECT status FROM migrate_register('10_try.sql', E'-- +migrate Up notransaction\nSELECT 1;\n');
SELECT * FROM migrate_apply();
SELECT migrate_unregister('10');
SELECT migrate_unregister('9');

-- backslashes in plain strings, where the session's setting says so; a warning's place is not one of the caller's query
SET standard_conforming_strings = off;
SELECT status FROM migrate_register('12_backslash.sql', E'-- +migrate Up\nSELECT ''a\\''\n-- +migrate Down\n'';\n');
RESET standard_conforming_strings;
SELECT has_down FROM turnstone.migration WHERE version = '12';
SELECT migrate_unregister('12');

-- a large script
SELECT status FROM migrate_register('11_large.sql', 'CREATE TABLE eleven (n int);' || repeat(E'\nINSERT INTO eleven VALUES (1);', 10000));
SELECT version, statements FROM migrate_apply();
SELECT count(*) FROM eleven;
DROP TABLE eleven;
DROP EXTENSION turnstone;
