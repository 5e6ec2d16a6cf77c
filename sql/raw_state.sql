-- The raw state: a change to the catalogs of any kind changes the hash of the root that it belongs to, and of no other;
-- what is no change to the schema changes none.
\getenv probe TURNSTONE_PROBE
\set former :DBNAME
CREATE DATABASE turnstone_raw;
\c turnstone_raw
CREATE EXTENSION turnstone;
SET client_min_messages = error;
CREATE FUNCTION raw_state(OUT catalog oid, OUT object oid, OUT hash bigint) RETURNS SETOF record LANGUAGE c AS :'probe', 'probe_raw_state';
CREATE ROLE regress_turnstone_owner;
CREATE ROLE regress_turnstone_reader;
CREATE ROLE regress_turnstone_stranger;

-- An object of each kind, and of some two.
CREATE EXTENSION pg_trgm;
CREATE SCHEMA app;
CREATE TYPE color AS ENUM ('red', 'green');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN positive AS int CONSTRAINT above CHECK (VALUE > 0);
CREATE TYPE span AS RANGE (subtype = int, multirange_type_name = spans);
CREATE COLLATION plain (provider = libc, locale = 'C');
CREATE SEQUENCE counter;
CREATE FUNCTION fallback() RETURNS int LANGUAGE sql AS 'SELECT 7';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION add_pair(state int, p pair) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE pairs(pair) (SFUNC = add_pair, STYPE = int);
CREATE PROCEDURE nothing() LANGUAGE sql AS '';
CREATE FUNCTION less(color, color) RETURNS bool LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR <<< (LEFTARG = color, RIGHTARG = color, FUNCTION = less);
CREATE OPERATOR FAMILY family USING btree;
CREATE OPERATOR CLASS class FOR TYPE positive USING btree FAMILY family AS OPERATOR 1 <(int, int), FUNCTION 1 btint4cmp(int, int);
CREATE FUNCTION from_color(color) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE CAST (color AS int) WITH FUNCTION from_color(color);
CREATE CONVERSION convert FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TEXT SEARCH CONFIGURATION words (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR word WITH simple;
CREATE TEXT SEARCH DICTIONARY terms (TEMPLATE = simple);
CREATE TABLE parent (id int PRIMARY KEY, name text NOT NULL DEFAULT 'x', shade color, code varchar(10) CHECK (code IN ('a', 'b')));
CREATE TABLE child (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent_id int CONSTRAINT to_parent REFERENCES parent, n serial, amount int) WITH (fillfactor = 90);
CREATE TABLE clustered (id int PRIMARY KEY, words text);
CLUSTER clustered USING clustered_pkey;
CREATE TABLE parted (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE loose (id int, at date);
CREATE INDEX parted_idx ON parted (at);
CREATE TABLE ancestor (id int);
CREATE TABLE heir () INHERITS (ancestor);
CREATE INDEX parent_name_idx ON parent (lower(name)) WHERE name <> '';
CREATE STATISTICS counts ON id, amount FROM child;
CREATE VIEW red AS SELECT id, name FROM parent WHERE shade = 'red';
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM child;
CREATE TRIGGER t BEFORE INSERT ON parent FOR EACH ROW EXECUTE FUNCTION g();
CREATE RULE r AS ON DELETE TO child DO INSTEAD NOTHING;
CREATE POLICY p ON parent USING (id > 0);
CREATE EVENT TRIGGER ev ON sql_drop EXECUTE FUNCTION e();
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER wrapper;
CREATE USER MAPPING FOR regress_turnstone_owner SERVER elsewhere;
CREATE FOREIGN TABLE far (id int) SERVER elsewhere;
CREATE PUBLICATION news FOR TABLE parent;
CREATE SUBSCRIPTION subscribed CONNECTION 'dbname=nowhere' PUBLICATION news WITH (connect = false, slot_name = NONE);
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO regress_turnstone_reader;
ALTER TABLE loose OWNER TO regress_turnstone_owner;
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE regress_turnstone_space LOCATION '';
CREATE TABLE placed (id int) TABLESPACE regress_turnstone_space;

CREATE FUNCTION named(catalog oid, object oid) RETURNS text STABLE LANGUAGE sql AS $$
    SELECT CASE WHEN object = 0 THEN format('all of the system''s in %s', catalog::regclass)
                WHEN catalog = 'pg_database'::regclass THEN 'the database'
                WHEN catalog = 'pg_db_role_setting'::regclass THEN 'settings of role ' || object::regrole
                ELSE (SELECT i.type || ' ' || replace(i.identity, ' on language ', ' language ') FROM pg_identify_object(catalog, object, 0) i) END $$;
CREATE TYPE entry AS (catalog oid, object oid, hash bigint, name text);
CREATE FUNCTION entries() RETURNS entry[] LANGUAGE sql AS $$
    SELECT array_agg((s.catalog, s.object, s.hash, named(s.catalog, s.object))::entry) FROM raw_state() s $$;
CREATE FUNCTION difference(before entry[], now entry[]) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(CASE WHEN b.hash IS NULL THEN '+' WHEN n.hash IS NULL THEN '-' ELSE '' END || coalesce(b.name, n.name), '; '
                               ORDER BY coalesce(b.name, n.name) COLLATE "C"), 'none')
      FROM unnest(before) b FULL JOIN unnest(now) n USING (catalog, object) WHERE b.hash IS DISTINCT FROM n.hash $$;
CREATE FUNCTION changed(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE before entry[] := entries(); answer text;
BEGIN
    BEGIN
        EXECUTE statement;
        answer := difference(before, entries());
        RAISE EXCEPTION 'undone' USING ERRCODE = 'T0000';
    EXCEPTION WHEN SQLSTATE 'T0000' THEN
    END;
    RETURN answer;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLERRM;
END $$;
CREATE FUNCTION roots(statements text) RETURNS TABLE (statement text, roots text) LANGUAGE sql AS $$
    SELECT left(s, 100), changed(s) FROM regexp_split_to_table(statements, e'\n') s WHERE s <> '' $$;

-- Root objects, and what belongs to them.
SELECT * FROM roots($$
CREATE TABLE fresh (id serial PRIMARY KEY, parent_id int REFERENCES parent, name text UNIQUE)
DROP TABLE child CASCADE
ALTER TABLE parent RENAME TO parent2
ALTER TABLE parent SET SCHEMA app
ALTER TABLE parent OWNER TO regress_turnstone_owner
ALTER TABLE child SET (fillfactor = 50)
ALTER TABLE clustered SET (toast.autovacuum_enabled = off)
ALTER TABLE clustered SET (autovacuum_enabled = off)
ALTER TABLE child SET UNLOGGED
ALTER TABLE parent REPLICA IDENTITY FULL
ALTER TABLE parent REPLICA IDENTITY USING INDEX parent_pkey
ALTER TABLE parent CLUSTER ON parent_pkey
ALTER TABLE parent ENABLE ROW LEVEL SECURITY
ALTER TABLE parent SET TABLESPACE regress_turnstone_space
ALTER TABLE parent ADD COLUMN extra text NOT NULL DEFAULT 'y'
ALTER TABLE parent DROP COLUMN code
ALTER TABLE parent RENAME COLUMN code TO letter
ALTER TABLE parent ALTER COLUMN code TYPE text
ALTER TABLE parent ALTER COLUMN code SET NOT NULL
ALTER TABLE parent ALTER COLUMN name SET STATISTICS 500
ALTER TABLE parent ALTER COLUMN name SET STORAGE EXTERNAL
ALTER TABLE parent ALTER COLUMN name SET COMPRESSION pglz
ALTER TABLE parent ALTER COLUMN name SET (n_distinct = 5)
ALTER TABLE parent ALTER COLUMN name DROP DEFAULT
ALTER TABLE parent ALTER COLUMN name SET DEFAULT 'z'
ALTER TABLE child ALTER COLUMN id SET GENERATED BY DEFAULT
ALTER TABLE child ALTER COLUMN id SET INCREMENT BY 5
ALTER TABLE child ALTER COLUMN id DROP IDENTITY
ALTER SEQUENCE counter INCREMENT 5
ALTER SEQUENCE child_n_seq OWNED BY NONE
ALTER SEQUENCE counter OWNED BY child.amount
ALTER TABLE child DROP CONSTRAINT to_parent
ALTER TABLE child ALTER CONSTRAINT to_parent DEFERRABLE
ALTER TABLE child RENAME CONSTRAINT to_parent TO parental
ALTER TABLE child ADD CONSTRAINT again FOREIGN KEY (amount) REFERENCES parent
ALTER TABLE child ADD CONSTRAINT later CHECK (amount > 0) NOT VALID
ALTER TABLE child ADD CONSTRAINT only_one EXCLUDE USING btree (amount WITH =)
ALTER TABLE child DISABLE TRIGGER ALL
ALTER TABLE parent DISABLE TRIGGER t
ALTER TRIGGER t ON parent RENAME TO t2
DROP RULE r ON child
ALTER TABLE child DISABLE RULE r
ALTER POLICY p ON parent USING (id > 1)
DROP POLICY p ON parent
CREATE INDEX ON parent (name)
DROP INDEX parent_name_idx
ALTER INDEX parent_name_idx RENAME TO by_name
ALTER INDEX parent_name_idx SET (fillfactor = 50)
ALTER INDEX parent_name_idx ALTER COLUMN 1 SET STATISTICS 100
COMMENT ON INDEX parent_name_idx IS 'an index'
COMMENT ON CONSTRAINT to_parent ON child IS 'a constraint'
COMMENT ON COLUMN parent.name IS 'a column'
COMMENT ON TRIGGER t ON parent IS 'a trigger'
COMMENT ON POLICY p ON parent IS 'a policy'
COMMENT ON RULE r ON child IS 'a rule'
GRANT SELECT ON parent TO regress_turnstone_reader
GRANT UPDATE (name) ON parent TO regress_turnstone_stranger
ALTER TABLE parted ATTACH PARTITION loose FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
ALTER TABLE parted DETACH PARTITION parted_1
CREATE TABLE parted_2 PARTITION OF parted DEFAULT
CREATE INDEX ON parted_1 (id)
CREATE INDEX ON parted (id)
ALTER TABLE loose INHERIT ancestor
ALTER TABLE heir NO INHERIT ancestor
ALTER TABLE ancestor ADD COLUMN more int
CREATE OR REPLACE VIEW red AS SELECT id, name FROM parent WHERE shade = 'green'
ALTER VIEW red SET (security_barrier)
ALTER VIEW red ALTER COLUMN name SET DEFAULT 'n'
CREATE UNIQUE INDEX ON counted (n)
REFRESH MATERIALIZED VIEW counted WITH NO DATA
ALTER FOREIGN TABLE far OPTIONS (ADD x 'y')
ALTER FOREIGN TABLE far ALTER COLUMN id OPTIONS (ADD x 'y')
ALTER STATISTICS counts SET STATISTICS 100
COMMENT ON STATISTICS counts IS 'counts'
DROP STATISTICS counts
$$);
SELECT * FROM roots($$
ALTER TYPE color ADD VALUE 'blue'
ALTER TYPE color RENAME VALUE 'red' TO 'crimson'
ALTER TYPE color RENAME TO colour
ALTER TYPE pair ADD ATTRIBUTE c int
ALTER TYPE pair RENAME ATTRIBUTE a TO first
COMMENT ON COLUMN pair.a IS 'an attribute'
ALTER DOMAIN positive ADD CONSTRAINT below CHECK (VALUE < 100)
ALTER DOMAIN positive RENAME CONSTRAINT above TO over
ALTER DOMAIN positive SET DEFAULT 3
COMMENT ON CONSTRAINT above ON DOMAIN positive IS 'above zero'
ALTER TYPE span RENAME TO span2
ALTER TYPE spans RENAME TO spans2
DROP TYPE span
CREATE TYPE shell
ALTER COLLATION plain RENAME TO plainer
CREATE OR REPLACE FUNCTION fallback() RETURNS int LANGUAGE sql AS 'SELECT 8'
ALTER FUNCTION fallback() COST 5
GRANT EXECUTE ON FUNCTION fallback() TO regress_turnstone_reader
COMMENT ON FUNCTION fallback() IS 'seven'
CREATE OR REPLACE AGGREGATE pairs(pair) (SFUNC = add_pair, STYPE = int, INITCOND = '3')
ALTER PROCEDURE nothing() SECURITY DEFINER
ALTER OPERATOR <<< (color, color) OWNER TO regress_turnstone_owner
ALTER OPERATOR FAMILY family USING btree ADD OPERATOR 5 >(int, int)
ALTER OPERATOR CLASS class USING btree RENAME TO class2
COMMENT ON CAST (color AS int) IS 'a cast'
DROP CAST (color AS int)
ALTER CONVERSION convert RENAME TO convert2
ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR asciiword WITH simple
ALTER TEXT SEARCH DICTIONARY terms (StopWords = 'english')
CREATE TEXT SEARCH TEMPLATE template (LEXIZE = dsimple_lexize)
CREATE TEXT SEARCH PARSER parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype)
CREATE ACCESS METHOD storage TYPE TABLE HANDLER heap_tableam_handler
CREATE LANGUAGE words HANDLER plpgsql_call_handler
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))
ALTER EVENT TRIGGER ev DISABLE
ALTER SCHEMA app OWNER TO regress_turnstone_owner
ALTER SCHEMA app RENAME TO app2
COMMENT ON SCHEMA public IS 'ours'
GRANT CREATE ON SCHEMA public TO regress_turnstone_reader
ALTER FOREIGN DATA WRAPPER wrapper OPTIONS (ADD x 'y')
ALTER SERVER elsewhere OPTIONS (ADD x 'y')
ALTER USER MAPPING FOR regress_turnstone_owner SERVER elsewhere OPTIONS (ADD password 'y')
ALTER PUBLICATION news SET (publish = 'insert')
ALTER PUBLICATION news ADD TABLE child
ALTER PUBLICATION news SET TABLE parent WHERE (id > 3)
CREATE PUBLICATION whole FOR TABLES IN SCHEMA app
ALTER SUBSCRIPTION subscribed SET (binary = true)
COMMENT ON SUBSCRIPTION subscribed IS 'news'
DROP SUBSCRIPTION subscribed
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT INSERT ON TABLES TO regress_turnstone_reader
ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM regress_turnstone_reader
ALTER EXTENSION pg_trgm SET SCHEMA app
ALTER EXTENSION pg_trgm ADD TABLE loose
ALTER EXTENSION pg_trgm DROP FUNCTION show_limit()
CREATE OR REPLACE FUNCTION show_limit() RETURNS real LANGUAGE sql AS 'SELECT 1::real'
GRANT EXECUTE ON FUNCTION show_limit() TO regress_turnstone_reader
ALTER EXTENSION turnstone ADD PROCEDURE nothing()
ALTER FUNCTION fallback() DEPENDS ON EXTENSION pg_trgm
$$);
-- What stands in catalogs that all databases share.
SELECT * FROM roots($$
ALTER DATABASE turnstone_raw SET work_mem = '5MB'
ALTER DATABASE turnstone_raw CONNECTION LIMIT 50
ALTER ROLE regress_turnstone_owner IN DATABASE turnstone_raw SET work_mem = '5MB'
ALTER ROLE regress_turnstone_stranger IN DATABASE turnstone_raw SET work_mem = '5MB'
ALTER ROLE regress_turnstone_owner SET work_mem = '5MB'
COMMENT ON DATABASE turnstone_raw IS 'ours'
COMMENT ON DATABASE template1 IS 'not ours'
GRANT TEMPORARY ON DATABASE turnstone_raw TO regress_turnstone_reader
ALTER ROLE regress_turnstone_owner RENAME TO regress_turnstone_master
ALTER ROLE regress_turnstone_stranger RENAME TO regress_turnstone_guest
ALTER ROLE regress_turnstone_owner PASSWORD 'secret'
GRANT regress_turnstone_owner TO regress_turnstone_reader
CREATE ROLE regress_turnstone_new
GRANT SET ON PARAMETER work_mem TO regress_turnstone_reader
ALTER TABLESPACE regress_turnstone_space RENAME TO regress_turnstone_room
COMMENT ON TABLESPACE regress_turnstone_space IS 'a place'
$$);
-- The system's own objects: one sum a catalog, and privileges by themselves.
SELECT * FROM roots($$
GRANT EXECUTE ON FUNCTION pg_ls_dir(text) TO regress_turnstone_reader
REVOKE EXECUTE ON FUNCTION lower(text) FROM PUBLIC
REVOKE SELECT ON pg_class FROM PUBLIC
GRANT SELECT (rolpassword) ON pg_authid TO regress_turnstone_reader
REVOKE USAGE ON SCHEMA pg_catalog FROM PUBLIC
REVOKE USAGE ON TYPE int4 FROM PUBLIC
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC
REVOKE SELECT ON information_schema.tables FROM PUBLIC
GRANT EXECUTE ON FUNCTION lower(text) TO regress_turnstone_reader; REVOKE EXECUTE ON FUNCTION lower(text) FROM regress_turnstone_reader
ALTER FUNCTION lower(text) COST 5
COMMENT ON FUNCTION lower(text) IS 'small'
CREATE OR REPLACE VIEW information_schema.enabled_roles AS SELECT 'x'::name::information_schema.sql_identifier AS role_name
UPDATE pg_init_privs SET initprivs = '{}' WHERE objoid = 'pg_authid'::regclass AND objsubid = 0
$$);
-- By hand.
SELECT * FROM roots($$
UPDATE pg_class SET reloptions = '{fillfactor=20}' WHERE oid = 'parent'::regclass
UPDATE pg_class SET relrowsecurity = true WHERE oid = 'parent'::regclass
UPDATE pg_attribute SET attnotnull = true WHERE attrelid = 'child'::regclass AND attname = 'amount'
UPDATE pg_attrdef SET adbin = (SELECT adbin FROM pg_attrdef WHERE adrelid = 'child'::regclass) WHERE adrelid = 'parent'::regclass
UPDATE pg_constraint SET convalidated = false WHERE conname = 'to_parent'
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'parent_name_idx'::regclass
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgname = 't'
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgconstraint = (SELECT oid FROM pg_constraint WHERE conname = 'to_parent')
UPDATE pg_rewrite SET ev_enabled = 'D' WHERE rulename = 'r'
UPDATE pg_policy SET polcmd = 'r'
UPDATE pg_proc SET prosrc = 'SELECT 9' WHERE proname = 'fallback'
UPDATE pg_proc SET prosrc = 'SELECT 9' WHERE proname = 'show_limit'
UPDATE pg_type SET typnotnull = true WHERE typname = 'positive'
UPDATE pg_type SET typname = 'odd' WHERE typname = '_parent'
UPDATE pg_enum SET enumsortorder = 0.5 WHERE enumlabel = 'green'
UPDATE pg_range SET rngsubdiff = 'int4range_subdiff'::regproc WHERE rngtypid = 'span'::regtype
UPDATE pg_sequence SET seqcache = 10 WHERE seqrelid = 'counter'::regclass
UPDATE pg_sequence SET seqcache = 10 WHERE seqrelid = 'child_id_seq'::regclass
UPDATE pg_inherits SET inhseqno = 5 WHERE inhrelid = 'heir'::regclass
UPDATE pg_partitioned_table SET partattrs = '1'
UPDATE pg_foreign_table SET ftoptions = '{x=y}'
UPDATE pg_aggregate SET aggtransspace = 5 WHERE aggfnoid = 'pairs(pair)'::regprocedure
UPDATE pg_amop SET amopstrategy = 2 WHERE amopfamily = (SELECT oid FROM pg_opfamily WHERE opfname = 'family')
UPDATE pg_amproc SET amprocnum = 2 WHERE amprocfamily = (SELECT oid FROM pg_opfamily WHERE opfname = 'family')
UPDATE pg_ts_config_map SET mapseqno = 5 WHERE mapcfg = 'words'::regconfig
UPDATE pg_publication_rel SET prattrs = '1'
UPDATE pg_default_acl SET defaclacl = '{}'
UPDATE pg_event_trigger SET evttags = '{DROP TABLE}' WHERE evtname = 'ev'
UPDATE pg_extension SET extversion = '0' WHERE extname = 'pg_trgm'
DELETE FROM pg_description WHERE objoid = (SELECT oid FROM pg_extension WHERE extname = 'pg_trgm')
DELETE FROM pg_attrdef WHERE adrelid = 'parent'::regclass
DELETE FROM pg_depend WHERE objid = 'child_n_seq'::regclass AND deptype = 'a'
DELETE FROM pg_depend WHERE objid = 'show_limit()'::regprocedure AND deptype = 'e'
INSERT INTO pg_seclabel VALUES ('parent'::regclass, 'pg_class'::regclass, 1, 'dummy', 'secret')
INSERT INTO pg_shseclabel SELECT oid, 'pg_database'::regclass, 'dummy', 'secret' FROM pg_database WHERE datname = current_database()
INSERT INTO pg_shseclabel SELECT oid, 'pg_subscription'::regclass, 'dummy', 'secret' FROM pg_subscription
$$);

-- Nothing.
SELECT * FROM roots($$
SELECT 1
ANALYZE
TRUNCATE parent CASCADE
TRUNCATE child RESTART IDENTITY
SELECT nextval('counter'), setval('child_n_seq', 100)
REFRESH MATERIALIZED VIEW counted
REINDEX TABLE parent
REINDEX INDEX parent_name_idx
CLUSTER clustered
INSERT INTO clustered SELECT g, repeat('x', 100) FROM generate_series(1, 1000) g; CLUSTER clustered
CREATE TEMPORARY TABLE passing (id serial PRIMARY KEY, parent_id int DEFAULT 7, words text, CHECK (id > 0)); CREATE INDEX ON passing (words); COMMENT ON TABLE passing IS 'x'; GRANT SELECT ON passing TO regress_turnstone_stranger
CREATE TEMPORARY VIEW passing AS SELECT * FROM parent
CREATE TYPE pg_temp.passing AS ENUM ('a'); CREATE FUNCTION pg_temp.passing() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE DOMAIN pg_temp.passing2 AS int CHECK (VALUE > 1)
CREATE TEMPORARY TABLE passing (id int) PARTITION BY RANGE (id); CREATE TEMPORARY TABLE passing_1 PARTITION OF passing DEFAULT; CREATE STATISTICS pg_temp.passing_counts ON id, (id + 1) FROM passing
CREATE TABLE gone (id serial PRIMARY KEY); DROP TABLE gone
ALTER TABLE parent OWNER TO CURRENT_USER
ALTER TABLE parent ALTER COLUMN code SET STORAGE EXTENDED
UPDATE pg_attribute SET attname = attname
UPDATE pg_class SET relname = relname, reloptions = reloptions
UPDATE pg_proc SET prosrc = prosrc, proacl = proacl
UPDATE pg_rewrite SET ev_action = ev_action
UPDATE pg_attrdef SET adbin = adbin
UPDATE pg_description SET description = description
UPDATE pg_database SET datfrozenxid = datfrozenxid, datcollversion = 'other'
UPDATE pg_class SET relpages = 5, reltuples = 7, relallvisible = 3, relhasindex = false WHERE oid = 'loose'::regclass
UPDATE turnstone.gate SET fingerprint = 7
DELETE FROM pg_depend WHERE deptype = 'n' AND objid = 'red'::regclass
$$);
-- What does not run inside of a function; with a column that older rows lack.
ALTER TABLE parent ADD COLUMN late int NOT NULL DEFAULT 5;
CREATE TEMPORARY TABLE saved AS SELECT entries() AS state;
VACUUM FULL;
SELECT difference(state, entries()) AS after_vacuum_full FROM saved;
VACUUM (FREEZE, ANALYZE);
SELECT difference(state, entries()) AS after_vacuum FROM saved;
REINDEX DATABASE turnstone_raw;
SELECT difference(state, entries()) AS after_reindex FROM saved;
REINDEX SYSTEM turnstone_raw;
SELECT difference(state, entries()) AS after_reindex_system FROM saved;
REINDEX INDEX CONCURRENTLY parent_name_idx;
SELECT difference(state, entries()) AS after_reindex_concurrently FROM saved; -- a new OID; that its text is the same is for the next level to see
CREATE DATABASE turnstone_raw_other;
DROP DATABASE turnstone_raw_other;
SELECT named(catalog, object) COLLATE "C" AS root FROM raw_state() WHERE object < 16384 AND named(catalog, object) NOT LIKE 'view information_schema.%' ORDER BY 1;

DROP SUBSCRIPTION subscribed;
\c :former
DROP DATABASE turnstone_raw;
DROP TABLESPACE regress_turnstone_space;
DROP ROLE regress_turnstone_owner, regress_turnstone_reader, regress_turnstone_stranger;
