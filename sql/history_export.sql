-- migrate_export() and migrate_import_journal(): the history taken to where there is none.
CREATE EXTENSION turnstone;
SET client_min_messages = warning;
SELECT status FROM migrate_register('1_first.sql', e'-- +migrate Up\nCREATE TABLE t (id int, "odd ""name" text DEFAULT e''a\\\\b\\né'');\n-- +migrate Down\nDROP TABLE t;');
SELECT status FROM migrate_register('2_second.sql', 'ALTER TABLE t ADD n int');
SELECT status FROM migrate_register('3_third.sql', e'-- +migrate Up\nALTER TABLE t ADD m int;\n-- +migrate Down\nALTER TABLE t DROP m;');
SELECT version FROM migrate_apply('2');
SELECT version FROM migrate_tag('v1');
CREATE TABLE kept AS SELECT migrate_export() AS history;
CREATE TABLE journal_before AS TABLE turnstone.journal;
CREATE TABLE migrations_before AS TABLE turnstone.migration;
SELECT history ->> 'format' AS format, history ->> 'turnstone' AS turnstone, jsonb_array_length(history -> 'migrations') AS migrations,
       jsonb_array_length(history -> 'journal') AS journal, jsonb_array_length(history -> 'tags') AS tags FROM kept;

-- not over another one; not what is none
SELECT migrate_import_journal(history) FROM kept;
DROP EXTENSION turnstone;
CREATE EXTENSION turnstone;
SELECT migrate_import_journal('{}');
SELECT migrate_import_journal('[1, 2]');
SELECT migrate_import_journal('{"format": 99, "turnstone": "7.0", "journal": [], "migrations": []}');
SELECT migrate_import_journal(NULL) IS NULL AS nothing;

-- everything as it was, and it goes on from there
SELECT migrate_import_journal(history) AS rows FROM kept;
SELECT count(*) AS differ FROM (TABLE turnstone.journal EXCEPT ALL TABLE journal_before) d;
SELECT count(*) AS differ FROM (TABLE migrations_before EXCEPT ALL TABLE turnstone.migration) d;
SELECT version, state FROM migrate_status();
SELECT version FROM migrate_apply();
SELECT version FROM migrate_rollback_to('v1');
SELECT version FROM migrate_rollback();
SELECT version, event, id > (SELECT max(id) FROM journal_before) AS numbered_on FROM turnstone.journal ORDER BY id;
DROP EXTENSION turnstone;
DROP TABLE kept, journal_before, migrations_before, t;
