-- A role that may create things in public, and whoever it wants to run its code for it: nothing of the engine does. Each trap
-- writes down who stepped into it.
CREATE EXTENSION turnstone;
SET client_min_messages = warning;
CREATE TABLE stepped (who name, trap text);
GRANT INSERT ON stepped TO PUBLIC;
CREATE ROLE regress_turnstone_hostile;
CREATE ROLE regress_turnstone_victim;
GRANT CREATE, USAGE ON SCHEMA public TO regress_turnstone_hostile, regress_turnstone_victim;
-- as docs/security.md has it
DO $$ DECLARE statement text; BEGIN
    FOR statement IN SELECT format('GRANT EXECUTE ON ROUTINE %s TO regress_turnstone_victim', p.oid::regprocedure)
        FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
        JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'turnstone' WHERE p.proname LIKE 'migrate\_%' OR p.proname = 'turnstone_set_updated_at'
    LOOP EXECUTE statement; END LOOP;
END $$;

SET ROLE regress_turnstone_hostile;
-- functions and operators that fit better than those of pg_catalog
CREATE FUNCTION public.spring(trap text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.stepped VALUES (current_user, trap); END $$;
CREATE FUNCTION public.format(text, text, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('format'); RETURN 'x'; END $$;
CREATE FUNCTION public.count(bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('count'); RETURN 0; END $$;
CREATE FUNCTION public.quote_ident(name) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('quote_ident'); RETURN 'x'; END $$;
CREATE FUNCTION public.set_config(text, text, bool) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('set_config'); RETURN ''; END $$;
CREATE FUNCTION public.same(a varchar, b varchar) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('operator'); RETURN true; END $$;
CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.same);
CREATE FUNCTION public.joined(a text, b name) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('operator ||'); RETURN ''; END $$;
CREATE OPERATOR public.|| (LEFTARG = text, RIGHTARG = name, FUNCTION = public.joined);
-- a cast of his own type
CREATE TYPE public.odd AS (a int);
CREATE FUNCTION public.odd_as_text(public.odd) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('cast'); RETURN ''; END $$;
CREATE CAST (public.odd AS text) WITH FUNCTION public.odd_as_text AS IMPLICIT;
-- tables of the names that the engine knows, and of the names that other tools use, with triggers, rules, policies and defaults
CREATE FUNCTION public.springs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('trigger as ' || TG_OP); RETURN coalesce(NEW, OLD); END $$;
CREATE TABLE public.migration (version text);
CREATE TABLE public.journal (version text);
CREATE TABLE public.schema_migrations (version varchar PRIMARY KEY);
GRANT ALL ON public.schema_migrations TO regress_turnstone_victim;
CREATE TRIGGER sprung BEFORE INSERT OR DELETE ON public.schema_migrations FOR EACH ROW EXECUTE FUNCTION public.springs();
CREATE TABLE public.bait (id int, updated_at timestamptz);
CREATE FUNCTION public.default_springs() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('default'); RETURN 1; END $$;
ALTER TABLE public.bait ADD n int;
ALTER TABLE public.bait ALTER n SET DEFAULT public.default_springs(), ADD CHECK (public.default_springs() > 0) NOT VALID;
CREATE VIEW public.view_of_bait AS SELECT public.default_springs() AS n;
CREATE INDEX ON public.bait ((coalesce(n, 0)));
CREATE DOMAIN public.hollow AS text DEFAULT 'x' CHECK (length(VALUE) > 0);
-- what only a superuser may
CREATE FUNCTION public.event_springs() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('event trigger'); END $$;
CREATE EVENT TRIGGER sprung ON ddl_command_end EXECUTE FUNCTION public.event_springs();
CREATE TRIGGER sprung BEFORE INSERT ON turnstone.journal FOR EACH ROW EXECUTE FUNCTION public.springs();
CREATE RULE sprung AS ON INSERT TO turnstone.journal DO ALSO SELECT public.spring('rule');
CREATE FUNCTION turnstone.privileges(text) RETURNS text LANGUAGE sql AS 'SELECT ''x''';
SELECT * FROM turnstone.migration;
RESET ROLE;

-- the victim does all that there is to do, with public before pg_catalog
CREATE FUNCTION everything() RETURNS text LANGUAGE plpgsql AS $$
DECLARE statement text; done int := 0;
BEGIN
    FOREACH statement IN ARRAY ARRAY[
        'SELECT * FROM migrate_register(''1_x.sql'', e''-- +migrate Up\nCREATE TABLE mine (id int, updated_at timestamptz);\n-- +migrate Down\nDROP TABLE mine;'')',
        'SELECT * FROM migrate_plan()', 'SELECT * FROM migrate_apply()', 'SELECT * FROM migrate_status()', 'SELECT * FROM migrate_drift()',
        'SELECT * FROM migrate_drift(ARRAY[''public''])', 'SELECT migrate_drift(''json'')', 'SELECT migrate_fingerprint()',
        'SELECT * FROM migrate_expect(migrate_export_schema())', 'SELECT * FROM migrate_blame(''mine'')', 'SELECT migrate_schema_at(1)',
        'SELECT * FROM migrate_health()', 'SELECT migrate_export()', 'SELECT * FROM migrate_tag(''v1'')', 'SELECT * FROM migrate_adopt()',
        'SELECT * FROM migrate_track_updated_at(''mine'')', 'SELECT * FROM migrate_accept_drift(''seen'')', 'SELECT * FROM migrate_redo()',
        'SELECT * FROM migrate_rollback()', 'SELECT * FROM migrate_mark(''1'', ''applied'', ''by hand'')', 'SELECT * FROM migrate_mark(''1'', ''pending'', ''by hand'')',
        'SELECT migrate_unregister(''1'')'] LOOP
        BEGIN
            EXECUTE statement;
            done := done + 1;
        EXCEPTION WHEN OTHERS THEN
            RAISE WARNING '%: %', statement, SQLERRM;
        END;
    END LOOP;
    RETURN done || ' done';
END $$;
SET search_path = public, pg_catalog;
SELECT everything();
SET ROLE regress_turnstone_victim;
SELECT everything();
RESET ROLE;
TABLE stepped;

-- temporary tables of the engine's names, in the victim's own session: they are found first
SET ROLE regress_turnstone_victim;
CREATE TEMP TABLE migration (version text);
CREATE TEMP TABLE journal (version text, trap int DEFAULT public.default_springs());
CREATE TEMP TABLE run (id int DEFAULT public.default_springs());
CREATE TEMP TABLE pg_class (oid int, relname text);
CREATE TEMP TABLE pg_proc (oid int, proname text);
SELECT everything();
DROP TABLE pg_temp.migration, pg_temp.journal, pg_temp.run, pg_temp.pg_class, pg_temp.pg_proc;
RESET ROLE;
TABLE stepped;

-- watching, sealing and policies look at what he does, and at what he has made
SELECT pg_catalog.count(*) FROM migrate_watch(true);
SELECT pg_catalog.count(*) FROM migrate_seal('warn', '{other}');
SELECT pg_catalog.count(*) FROM migrate_updated_at_policy('{public}');
SET ROLE regress_turnstone_hostile;
CREATE TABLE public."bait'); SELECT spring('name'); --" (id int, updated_at timestamptz);
ALTER TABLE public.bait ADD m int;
RESET ROLE;
SELECT pg_catalog.count(*) > 0 AS logged FROM turnstone.ddl_log;
SELECT pg_catalog.count(*) > 0 AS drifted FROM migrate_drift();
TABLE stepped;
SELECT pg_catalog.count(*) FROM migrate_seal('off');
SELECT pg_catalog.count(*) FROM migrate_watch(false);

-- another tool's journal that he has laid out: his trigger has his rights
SET turnstone.coexist = 'dbmate';
SELECT status FROM migrate_register('2_y.sql', e'-- +migrate Up\nCREATE TABLE other ();\n-- +migrate Down\nDROP TABLE other;');
SELECT version FROM migrate_apply();
SELECT version FROM migrate_rollback();
SET ROLE regress_turnstone_victim;
SELECT version FROM migrate_apply();
SELECT version FROM migrate_rollback();
RESET ROLE;
REVOKE DELETE ON schema_migrations FROM regress_turnstone_victim;
SET ROLE regress_turnstone_victim;
SELECT version FROM migrate_apply();
SELECT version FROM migrate_rollback();
RESET ROLE;
RESET turnstone.coexist;
SELECT DISTINCT who, trap FROM stepped ORDER BY trap;
TRUNCATE stepped;

-- names with quotes and newlines, in every parameter: refused, or taken for what they are
CREATE TABLE victim (id int);
CREATE FUNCTION tried(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE pg_catalog.replace(statement, '%', pg_catalog.quote_literal(e'x''); DROP TABLE victim; --"); DROP TABLE victim; --\n'));
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ': ' || pg_catalog.replace(SQLERRM, e'\n', '<newline>');
END $$;
SELECT s, tried(s) FROM pg_catalog.unnest(ARRAY[
    'SELECT * FROM migrate_register(%, ''SELECT 1'')', 'SELECT * FROM migrate_register(''7_'' || % || ''.sql'', ''SELECT 1'')',
    'SELECT * FROM migrate_register(''7_a.sql'', %)', 'SELECT * FROM migrate_load(%)', 'SELECT migrate_unregister(%)', 'SELECT migrate_set_variable(%, %)',
    'SELECT * FROM migrate_apply(%)', 'SELECT * FROM migrate_plan(%)', 'SELECT * FROM migrate_rollback_to(%)', 'SELECT * FROM migrate_tag(%)',
    'SELECT * FROM migrate_tag(''t'', %)', 'SELECT * FROM migrate_baseline(%)', 'SELECT * FROM migrate_mark(%, ''applied'', ''x'')', 'SELECT * FROM migrate_mark(''2'', %, ''x'')',
    'SELECT * FROM migrate_mark(''2'', ''applied'', %)', 'SELECT * FROM migrate_repair(%)', 'SELECT * FROM migrate_seed(%)', 'SELECT * FROM migrate_drift(ARRAY[%])',
    'SELECT migrate_drift(%)', 'SELECT * FROM migrate_accept_drift(%)', 'SELECT migrate_fingerprint(ARRAY[%])', 'SELECT * FROM migrate_blame(%)',
    'SELECT * FROM migrate_expect(%)', 'SELECT migrate_export_schema(ARRAY[%])', 'SELECT migrate_schema_at(%::text)', 'SELECT * FROM migrate_compare(%, %)', 'SELECT * FROM migrate_seal(%)',
    'SELECT * FROM migrate_seal(''warn'', ARRAY[%])', 'SELECT * FROM migrate_break_glass(%, ''1 hour'', %)', 'SELECT * FROM migrate_adopt(%)',
    'SELECT * FROM migrate_track_updated_at(''mine'', %)', 'SELECT * FROM migrate_updated_at_policy(ARRAY[%], %)',
    'SET turnstone.coexist = %; SELECT * FROM migrate_apply()', 'SELECT migrate_import_journal(pg_catalog.to_jsonb(%::text))']) s;
SELECT pg_catalog.count(*) AS still_there FROM victim;
TABLE stepped;
RESET search_path;
SELECT count(*) FROM migrate_seal('off');

-- installed where his things are: none of the extension's uses any of them
DROP EXTENSION turnstone CASCADE;
SET ROLE regress_turnstone_hostile;
-- makes a call of migrate_drift() that leaves its argument to the default ambiguous
CREATE FUNCTION public.migrate_drift(OUT severity text, OUT change text, OUT object_type text, OUT identity text, OUT property text,
    OUT expected text, OUT actual text, OUT changed_at timestamptz, OUT changed_by text, OUT application text, OUT client_address text,
    OUT statement text) RETURNS SETOF record LANGUAGE plpgsql AS $$ BEGIN PERFORM public.spring('migrate_drift()'); END $$;
RESET ROLE;
SET search_path = public, pg_catalog;
CREATE EXTENSION turnstone SCHEMA public;
RESET search_path;
SELECT count(*) FROM turnstone.drift;
SELECT count(*) FROM turnstone.status;
SELECT pg_describe_object(d.classid, d.objid, d.objsubid) AS of_ours, pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) AS of_his
  FROM pg_depend d JOIN pg_shdepend o ON o.classid = d.refclassid AND o.objid = d.refobjid AND o.deptype = 'o'
  JOIN pg_database b ON b.oid = o.dbid AND b.datname = current_database()
 WHERE o.refobjid = 'regress_turnstone_hostile'::regrole AND d.deptype = 'n'
   AND EXISTS (SELECT FROM pg_depend m WHERE m.classid = d.classid AND m.objid = d.objid AND m.deptype = 'e');
TABLE stepped;

DROP EXTENSION turnstone CASCADE;
DROP TABLE victim, stepped;
DROP FUNCTION everything(), tried(text);
DROP OWNED BY regress_turnstone_hostile, regress_turnstone_victim CASCADE;
DROP ROLE regress_turnstone_hostile, regress_turnstone_victim;
