-- migrate_deploy() and migrate_revert(): a commit for each migration, statements that run by themselves, and what is
-- refused.
CREATE EXTENSION turnstone;
\set VERBOSITY default

SELECT * FROM migrate_register('1_table.sql', $$-- +migrate Up
CREATE TABLE t (id int PRIMARY KEY, v text);
INSERT INTO t SELECT g, 'x' || g FROM generate_series(1, 1000) g;
-- +migrate Down
DROP TABLE t;
$$);
SELECT * FROM migrate_register('2_index.sql', $$-- +migrate Up
SET work_mem = '7MB';
SET my.setting = 'of the script';
CREATE INDEX CONCURRENTLY IF NOT EXISTS t_v ON t (v);
VACUUM t;
INSERT INTO t SELECT 0, current_setting('work_mem') || ' ' || current_setting('my.setting');
CREATE TEMP TABLE scratch (a int);
-- +migrate Down
DROP INDEX CONCURRENTLY t_v;
DELETE FROM t WHERE id = 0;
$$);
SELECT * FROM migrate_register('3_enum.sql', $$-- +migrate Up
CREATE TYPE mood AS ENUM ('sad');
ALTER TYPE mood ADD VALUE 'happy';
CREATE TABLE moods (m mood DEFAULT 'happy');
-- +migrate Down
DROP TABLE moods;
DROP TYPE mood;
$$);
SELECT step, version, statement, line, command, transactional, note FROM migrate_plan();

-- In one transaction it cannot be.
SELECT * FROM migrate_apply();

CALL migrate_deploy('2');
SELECT version, state FROM migrate_status();
SELECT v FROM t WHERE id = 0;
SELECT indisvalid FROM pg_index WHERE indexrelid = 't_v'::regclass;
SHOW work_mem;
SELECT current_setting('my.setting', true) AS my_setting;
SELECT to_regclass('pg_temp.scratch') AS scratch;
CALL migrate_deploy();
CALL migrate_deploy();
SELECT version, statement, state, attempts, text, settled_by IS NOT NULL AS settled FROM turnstone.step ORDER BY id;
SELECT command, target, state, backend = pg_backend_pid() AS here, finished_at IS NOT NULL AS finished FROM turnstone.run ORDER BY id;
SELECT * FROM migrate_drift();

-- Each migration has a transaction of its own; steps have their own too.
SELECT count(DISTINCT transaction) FROM turnstone.journal WHERE event = 'apply' AND error_sqlstate IS NULL;

CALL migrate_revert();
CALL migrate_revert('1');
SELECT version, event, state, statements, rows FROM turnstone.journal WHERE error_sqlstate IS NULL ORDER BY id;
CALL migrate_revert(5);
CALL migrate_revert();
CALL migrate_revert(-1);
CALL migrate_revert(NULL::text);
SELECT to_regclass('t') AS t;

-- Where it cannot commit, it refuses.
BEGIN;
CALL migrate_deploy();
ROLLBACK;
DO $$ BEGIN CALL migrate_deploy(); END $$;
CREATE PROCEDURE outer_procedure() LANGUAGE plpgsql AS $$ BEGIN CALL migrate_deploy(); END $$;
CALL outer_procedure();
CREATE PROCEDURE sql_procedure() LANGUAGE sql AS $$ CALL migrate_deploy(); $$;
CALL sql_procedure();
SELECT 1 \; CALL migrate_deploy();
SELECT * FROM migrate_register('0_inner.sql', 'CALL migrate_deploy()');
CALL migrate_deploy('0');
SELECT * FROM migrate_unregister('0');

-- An error leaves what was committed before it, and says so.
SELECT * FROM migrate_register('2.5_broken.sql', $$-- +migrate Up
CREATE TABLE u (id int);
INSERT INTO u VALUES (1), (1);
CREATE UNIQUE INDEX CONCURRENTLY u_id ON u (id);
COMMENT ON TABLE u IS 'behind the index';
-- +migrate Down
DROP TABLE u;
$$);
CALL migrate_deploy();
SELECT version, state FROM migrate_status();
SELECT version, statement, state, error_sqlstate, error_message FROM turnstone.step WHERE settled_by IS NULL ORDER BY statement;
SELECT event, version, error_sqlstate, error_message, error_statement, error_line FROM turnstone.journal WHERE error_sqlstate IS NOT NULL;
SELECT command, state, error_sqlstate, error_message FROM turnstone.run ORDER BY id DESC LIMIT 1;
SELECT indisvalid FROM pg_index WHERE indexrelid = 'u_id'::regclass;
-- A partial migration is in the way of everything that could not go on with it.
SELECT * FROM migrate_apply();
SELECT * FROM migrate_rollback();
CALL migrate_revert();
-- Still broken: the INVALID index is dropped and built again, and fails again.
CALL migrate_deploy();
-- What is done may not be edited.
SELECT * FROM migrate_register('2.5_broken.sql', $$-- +migrate Up
CREATE TABLE u (id bigint);
INSERT INTO u VALUES (1), (1);
CREATE UNIQUE INDEX CONCURRENTLY u_id ON u (id);
$$);
CALL migrate_deploy();
-- What is not done may be.
SELECT * FROM migrate_register('2.5_broken.sql', $$-- +migrate Up
CREATE TABLE u (id int);
INSERT INTO u VALUES (1), (1);
CREATE INDEX CONCURRENTLY u_id ON u (id);
COMMENT ON TABLE u IS 'behind the index';
-- +migrate Down
DROP TABLE u;
$$);
CALL migrate_deploy();
SELECT version, state FROM migrate_status();
SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = 'u_id'::regclass;
SELECT count(*) FROM u;
SELECT obj_description('u'::regclass);
SELECT * FROM migrate_drift();

-- IF NOT EXISTS would keep an INVALID index of that name in silence.
CREATE TABLE w (id int);
INSERT INTO w VALUES (1), (1);
CREATE UNIQUE INDEX CONCURRENTLY w_id ON w (id);
SELECT * FROM migrate_register('4_if_not_exists.sql', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS w_id ON w (id)');
CALL migrate_deploy();
SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = 'w_id'::regclass;

-- DO and CALL that commit on their way: how far one came cannot be known.
SELECT * FROM migrate_register('5_commits.sql', $x$
DO $$
BEGIN
    INSERT INTO w VALUES (5);
    COMMIT;
    PERFORM 1 / (SELECT count(*) - count(*) FROM w);
END $$;
INSERT INTO w VALUES (6);
$x$);
SELECT * FROM migrate_apply();
CALL migrate_deploy();
CALL migrate_deploy();
SELECT * FROM migrate_mark('5', 'applied', 'looked at it', 7);
SELECT * FROM migrate_mark('5', 'applied', 'looked at it', 1);
CALL migrate_deploy();
SELECT * FROM w ORDER BY id;
SELECT event, state, reason FROM turnstone.journal WHERE version = '5' ORDER BY id;
-- One that failed before its first commit has left nothing, and runs again.
SELECT * FROM migrate_register('6_commits.sql', $x$DO $$ BEGIN PERFORM 1 / (SELECT count(*) FROM missing); COMMIT; END $$;$x$);
CALL migrate_deploy();
CREATE TABLE missing AS SELECT 1;
CALL migrate_deploy();
-- A DO that does not commit is no reason to take a migration's transaction away.
SELECT * FROM migrate_register('7_plain_do.sql', $x$DO $$ BEGIN RAISE NOTICE 'commit; rollback'; END $$;$x$);
SELECT transactional, note FROM migrate_plan();
CALL migrate_deploy();

-- A partial migration that is given up.
SELECT * FROM migrate_register('8_given_up.sql', $$
CREATE TABLE given_up (id int);
VACUUM no_such_table;
$$);
CALL migrate_deploy();
SELECT * FROM migrate_mark('8', 'pending', 'undone by hand');
DROP TABLE given_up;
SELECT version, state FROM migrate_status() WHERE version = '8';
SELECT * FROM migrate_unregister('8');

-- notransaction: statement by statement, although all of them could run in one.
SELECT * FROM migrate_register('9_marked.sql', $$-- +migrate Up notransaction
CREATE TABLE nine (id int);
SET LOCAL work_mem = '9MB';
INSERT INTO nine VALUES (9);
-- +migrate Down
DROP TABLE nine;
$$);
CALL migrate_deploy();
SELECT statement, state, text FROM turnstone.step WHERE version = '9' ORDER BY id;

-- A deferred constraint fails in the commit.
SELECT * FROM migrate_register('10_deferred.sql', $$
CREATE TABLE ten (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);
INSERT INTO ten VALUES (1), (1);
$$);
CALL migrate_deploy();
SELECT to_regclass('ten') AS ten;
SELECT * FROM migrate_unregister('10');

-- REINDEX, DETACH PARTITION CONCURRENTLY, ALTER SYSTEM, a partitioned table's REINDEX and CLUSTER, CREATE DATABASE.
SELECT * FROM migrate_register('11_zoo.sql', $$-- +migrate Up
CREATE TABLE p (id int, k int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE INDEX p_id ON p (id);
REINDEX INDEX CONCURRENTLY p1_id_idx;
REINDEX TABLE p;
CLUSTER p USING p_id;
ALTER TABLE p DETACH PARTITION p2 CONCURRENTLY;
CREATE DATABASE turnstone_zoo;
DROP DATABASE turnstone_zoo;
ALTER SYSTEM RESET application_name;
CREATE INDEX CONCURRENTLY ON p1 (k);
$$);
CALL migrate_deploy();
SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'p'::regclass;
SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 'p1'::regclass ORDER BY 1;

-- Hooks run around each migration, in its transaction or, statement by statement, before and behind it.
CREATE TABLE hook_log (id int GENERATED ALWAYS AS IDENTITY, what text);
SELECT name, status FROM migrate_register('before_run.sql', $$INSERT INTO hook_log (what) VALUES ('before run')$$);
SELECT name, status FROM migrate_register('before_each.sql', $$INSERT INTO hook_log (what) SELECT 'before ' || current_setting('turnstone.hook_name')$$);
SELECT name, status FROM migrate_register('after_each.sql', $$INSERT INTO hook_log (what) SELECT 'after ' || current_setting('turnstone.hook_name')$$);
SELECT name, status FROM migrate_register('after_run.sql', $$INSERT INTO hook_log (what) VALUES ('after run')$$);
SELECT name, status FROM migrate_register('after_failure.sql', $$INSERT INTO hook_log (what) SELECT 'failure ' || current_setting('turnstone.hook_error_sqlstate')$$);
SELECT name, status FROM migrate_register('12_hooked.sql', 'CREATE TABLE twelve (id int)');
SELECT name, status FROM migrate_register('13_hooked.sql', 'VACUUM twelve');
SELECT name, status FROM migrate_register('14_hooked.sql', 'SELECT 1 / 0');
CALL migrate_deploy();
SELECT what FROM hook_log ORDER BY id;

-- Scripts that cannot be parsed are refused before anything runs; the lock is free behind every end.
SELECT locktype FROM pg_locks WHERE locktype = 'advisory';
DROP TABLE t, u, w, moods, nine, missing, p, p2, twelve, hook_log;
DROP TYPE mood;
DROP PROCEDURE outer_procedure, sql_procedure;
DROP EXTENSION turnstone CASCADE;
