-- What the command-line client calls: an entry of a folder is registered as migrate_load() would register it.
CREATE EXTENSION turnstone;
SELECT * FROM migrate_upload('native', '{"kind": "versioned", "version": "1", "name": "1_create.sql", "description": "create"}',
    convert_to(E'-- +migrate Up\nCREATE TABLE t (id int);\n-- +migrate Down\nDROP TABLE t;\n', 'UTF8'));
SELECT * FROM migrate_upload('golang-migrate', '{"kind": "versioned", "version": "2", "name": "2_add.up.sql", "description": "add"}',
    'ALTER TABLE t ADD COLUMN a int;', 'ALTER TABLE t DROP COLUMN a;');
SELECT * FROM migrate_upload('diesel', '{"kind": "versioned", "version": "3", "name": "3_index", "description": "index", "up_transactional": false}',
    'CREATE INDEX CONCURRENTLY t_a ON t (a);', 'DROP INDEX t_a;');
SELECT * FROM migrate_upload('flyway', '{"kind": "repeatable", "name": "R__view.sql", "description": "view"}', 'CREATE OR REPLACE VIEW v AS SELECT a FROM t;');
SELECT * FROM migrate_upload('native', '{"kind": "seed", "version": "S__t", "name": "S__t.sql", "description": "t"}', 'INSERT INTO t VALUES (1);');
SELECT * FROM migrate_registered();
-- the checksums are those of the bytes
SELECT version FROM migrate_registered() r JOIN turnstone.migration m USING (version)
 WHERE r.checksum <> encode(sha256(m.script || coalesce('\x00'::bytea || m.down_script, ''::bytea)), 'hex');
CALL migrate_deploy();
SELECT version, state FROM migrate_status();
-- again, unchanged; edited, an error
SELECT status FROM migrate_upload('golang-migrate', '{"kind": "versioned", "version": "2", "name": "2_add.up.sql", "description": "add"}',
    'ALTER TABLE t ADD COLUMN a int;', 'ALTER TABLE t DROP COLUMN a;');
SELECT status FROM migrate_upload('golang-migrate', '{"kind": "versioned", "version": "2", "name": "2_add.up.sql", "description": "add"}',
    'ALTER TABLE t ADD COLUMN a bigint;', 'ALTER TABLE t DROP COLUMN a;');
-- a setting that changes what a text means
SET turnstone.placeholders = on;
SELECT version, stale FROM migrate_registered();
RESET turnstone.placeholders;
-- what is no entry
SELECT * FROM migrate_upload('nothing', '{}', '');
SELECT * FROM migrate_upload('native', '{}', '');
SELECT * FROM migrate_upload('native', '{"kind": "versioned", "version": "4", "name": "4_x.sql", "verify": "SELECT 1"}', 'SELECT 1');
SELECT * FROM migrate_upload('native', '{"kind": "versioned", "version": "4", "name": "4_x.sql"}', 'SELEC 1');
SELECT * FROM migrate_upload(NULL, NULL, NULL);
SELECT count(*) FROM migrate_registered();
DROP TABLE t CASCADE;
DROP EXTENSION turnstone CASCADE;
