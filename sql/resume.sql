-- What migrate_deploy() makes of statements that failed or were cut off, and of scripts that were mended meanwhile.
CREATE EXTENSION turnstone;
\set VERBOSITY default
\set SHOW_CONTEXT never

-- A failure before anything was committed: what was there before is not taken for the statement's own.
SELECT status FROM migrate_register('1_indexes.sql', $$
CREATE TABLE t (id int PRIMARY KEY);
CREATE INDEX CONCURRENTLY ON t (k);
CREATE INDEX CONCURRENTLY t_named ON t (id);
$$);
CALL migrate_deploy();
SELECT statement, state, before FROM turnstone.step ORDER BY statement;
ALTER TABLE t ADD COLUMN k int;
CREATE INDEX t_named ON t (k);
-- The index without a name is built; the other one cannot be, however often it is tried.
CALL migrate_deploy();
CALL migrate_deploy();
SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 't'::regclass ORDER BY 1;
DROP INDEX t_named;
CALL migrate_deploy();
SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 't'::regclass ORDER BY 1;

-- A DO that failed before its first commit, and is cut off behind one in the next attempt.
CREATE TABLE effects (label text);
SELECT status FROM migrate_register('2_do.sql', $x$
INSERT INTO effects VALUES ('before');
DO $$ BEGIN PERFORM count(*) FROM not_yet; INSERT INTO effects VALUES ('inside'); COMMIT; PERFORM 1 / (SELECT count(*) FROM not_yet); END $$;
$x$);
CALL migrate_deploy();
CREATE TABLE not_yet ();
CALL migrate_deploy();
CALL migrate_deploy();
SELECT * FROM effects;
-- The same behind a mark that has it run again.
SELECT state FROM migrate_mark('2', 'pending', 'looked at it', 2);
CALL migrate_deploy();
CALL migrate_deploy();
SELECT * FROM effects;
INSERT INTO not_yet DEFAULT VALUES;
SELECT state FROM migrate_mark('2', 'pending', 'looked at it', 2);
CALL migrate_deploy();

-- The statement that failed gets another text: what its former text left is cleared away.
SELECT status FROM migrate_register('3_mended.sql', $$
INSERT INTO t VALUES (1, 1), (2, 1);
CREATE UNIQUE INDEX CONCURRENTLY t_unique ON t (k);
$$);
CALL migrate_deploy();
SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;
SELECT status FROM migrate_register('3_mended.sql', $$
INSERT INTO t VALUES (1, 1), (2, 1);
CREATE UNIQUE INDEX CONCURRENTLY t_other ON t (k);
$$);
CALL migrate_deploy();
SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;
-- One that runs in a transaction.
SELECT status FROM migrate_register('3_mended.sql', $$
INSERT INTO t VALUES (1, 1), (2, 1);
CREATE INDEX t_other ON t (k);
$$);
CALL migrate_deploy();
SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 't'::regclass ORDER BY 1;
-- It is taken out.
SELECT status FROM migrate_register('4_taken_out.sql', $$
INSERT INTO effects VALUES ('kept');
CREATE UNIQUE INDEX CONCURRENTLY t_out ON t (k);
$$);
CALL migrate_deploy();
SELECT status FROM migrate_register('4_taken_out.sql', $$
INSERT INTO effects VALUES ('kept');
$$);
CALL migrate_deploy();
SELECT to_regclass('t_out') AS t_out, (SELECT state FROM migrate_status() WHERE version = '4');
SELECT statement, state FROM turnstone.step WHERE version = '4';

-- A run whose process ended: what it has done is no drift, what was drift before it stays drift.
CREATE TABLE stray (id int);
ALTER TABLE t ADD COLUMN stray int;
DROP TABLE not_yet;
SELECT identity, change FROM migrate_drift() ORDER BY 1;
SELECT status FROM migrate_register('5_made.sql', 'CREATE TABLE made (id int); ALTER TABLE t ADD COLUMN made int;');
SELECT status FROM migrate_register('6_fails.sql', 'SELECT 1 / 0;');
CALL migrate_deploy();
SELECT identity, change FROM migrate_drift() ORDER BY 1;
-- Nothing is left open by calls that find nothing to do.
SELECT * FROM migrate_unregister('6');
UPDATE turnstone.run SET state = 'running' WHERE id = (SELECT max(id) FROM turnstone.run);
CREATE TABLE of_the_run (id int);
SELECT count(*) FROM migrate_apply();
SELECT state FROM turnstone.run ORDER BY id DESC LIMIT 1;
SELECT identity, change FROM migrate_drift() ORDER BY 1;
SELECT count(*) FROM migrate_apply();

-- What gives the run's lock away ends the run; the next call goes on behind it.
SELECT status FROM migrate_register('7_discard.sql', $$
INSERT INTO effects VALUES ('before discard');
DISCARD ALL;
INSERT INTO effects VALUES ('behind discard');
$$);
CALL migrate_deploy();
SELECT statement, state FROM turnstone.step WHERE version = '7' ORDER BY 1;
CALL migrate_deploy();
SELECT label FROM effects WHERE label ~ 'discard' ORDER BY 1;
SELECT status FROM migrate_register('8_unlock.sql', 'SELECT pg_advisory_unlock_all(); CREATE TABLE eight (id int)');
CALL migrate_deploy();
SELECT to_regclass('eight') AS eight;
SELECT * FROM migrate_unregister('8');

-- default_transaction_read_only, and isolation levels.
SELECT status FROM migrate_register('8_isolation.sql', $$-- +migrate Up
INSERT INTO effects VALUES (current_setting('transaction_isolation'));
CREATE INDEX CONCURRENTLY effects_label ON effects (label);
-- +migrate Down
DROP INDEX CONCURRENTLY effects_label;
$$);
SET default_transaction_read_only = on;
CALL migrate_deploy();
RESET default_transaction_read_only;
SET default_transaction_isolation = 'serializable';
CALL migrate_deploy();
SET default_transaction_isolation = 'repeatable read';
CALL migrate_revert();
CALL migrate_deploy();
RESET default_transaction_isolation;
SELECT label FROM effects WHERE label IN ('serializable', 'repeatable read') ORDER BY 1;
SELECT locktype FROM pg_locks WHERE locktype = 'advisory';
SELECT count(*) FROM pg_index WHERE NOT indisvalid;
DROP TABLE t, effects, stray, made, of_the_run;
DROP EXTENSION turnstone CASCADE;
