-- Taking over what others made: triggers of PL/pgSQL bodies and of moddatetime, and names that scripts call.
CREATE EXTENSION turnstone;
CREATE SCHEMA app;
SET search_path = app, public;
CREATE FUNCTION public.make(body text, name text) RETURNS void LANGUAGE plpgsql AS $make$
BEGIN
    EXECUTE format('CREATE FUNCTION app.%I() RETURNS trigger LANGUAGE plpgsql AS %L', 'f_' || name, body);
    EXECUTE format('CREATE TABLE app.%I (id int, n int, label text, updated_at timestamptz NOT NULL DEFAULT now(), ts timestamp(3), day date, "Touched" timestamptz, num bigint)', name);
    EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON app.%I FOR EACH ROW EXECUTE FUNCTION app.%I()', name, 'f_' || name);
END $make$;
-- bodies that are known, in their many spellings
SELECT public.make(body, name) FROM (VALUES
    ('a01', 'BEGIN NEW.updated_at = now(); RETURN NEW; END;'),
    ('a02', 'begin new.updated_at := current_timestamp; return new; end'),
    ('a03', E'/* keeps it */ BEGIN\n  -- the stamp\n  NEW."updated_at" := NOW(); /* RETURN NULL; */\n  RETURN NEW;\nEND;'),
    ('a04', '<<stamp>> DECLARE BEGIN NEW.updated_at = pg_catalog.now(); RETURN NEW; END stamp;'),
    ('a05', 'BEGIN NEW.updated_at = transaction_timestamp(); RETURN NEW; END;'),
    ('a06', 'BEGIN NEW.updated_at = statement_timestamp(); RETURN NEW; END;'),
    ('a07', 'BEGIN NEW.updated_at = clock_timestamp(); RETURN NEW; END;'),
    ('a08', 'BEGIN NEW.updated_at = CURRENT_TIMESTAMP(6); RETURN NEW; END;'),
    ('a09', 'BEGIN NEW.updated_at = (now()::timestamp with time zone); RETURN NEW; END;'),
    ('a10', 'BEGIN NEW.ts = localtimestamp; RETURN NEW; END;'),
    ('a11', 'BEGIN NEW.ts = now(); RETURN NEW; END;'),
    ('a12', 'BEGIN NEW.ts = current_timestamp(3); RETURN NEW; END;'),
    ('a13', 'BEGIN NEW.day = current_date; RETURN NEW; END;'),
    ('a14', 'BEGIN NEW."Touched" = now(); RETURN NEW; END;'),
    ('a15', 'BEGIN IF ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*) THEN NEW.updated_at = now(); RETURN NEW; ELSE RETURN OLD; END IF; END;'),
    ('a16', 'BEGIN IF (NEW IS DISTINCT FROM OLD AND NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at) THEN NEW.updated_at := current_timestamp; END IF; RETURN NEW; END;'),
    ('a17', 'BEGIN IF NEW.updated_at = OLD.updated_at THEN NEW.updated_at = now(); END IF; RETURN NEW; END;'),
    ('a18', 'BEGIN IF TG_OP = ''UPDATE'' THEN NEW.updated_at = now(); END IF; RETURN NEW; END;')) v(name, body);
-- near misses
SELECT public.make(body, name) FROM (VALUES
    ('b01', 'BEGIN NEW.ts = now() AT TIME ZONE ''utc''; RETURN NEW; END;'),
    ('b02', 'BEGIN NEW.ts = timezone(''utc'', now()); RETURN NEW; END;'),
    ('b03', 'BEGIN NEW.updated_at = current_timestamp(0); RETURN NEW; END;'),
    ('b04', 'BEGIN NEW.updated_at = localtimestamp; RETURN NEW; END;'),
    ('b05', 'BEGIN NEW.updated_at = current_date; RETURN NEW; END;'),
    ('b06', 'BEGIN NEW.gone = now(); RETURN NEW; END;'),
    ('b07', 'BEGIN IF NEW."Touched" = OLD."Touched" THEN NEW."Touched" = now(); END IF; RETURN NEW; END;'),
    ('b08', 'BEGIN NEW.label = now(); RETURN NEW; END;')) v(name, body);
-- bodies that do something else are no business of it
SELECT public.make(body, name) FROM (VALUES
    ('c01', 'BEGIN NEW.updated_at = now(); NEW.n = NEW.n + 1; RETURN NEW; END;'),
    ('c02', 'BEGIN NEW.updated_at = now() + interval ''1 hour''; RETURN NEW; END;'),
    ('c03', 'BEGIN NEW.updated_at = now(); RETURN NULL; END;'),
    ('c04', 'BEGIN RAISE NOTICE ''NEW.updated_at = now(); RETURN NEW;''; RETURN NEW; END;'),
    ('c05', 'BEGIN IF NEW.n <> OLD.n THEN NEW.updated_at = now(); END IF; RETURN NEW; END;'),
    ('c06', 'BEGIN NEW.updated_at = "now"(); RETURN NEW; EXCEPTION WHEN others THEN RETURN NEW; END;')) v(name, body);
-- the trigger's own: WHEN, columns, state, other events, settings of the function
CREATE TABLE d01 (id int, label text, updated_at timestamptz);
CREATE TRIGGER touch BEFORE UPDATE OF label, id ON d01 FOR EACH ROW WHEN (OLD.label IS DISTINCT FROM NEW.label AND NEW.label <> ' EXECUTE FUNCTION app.f_a01()') EXECUTE FUNCTION f_a01('x''y', 'EXECUTE FUNCTION');
ALTER TABLE d01 ENABLE ALWAYS TRIGGER touch;
CREATE TABLE d02 (id int, updated_at timestamptz);
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON d02 FOR EACH ROW EXECUTE FUNCTION f_a01();
CREATE TABLE d03 (id int, updated_at timestamptz);
CREATE FUNCTION f_zone() RETURNS trigger LANGUAGE plpgsql SET timezone = 'UTC' AS 'BEGIN NEW.updated_at = now(); RETURN NEW; END;';
CREATE FUNCTION f_path() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS 'BEGIN NEW.updated_at = now(); RETURN NEW; END;';
CREATE TRIGGER touch BEFORE UPDATE ON d03 FOR EACH ROW EXECUTE FUNCTION f_zone();
CREATE TABLE d04 (id int, updated_at timestamptz);
CREATE TRIGGER touch BEFORE UPDATE ON d04 FOR EACH ROW EXECUTE FUNCTION f_path();
ALTER TABLE d04 DISABLE TRIGGER touch;
CREATE TABLE d05 (k int, updated_at timestamptz) PARTITION BY LIST (k);
CREATE TABLE d05_1 PARTITION OF d05 FOR VALUES IN (1);
CREATE TABLE d05_2 PARTITION OF d05 FOR VALUES IN (2);
CREATE TRIGGER touch BEFORE UPDATE ON d05 FOR EACH ROW EXECUTE FUNCTION f_a01();
ALTER TABLE d05_2 DISABLE TRIGGER touch;
CREATE TABLE d06 (id int, updated_at timestamptz);
CREATE TRIGGER touch AFTER UPDATE ON d06 FOR EACH ROW EXECUTE FUNCTION f_a01();
-- moddatetime
CREATE EXTENSION moddatetime SCHEMA public;
CREATE TABLE e01 (id int, "Modified" timestamp, day date);
CREATE TRIGGER touch BEFORE UPDATE ON e01 FOR EACH ROW EXECUTE FUNCTION moddatetime("Modified");
CREATE TRIGGER touch_day BEFORE UPDATE ON e01 FOR EACH ROW EXECUTE FUNCTION moddatetime(day);

SELECT table_name, column_name AS column, arguments, status, note FROM migrate_adopt_updated_at();
SELECT count(*) AS nothing_done FROM pg_trigger WHERE tgfoid = 'turnstone_set_updated_at'::regproc;
SELECT status, count(*) FROM migrate_adopt_updated_at(dry_run := false, schemas := ARRAY['other']) GROUP BY status;
SELECT status, count(*) FROM migrate_adopt_updated_at(dry_run := false, schemas := ARRAY['app']) GROUP BY status ORDER BY 1;
SELECT tgrelid::regclass, tgname, tgenabled, substring(pg_get_triggerdef(oid) FROM 'TRIGGER \w+ (.*)') AS definition
  FROM pg_trigger WHERE tgfoid = 'turnstone_set_updated_at'::regproc ORDER BY tgrelid::regclass::text, tgname;
SELECT table_name, status FROM migrate_adopt_updated_at() WHERE status <> 'left';
SELECT table_name, state, trigger_name FROM migrate_updated_at_status() WHERE state <> 'tracked';

-- diesel's
CREATE FUNCTION diesel_manage_updated_at(_tbl regclass) RETURNS VOID AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER set_updated_at BEFORE UPDATE ON %s
                    FOR EACH ROW EXECUTE PROCEDURE diesel_set_updated_at()', _tbl);
END;
$$ LANGUAGE plpgsql;
CREATE FUNCTION diesel_set_updated_at() RETURNS trigger AS $$
BEGIN
    IF (
        NEW IS DISTINCT FROM OLD AND
        NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at
    ) THEN
        NEW.updated_at := current_timestamp;
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TABLE users (id int, updated_at timestamp NOT NULL DEFAULT '2000-01-01');
SELECT diesel_manage_updated_at('users');
INSERT INTO users VALUES (1);
-- the function itself becomes ours: its triggers stay as they are
SELECT * FROM migrate_updated_at_alias('diesel_set_updated_at');
SELECT * FROM turnstone.updated_at_alias;
UPDATE users SET id = id RETURNING updated_at = '2000-01-01' AS kept;
UPDATE users SET updated_at = '2001-01-01' RETURNING updated_at = '2001-01-01' AS kept;
UPDATE users SET id = 2 RETURNING updated_at = localtimestamp AS stamped;
SELECT * FROM migrate_updated_at_status() WHERE table_name = 'app.users';

-- names that scripts call
SELECT * FROM migrate_updated_at_alias('update_updated_at_column');
SELECT * FROM migrate_updated_at_alias('update_updated_at_column');
SELECT * FROM migrate_updated_at_alias('public.touch_modified', 'modified', clock := 'wall');
SELECT prosrc, pg_get_userbyid(proowner) = current_user AS own FROM pg_proc WHERE proname IN ('update_updated_at_column', 'touch_modified') ORDER BY 1;
CREATE TABLE scripted (id int, updated_at timestamptz, modified timestamptz);
CREATE TRIGGER a BEFORE UPDATE ON scripted FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER b BEFORE UPDATE ON scripted FOR EACH ROW EXECUTE PROCEDURE touch_modified();
INSERT INTO scripted VALUES (1);
UPDATE scripted SET id = 2 RETURNING updated_at = now() AS is_now, modified > now() AS by_the_wall;
SELECT * FROM migrate_updated_at_status() WHERE table_name = 'app.scripted';
-- a script that makes the function itself has its own again
CREATE OR REPLACE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at = now(); RETURN NEW; END;';
SELECT * FROM migrate_updated_at_status() WHERE table_name = 'app.scripted';
SELECT * FROM migrate_updated_at_alias('update_updated_at_column');
-- an alias that was renamed
ALTER FUNCTION public.touch_modified() RENAME TO touch_it;
UPDATE scripted SET id = 3;
ALTER FUNCTION public.touch_it() RENAME TO touch_modified;
-- refusals
SELECT * FROM migrate_updated_at_alias('f_c01');
SELECT * FROM migrate_updated_at_alias('f_b01');
SELECT * FROM migrate_updated_at_alias('f_b03');
SELECT * FROM migrate_updated_at_alias('f_zone');
SELECT * FROM migrate_updated_at_alias('public.moddatetime');
SELECT * FROM migrate_updated_at_alias('nowhere.f');
SELECT * FROM migrate_updated_at_alias(NULL);
SELECT * FROM migrate_updated_at_alias('x', stamp_when := 'never');
CREATE ROLE regress_turnstone_alias;
GRANT EXECUTE ON FUNCTION migrate_updated_at_alias(text, text, text, text, text) TO regress_turnstone_alias;
GRANT USAGE ON SCHEMA app TO regress_turnstone_alias;
SET ROLE regress_turnstone_alias;
SELECT * FROM migrate_updated_at_alias('app.theirs');
RESET ROLE;
GRANT CREATE ON SCHEMA app TO regress_turnstone_alias;
SET ROLE regress_turnstone_alias;
SELECT * FROM migrate_updated_at_alias('app.theirs');
SELECT * FROM migrate_updated_at_alias('app.update_updated_at_column');
RESET ROLE;
SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE proname = 'theirs';

-- aliases go with the extension
DROP TABLE scripted, users;
SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
DROP EXTENSION moddatetime, turnstone;
SELECT count(*) AS left_over FROM pg_proc WHERE proname IN ('touch_modified', 'theirs');
DROP FUNCTION public.make;
DROP ROLE regress_turnstone_alias;
