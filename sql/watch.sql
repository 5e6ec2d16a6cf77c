-- migrate_watch(): DDL that is no migration is logged, with who ran it and what it touched.
\set VERBOSITY terse
CREATE EXTENSION turnstone;
CREATE VIEW new_entries AS
    SELECT l.command, l.statement,
           (SELECT string_agg(format('%s%s %s', CASE WHEN (o->>'dropped')::bool THEN '-' ELSE '' END, o->>'type', o->>'identity'), ', ' ORDER BY n)
              FROM jsonb_array_elements(l.objects) WITH ORDINALITY AS t(o, n)
             -- told or not by another version of the server
             WHERE o->>'identity' NOT LIKE '"_RETURN" on %' AND NOT (l.statement LIKE '%CONCURRENTLY' AND o->>'identity' = 'public.parted_1')) AS objects
      FROM turnstone.ddl_log l WHERE l.id > coalesce(nullif(current_setting('test.seen', true), ''), '0')::int8 ORDER BY l.id;
CREATE FUNCTION seen() RETURNS void LANGUAGE sql AS $$ SELECT set_config('test.seen', max(id)::text, false) FROM turnstone.ddl_log $$;
CREATE TABLE before_watching (id int);
SELECT count(*) FROM turnstone.ddl_log;

SELECT * FROM migrate_watch(true);
SELECT * FROM migrate_watch(true);
ALTER EVENT TRIGGER turnstone_watch_drop DISABLE;
SELECT * FROM migrate_watch(true);
SELECT evtname, evtevent, evtenabled, evtfoid::regproc, obj_description(oid, 'pg_event_trigger') AS comment,
       EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_event_trigger'::regclass AND objid = e.oid AND deptype = 'e') AS member
  FROM pg_event_trigger e WHERE evtname LIKE 'turnstone_watch%' ORDER BY 1;
SELECT event, name, reason FROM turnstone.journal;

-- one statement, who and where
SET application_name = 'by hand';
CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL);
SELECT session_role = session_user AS session_role, role = current_user AS role, application, client_address, backend = pg_backend_pid() AS backend,
       transaction < pg_current_xact_id() AS transaction, at BETWEEN now() - interval '1 minute' AND clock_timestamp() AS at, break_glass
  FROM turnstone.ddl_log;
SELECT jsonb_pretty(o - 'oid') AS object, (o->>'oid')::oid = 't'::regclass AS oid
  FROM turnstone.ddl_log, jsonb_array_elements(objects) o WHERE o->>'type' = 'table';
RESET application_name;
SELECT * FROM new_entries;

-- several in one string: each has its own text
SELECT seen();
ALTER TABLE t ADD COLUMN a int /* one */, ADD CONSTRAINT positive CHECK (a > 0)\; -- two
  COMMENT ON COLUMN t.a IS 'a; "b"'\;GRANT SELECT (id, a), UPDATE ON t TO pg_monitor\; SELECT 1 AS one\; CREATE INDEX
    t_a ON t (a);
SELECT * FROM new_entries;
SELECT o->>'identity' AS identity, o->>'subid' AS subid FROM turnstone.ddl_log, jsonb_array_elements(objects) o
 WHERE o->>'type' = 'table column' AND command = 'GRANT';

-- many kinds
SELECT seen();
CREATE SCHEMA s CREATE TABLE in_s (id serial) CREATE VIEW v AS SELECT 1 AS one;
CREATE TABLE as_query AS SELECT 1 AS x;
SELECT 2 AS y INTO into_table;
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS x;
REFRESH MATERIALIZED VIEW mv;
REFRESH MATERIALIZED VIEW mv WITH NO DATA;
CREATE UNIQUE INDEX CONCURRENTLY t_name ON t (name);
REINDEX INDEX CONCURRENTLY t_name;
DROP INDEX CONCURRENTLY t_name;
ALTER TABLE t RENAME a TO b;
ALTER TABLE t ALTER b SET DEFAULT 7, ALTER b TYPE bigint, DROP CONSTRAINT positive;
ALTER TABLE into_table SET SCHEMA s;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE t DISABLE TRIGGER tr;
CREATE POLICY p ON t USING (true);
CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
CREATE TYPE color AS ENUM ('red');
ALTER TYPE color ADD VALUE 'green';
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO pg_monitor;
ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE SELECT ON TABLES FROM pg_monitor;
CREATE STATISTICS st ON id, name FROM t;
CREATE TABLE parted (id int) PARTITION BY LIST (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
ALTER TABLE parted DETACH PARTITION parted_1 CONCURRENTLY;
SET client_min_messages = error;
CREATE PUBLICATION pub FOR TABLE t;
RESET client_min_messages;
CREATE CAST (int AS color) WITH INOUT;
ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default;
SELECT * FROM new_entries;

-- drops, with what CASCADE takes along
SELECT seen();
DROP TABLE IF EXISTS not_there;
ALTER TABLE t DROP COLUMN b;
DROP TYPE color CASCADE;
DROP SCHEMA s CASCADE;
DROP TABLE parted, parted_1;
SELECT * FROM new_entries;
SELECT o->>'subid' AS subid_of_dropped_column FROM turnstone.ddl_log, jsonb_array_elements(objects) o WHERE o->>'identity' = 'public.t.b' AND (o->>'dropped')::bool;

-- not logged: what changes nothing, temporary objects, what fails or is rolled back
SELECT seen();
CREATE TABLE IF NOT EXISTS t (id int);
CREATE TEMP TABLE gone (id int PRIMARY KEY);
CREATE INDEX ON gone (id);
ALTER TABLE gone ADD COLUMN x int;
CREATE TRIGGER tr BEFORE INSERT ON gone FOR EACH ROW EXECUTE FUNCTION f();
DROP TABLE gone;
CREATE TEMP VIEW temporary AS SELECT 1;
DROP VIEW temporary;
CREATE TABLE t (id int);
ALTER TABLE t ADD COLUMN c int, ADD COLUMN c int;
BEGIN;
CREATE TABLE undone (id int);
ROLLBACK;
BEGIN;
SAVEPOINT a;
CREATE TABLE undone (id int);
ROLLBACK TO a;
CREATE TABLE kept (id int);
COMMIT;
ANALYZE t;
SELECT * FROM new_entries;

-- inside functions and DO blocks: the inner statement's text
SELECT seen();
DO $$ BEGIN
    CREATE TABLE in_do (id int);
    EXECUTE format('ALTER TABLE %I ADD COLUMN x int', 'in_do');
    EXECUTE 'CREATE INDEX in_do_x ON in_do (x); COMMENT ON TABLE in_do IS ''from a string'';';
    EXECUTE 'CREATE TABLE two_1 (id int); CREATE TABLE two_2 (id int);';
    BEGIN
        CREATE TABLE undone (id int);
        RAISE 'no';
    EXCEPTION WHEN raise_exception THEN
        CREATE TABLE kept_too (id int);
    END;
END $$;
CREATE FUNCTION in_sql() RETURNS void LANGUAGE sql AS '
    CREATE TABLE in_sql_1 (id int);
    SELECT 1; /* not this one */
    CREATE TABLE in_sql_2 (id int);';
SELECT in_sql();
CREATE PROCEDURE in_procedure() LANGUAGE plpgsql AS $$ BEGIN
    CREATE TABLE in_proc (id int);
    COMMIT;
    ALTER TABLE in_proc ADD COLUMN y int;
END $$;
CALL in_procedure();
SELECT * FROM new_entries;

-- odd names
SELECT seen();
CREATE TABLE "Odd ""name""
of two lines" (";" int, E int DEFAULT length(E'\';'));
COMMENT ON TABLE "Odd ""name""
of two lines" IS $$it's; 'odd'$$;
SELECT * FROM new_entries;
DROP TABLE "Odd ""name""
of two lines";

-- secrets
SELECT seen();
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER srv FOREIGN DATA WRAPPER w OPTIONS (host 'h', password 'hidden', api_token 'hidden');
CREATE USER MAPPING FOR public SERVER srv OPTIONS (user 'u', password 'hid''den', "Passcode" E'hid\'den', other 'hid'
   'den');
ALTER USER MAPPING FOR public SERVER srv OPTIONS (SET password 'hidden');
SET client_min_messages = error;
CREATE SUBSCRIPTION sub CONNECTION 'host=h password=hidden' PUBLICATION p WITH (connect = false, slot_name = NONE);
RESET client_min_messages;
ALTER SUBSCRIPTION sub CONNECTION 'host=h dbname=d';
ALTER SUBSCRIPTION sub CONNECTION 'postgresql://u:hidden@h/d';
DO $$ BEGIN EXECUTE 'ALTER USER MAPPING FOR public SERVER srv OPTIONS (SET password ''hidden''); ALTER USER MAPPING FOR public SERVER srv OPTIONS (SET password ''hidden'')'; END $$;
SELECT command, statement FROM new_entries;
SELECT count(*) AS secrets FROM turnstone.ddl_log WHERE statement ~ 'hid';
DROP SUBSCRIPTION sub;
DROP FOREIGN DATA WRAPPER w CASCADE;

-- what the engine runs is no news: migrations, hooks, its own statements
SELECT seen();
SELECT status FROM migrate_register('1_create.sql', E'-- +migrate Up\nCREATE TABLE migrated (id int, updated_at timestamptz);\nDO $$ BEGIN CREATE INDEX ON migrated (id); END $$;\n-- +migrate Down\nDROP TABLE migrated;\n');
SELECT status FROM migrate_register('before_run.sql', 'CREATE TABLE IF NOT EXISTS hooked (id int)');
SELECT version FROM migrate_apply();
SELECT * FROM migrate_track_updated_at('migrated');
SELECT table_name, status FROM migrate_updated_at_policy(ARRAY['public']);
SELECT status FROM migrate_register('2_concurrently.sql', E'-- +migrate Up notransaction\nCREATE INDEX CONCURRENTLY migrated_idx ON migrated (id);\n-- +migrate Down\nDROP INDEX migrated_idx;');
CALL migrate_deploy();
CALL migrate_revert();
SELECT * FROM new_entries;
CREATE TABLE with_policy (updated_at timestamptz);
SELECT * FROM new_entries;
SELECT status FROM migrate_drop_updated_at_policy();

-- extensions: one row, without what their scripts make
SELECT seen();
CREATE EXTENSION hstore;
ALTER EXTENSION hstore SET SCHEMA pg_catalog;
DROP EXTENSION hstore;
SELECT command, statement, left(objects, 100) AS objects FROM new_entries;

-- a role without any rights on the log, hostile surroundings
SELECT seen();
CREATE ROLE regress_turnstone_nobody;
CREATE SCHEMA own AUTHORIZATION regress_turnstone_nobody;
SET ROLE regress_turnstone_nobody;
CREATE TABLE own.mine (id int);
CREATE FUNCTION own.jsonb_to_recordset(jsonb) RETURNS SETOF record LANGUAGE sql AS 'SELECT 1/0';
CREATE FUNCTION own.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz';
SET search_path = own, pg_catalog;
ALTER TABLE mine ADD COLUMN x int;
RESET search_path;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT 1 AS snapshot_taken;
CREATE TABLE own.repeatable (id int);
COMMIT;
RESET ROLE;
SET session_replication_role = replica;
CREATE TABLE own.replica (id int);
RESET session_replication_role;
SET default_transaction_isolation = serializable;
CREATE TABLE own.serializable (id int);
RESET default_transaction_isolation;
SELECT role = 'regress_turnstone_nobody' AS by_nobody, session_role = session_user AS session_role, e.command, e.statement
  FROM turnstone.ddl_log l JOIN new_entries e ON e.statement = l.statement AND l.id > current_setting('test.seen')::int8;
-- what a role's objects are given up with
SELECT seen();
GRANT CREATE ON SCHEMA public TO regress_turnstone_nobody;
REASSIGN OWNED BY regress_turnstone_nobody TO CURRENT_USER;
DROP OWNED BY regress_turnstone_nobody;
DROP ROLE regress_turnstone_nobody;
SELECT * FROM new_entries;

-- logging never fails a statement
SELECT seen();
ALTER TABLE turnstone.ddl_log ADD CONSTRAINT too_long CHECK (length(statement) < 40) NOT VALID;
CREATE TABLE a_rather_long_name_of_a_table (id int);
\set VERBOSITY default
DROP TABLE a_rather_long_name_of_a_table;
\set VERBOSITY terse
ALTER TABLE turnstone.ddl_log DROP CONSTRAINT too_long;
ALTER TABLE turnstone.ddl_log RENAME TO gone;
CREATE TABLE unlogged_by_accident (id int);
ALTER TABLE turnstone.gone RENAME TO ddl_log;
SELECT to_regclass('unlogged_by_accident') IS NOT NULL AS there;
SELECT statement FROM new_entries;
-- only a cancel goes on: it is the user's
BEGIN;
LOCK TABLE turnstone.ddl_log IN ACCESS EXCLUSIVE MODE;
CREATE TABLE while_locked (id int);
COMMIT;

-- the event trigger function by itself
SELECT turnstone.watch_ddl();

-- pruning
SELECT migrate_prune_ddl_log(NULL);
SELECT migrate_prune_ddl_log('1 day');
UPDATE turnstone.ddl_log SET at = at - interval '10 days' WHERE command = 'CREATE TABLE';
SELECT count(*) AS old FROM turnstone.ddl_log WHERE command = 'CREATE TABLE' \gset
SELECT migrate_prune_ddl_log('9 days') = :old AS all_old_ones;
SELECT count(*) FROM turnstone.ddl_log WHERE command = 'CREATE TABLE';

-- off
SELECT * FROM migrate_watch(false);
SELECT * FROM migrate_watch(false);
SELECT * FROM migrate_watch(NULL);
CREATE EVENT TRIGGER turnstone_watch_command ON ddl_command_end EXECUTE FUNCTION f();
CREATE FUNCTION other() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER turnstone_watch_command ON ddl_command_end EXECUTE FUNCTION other();
SELECT * FROM migrate_watch(true);
SELECT * FROM migrate_watch(false);
DROP EVENT TRIGGER turnstone_watch_command;
SELECT event, name, reason FROM turnstone.journal WHERE event = 'watch' ORDER BY id;

-- an extension that is dropped takes its triggers with it
SELECT status FROM migrate_watch(true);
DROP EXTENSION turnstone;
SET client_min_messages = warning;
DROP EXTENSION turnstone CASCADE;
SELECT evtname FROM pg_event_trigger;
CREATE TABLE afterwards (id int);
DROP SCHEMA own CASCADE;
DROP TABLE afterwards, before_watching, t, as_query, kept, kept_too, in_do, two_1, two_2, in_sql_1, in_sql_2, in_proc, migrated, hooked, with_policy,
    unlogged_by_accident, while_locked CASCADE;
DROP MATERIALIZED VIEW mv;
DROP FUNCTION f, in_sql, other, seen;
DROP PROCEDURE in_procedure;
DROP DOMAIN positive;
DROP PUBLICATION pub;
