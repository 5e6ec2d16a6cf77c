-- migrate_seal(): DDL that is no migration is warned of or refused; migrate_break_glass() lets a role through.
CREATE EXTENSION turnstone;
CREATE ROLE regress_turnstone_developer;
CREATE ROLE regress_turnstone_dba;
CREATE SCHEMA app AUTHORIZATION regress_turnstone_developer;
CREATE SCHEMA scratch AUTHORIZATION regress_turnstone_developer;
CREATE TABLE app.t (id int, name text);
CREATE TABLE app.parted (id int) PARTITION BY LIST (id);
CREATE TABLE app.parted_1 PARTITION OF app.parted FOR VALUES IN (1);
CREATE INDEX old_idx ON app.t (name);
ALTER TABLE app.t OWNER TO regress_turnstone_developer;
CREATE TABLE scratch.s (id int);
ALTER TABLE scratch.s OWNER TO regress_turnstone_developer;

-- arguments
SELECT migrate_seal('locked');
SELECT migrate_seal(NULL);
SELECT migrate_seal('refuse', '{}');
SELECT migrate_seal('off');
SELECT * FROM migrate_break_glass('nothing is sealed');

-- refuse
SELECT migrate_seal('refuse', ARRAY['app', 'later']);
SELECT migrate_seal('refuse', ARRAY['app', 'later']);
SELECT mode, schemas, sealed_by = current_user AS sealed_by FROM turnstone.seal;
SELECT evtname, evtevent, evttags, evtenabled FROM pg_event_trigger WHERE evtname LIKE 'turnstone_seal%' ORDER BY 1;
\set VERBOSITY verbose
ALTER TABLE app.t ADD COLUMN x int;
\set VERBOSITY default
SET ROLE regress_turnstone_developer;
ALTER TABLE app.t ADD COLUMN x int;
\set SHOW_CONTEXT never
\set VERBOSITY terse
CREATE TABLE app.new (id int);
CREATE TABLE app.as_query AS SELECT 1 AS x;
SELECT 1 AS x INTO app.into_table;
CREATE VIEW app.v AS SELECT 1 AS x;
CREATE INDEX ON app.t (id);
CREATE INDEX CONCURRENTLY new_idx ON app.t (id);
CREATE INDEX IF NOT EXISTS old_idx ON app.t (id);
DROP INDEX CONCURRENTLY app.old_idx;
DROP TABLE app.t;
DROP TABLE IF EXISTS app.not_there;
ALTER TABLE app.t DROP COLUMN name;
ALTER TABLE app.t RENAME TO u;
ALTER TABLE app.t SET SCHEMA scratch;
ALTER TABLE scratch.s SET SCHEMA app;
ALTER SCHEMA app RENAME TO renamed;
COMMENT ON TABLE app.t IS 'x';
COMMENT ON SCHEMA app IS 'x';
GRANT SELECT ON app.t TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA app TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;
CREATE FUNCTION scratch.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION scratch.f();
CREATE POLICY p ON app.t USING (true);
CREATE RULE r AS ON DELETE TO app.t DO INSTEAD NOTHING;
CREATE TYPE app.color AS ENUM ('red');
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
DO $$ BEGIN EXECUTE 'CREATE TABLE app.in_do (id int)'; END $$;
DROP SCHEMA app CASCADE;
DROP OWNED BY CURRENT_USER;
RESET ROLE;
ALTER TABLE app.parted DETACH PARTITION app.parted_1 CONCURRENTLY;
CREATE SCHEMA later;
ALTER TABLE app.t OWNER TO CURRENT_USER;
-- nothing of it is left
SELECT nspname, relname, pg_get_userbyid(relowner) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
 WHERE nspname IN ('app', 'later', 'renamed', 'scratch') ORDER BY 1, 2;
-- what is not about them passes
SET ROLE regress_turnstone_developer;
ALTER TABLE scratch.s ADD COLUMN x int;
CREATE TABLE scratch.other (id int);
DROP TABLE scratch.other;
CREATE TEMP TABLE t (id int);
ALTER TABLE t ADD COLUMN x int;
DROP TABLE t;
INSERT INTO app.t VALUES (1);
TRUNCATE app.t;
ANALYZE app.t;
REINDEX TABLE app.t;
RESET ROLE;
-- extensions in a sealed schema
CREATE EXTENSION hstore SCHEMA app;
CREATE TABLE scratch.with_hstore (h app.hstore);
DROP EXTENSION hstore CASCADE;
SELECT migrate_seal('refuse', ARRAY['app', 'scratch']);
DROP EXTENSION hstore CASCADE;
SELECT migrate_seal('refuse', ARRAY['app']);
DROP TABLE scratch.with_hstore;
DROP EXTENSION hstore;
-- other settings of the session do not help
SET session_replication_role = replica;
ALTER TABLE app.t ADD COLUMN x int;
RESET session_replication_role;
SET search_path = app;
ALTER TABLE t ADD COLUMN x int;
RESET search_path;
-- the engine passes, with all that it does
SELECT status FROM public.migrate_register('1_change.sql', E'-- +migrate Up\nALTER TABLE app.t ADD COLUMN x int;\nDROP INDEX app.old_idx;\n-- +migrate Down\nALTER TABLE app.t DROP COLUMN x; CREATE INDEX old_idx ON app.t (name);');
SELECT version FROM migrate_apply();
SELECT version FROM migrate_rollback();
SELECT status FROM migrate_register('2_concurrently.sql', E'-- +migrate Up notransaction\nCREATE INDEX CONCURRENTLY conc_idx ON app.t (name);\n-- +migrate Down notransaction\nDROP INDEX CONCURRENTLY app.conc_idx;');
SET client_min_messages = warning;
CALL migrate_deploy();
CALL migrate_revert(1);
RESET client_min_messages;
SELECT count(*) FROM turnstone.ddl_log;

-- break the glass
SELECT * FROM migrate_break_glass('');
SELECT * FROM migrate_break_glass('why', "for" => '-1 hour');
SELECT * FROM migrate_break_glass('why', "for" => NULL);
SELECT * FROM migrate_break_glass('why', role => 'regress_turnstone_nobody_knows');
SET ROLE regress_turnstone_developer;
SELECT * FROM migrate_break_glass('I want to');
RESET ROLE;
SELECT role, id, until - clock_timestamp() BETWEEN interval '29 minutes' AND interval '30 minutes' AS until
  FROM migrate_break_glass('ticket 7', "for" => '30 minutes', role => 'regress_turnstone_developer');
ALTER TABLE app.t ADD COLUMN by_dba int;
SET ROLE regress_turnstone_developer;
ALTER TABLE app.t ADD COLUMN by_developer int;
CREATE INDEX CONCURRENTLY by_developer_idx ON app.t (by_developer);
DROP INDEX app.by_developer_idx;
CREATE TABLE scratch.too (id int);
RESET ROLE;
SELECT break_glass, role, command, statement, objects->0->>'identity' AS first_object FROM turnstone.ddl_log ORDER BY id;
SELECT id, role, reason, opened_by = current_user AS opened_by, ended_at FROM turnstone.break_glass;
-- with watching on as well: one row a statement
SELECT status FROM migrate_watch(true);
SET ROLE regress_turnstone_developer;
ALTER TABLE app.t DROP COLUMN by_developer;
RESET ROLE;
CREATE TABLE scratch.watched (id int);
SELECT break_glass, role = 'regress_turnstone_developer' AS developer, command, statement FROM turnstone.ddl_log WHERE id > 4 ORDER BY id;
SELECT status FROM migrate_watch(false);
-- ended, and run out
SELECT role, id FROM migrate_break_glass_end('regress_turnstone_developer');
SELECT role, id FROM migrate_break_glass_end('regress_turnstone_developer');
SET ROLE regress_turnstone_developer;
ALTER TABLE app.t ADD COLUMN again int;
RESET ROLE;
SELECT id FROM migrate_break_glass('short', "for" => '1 microsecond');
ALTER TABLE app.t ADD COLUMN again int;
-- undone with its transaction
BEGIN;
SELECT id FROM migrate_break_glass('in a transaction');
ALTER TABLE app.t ADD COLUMN passes int;
ROLLBACK;
ALTER TABLE app.t ADD COLUMN passes int;
-- the session's user passes too, whatever role it takes
SELECT id FROM migrate_break_glass('all of this session', role => session_user);
SET ROLE regress_turnstone_developer;
ALTER TABLE app.t ADD COLUMN passes int;
RESET ROLE;
SELECT id FROM migrate_break_glass_end();
SELECT event, name, regexp_replace(reason, 'until [^:]*:[^:]*:[^:]*:', 'until ...:') AS reason
  FROM turnstone.journal WHERE event IN ('seal', 'break_glass', 'watch') ORDER BY id;

-- warn
SELECT migrate_seal('warn', ARRAY['app']);
\set VERBOSITY default
ALTER TABLE app.t ADD COLUMN warned int, ADD COLUMN warned_too int;
\set VERBOSITY terse
CREATE INDEX CONCURRENTLY warned_idx ON app.t (warned);
DROP TABLE app.parted;

-- all schemas
SELECT migrate_seal('refuse');
CREATE TABLE scratch.refused (id int);
CREATE TABLE refused (id int);
CREATE SCHEMA refused;
CREATE TEMP TABLE allowed (id int);
GRANT SELECT ON turnstone.journal TO regress_turnstone_dba;
GRANT EXECUTE ON FUNCTION migrate_break_glass(text, interval, text), migrate_seal(text, text[]) TO regress_turnstone_dba;
COMMENT ON EXTENSION turnstone IS 'x';
-- who has the function may break the glass
SET ROLE regress_turnstone_dba;
SELECT role, id FROM migrate_break_glass('mine to do');
RESET ROLE;
-- an upgrade of the extension passes
SELECT migrate_seal('off');
SELECT migrate_seal('off');
SELECT evtname FROM pg_event_trigger WHERE evtname LIKE 'turnstone_seal%';
SELECT count(*) FROM turnstone.seal;
CREATE TABLE refused (id int);
DROP TABLE refused;
SET client_min_messages = warning;
DROP EXTENSION turnstone CASCADE;
DROP SCHEMA app, scratch CASCADE;
DROP ROLE regress_turnstone_developer, regress_turnstone_dba;
