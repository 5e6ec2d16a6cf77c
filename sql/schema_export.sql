-- Exported schemas, what differs from one, and the states of the past.
CREATE EXTENSION turnstone;
CREATE FUNCTION pg_temp.said(state json) RETURNS TABLE (key text, value text) LANGUAGE sql AS $$
    SELECT e.key, CASE e.key WHEN 'fingerprint' THEN (e.value::text ~ '^"[0-9a-f]{64}"$')::text
                             WHEN 'time' THEN (e.value::text ~ '^"20..-..-.. .*\+00"$')::text
                             WHEN 'server_version_num' THEN (e.value::text = current_setting('server_version_num'))::text
                             WHEN 'database' THEN (e.value::text = to_json(current_database())::text)::text
                             WHEN 'objects' THEN (SELECT string_agg(o ->> 'type' || ' ' || (o ->> 'identity'), ', ') FROM json_array_elements(e.value) o
                                                   WHERE o ->> 'identity' ~ '^(app|"Odd)')
                             ELSE e.value::text END
      FROM json_each(state) e $$;

-- nothing is recorded yet
SELECT migrate_schema_at(1);
SELECT migrate_schema_at('1');
SELECT migrate_schema_at(now());

SELECT status FROM migrate_register('1_one.sql', $script$-- +migrate Up
CREATE SCHEMA app;
CREATE TABLE app.item (id int PRIMARY KEY, kind varchar(5) CHECK (kind IN ('a', 'b')));
CREATE VIEW app.shown AS SELECT id FROM app.item WHERE kind NOT IN ('a', 'b');
-- +migrate Down
DROP SCHEMA app CASCADE;
$script$);
SELECT status FROM migrate_register('2_two.sql', $script$-- +migrate Up
ALTER TABLE app.item ADD COLUMN note text DEFAULT 'x';
-- +migrate Down
ALTER TABLE app.item DROP COLUMN note;
$script$);
SELECT status FROM migrate_register('3_three.sql', $script$-- +migrate Up
ALTER TABLE app.item RENAME COLUMN note TO remark;
ALTER TABLE app.item DROP CONSTRAINT item_kind_check, ADD CHECK (kind IN ('a', 'c'));
-- +migrate Down
ALTER TABLE app.item RENAME COLUMN remark TO note;
ALTER TABLE app.item DROP CONSTRAINT item_kind_check, ADD CHECK (kind IN ('a', 'b'));
$script$);
SELECT status FROM migrate_register('4_four.sql', $script$-- +migrate Up
CREATE TABLE app.never (id int);
SELECT 1 / 0;
-- +migrate Down
DROP TABLE app.never;
$script$);
SELECT version FROM migrate_apply('2');
SELECT version FROM migrate_apply('3');
\set VERBOSITY terse
SELECT version FROM migrate_apply('4');
\set VERBOSITY default
SELECT version FROM migrate_tag('release');
SELECT id, event, version, state, error_message FROM turnstone.journal ORDER BY id;

-- the export
CREATE TABLE app."Odd ""name""" (n int);
SELECT * FROM pg_temp.said(migrate_export_schema());
SELECT * FROM pg_temp.said(migrate_export_schema('{app}')) WHERE key IN ('objects', 'schemas');
SELECT (migrate_export_schema() -> 'objects')::text ~ '\m1[6-9][0-9]{3}\M' AS has_oids;
SELECT (migrate_export_schema() ->> 'fingerprint') = migrate_fingerprint() AS same_fingerprint,
       (migrate_export_schema('{app}') ->> 'fingerprint') = migrate_fingerprint('{app}') AS of_schemas,
       (migrate_export_schema() -> 'objects')::text = (migrate_export_schema() -> 'objects')::text AS stable;

-- equal to itself, however it is written
SELECT * FROM migrate_expect(migrate_export_schema());
SELECT * FROM migrate_expect(migrate_export_schema()::jsonb::json);
SELECT * FROM migrate_expect(migrate_export_schema('{app}'));
SELECT * FROM migrate_expect(migrate_export_schema(), '{app}');

-- what differs from it
SELECT migrate_export_schema() AS state, migrate_export_schema('{app}') AS app \gset
ALTER TABLE app.item RENAME COLUMN remark TO words;
DROP VIEW app.shown;
CREATE TABLE public.elsewhere (id int);
SELECT change, object_type, identity, property, expected, actual FROM migrate_expect(:'state');
SELECT change, object_type, identity FROM migrate_expect(:'state', '{public}');
SELECT change, object_type, identity FROM migrate_expect(:'app');
SELECT change, object_type, identity FROM migrate_expect(:'app', '{public}');
ALTER TABLE app.item RENAME COLUMN words TO remark;
CREATE VIEW app.shown AS SELECT id FROM app.item WHERE kind NOT IN ('a', 'b');
DROP TABLE public.elsewhere;

-- texts that say the same: read again they are written so, or a person wrote them; others are not the same
ALTER TABLE app.item DROP CONSTRAINT item_kind_check,
    ADD CONSTRAINT item_kind_check CHECK (((kind)::text = ANY (ARRAY[('a'::character varying)::text, ('c'::character varying)::text])));
SELECT * FROM migrate_expect(:'state');
SELECT * FROM migrate_expect(replace(:'state', 'id = ', 'id=')::json);
SELECT identity, property FROM migrate_expect(replace(:'state', '''c''::character varying', '''d''::character varying')::json);
SELECT identity, property FROM migrate_expect(replace(:'state', '''c''::character varying', '''c''::no_such_type')::json);
SELECT identity, property FROM migrate_expect(replace(:'state', '''c''::character varying', ')); DROP TABLE app.item; --')::json);
SELECT count(*) FROM app.item;
-- nor is anything done
BEGIN READ ONLY;
SELECT * FROM migrate_expect(:'state');
SELECT pg_current_xact_id_if_assigned() IS NULL AS nothing_written;
COMMIT;

-- what is no exported schema
SELECT * FROM migrate_expect('{}');
SELECT * FROM migrate_expect('[1]');
SELECT * FROM migrate_expect('{"turnstone_schema": 2, "objects": []}');
SELECT * FROM migrate_expect('{"turnstone_schema": 1, "objects": [{"type": "table"}]}');
SELECT * FROM migrate_expect('{"turnstone_schema": 1, "objects": [{"type": "table", "identity": "a.b", "document": 1}]}');
SELECT * FROM migrate_expect(NULL);
\set VERBOSITY sqlstate
SELECT * FROM migrate_expect('{}');
SELECT * FROM migrate_expect('no json');
\set VERBOSITY default

-- the past: a row inside of a run is the run's end, a failure what was before it
SELECT j.id, j.event, j.version, s.value AS journal_id,
       (SELECT string_agg(p ->> 1, ' ') FROM json_array_elements(o -> 'document' -> 'parts') p) AS item
  FROM turnstone.journal j, LATERAL migrate_schema_at(j.id) AS recorded, json_each_text(recorded) s,
       json_array_elements(recorded -> 'objects') o
 WHERE s.key = 'journal_id' AND o ->> 'identity' = 'app.item' ORDER BY j.id;
SELECT * FROM pg_temp.said(migrate_schema_at('2'));
SELECT (migrate_schema_at('1') -> 'objects')::text = (migrate_schema_at('2') -> 'objects')::text AS one_run,
       (migrate_schema_at('03') -> 'objects')::text = (migrate_schema_at(now() + interval '1 s') -> 'objects')::text AS last;
\set VERBOSITY terse
SELECT migrate_schema_at('2000-01-01'::timestamptz);
\set VERBOSITY default
SELECT migrate_schema_at(99);
SELECT migrate_schema_at('4');
SELECT migrate_schema_at(NULL::bigint) IS NULL AS null_of_null;
-- it can be expected
SELECT change, object_type, identity FROM migrate_expect(migrate_schema_at('3'));
SELECT change, object_type, identity, property FROM migrate_expect(migrate_schema_at('2'), '{app}');

-- from one point of the past to another: here renames are known
SELECT change, object_type, identity, property FROM migrate_compare('2', '3');
SELECT change, object_type, identity, property FROM migrate_compare('3', '2');
SELECT change, object_type, identity FROM migrate_compare('1', '2');
SELECT change, object_type, identity, property FROM migrate_compare(1, 3);
SELECT * FROM migrate_compare(3, 99);
SELECT * FROM migrate_compare('2', 'none');

-- a run that was not recorded
SET turnstone.record_schema = off;
SELECT version FROM migrate_rollback();
RESET turnstone.record_schema;
\set VERBOSITY terse
SELECT migrate_schema_at(now() + interval '1 s');
SELECT migrate_schema_at((SELECT max(id) FROM turnstone.journal));
SELECT (migrate_schema_at('2') ->> 'journal_id') AS older_ones_are_there;

-- not for everybody
CREATE ROLE turnstone_nobody;
SET ROLE turnstone_nobody;
SELECT migrate_export_schema();
SELECT * FROM migrate_expect('{}');
SELECT migrate_schema_at('1');
SELECT * FROM migrate_compare(1, 2);
RESET ROLE;
DROP ROLE turnstone_nobody;
SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
DROP EXTENSION turnstone;
