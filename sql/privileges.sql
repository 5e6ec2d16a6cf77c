-- PUBLIC may do nothing; a role that was granted the functions may do all of it, with its own rights in the scripts.
CREATE EXTENSION turnstone;
SELECT p.oid::regprocedure AS open_to_public
  FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
  JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'turnstone'
 WHERE has_function_privilege('public', p.oid, 'execute') ORDER BY 1;
SELECT relname AS open_to_public FROM pg_class
 WHERE relnamespace = 'turnstone'::regnamespace AND relkind IN ('r', 'S')
   AND (has_table_privilege('public', oid, 'select') OR has_table_privilege('public', oid, 'insert'));
SELECT has_schema_privilege('public', 'turnstone', 'usage') AS schema_open_to_public;
-- every object has its comment
SELECT pg_describe_object(d.classid, d.objid, 0) AS without_comment
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass AND e.extname = 'turnstone'
 WHERE d.deptype = 'e' AND d.classid IN ('pg_proc'::regclass, 'pg_class'::regclass)
   AND obj_description(d.objid, d.classid::regclass::name) IS NULL
   AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = d.objid AND c.relkind = 'S')
 ORDER BY 1;
SELECT attrelid::regclass || '.' || attname AS column_without_comment FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
 WHERE relnamespace = 'turnstone'::regnamespace AND relkind = 'r' AND attnum > 0 AND col_description(attrelid, attnum) IS NULL ORDER BY 1;

CREATE ROLE regress_turnstone_nobody;
CREATE ROLE regress_turnstone_deployer;
GRANT CREATE, USAGE ON SCHEMA public TO regress_turnstone_deployer;
GRANT EXECUTE ON FUNCTION migrate_register(text, text), migrate_unregister(text), migrate_apply(text, boolean), migrate_rollback(int, boolean),
    migrate_status(), migrate_drift(text[]), migrate_load(text, text), turnstone_set_updated_at() TO regress_turnstone_deployer;

SET ROLE regress_turnstone_nobody;
SELECT * FROM migrate_register('1_x.sql', 'SELECT 1');
SELECT * FROM migrate_apply();
SELECT * FROM migrate_status();
SELECT * FROM turnstone.migration;

SET ROLE regress_turnstone_deployer;
SELECT status FROM migrate_register('1_create.sql', E'-- +migrate Up\nCREATE TABLE owned (id int, who name DEFAULT current_user);\nINSERT INTO owned VALUES (1);\n-- +migrate Down\nDROP TABLE owned;\n');
SELECT version FROM migrate_apply();
SELECT who FROM owned;
SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'owned';
SELECT version, state, applied_by FROM migrate_status();
SELECT * FROM migrate_drift();
-- the journal is not his to write, nor the scripts
DELETE FROM turnstone.journal;
UPDATE turnstone.migration SET name = 'x';
-- the server's files are not his to read
SELECT * FROM migrate_load('/tmp');
-- a script has the rights of its caller, not the engine's
SELECT status FROM migrate_register('2_steal.sql', 'DELETE FROM turnstone.journal');
SELECT version FROM migrate_apply();
SELECT migrate_unregister('2');
SELECT version FROM migrate_rollback();
RESET ROLE;
SELECT role, session_role = session_user AS session_role FROM turnstone.journal ORDER BY id LIMIT 1;

-- operators and functions planted in front of pg_catalog's are not the engine's
CREATE SCHEMA trap;
CREATE FUNCTION trap.eq(text, text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.eq);
CREATE FUNCTION trap.max(bigint) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
CREATE TEMPORARY TABLE pg_class (oid oid);
CREATE TEMPORARY TABLE migration (version text);
SET search_path = trap, pg_temp, pg_catalog, public;
SELECT version FROM migrate_apply();
SELECT version, state FROM migrate_status();
SELECT * FROM migrate_drift(ARRAY['public']);
SELECT version FROM migrate_rollback();
RESET search_path;
DROP TABLE pg_temp.pg_class, pg_temp.migration;
DROP SCHEMA trap CASCADE;

DROP EXTENSION turnstone;
REVOKE ALL ON SCHEMA public FROM regress_turnstone_deployer;
DROP ROLE regress_turnstone_nobody, regress_turnstone_deployer;
