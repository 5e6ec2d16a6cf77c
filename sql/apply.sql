-- Apply and roll back: order, atomicity, what scripts may leave behind.
CREATE EXTENSION turnstone;

-- the order is that of numbers, whatever the order of registration
SELECT status FROM migrate_register('10_add_b.sql', E'-- +migrate Up\nALTER TABLE a ADD COLUMN b int;\n-- +migrate Down\nALTER TABLE a DROP COLUMN b;\n');
SELECT status FROM migrate_register('9_create_a.sql', E'-- +migrate Up\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n-- +migrate Down\nDROP TABLE a;\n');
SELECT version, name, state, applied_at, applied_by, duration FROM migrate_status();

-- in BEGIN ... ROLLBACK it is a rehearsal
BEGIN;
SELECT version, name, direction, statements FROM migrate_apply();
ROLLBACK;
SELECT version, state FROM migrate_status();

SELECT version, name, direction, statements, duration >= '0' AS has_duration FROM migrate_apply();
SELECT * FROM migrate_apply();
SELECT version, name, state, applied_at IS NOT NULL AS has_time, applied_by = current_user AS by_me, duration IS NOT NULL AS has_duration FROM migrate_status();
SELECT event, version, name, statements, started_at <= finished_at AS in_order, finished_at - started_at = duration AS adds_up,
       session_role = session_user AND role = current_user AS by_me, application, backend = pg_backend_pid() AS here,
       server_version = current_setting('server_version') AS server, turnstone_version = migrate_version() AS turnstone
  FROM turnstone.journal ORDER BY id;
-- journal and change are one transaction
SELECT count(DISTINCT transaction) AS transactions, (SELECT array_agg(DISTINCT xmin::text) FROM turnstone.journal) = (SELECT array_agg(DISTINCT xmin::text) FROM a) AS same FROM turnstone.journal;

-- a late arrival is refused by name, or not
SELECT status FROM migrate_register('9.5_late.sql', E'-- +migrate Up\nALTER TABLE a ADD COLUMN late int;\n-- +migrate Down\nALTER TABLE a DROP COLUMN late;\n');
SELECT version, state FROM migrate_status();
SELECT * FROM migrate_apply();
SET turnstone.out_of_order = 'warn';
SELECT version FROM migrate_apply();
RESET turnstone.out_of_order;
SET turnstone.out_of_order = 'sometimes';

-- rollback is in the reverse order of application: the late one was the last
SELECT version, name, direction, statements FROM migrate_rollback(2);
SELECT version, state FROM migrate_status();
SELECT attname FROM pg_attribute WHERE attrelid = 'a'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum;
SELECT version FROM migrate_rollback(0);
SELECT version FROM migrate_rollback(-1);
SELECT version FROM migrate_apply();
SELECT version FROM migrate_rollback(99);
SELECT to_regclass('a') AS table_a;
SELECT event, version FROM turnstone.journal ORDER BY id;

-- one without a Down stops a rollback before anything runs
SELECT status FROM migrate_register('11_no_down.sql', 'CREATE TABLE no_down (n int)');
SELECT status FROM migrate_register('12_with_down.sql', E'-- +migrate Up\nCREATE TABLE with_down (n int);\n-- +migrate Down\nDROP TABLE with_down;\n');
SELECT version FROM migrate_apply();
SELECT version FROM migrate_rollback(2);
SELECT to_regclass('with_down') AS still_there;
SELECT version FROM migrate_rollback(1);
SELECT migrate_unregister('11');
SELECT migrate_unregister('12');

-- what a script sets ends with it
CREATE ROLE regress_turnstone_owner;
SELECT status FROM migrate_register('20_settings.sql', $$
    CREATE SCHEMA elsewhere;
    SET search_path = elsewhere;
    SET work_mem = '1234kB';
    SET LOCAL statement_timeout = '1h';
    SELECT set_config('turnstone_test.x', 'y', false);
    SET ROLE regress_turnstone_owner;
    SELECT 1;
$$);
SELECT status FROM migrate_register('21_default_path.sql', 'CREATE TABLE where_am_i (n int)');
SET search_path = public;
SET work_mem = '5MB';
SELECT version, statements FROM migrate_apply();
SHOW search_path;
SHOW work_mem;
SHOW statement_timeout;
SELECT current_setting('turnstone_test.x', true) AS setting, current_user = session_user AS same_role;
SELECT relnamespace::regnamespace FROM pg_class WHERE relname = 'where_am_i';
SELECT role = session_role AS journal_by_caller FROM turnstone.journal WHERE version = '20';
RESET search_path;
RESET work_mem;

-- the search_path of runs is a setting
SELECT status FROM migrate_register('22_own_path.sql', 'CREATE TABLE by_path (path text DEFAULT current_setting(''search_path'')); INSERT INTO by_path DEFAULT VALUES');
SET turnstone.search_path = 'elsewhere, public';
SELECT version FROM migrate_apply();
RESET turnstone.search_path;
SELECT path, (SELECT search_path FROM turnstone.journal WHERE version = '22') AS in_journal, current_setting('search_path') AS here FROM elsewhere.by_path;
DROP TABLE elsewhere.by_path;

-- a script cannot start a run, and a failed one leaves no trace of it in the session
SELECT status FROM migrate_register('30_recursion.sql', 'SELECT migrate_apply()');
SELECT * FROM migrate_apply();
SELECT migrate_unregister('30');
SELECT count(*) FROM migrate_apply();

-- DDL and DML, and a function with the SQL standard's body, in one script
SELECT status FROM migrate_register('40_mixed.sql', $$
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE TABLE people (id int GENERATED ALWAYS AS IDENTITY, mood mood);
    INSERT INTO people (mood) VALUES ('ok'), ('sad');
    CREATE FUNCTION happy() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM people WHERE mood = 'ok'; SELECT 1::bigint; END;
    WITH gone AS (DELETE FROM people WHERE mood = 'sad' RETURNING *) SELECT * FROM gone;
    EXPLAIN SELECT * FROM people;
    CREATE TEMPORARY TABLE scratch AS SELECT * FROM people;
    TABLE people;
    DO 'BEGIN PERFORM 1; END';
$$);
SELECT version, statements FROM migrate_apply();
SELECT * FROM people;

DROP FUNCTION happy;
DROP TABLE a, where_am_i, people, no_down;
DROP TYPE mood;
DROP SCHEMA elsewhere;
DROP ROLE regress_turnstone_owner;
DROP EXTENSION turnstone;
