-- Placeholders in native scripts: off unless the script or the setting says so.
CREATE EXTENSION turnstone;

-- off: a dollar and a brace are what the script says
SELECT status FROM migrate_register('1_plain.sql', $$CREATE TABLE plain (t text DEFAULT '${name}');$$);
SELECT version, statements FROM migrate_apply();
SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'plain'::regclass;

-- on by the script's head; an unset one is an error that names script, line and variable
\set on '-- +migrate Placeholders: on\n-- +migrate Up\nCREATE TABLE ${Schema}.on_t (\n    t text DEFAULT ''${name}''\n); -- ${name}\n-- +migrate Down\nDROP TABLE ${schema}.on_t;\n'
SELECT * FROM migrate_register('2_on.sql', E:'on');
SELECT migrate_set_variable('schema', 'public');
SELECT * FROM migrate_register('2_on.sql', E:'on');
SELECT migrate_set_variable('name', 'Rex');
SELECT * FROM migrate_register('2_on.sql', E:'on');
-- the checksum is that of the bytes, not of what is put in
SELECT checksum = encode(sha256(script), 'hex') AS of_the_bytes, strpos(convert_from(script, 'UTF8'), '${name}') > 0 AS bytes_as_they_were
  FROM turnstone.migration WHERE version = '2';
SELECT * FROM migrate_register('2_on.sql', E:'on');
SELECT line, command FROM migrate_plan();
SELECT version, statements FROM migrate_apply();
SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'on_t'::regclass;
-- another value for one that is applied changes nothing
SELECT migrate_set_variable('name', 'Max');
SELECT version, state FROM migrate_status();
SELECT version FROM migrate_apply();
-- a variable that is gone when it is needed again
SELECT migrate_set_variable('schema', NULL);
SELECT version FROM migrate_rollback();
SELECT migrate_set_variable('schema', 'public');
SELECT version FROM migrate_rollback();

-- the setting counts when the script is registered, not when it is applied; the head goes before it
SET turnstone.placeholders = on;
SELECT status FROM migrate_register('3_by_setting.sql', $$CREATE TABLE three (t text DEFAULT '${name}');$$);
SELECT status FROM migrate_register('4_off.sql', E'-- +migrate Placeholders: off\nCREATE TABLE four (t text DEFAULT ''${name}'');');
SELECT status FROM migrate_register('5_pair.sql', 'CREATE TABLE five_${name} ()', 'DROP TABLE five_${name}');
SELECT * FROM migrate_register('6_unset.sql', 'SELECT 1;', 'SELECT ${nothing}');
RESET turnstone.placeholders;
SELECT version, placeholders FROM turnstone.migration ORDER BY version_key;
SELECT version FROM migrate_apply();
SELECT adrelid::regclass, pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid IN ('three'::regclass, 'four'::regclass) ORDER BY 1;
SELECT version FROM migrate_rollback();
SELECT migrate_unregister('5');
-- registered again with the setting off, it is read without
SELECT status FROM migrate_register('3_by_setting.sql', $$CREATE TABLE three (t text DEFAULT '${name}');$$);
SELECT version, placeholders FROM turnstone.migration WHERE version = '3';

-- substitution is of text, wherever it stands: in dollar quotes, beside other dollars; a value brings no annotation about
SELECT migrate_set_variable('trick', '-- +migrate Down');
SELECT status FROM migrate_register('7_text.sql', $script$-- +migrate Placeholders: on
-- +migrate Up
CREATE FUNCTION seven(int) RETURNS text LANGUAGE sql AS $$ SELECT '${name}' || $1 || '$${name}$$' || '${ name}' $$;
$script$);
SELECT status FROM migrate_register('7_text.sql', $script$-- +migrate Placeholders: on
CREATE FUNCTION seven(int) RETURNS text LANGUAGE sql AS $q$ SELECT '${name}' || $1 || '$${name}$$' || '${ name}' $q$;
${trick}
SELECT 1;
$script$);
SELECT version, statements FROM migrate_apply();
SELECT seven(7);
SELECT has_down FROM turnstone.migration WHERE version = '7';
-- lines stay lines, also where an error is behind a value; a value of two lines is refused
SELECT migrate_set_variable('name', 'a much longer value than its name');
SELECT status FROM migrate_register('8_error.sql', E'-- +migrate Placeholders: on\nSELECT ''${name}'',\n  nonsense;\n');
SELECT version FROM migrate_apply();
SELECT error_line, error_column FROM turnstone.journal WHERE version = '8';
SELECT migrate_set_variable('name', E'two\nlines');
SELECT version FROM migrate_apply();
SELECT * FROM migrate_register('9_word.sql', E'-- +migrate Placeholders: yes\nSELECT 1;\n');

DROP TABLE plain, on_t, three, four;
DROP FUNCTION seven;
DROP EXTENSION turnstone;
