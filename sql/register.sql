-- Registration: names, texts, idempotence, edits.
CREATE EXTENSION turnstone;
\set SHOW_CONTEXT errors

-- a script, again, edited while pending
SELECT * FROM migrate_register('1_create_a.sql', E'-- +migrate Up\nCREATE TABLE a (n int);\n-- +migrate Down\nDROP TABLE a;\n');
SELECT * FROM migrate_register('1_create_a.sql', E'-- +migrate Up\nCREATE TABLE a (n int);\n-- +migrate Down\nDROP TABLE a;\n');
SELECT * FROM migrate_register('1_create_a.sql', E'-- +migrate Up\nCREATE TABLE a (n bigint);\n-- +migrate Down\nDROP TABLE a;\n');
-- its file is renamed; a directory in front is no part of the name
SELECT * FROM migrate_register('db/migrations/1_create_table_a.sql', E'-- +migrate Up\nCREATE TABLE a (n bigint);\n-- +migrate Down\nDROP TABLE a;\n');
SELECT version, version_key, name, description, checksum = encode(sha256(script), 'hex') AS checksum_is_sha256, has_down, registered_by = current_user AS by_me
  FROM turnstone.migration;
SELECT convert_from(script, 'UTF8') FROM turnstone.migration;

-- versions are numbers: 01 and 1.0 are 1
SELECT * FROM migrate_register('01_other.sql', 'SELECT 1');
SELECT * FROM migrate_register('1.0_other.sql', 'SELECT 1');

-- names that are none
SELECT * FROM migrate_register('create_users.sql', 'SELECT 1');
SELECT * FROM migrate_register('', 'SELECT 1');
SELECT * FROM migrate_register(E'2_a\nb.sql', 'SELECT 1');
SELECT * FROM migrate_register('2create.sql', 'SELECT 1');
-- a name with quotes is one
SELECT * FROM migrate_register('2_o''clock "now".sql', 'SELECT 1');
SELECT name, description FROM turnstone.migration WHERE version = '2';
SELECT migrate_unregister('2');
SELECT migrate_unregister('2');
SELECT migrate_unregister('nonsense');
-- the naming rule is a setting
SET turnstone.naming = 'warn';
SELECT status FROM migrate_register('4_x.sql', 'SELECT 1');
SET turnstone.naming = 'strict';
SELECT status FROM migrate_register('20240101000000_users.sql', 'SELECT 1');
SELECT status FROM migrate_register('20240101000000_create_users.sql', 'SELECT 1');
RESET turnstone.naming;
SELECT migrate_unregister('4'), migrate_unregister('20240101000000');
-- null registers nothing
SELECT * FROM migrate_register('3_x.sql', NULL::text);

-- an edit of an applied script: comments and white space may change, statements not
SELECT version, statements FROM migrate_apply();
SELECT * FROM migrate_register('1_create_table_a.sql', E'-- why\n-- +migrate Up\nCREATE TABLE a\n    (n bigint); -- big\n-- +migrate Down\nDROP TABLE a;\n');
SELECT event, version, name FROM turnstone.journal ORDER BY id;
SELECT version, state FROM migrate_status();
SELECT * FROM migrate_register('1_create_table_a.sql', E'-- +migrate Up\nCREATE TABLE a (n int);\n-- +migrate Down\nDROP TABLE a;\n');
SELECT * FROM migrate_register('1_create_table_a.sql', E'-- +migrate Up\nCREATE TABLE a (n bigint);\n');
SELECT * FROM migrate_register('1_create_table_a.sql', E'-- +migrate Up notransaction\nCREATE TABLE a (n bigint);\n-- +migrate Down\nDROP TABLE a;\n');
SELECT migrate_unregister('1');
-- its name may change as long as its text does not
SELECT status FROM migrate_register('1_make_a.sql', (SELECT script FROM turnstone.migration));
SELECT version, name, state FROM migrate_status();

-- bytes
SELECT * FROM migrate_register('5_bytes.sql', convert_to(E'SELECT ''häader'';\n', 'UTF8'));
SELECT * FROM migrate_register('5_bytes.sql', E'SELECT ''häader'';\n');
SELECT * FROM migrate_register('6_latin1.sql', convert_to(E'SELECT 1;\nSELECT ''hä'';\n', 'LATIN1'));
SELECT * FROM migrate_register('6_utf16.sql', '\xfffe530045004c0045004300540020003100'::bytea);
SELECT * FROM migrate_register('6_nul.sql', '\x53454c45435420310a00'::bytea);
-- a byte order mark and CRLF stay in the bytes and do no harm
SELECT * FROM migrate_register('6_bom.sql', '\xefbbbf'::bytea || convert_to(E'-- +migrate Up\r\nCREATE TABLE bom (n int);\r\n-- +migrate Down\r\nDROP TABLE bom;\r\n', 'UTF8'));
SELECT substr(script, 1, 5) AS first_bytes, has_down FROM turnstone.migration WHERE version = '6';
SELECT version, statements FROM migrate_apply();
SELECT version FROM migrate_rollback(3);

SELECT migrate_version() = extversion AS library_is_of_this_version FROM pg_extension WHERE extname = 'turnstone';
DROP TABLE a, bom;
DROP EXTENSION turnstone;
