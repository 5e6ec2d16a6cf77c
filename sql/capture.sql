-- What is recorded: the short way through the catalogs tells what the queries tell, no change escapes the fingerprint,
-- and a run records exactly what it leaves, and nothing of what had drifted before it.
\getenv migrations TURNSTONE_MIGRATIONS
CREATE EXTENSION turnstone;
SET client_min_messages = warning;
CREATE ROLE regress_turnstone_owner;
CREATE ROLE regress_turnstone_reader;

-- Whether the record is what the queries tell, and whether the short way tells that too.
CREATE FUNCTION compare(OUT exact bool, OUT agree bool) LANGUAGE sql AS $$
    WITH recorded AS (SELECT object_type, identity, document::text FROM turnstone.recorded_object WHERE until IS NULL),
         short AS (SELECT object_type, identity, document::text FROM turnstone.captured_schema()),
         long AS MATERIALIZED (SELECT object_type, identity, document::text FROM turnstone.captured_schema(by_queries => true))
    SELECT NOT EXISTS (TABLE recorded EXCEPT TABLE long) AND NOT EXISTS (TABLE long EXCEPT TABLE recorded),
           NOT EXISTS (TABLE short EXCEPT TABLE long) AND NOT EXISTS (TABLE long EXCEPT TABLE short) $$;
-- Whether the schema is what is recorded, OIDs apart.
CREATE FUNCTION told(document json) RETURNS text LANGUAGE sql AS $$
    SELECT concat(document -> 'properties', (SELECT string_agg(concat(p -> 0, p -> 1, p -> 2), e'\n') FROM json_array_elements(document -> 'parts') p)) $$;
CREATE FUNCTION changed() RETURNS bool LANGUAGE sql AS $$
    WITH recorded AS (SELECT object_type, identity, told(document) FROM turnstone.recorded_object WHERE until IS NULL),
         long AS MATERIALIZED (SELECT object_type, identity, told(document) FROM turnstone.captured_schema(by_queries => true))
    SELECT EXISTS (TABLE recorded EXCEPT TABLE long) OR EXISTS (TABLE long EXCEPT TABLE recorded) $$;
CREATE FUNCTION drift() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(d::text, e'\n') FROM migrate_drift() d $$;

-- By hand: what the queries would tell is seen as drift, and nothing else; and undone.
CREATE FUNCTION by_hand(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE differs bool; seen bool; agree bool;
BEGIN
    BEGIN
        EXECUTE statement;
        SELECT changed(), c.agree INTO differs, agree FROM compare() c;
        seen := drift() IS NOT NULL;
        RAISE EXCEPTION 'undone' USING ERRCODE = 'T0000';
    EXCEPTION WHEN SQLSTATE 'T0000' THEN
    END;
    RETURN CASE WHEN NOT agree THEN 'THE TWO WAYS DIFFER' WHEN differs AND NOT seen THEN 'NOT SEEN' WHEN differs THEN 'drift'
                WHEN seen THEN 'FALSE ALARM' ELSE 'none' END;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLERRM;
END $$;

-- By a run: it records exactly what it leaves, so that there is no drift.
CREATE FUNCTION by_run(statement text, by_hand text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE exact bool; before text; now text;
BEGIN
    BEGIN
        IF by_hand IS NOT NULL THEN
            EXECUTE by_hand;
        END IF;
        before := drift();
        PERFORM migrate_register('2_change.sql', statement);
        PERFORM migrate_apply();
        SELECT c.exact INTO exact FROM compare() c;
        now := drift();
        RAISE EXCEPTION 'undone' USING ERRCODE = 'T0000';
    EXCEPTION WHEN SQLSTATE 'T0000' THEN
    END;
    RETURN CASE WHEN NOT exact AND by_hand IS NULL THEN 'NOT EXACT' WHEN now IS DISTINCT FROM before THEN concat('DRIFT: ', now) ELSE 'recorded' END;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLERRM;
END $$;
-- every kind of property that the short way has to leave to the queries, and those that it tells
SELECT status FROM migrate_register('1_odd.sql', $script$
CREATE SCHEMA app;
CREATE TYPE color AS ENUM ('red', 'green');
CREATE TYPE pair AS (a int, b text);
CREATE COLLATION app.plain (provider = libc, locale = 'C');
CREATE SEQUENCE counter START 10;
CREATE FUNCTION fallback() RETURNS int LANGUAGE sql AS 'SELECT 7';
CREATE FUNCTION make_table() RETURNS void LANGUAGE plpgsql AS 'BEGIN EXECUTE ''CREATE TABLE made (id int PRIMARY KEY)''; END';
CREATE FUNCTION f(c color DEFAULT 'red', p pair DEFAULT NULL) RETURNS color LANGUAGE sql AS 'SELECT c';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE parent (id int PRIMARY KEY, name text NOT NULL DEFAULT 'x', name2 text DEFAULT 'x', shade color DEFAULT 'red', n int DEFAULT fallback(),
                     at timestamptz NOT NULL DEFAULT now(), code varchar(10) COLLATE "C" CHECK (code IN ('a', 'b')), price numeric(10,2) DEFAULT 0);
CREATE TABLE child (id bigint GENERATED ALWAYS AS IDENTITY, parent_id int CONSTRAINT to_parent REFERENCES parent ON DELETE CASCADE, amount int CHECK (amount > 0),
                    twice int GENERATED ALWAYS AS (amount * 2) STORED, serial_id serial, "Odd ""name"" \ é" text, tags text[] DEFAULT '{}', UNIQUE (parent_id, amount));
CREATE TABLE app.thing (id uuid, period int4range, shade public.color, words text COLLATE app.plain, EXCLUDE USING gist (period WITH &&));
CREATE INDEX parent_name_idx ON parent (lower(name)) WHERE name <> '';
CREATE INDEX parent_at_idx ON parent (at DESC) INCLUDE (name) WITH (fillfactor = 70);
CREATE UNIQUE INDEX parent_code_idx ON parent (code);
CREATE INDEX child_amount_idx ON child (amount);
CREATE INDEX child_amount_back_idx ON child (amount DESC NULLS LAST, parent_id NULLS FIRST, twice DESC) WHERE amount > 1 OR twice IS NULL;
CREATE UNIQUE INDEX child_odd_idx ON child ("Odd ""name"" \ é", id) INCLUDE (twice, amount) NULLS NOT DISTINCT;
CREATE INDEX child_tags_idx ON child USING gin (tags);
CREATE INDEX child_hash_idx ON child USING hash (amount);
CREATE INDEX child_arrays_idx ON child (tags, serial_id);
CREATE INDEX parent_plain_idx ON parent (name text_pattern_ops, code COLLATE "POSIX", shade);
CREATE INDEX parent_code_c_idx ON parent (code, price);
COMMENT ON INDEX child_amount_idx IS 'an index';
COMMENT ON CONSTRAINT to_parent ON child IS 'a constraint';
COMMENT ON TABLE parent IS e'a "table"\\ with\n\ttabs, é and \x01';
COMMENT ON COLUMN parent.name IS 'a column';
CREATE VIEW red AS SELECT id, name, shade FROM parent WHERE shade = 'red';
CREATE VIEW redder WITH (security_barrier) AS SELECT id FROM red;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM child;
CREATE UNIQUE INDEX counted_idx ON counted (n);
CREATE TRIGGER t BEFORE INSERT ON parent FOR EACH ROW EXECUTE FUNCTION g();
CREATE TABLE parted (id int, at date, label text DEFAULT 'none', PRIMARY KEY (id, at), CONSTRAINT above CHECK (id > 0)) PARTITION BY RANGE (at);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE loose (id int NOT NULL, at date NOT NULL, label text DEFAULT 'none', PRIMARY KEY (id, at), CONSTRAINT above CHECK (id > 0));
CREATE INDEX parted_label_idx ON parted (label);
CREATE TABLE ancestor (id int NOT NULL, kind text DEFAULT 'k', CONSTRAINT positive CHECK (id > 0));
CREATE TABLE heir (extra int) INHERITS (ancestor);
CREATE TABLE lonely (id int NOT NULL, kind text, CONSTRAINT positive CHECK (id > 0));
CREATE TABLE untouched (id int);
CREATE TABLE no_columns ();
CREATE TABLE typed OF pair;
CREATE UNLOGGED TABLE passing (id int) WITH (fillfactor = 50);
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER wrapper;
CREATE FOREIGN TABLE far (id int NOT NULL, name text OPTIONS (x 'y')) SERVER elsewhere;
ALTER TABLE parent ALTER COLUMN name SET STATISTICS 500, ALTER COLUMN name2 SET STORAGE EXTERNAL, ALTER COLUMN at SET (n_distinct = 5);
ALTER TABLE parent OWNER TO regress_turnstone_owner;
GRANT SELECT ON parent TO regress_turnstone_reader;
GRANT UPDATE (name) ON parent TO regress_turnstone_reader WITH GRANT OPTION;
GRANT USAGE ON SCHEMA app TO regress_turnstone_reader;
$script$);
SELECT version FROM migrate_apply();
SELECT *, drift() FROM compare();
SELECT object_type, count(*), count(json_array_length(document -> 'parts')) AS with_parts
  FROM turnstone.recorded_object WHERE until IS NULL GROUP BY 1 ORDER BY 1;
SELECT told(document) FROM turnstone.recorded_object WHERE until IS NULL AND identity = 'public.child';

-- Changes, each by itself.
CREATE TEMPORARY TABLE change (number int GENERATED ALWAYS AS IDENTITY, statement text);
INSERT INTO change (statement) SELECT * FROM regexp_split_to_table($$
DROP TABLE parent CASCADE
DROP SCHEMA app CASCADE
DROP TYPE color CASCADE
ALTER TABLE parent RENAME TO parent2
ALTER TABLE parent RENAME TO "Odd ""name"". \ é"
ALTER TABLE parent RENAME COLUMN name TO title
ALTER TABLE child RENAME COLUMN id TO "Id"
ALTER TABLE parent RENAME CONSTRAINT parent_pkey TO pk
ALTER TABLE parent SET SCHEMA app
ALTER SCHEMA app RENAME TO app2
ALTER TYPE color RENAME TO colour
ALTER TYPE color RENAME VALUE 'red' TO 'crimson'
ALTER TYPE color ADD VALUE 'blue' BEFORE 'red'
ALTER TYPE color SET SCHEMA app
ALTER TYPE pair ADD ATTRIBUTE c int CASCADE
ALTER COLLATION app.plain RENAME TO plainer
ALTER ROLE regress_turnstone_owner RENAME TO regress_turnstone_master
ALTER ROLE regress_turnstone_reader RENAME TO regress_turnstone_viewer
ALTER FUNCTION fallback() RENAME TO fallback2
ALTER FUNCTION fallback() SET SCHEMA app
ALTER FUNCTION f(color, pair) OWNER TO regress_turnstone_owner
CREATE OR REPLACE FUNCTION fallback() RETURNS int LANGUAGE sql AS 'SELECT 8'
DROP FUNCTION make_table()
GRANT EXECUTE ON FUNCTION make_table() TO regress_turnstone_reader
REVOKE EXECUTE ON FUNCTION make_table() FROM PUBLIC
ALTER TABLE child ALTER COLUMN parent_id TYPE bigint
ALTER TABLE parent ALTER COLUMN price TYPE numeric(12,4), ALTER COLUMN name2 TYPE varchar(40)
ALTER TABLE parent ADD COLUMN extra text NOT NULL DEFAULT 'y'
ALTER TABLE parent DROP COLUMN name CASCADE
ALTER TABLE parent ALTER COLUMN price DROP DEFAULT
ALTER TABLE parent ALTER COLUMN n SET DEFAULT fallback() + 1
ALTER TABLE parent ALTER COLUMN name2 SET NOT NULL
ALTER TABLE parent DROP COLUMN name2; ALTER TABLE parent ADD COLUMN name2 text DEFAULT 'x'
CREATE TABLE copied AS SELECT * FROM parent
DO 'BEGIN CREATE TABLE copied AS SELECT * FROM child; END'
DO 'BEGIN EXECUTE ''CREATE VIEW deep AS SELECT * FROM red''; END'
SELECT make_table()
ALTER TABLE parted ATTACH PARTITION loose FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
ALTER TABLE parted DETACH PARTITION parted_1
CREATE TABLE parted_2 PARTITION OF parted DEFAULT
CREATE INDEX ON parted (at)
ALTER TABLE parted ADD COLUMN more int DEFAULT 1
ALTER TABLE parted_1 ALTER COLUMN label SET DEFAULT 'some'
ALTER TABLE lonely INHERIT ancestor
ALTER TABLE heir NO INHERIT ancestor
ALTER TABLE ancestor RENAME TO forebear
ALTER TABLE ancestor ADD COLUMN more int
ALTER TABLE child ALTER COLUMN id SET GENERATED BY DEFAULT
ALTER TABLE child ALTER COLUMN id SET INCREMENT BY 5
ALTER TABLE child ALTER COLUMN id DROP IDENTITY
ALTER TABLE child ALTER COLUMN twice DROP EXPRESSION
ALTER SEQUENCE counter INCREMENT 5
ALTER SEQUENCE child_serial_id_seq OWNED BY NONE
ALTER SEQUENCE counter OWNED BY child.amount
ALTER TABLE parent ALTER COLUMN name2 SET STORAGE MAIN
ALTER TABLE parent ALTER COLUMN name2 SET STORAGE EXTENDED
ALTER TABLE parent ALTER COLUMN name SET STATISTICS -1
ALTER TABLE child ALTER COLUMN tags SET STATISTICS 10
ALTER TABLE child ALTER COLUMN tags SET (n_distinct = 3)
ALTER TABLE child ALTER COLUMN tags SET COMPRESSION pglz
ALTER TABLE child SET (fillfactor = 70)
ALTER TABLE child SET UNLOGGED
ALTER TABLE child REPLICA IDENTITY FULL
ALTER TABLE parent REPLICA IDENTITY USING INDEX parent_pkey
ALTER TABLE parent CLUSTER ON parent_at_idx
ALTER TABLE child ENABLE ROW LEVEL SECURITY
ALTER TABLE child FORCE ROW LEVEL SECURITY
ALTER TABLE child DROP CONSTRAINT to_parent
ALTER TABLE child ALTER CONSTRAINT to_parent DEFERRABLE
ALTER TABLE parent ADD CONSTRAINT code_is_unique UNIQUE USING INDEX parent_code_idx
ALTER TABLE parent ADD CONSTRAINT later CHECK (n > 0) NOT VALID
ALTER TABLE parent DISABLE TRIGGER t
ALTER TRIGGER t ON parent RENAME TO t2
DROP TRIGGER t ON parent
ALTER INDEX parent_name_idx RENAME TO by_name
ALTER INDEX parent_at_idx SET (fillfactor = 90)
DROP INDEX parent_name_idx
CREATE UNIQUE INDEX ON parent (name2 text_pattern_ops) NULLS NOT DISTINCT
COMMENT ON COLUMN child.amount IS 'an amount'
COMMENT ON TABLE child IS 'a child'
COMMENT ON TABLE parent IS NULL
COMMENT ON CONSTRAINT to_parent ON child IS NULL
COMMENT ON INDEX parent_name_idx IS 'by name'
COMMENT ON INDEX child_amount_idx IS 'by amount'
COMMENT ON SCHEMA app IS 'a schema'
COMMENT ON FUNCTION g() IS 'a function'
COMMENT ON TYPE color IS 'a type'
COMMENT ON VIEW red IS 'a view'
COMMENT ON TRIGGER t ON parent IS 'a trigger'
GRANT SELECT ON child TO regress_turnstone_reader
GRANT INSERT (amount) ON child TO regress_turnstone_reader
REVOKE ALL (name) ON parent FROM regress_turnstone_reader
REVOKE ALL ON parent FROM regress_turnstone_reader
ALTER TABLE child OWNER TO regress_turnstone_owner
ALTER VIEW red SET (security_barrier)
CREATE OR REPLACE VIEW redder AS SELECT id FROM red WHERE id > 1
ALTER VIEW red RENAME TO crimson
ALTER MATERIALIZED VIEW counted RENAME TO number
REFRESH MATERIALIZED VIEW counted WITH NO DATA
ALTER TABLE untouched DROP COLUMN id
ALTER FOREIGN TABLE far ADD COLUMN more int
CREATE TABLE "New table" (id int PRIMARY KEY, "Ref" int REFERENCES "New table")
CREATE TYPE size AS ENUM ()
ALTER EXTENSION turnstone ADD TABLE child
ALTER EXTENSION turnstone ADD FUNCTION make_table()
ALTER EXTENSION turnstone ADD SCHEMA app
ALTER EXTENSION turnstone ADD VIEW redder
UPDATE pg_attribute SET attnotnull = true WHERE attrelid = 'child'::regclass AND attname = 'amount'
UPDATE pg_attrdef SET adbin = (SELECT adbin FROM pg_attrdef WHERE adrelid = 'parent'::regclass AND adnum = 5) WHERE adrelid = 'parent'::regclass AND adnum = 8
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgname = 't'
DELETE FROM pg_description WHERE description = 'a column'
CREATE TEMPORARY TABLE of_the_session (id int PRIMARY KEY DEFAULT 7, other serial, CHECK (id > 0)); COMMENT ON TABLE of_the_session IS 'x'
CREATE TEMPORARY VIEW of_the_session AS SELECT 1 AS one
CREATE TABLE gone (id serial PRIMARY KEY); DROP TABLE gone
ANALYZE parent; REINDEX TABLE parent; TRUNCATE parent CASCADE; SELECT nextval('counter'); REFRESH MATERIALIZED VIEW counted
GRANT DELETE ON parent TO regress_turnstone_reader; REVOKE DELETE ON parent FROM regress_turnstone_reader
ALTER TABLE parent ALTER COLUMN name SET DEFAULT 'z'; ALTER TABLE parent ALTER COLUMN name SET DEFAULT     'x'
ALTER TABLE lonely ALTER COLUMN id TYPE bigint; ALTER TABLE lonely ALTER COLUMN id TYPE int
SELECT 1$$, e'\n') statement WHERE statement <> '';

SELECT number, left(statement, 60) AS statement, by_hand(statement), by_run(statement),
       CASE WHEN number % 8 = 0 THEN by_run(statement, 'CREATE TABLE strange (id int); ALTER TABLE no_columns ADD COLUMN extra int; DROP TABLE typed; COMMENT ON TABLE no_columns IS ''strange''') END AS with_drift
  FROM change ORDER BY number;

-- with recording off, the record is stale, and says so until the next run that records
SET turnstone.record_schema = off;
SELECT status FROM migrate_register('3_unrecorded.sql', 'CREATE TABLE unrecorded (id int)');
SELECT version FROM migrate_apply();
SELECT * FROM migrate_drift();
SET turnstone.record_schema = on;
SELECT * FROM migrate_drift();
SELECT status FROM migrate_register('4_recorded.sql', 'CREATE TABLE recorded (id int)');
SELECT version FROM migrate_apply();
SELECT *, drift() FROM compare();

-- each state of an object is kept
SELECT until IS NULL AS present, json_array_length(document -> 'parts') AS parts
  FROM turnstone.recorded_object WHERE identity = 'public.untouched' ORDER BY since;
SELECT status FROM migrate_register('5_add.sql', 'ALTER TABLE untouched ADD COLUMN more int');
SELECT version FROM migrate_apply();
SELECT status FROM migrate_register('6_drop.sql', 'DROP TABLE untouched');
SELECT version FROM migrate_apply();
SELECT (SELECT count(*) FROM turnstone.snapshot WHERE id > since) AS runs_ago, (SELECT count(*) FROM turnstone.snapshot WHERE id > until) AS until_runs_ago, json_array_length(document -> 'parts') AS parts
  FROM turnstone.recorded_object WHERE identity = 'public.untouched' ORDER BY since;
SELECT stale FROM turnstone.snapshot ORDER BY id;

DROP EXTENSION turnstone;
DROP TABLE change, recorded, unrecorded;
DROP OWNED BY regress_turnstone_owner, regress_turnstone_reader CASCADE;
DROP SCHEMA app CASCADE;
DROP TYPE color, pair CASCADE;
DROP TABLE child, parted, loose, ancestor, heir, lonely, no_columns, passing CASCADE;
DROP FOREIGN DATA WRAPPER wrapper CASCADE;
DROP SEQUENCE counter;
DROP FUNCTION fallback(), make_table(), g();

-- the sample application, up and down
CREATE EXTENSION turnstone;
SELECT count(*) > 0 AS loaded FROM migrate_load(:'migrations');
SELECT count(*) > 0 AS applied FROM migrate_apply('20240402');
SELECT count(*) > 200 AS much_recorded FROM turnstone.recorded_object, json_array_elements(document -> 'parts') WHERE until IS NULL;
SELECT * FROM compare();
SELECT count(*) > 0 AS rolled_back FROM migrate_rollback_to('base');
SELECT count(*) AS tables FROM turnstone.recorded_object WHERE until IS NULL AND object_type = 'table';
SELECT * FROM compare();

DROP EXTENSION turnstone;
DROP FUNCTION compare(), told(json), changed(), drift(), by_hand(text), by_run(text, text);
DROP ROLE regress_turnstone_owner, regress_turnstone_reader;
