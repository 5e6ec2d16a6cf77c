-- Each kind of object and each property that is modelled is changed by hand, once: there is exactly one row of drift,
-- and it names the object and the property. Then it is put right by hand: there is none.
SET client_min_messages = warning;
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE regress_turnstone_space LOCATION '';
CREATE ROLE regress_turnstone_owner SUPERUSER;
CREATE ROLE regress_turnstone_reader;
CREATE EXTENSION turnstone;

SELECT status FROM migrate_register('1_kinds.sql', $script$
CREATE SCHEMA k;
CREATE SCHEMA k2;
CREATE EXTENSION hstore SCHEMA k;
CREATE EXTENSION tsm_system_rows;

-- routines that others need
CREATE FUNCTION k.add(int, int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 + $2';
CREATE FUNCTION k.plus(int, int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $2 + $1';
CREATE FUNCTION k.final(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION k.final2(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION k.stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION k.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION k.on_ddl2() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';

-- routines
CREATE FUNCTION k.f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION k.many(n int) RETURNS SETOF int LANGUAGE sql AS 'SELECT n';
CREATE FUNCTION k.outs(OUT one int, OUT two int) LANGUAGE sql AS 'SELECT 1, 2';
CREATE FUNCTION k.atomic(n int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM pg_catalog.pg_class WHERE relpages > n; END;
CREATE FUNCTION k.ranked() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
CREATE FUNCTION k.in_c() RETURNS trigger LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION k.transformed(int) RETURNS int LANGUAGE sql TRANSFORM FOR TYPE int AS 'SELECT 1';
CREATE PROCEDURE k.p(a int) LANGUAGE plpgsql AS 'BEGIN END';
CREATE AGGREGATE k.total(int) (SFUNC = k.add, STYPE = int, FINALFUNC = k.final, MSFUNC = k.add, MINVFUNC = k.plus, MSTYPE = int, MFINALFUNC = k.final);
CREATE FUNCTION k.gather(internal, int, int) RETURNS internal LANGUAGE internal AS 'ordered_set_transition_multi';
CREATE FUNCTION k.ranking(internal, int, int) RETURNS bigint LANGUAGE internal AS 'hypothetical_rank_final';

-- types
CREATE TYPE k.color AS ENUM ('red', 'green', 'blue');
CREATE TYPE k.pair AS (a int, b text);
CREATE DOMAIN k.positive AS int DEFAULT 1 CONSTRAINT is_positive CHECK (value > 0);
CREATE DOMAIN k.word AS varchar(10);
CREATE DOMAIN k.needed AS int NOT NULL;
CREATE FUNCTION k.gap(int, int) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1::float8 - $2';
CREATE TYPE k.span AS RANGE (SUBTYPE = int, SUBTYPE_DIFF = k.gap);
CREATE TYPE k.letters AS RANGE (SUBTYPE = text, COLLATION = "C");
CREATE FUNCTION k.same(k.span) RETURNS k.span LANGUAGE internal IMMUTABLE AS 'int4range_canonical';
CREATE TYPE k.base;
CREATE FUNCTION k.base_in(cstring) RETURNS k.base LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION k.base_out(k.base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION k.base_in2(cstring) RETURNS k.base LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION k.base_out2(k.base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION k.base_recv(internal) RETURNS k.base LANGUAGE internal IMMUTABLE STRICT AS 'textrecv';
CREATE FUNCTION k.base_send(k.base) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'textsend';
CREATE TYPE k.base (INPUT = k.base_in, OUTPUT = k.base_out, STORAGE = extended);
CREATE TYPE k.hull;

-- relations
CREATE TABLE k.t (id int PRIMARY KEY, name text NOT NULL DEFAULT 'x', n int CONSTRAINT above CHECK (n > 0), at date, price numeric(10,2),
                  twice int GENERATED ALWAYS AS (n * 2) STORED, code varchar(10) COLLATE "C");
CREATE TABLE k.numbered (id int GENERATED ALWAYS AS IDENTITY, loose int, CONSTRAINT only_once UNIQUE (loose));
CREATE TABLE k.refers (id int CONSTRAINT to_t REFERENCES k.t, n int);
CREATE TABLE k.typed OF k.pair;
CREATE TABLE k.like_pair (a int, b text);
CREATE TABLE k.ancestor (id int NOT NULL, kind text, CONSTRAINT above CHECK (id > 0));
CREATE TABLE k.ancestor2 (id int NOT NULL);
CREATE TABLE k.heir (extra int) INHERITS (k.ancestor, k.ancestor2);
CREATE TABLE k.lonely (id int NOT NULL, kind text, CONSTRAINT above CHECK (id > 0));
CREATE TABLE k.parted (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE k.parted_1 PARTITION OF k.parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX parted_id_idx ON k.parted (id);
CREATE TRIGGER parted_stamp AFTER INSERT ON k.parted FOR EACH ROW EXECUTE FUNCTION k.stamp();
ALTER TABLE k.parted ADD CONSTRAINT parted_fk FOREIGN KEY (id) REFERENCES k.t;
CREATE TABLE k.by_list (id int, name text) PARTITION BY LIST (name);
CREATE INDEX t_name_idx ON k.t (lower(name)) WHERE name <> '';
CREATE UNIQUE INDEX t_code_idx ON k.t (code);
CREATE TRIGGER stamp BEFORE UPDATE ON k.t FOR EACH ROW EXECUTE FUNCTION k.stamp();
CREATE RULE swallow AS ON DELETE TO k.refers DO INSTEAD NOTHING;
CREATE POLICY readers ON k.t FOR SELECT TO regress_turnstone_reader USING (n > 1);
CREATE POLICY writers ON k.t FOR INSERT WITH CHECK (n > 1);
CREATE VIEW k.v AS SELECT id, name FROM k.t;
CREATE MATERIALIZED VIEW k.mv AS SELECT id, name FROM k.t;
CREATE SEQUENCE k.s;
CREATE SEQUENCE k.owned OWNED BY k.t.n;
CREATE STATISTICS k.st ON id, n FROM k.t;

-- operators, casts, access methods
CREATE OPERATOR k.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE OPERATOR k.!== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4ne);
CREATE OPERATOR FAMILY k.fam USING btree;
ALTER OPERATOR FAMILY k.fam USING btree ADD OPERATOR 1 < (int4, int8), FUNCTION 1 btint48cmp(int4, int8);
CREATE OPERATOR CLASS k.ops FOR TYPE int USING btree FAMILY k.fam AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int4, int4);
CREATE OPERATOR FAMILY k.near USING gist;
ALTER OPERATOR FAMILY k.near USING gist ADD OPERATOR 15 <-> (point, point) FOR ORDER BY pg_catalog.float_ops;
CREATE OPERATOR FAMILY k.fam2 USING btree;
CREATE OPERATOR CLASS k.stored FOR TYPE int USING gist AS STORAGE int;
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE FUNCTION k.to_color(int) RETURNS k.color LANGUAGE sql AS $$ SELECT 'red'::k.color $$;
CREATE FUNCTION k.to_color2(int) RETURNS k.color LANGUAGE sql AS $$ SELECT 'red'::k.color $$;
CREATE CAST (int AS k.color) WITH FUNCTION k.to_color(int);

-- languages, collations, text search
CREATE LANGUAGE pl HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE FUNCTION k.from_sql(internal) RETURNS internal LANGUAGE internal AS 'boolin';
CREATE FUNCTION k.from_sql2(internal) RETURNS internal LANGUAGE internal AS 'boolin';
CREATE FUNCTION k.to_sql(internal) RETURNS int LANGUAGE internal AS 'boolin';
CREATE FUNCTION k.to_sql2(internal) RETURNS int LANGUAGE internal AS 'boolin';
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION k.from_sql(internal), TO SQL WITH FUNCTION k.to_sql(internal));
CREATE COLLATION k.plain (PROVIDER = libc, LOCALE = 'C');
CREATE CONVERSION k.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TEXT SEARCH PARSER k.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE k.template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH TEMPLATE k.template2 (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY k.dict (TEMPLATE = k.template, ACCEPT = true);
CREATE TEXT SEARCH CONFIGURATION k.config (PARSER = k.parser);
ALTER TEXT SEARCH CONFIGURATION k.config ADD MAPPING FOR word WITH k.dict, simple;

-- links
CREATE FOREIGN DATA WRAPPER wrapper OPTIONS (debug 'true');
CREATE FOREIGN DATA WRAPPER wrapper2;
CREATE SERVER elsewhere TYPE 'a' VERSION '1' FOREIGN DATA WRAPPER wrapper OPTIONS (host 'h');
CREATE SERVER elsewhere2 FOREIGN DATA WRAPPER wrapper;
CREATE USER MAPPING FOR regress_turnstone_reader SERVER elsewhere OPTIONS ("user" 'u', password 'p');
CREATE FOREIGN TABLE k.far (id int NOT NULL, name text OPTIONS (as_name 'n')) SERVER elsewhere OPTIONS (relation 'r');
CREATE PUBLICATION pub FOR TABLE k.t WHERE (id > 1), TABLES IN SCHEMA k2;
CREATE PUBLICATION pub_all FOR TABLE k.numbered;
CREATE SUBSCRIPTION sub CONNECTION 'host=h dbname=d user=u password=p' PUBLICATION p1 WITH (connect = false, slot_name = sub);

-- the rest
CREATE EVENT TRIGGER watcher ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION k.on_ddl();
ALTER EVENT TRIGGER watcher DISABLE;
ALTER DEFAULT PRIVILEGES IN SCHEMA k GRANT SELECT ON TABLES TO regress_turnstone_reader;
GRANT SET ON PARAMETER work_mem TO regress_turnstone_reader;
$script$);
SELECT version FROM migrate_apply();
SELECT * FROM migrate_drift();

-- A statement that changes the property, the name under which drift shows it (null: the property's own), and one that
-- takes it back. Several properties of some catalogs have no statement that changes them: there a superuser's UPDATE does.
CREATE TEMPORARY TABLE change (number int GENERATED ALWAYS AS IDENTITY, kind text, property text, shown text, identity text,
                               change text, undo text, since int DEFAULT 150000);
\set QUIET on
INSERT INTO change (kind, property, shown, identity, change, undo) VALUES
-- schemas and the database
('schema', 'owner', NULL, 'k', 'ALTER SCHEMA k OWNER TO regress_turnstone_owner', 'ALTER SCHEMA k OWNER TO CURRENT_USER'),
('schema', 'privileges', 'privileges of regress_turnstone_reader', 'k', 'GRANT USAGE ON SCHEMA k TO regress_turnstone_reader', 'REVOKE ALL ON SCHEMA k FROM regress_turnstone_reader'),
('schema', 'comment', NULL, 'k', $$COMMENT ON SCHEMA k IS 'a comment'$$, 'COMMENT ON SCHEMA k IS NULL'),
('schema', 'security labels', 'security label dummy', 'k', $$INSERT INTO pg_seclabel VALUES ('k'::regnamespace, 'pg_namespace'::regclass, 0, 'dummy', 'secret')$$, 'DELETE FROM pg_seclabel'),
('database', 'owner', NULL, 'current database', $$DO 'BEGIN EXECUTE format(''ALTER DATABASE %I OWNER TO regress_turnstone_owner'', current_database()); END'$$, $$DO 'BEGIN EXECUTE format(''ALTER DATABASE %I OWNER TO CURRENT_USER'', current_database()); END'$$),
('database', 'privileges', 'privileges of regress_turnstone_reader', 'current database', $$DO 'BEGIN EXECUTE format(''GRANT CREATE ON DATABASE %I TO regress_turnstone_reader'', current_database()); END'$$, $$DO 'BEGIN EXECUTE format(''REVOKE ALL ON DATABASE %I FROM regress_turnstone_reader'', current_database()); END'$$),
('database', 'comment', NULL, 'current database', $$DO 'BEGIN EXECUTE format(''COMMENT ON DATABASE %I IS ''''a comment'''''', current_database()); END'$$, $$DO 'BEGIN EXECUTE format(''COMMENT ON DATABASE %I IS NULL'', current_database()); END'$$),
('database', 'security labels', 'security label dummy', 'current database', $$INSERT INTO pg_shseclabel SELECT oid, 'pg_database'::regclass, 'dummy', 'secret' FROM pg_database WHERE datname = current_database()$$, 'DELETE FROM pg_shseclabel'),
('database', 'settings', 'setting work_mem', 'current database', $$DO 'BEGIN EXECUTE format(''ALTER DATABASE %I SET work_mem = ''''8MB'''''', current_database()); END'$$, $$DO 'BEGIN EXECUTE format(''ALTER DATABASE %I RESET work_mem'', current_database()); END'$$),
('database', 'connection limit', NULL, 'current database', $$DO 'BEGIN EXECUTE format(''ALTER DATABASE %I CONNECTION LIMIT 50'', current_database()); END'$$, $$DO 'BEGIN EXECUTE format(''ALTER DATABASE %I CONNECTION LIMIT -1'', current_database()); END'$$),
('database', 'template', NULL, 'current database', $$DO 'BEGIN EXECUTE format(''ALTER DATABASE %I IS_TEMPLATE true'', current_database()); END'$$, $$DO 'BEGIN EXECUTE format(''ALTER DATABASE %I IS_TEMPLATE false'', current_database()); END'$$),
('database', 'no connections', NULL, 'current database', $$UPDATE pg_database SET datallowconn = false WHERE datname = current_database()$$, $$UPDATE pg_database SET datallowconn = true WHERE datname = current_database()$$),
('database', 'tablespace', NULL, 'current database', $$UPDATE pg_database SET dattablespace = (SELECT oid FROM pg_tablespace WHERE spcname = 'regress_turnstone_space') WHERE datname = current_database()$$, NULL),
('database', 'encoding', NULL, 'current database', $$UPDATE pg_database SET encoding = 8 WHERE datname = current_database()$$, NULL),
('database', 'locale provider', NULL, 'current database', $$UPDATE pg_database SET datlocprovider = CASE datlocprovider WHEN 'c' THEN 'i' ELSE 'c' END::"char" WHERE datname = current_database()$$, NULL),
('database', 'lc_collate', NULL, 'current database', $$UPDATE pg_database SET datcollate = 'xx' WHERE datname = current_database()$$, NULL),
('database', 'lc_ctype', NULL, 'current database', $$UPDATE pg_database SET datctype = 'xx' WHERE datname = current_database()$$, NULL),
('role setting', 'settings', 'setting work_mem', 'regress_turnstone_owner in current database', $$DO 'BEGIN EXECUTE format(''ALTER ROLE regress_turnstone_owner IN DATABASE %I SET work_mem = ''''9MB'''''', current_database()); END'$$, $$DO 'BEGIN EXECUTE format(''ALTER ROLE regress_turnstone_owner IN DATABASE %I SET work_mem = ''''8MB'''''', current_database()); END'$$),
('default acl', 'privileges', 'privileges of regress_turnstone_reader', 'for role {me} in schema k on tables', 'ALTER DEFAULT PRIVILEGES IN SCHEMA k GRANT INSERT ON TABLES TO regress_turnstone_reader', 'ALTER DEFAULT PRIVILEGES IN SCHEMA k REVOKE INSERT ON TABLES FROM regress_turnstone_reader'),
('parameter ACL', 'privileges', 'privileges of regress_turnstone_reader', 'work_mem', 'GRANT ALTER SYSTEM ON PARAMETER work_mem TO regress_turnstone_reader', 'REVOKE ALTER SYSTEM ON PARAMETER work_mem FROM regress_turnstone_reader'),
('system object', 'privileges', 'privileges of public', 'function pg_catalog.pg_sleep(double precision)', 'REVOKE EXECUTE ON FUNCTION pg_sleep(float8) FROM public', 'GRANT EXECUTE ON FUNCTION pg_sleep(float8) TO public'),
('system object', 'privileges', 'privileges of public', 'table pg_catalog.pg_class', 'REVOKE SELECT ON pg_catalog.pg_class FROM public', 'GRANT SELECT ON pg_catalog.pg_class TO public'),
('system object', 'privileges', 'privileges of regress_turnstone_reader', 'schema pg_catalog', 'GRANT CREATE ON SCHEMA pg_catalog TO regress_turnstone_reader', 'REVOKE ALL ON SCHEMA pg_catalog FROM regress_turnstone_reader'),
('system object', 'privileges', 'privileges of public', 'type pg_catalog.int4', 'REVOKE USAGE ON TYPE int FROM public', 'GRANT USAGE ON TYPE int TO public'),
('system object', 'privileges', 'privileges of public', 'language sql', 'REVOKE USAGE ON LANGUAGE sql FROM public', 'GRANT USAGE ON LANGUAGE sql TO public'),
('system object', 'column privileges', 'column privilege oid', 'table pg_catalog.pg_authid', 'GRANT SELECT (oid) ON pg_authid TO regress_turnstone_reader', 'REVOKE SELECT (oid) ON pg_authid FROM regress_turnstone_reader'),

-- routines
('routine', 'arguments', NULL, 'k.f(integer,text)', $$CREATE OR REPLACE FUNCTION k.f(a int, b text DEFAULT 'y') RETURNS int LANGUAGE sql AS 'SELECT 1'$$, $$CREATE OR REPLACE FUNCTION k.f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1'$$),
('routine', 'returns', NULL, 'k.f(integer,text)', $$DROP FUNCTION k.f(int, text); CREATE FUNCTION k.f(a int, b text DEFAULT 'x') RETURNS bigint LANGUAGE sql AS 'SELECT 1'$$, $$DROP FUNCTION k.f(int, text); CREATE FUNCTION k.f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1'$$),
('routine', 'arguments', NULL, 'k.outs()', $$DROP FUNCTION k.outs(); CREATE FUNCTION k.outs(OUT one int, OUT second int) LANGUAGE sql AS 'SELECT 1, 2'$$, $$DROP FUNCTION k.outs(); CREATE FUNCTION k.outs(OUT one int, OUT two int) LANGUAGE sql AS 'SELECT 1, 2'$$),
('routine', 'language', NULL, 'k.p(integer)', $$CREATE OR REPLACE PROCEDURE k.p(a int) LANGUAGE pl AS 'BEGIN END'$$, $$CREATE OR REPLACE PROCEDURE k.p(a int) LANGUAGE plpgsql AS 'BEGIN END'$$),
('routine', 'body', NULL, 'k.f(integer,text)', $$CREATE OR REPLACE FUNCTION k.f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT  1'$$, $$CREATE OR REPLACE FUNCTION k.f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1'$$),
('routine', 'body', NULL, 'k.atomic(integer)', 'CREATE OR REPLACE FUNCTION k.atomic(n int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM pg_catalog.pg_class WHERE relpages >= n; END', 'CREATE OR REPLACE FUNCTION k.atomic(n int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM pg_catalog.pg_class WHERE relpages > n; END'),
('routine', 'body', NULL, 'k.p(integer)', $$CREATE OR REPLACE PROCEDURE k.p(a int) LANGUAGE plpgsql AS 'BEGIN NULL; END'$$, $$CREATE OR REPLACE PROCEDURE k.p(a int) LANGUAGE plpgsql AS 'BEGIN END'$$),
('routine', 'library', NULL, 'k.in_c()', $$UPDATE pg_proc SET probin = '$libdir/other' WHERE oid = 'k.in_c()'::regprocedure$$, $$CREATE OR REPLACE FUNCTION k.in_c() RETURNS trigger LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'$$),
('routine', 'window', NULL, 'k.ranked()', $$UPDATE pg_proc SET prokind = 'f' WHERE oid = 'k.ranked()'::regprocedure$$, $$UPDATE pg_proc SET prokind = 'w' WHERE oid = 'k.ranked()'::regprocedure$$),
('routine', 'volatility', NULL, 'k.f(integer,text)', 'ALTER FUNCTION k.f(int, text) STABLE', 'ALTER FUNCTION k.f(int, text) VOLATILE'),
('routine', 'parallel', NULL, 'k.f(integer,text)', 'ALTER FUNCTION k.f(int, text) PARALLEL SAFE', 'ALTER FUNCTION k.f(int, text) PARALLEL UNSAFE'),
('routine', 'strict', NULL, 'k.f(integer,text)', 'ALTER FUNCTION k.f(int, text) STRICT', 'ALTER FUNCTION k.f(int, text) CALLED ON NULL INPUT'),
('routine', 'security definer', NULL, 'k.f(integer,text)', 'ALTER FUNCTION k.f(int, text) SECURITY DEFINER', 'ALTER FUNCTION k.f(int, text) SECURITY INVOKER'),
('routine', 'leakproof', NULL, 'k.f(integer,text)', 'ALTER FUNCTION k.f(int, text) LEAKPROOF', 'ALTER FUNCTION k.f(int, text) NOT LEAKPROOF'),
('routine', 'cost', NULL, 'k.f(integer,text)', 'ALTER FUNCTION k.f(int, text) COST 7', 'ALTER FUNCTION k.f(int, text) COST 100'),
('routine', 'rows', NULL, 'k.many(integer)', 'ALTER FUNCTION k.many(int) ROWS 7', 'ALTER FUNCTION k.many(int) ROWS 1000'),
('routine', 'support', NULL, 'k.many(integer)', 'ALTER FUNCTION k.many(int) SUPPORT generate_series_int4_support', $$UPDATE pg_proc SET prosupport = 0 WHERE oid = 'k.many(int)'::regprocedure$$),
('routine', 'settings', 'setting search_path', 'k.f(integer,text)', 'ALTER FUNCTION k.f(int, text) SET search_path = k, pg_temp', 'ALTER FUNCTION k.f(int, text) RESET search_path'),
('routine', 'transforms', NULL, 'k.transformed(integer)', $$CREATE OR REPLACE FUNCTION k.transformed(int) RETURNS int LANGUAGE sql AS 'SELECT 1'$$, $$CREATE OR REPLACE FUNCTION k.transformed(int) RETURNS int LANGUAGE sql TRANSFORM FOR TYPE int AS 'SELECT 1'$$),
('routine', 'owner', NULL, 'k.f(integer,text)', 'ALTER FUNCTION k.f(int, text) OWNER TO regress_turnstone_owner', 'ALTER FUNCTION k.f(int, text) OWNER TO CURRENT_USER'),
('routine', 'privileges', 'privileges of public', 'k.f(integer,text)', 'REVOKE EXECUTE ON FUNCTION k.f(int, text) FROM public', 'GRANT EXECUTE ON FUNCTION k.f(int, text) TO public'),
('routine', 'privileges', 'privileges of regress_turnstone_reader', 'k.p(integer)', 'GRANT EXECUTE ON PROCEDURE k.p(int) TO regress_turnstone_reader WITH GRANT OPTION', 'REVOKE ALL ON PROCEDURE k.p(int) FROM regress_turnstone_reader'),
('routine', 'depends on extensions', NULL, 'k.f(integer,text)', 'ALTER FUNCTION k.f(int, text) DEPENDS ON EXTENSION hstore', 'ALTER FUNCTION k.f(int, text) NO DEPENDS ON EXTENSION hstore'),
('routine', 'comment', NULL, 'k.f(integer,text)', $$COMMENT ON FUNCTION k.f(int, text) IS 'a comment'$$, 'COMMENT ON FUNCTION k.f(int, text) IS NULL'),
('routine', 'security labels', 'security label dummy', 'k.f(integer,text)', $$INSERT INTO pg_seclabel VALUES ('k.f(int,text)'::regprocedure, 'pg_proc'::regclass, 0, 'dummy', 'secret')$$, 'DELETE FROM pg_seclabel'),
('routine', 'arguments', NULL, 'k.p(integer)', $$DROP PROCEDURE k.p(int); CREATE PROCEDURE k.p(b int) LANGUAGE plpgsql AS 'BEGIN END'$$, $$DROP PROCEDURE k.p(int); CREATE PROCEDURE k.p(a int) LANGUAGE plpgsql AS 'BEGIN END'$$),

-- aggregates
('aggregate', 'arguments', NULL, 'k.total(integer)', $$UPDATE pg_proc SET proargnames = '{n}' WHERE oid = 'k.total(int)'::regprocedure$$, $$UPDATE pg_proc SET proargnames = NULL WHERE oid = 'k.total(int)'::regprocedure$$),
('aggregate', 'kind', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggkind = 'o', aggfinalmodify = 'w', aggmfinalmodify = 'w' WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggkind = 'n', aggfinalmodify = 'r', aggmfinalmodify = 'r' WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'direct arguments', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggnumdirectargs = 1 WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggnumdirectargs = 0 WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'transition function', NULL, 'k.total(integer)', 'CREATE OR REPLACE AGGREGATE k.total(int) (SFUNC = k.plus, STYPE = int, FINALFUNC = k.final, MSFUNC = k.add, MINVFUNC = k.plus, MSTYPE = int, MFINALFUNC = k.final)', 'CREATE OR REPLACE AGGREGATE k.total(int) (SFUNC = k.add, STYPE = int, FINALFUNC = k.final, MSFUNC = k.add, MINVFUNC = k.plus, MSTYPE = int, MFINALFUNC = k.final)'),
('aggregate', 'final function', NULL, 'k.total(integer)', 'CREATE OR REPLACE AGGREGATE k.total(int) (SFUNC = k.add, STYPE = int, FINALFUNC = k.final2, MSFUNC = k.add, MINVFUNC = k.plus, MSTYPE = int, MFINALFUNC = k.final)', 'CREATE OR REPLACE AGGREGATE k.total(int) (SFUNC = k.add, STYPE = int, FINALFUNC = k.final, MSFUNC = k.add, MINVFUNC = k.plus, MSTYPE = int, MFINALFUNC = k.final)'),
('aggregate', 'state type', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggtranstype = 'bigint'::regtype WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggtranstype = 'int'::regtype WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'state space', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggtransspace = 100 WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggtransspace = 0 WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'initial value', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET agginitval = '0' WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET agginitval = NULL WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'final function takes all arguments', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggfinalextra = true WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggfinalextra = false WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'final function modifies', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggfinalmodify = 's' WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggfinalmodify = 'r' WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'combine function', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggcombinefn = 'k.add' WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggcombinefn = 0 WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'serial function', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggserialfn = 'k.final' WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggserialfn = 0 WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'deserial function', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggdeserialfn = 'k.final' WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggdeserialfn = 0 WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'moving transition function', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggmtransfn = 'k.plus' WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggmtransfn = 'k.add' WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'moving inverse function', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggminvtransfn = 'k.add' WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggminvtransfn = 'k.plus' WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'moving final function', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggmfinalfn = 'k.final2' WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggmfinalfn = 'k.final' WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'moving state type', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggmtranstype = 'bigint'::regtype WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggmtranstype = 'int'::regtype WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'moving state space', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggmtransspace = 100 WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggmtransspace = 0 WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'moving initial value', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggminitval = '0' WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggminitval = NULL WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'moving final function takes all arguments', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggmfinalextra = true WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggmfinalextra = false WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'moving final function modifies', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggmfinalmodify = 's' WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggmfinalmodify = 'r' WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'sort operator', NULL, 'k.total(integer)', $$UPDATE pg_aggregate SET aggsortop = '<(int,int)'::regoperator WHERE aggfnoid = 'k.total'::regproc$$, $$UPDATE pg_aggregate SET aggsortop = 0 WHERE aggfnoid = 'k.total'::regproc$$),
('aggregate', 'parallel', NULL, 'k.total(integer)', $$UPDATE pg_proc SET proparallel = 's' WHERE oid = 'k.total'::regproc$$, $$UPDATE pg_proc SET proparallel = 'u' WHERE oid = 'k.total'::regproc$$),
('aggregate', 'owner', NULL, 'k.total(integer)', 'ALTER AGGREGATE k.total(int) OWNER TO regress_turnstone_owner', 'ALTER AGGREGATE k.total(int) OWNER TO CURRENT_USER'),
('aggregate', 'privileges', 'privileges of public', 'k.total(integer)', 'REVOKE EXECUTE ON FUNCTION k.total(int) FROM public', 'GRANT EXECUTE ON FUNCTION k.total(int) TO public'),
('aggregate', 'comment', NULL, 'k.total(integer)', $$COMMENT ON AGGREGATE k.total(int) IS 'a comment'$$, 'COMMENT ON AGGREGATE k.total(int) IS NULL'),
('aggregate', 'security labels', 'security label dummy', 'k.total(integer)', $$INSERT INTO pg_seclabel VALUES ('k.total'::regproc, 'pg_proc'::regclass, 0, 'dummy', 'secret')$$, 'DELETE FROM pg_seclabel');
INSERT INTO change (kind, property, shown, identity, change, undo) VALUES
-- types
('enum', 'label order', NULL, 'k.color', $$UPDATE pg_enum SET enumsortorder = 4 - enumsortorder WHERE enumtypid = 'k.color'::regtype$$, $$UPDATE pg_enum SET enumsortorder = 4 - enumsortorder WHERE enumtypid = 'k.color'::regtype$$),
('enum', 'owner', NULL, 'k.color', 'ALTER TYPE k.color OWNER TO regress_turnstone_owner', 'ALTER TYPE k.color OWNER TO CURRENT_USER'),
('enum', 'privileges', 'privileges of public', 'k.color', 'REVOKE USAGE ON TYPE k.color FROM public', 'GRANT USAGE ON TYPE k.color TO public'),
('enum', 'comment', NULL, 'k.color', $$COMMENT ON TYPE k.color IS 'a comment'$$, 'COMMENT ON TYPE k.color IS NULL'),
('enum', 'security labels', 'security label dummy', 'k.color', $$INSERT INTO pg_seclabel VALUES ('k.color'::regtype, 'pg_type'::regclass, 0, 'dummy', 'secret')$$, 'DELETE FROM pg_seclabel'),
('composite', 'column order', NULL, 'k.pair', $$UPDATE pg_attribute SET attname = attname || '2' WHERE attrelid = 'k.pair'::regclass; UPDATE pg_attribute SET attname = CASE attnum WHEN 1 THEN 'b' ELSE 'a' END, atttypid = CASE attnum WHEN 1 THEN 'text'::regtype ELSE 'int'::regtype END WHERE attrelid = 'k.pair'::regclass$$, NULL),
('composite', 'owner', NULL, 'k.pair', 'ALTER TYPE k.pair OWNER TO regress_turnstone_owner', 'ALTER TYPE k.pair OWNER TO CURRENT_USER'),
('composite', 'privileges', 'privileges of public', 'k.pair', 'REVOKE USAGE ON TYPE k.pair FROM public', 'GRANT USAGE ON TYPE k.pair TO public'),
('composite', 'comment', NULL, 'k.pair', $$COMMENT ON TYPE k.pair IS 'a comment'$$, 'COMMENT ON TYPE k.pair IS NULL'),
('composite', 'security labels', 'security label dummy', 'k.pair', $$INSERT INTO pg_seclabel VALUES ('k.pair'::regtype, 'pg_type'::regclass, 0, 'dummy', 'secret')$$, 'DELETE FROM pg_seclabel'),
('composite type column', 'type', NULL, 'k.pair.b', 'ALTER TYPE k.pair ALTER ATTRIBUTE b TYPE varchar(10) CASCADE', 'ALTER TYPE k.pair ALTER ATTRIBUTE b TYPE text CASCADE'),
('composite type column', 'collation', NULL, 'k.pair.b', 'ALTER TYPE k.pair ALTER ATTRIBUTE b TYPE text COLLATE "C" CASCADE', 'ALTER TYPE k.pair ALTER ATTRIBUTE b TYPE text CASCADE'),
('composite type column', 'comment', NULL, 'k.pair.b', $$COMMENT ON COLUMN k.pair.b IS 'a comment'$$, 'COMMENT ON COLUMN k.pair.b IS NULL'),
('domain', 'base type', NULL, 'k.word', $$UPDATE pg_type SET typtypmod = 24 WHERE oid = 'k.word'::regtype$$, $$UPDATE pg_type SET typtypmod = 14 WHERE oid = 'k.word'::regtype$$),
('domain', 'collation', NULL, 'k.word', $$UPDATE pg_type SET typcollation = '"C"'::regcollation WHERE oid = 'k.word'::regtype$$, $$UPDATE pg_type SET typcollation = '"default"'::regcollation WHERE oid = 'k.word'::regtype$$),
('domain', 'default', NULL, 'k.positive', 'ALTER DOMAIN k.positive SET DEFAULT 2', 'ALTER DOMAIN k.positive SET DEFAULT 1'),
('domain', 'not null', NULL, 'k.word', 'ALTER DOMAIN k.word SET NOT NULL', 'ALTER DOMAIN k.word DROP NOT NULL'),
('domain', 'owner', NULL, 'k.word', 'ALTER DOMAIN k.word OWNER TO regress_turnstone_owner', 'ALTER DOMAIN k.word OWNER TO CURRENT_USER'),
('domain', 'privileges', 'privileges of public', 'k.word', 'REVOKE USAGE ON DOMAIN k.word FROM public', 'GRANT USAGE ON DOMAIN k.word TO public'),
('domain', 'comment', NULL, 'k.word', $$COMMENT ON DOMAIN k.word IS 'a comment'$$, 'COMMENT ON DOMAIN k.word IS NULL'),
('domain', 'security labels', 'security label dummy', 'k.word', $$INSERT INTO pg_seclabel VALUES ('k.word'::regtype, 'pg_type'::regclass, 0, 'dummy', 'secret')$$, 'DELETE FROM pg_seclabel'),
('domain constraint', 'definition', NULL, 'is_positive on k.positive', 'ALTER DOMAIN k.positive DROP CONSTRAINT is_positive; ALTER DOMAIN k.positive ADD CONSTRAINT is_positive CHECK (value > 1)', 'ALTER DOMAIN k.positive DROP CONSTRAINT is_positive; ALTER DOMAIN k.positive ADD CONSTRAINT is_positive CHECK (value > 0)'),
('domain constraint', 'validated', NULL, 'is_positive on k.positive', 'ALTER DOMAIN k.positive DROP CONSTRAINT is_positive; ALTER DOMAIN k.positive ADD CONSTRAINT is_positive CHECK (value > 0) NOT VALID', 'ALTER DOMAIN k.positive VALIDATE CONSTRAINT is_positive'),
('domain constraint', 'comment', NULL, 'is_positive on k.positive', $$COMMENT ON CONSTRAINT is_positive ON DOMAIN k.positive IS 'a comment'$$, 'COMMENT ON CONSTRAINT is_positive ON DOMAIN k.positive IS NULL'),
('range', 'subtype', NULL, 'k.span', $$UPDATE pg_range SET rngsubtype = 'bigint'::regtype WHERE rngtypid = 'k.span'::regtype$$, $$UPDATE pg_range SET rngsubtype = 'int'::regtype WHERE rngtypid = 'k.span'::regtype$$),
('range', 'subtype operator class', NULL, 'k.letters', $$UPDATE pg_range SET rngsubopc = (SELECT oid FROM pg_opclass WHERE opcname = 'text_pattern_ops' AND opcmethod = 403) WHERE rngtypid = 'k.letters'::regtype$$, NULL),
('range', 'subtype collation', NULL, 'k.letters', $$UPDATE pg_range SET rngcollation = '"POSIX"'::regcollation WHERE rngtypid = 'k.letters'::regtype$$, $$UPDATE pg_range SET rngcollation = '"C"'::regcollation WHERE rngtypid = 'k.letters'::regtype$$),
('range', 'canonical function', NULL, 'k.span', $$UPDATE pg_range SET rngcanonical = 'k.same' WHERE rngtypid = 'k.span'::regtype$$, $$UPDATE pg_range SET rngcanonical = 0 WHERE rngtypid = 'k.span'::regtype$$),
('range', 'subtype difference function', NULL, 'k.span', $$UPDATE pg_range SET rngsubdiff = 0 WHERE rngtypid = 'k.span'::regtype$$, $$UPDATE pg_range SET rngsubdiff = 'k.gap' WHERE rngtypid = 'k.span'::regtype$$),
('range', 'multirange type', NULL, 'k.span', 'ALTER TYPE k.span_multirange RENAME TO spans', 'ALTER TYPE k.spans RENAME TO span_multirange'),
('range', 'multirange comment', NULL, 'k.span', $$COMMENT ON TYPE k.span_multirange IS 'a comment'$$, 'COMMENT ON TYPE k.span_multirange IS NULL'),
('range', 'owner', NULL, 'k.span', 'ALTER TYPE k.span OWNER TO regress_turnstone_owner', 'ALTER TYPE k.span OWNER TO CURRENT_USER'),
('range', 'privileges', 'privileges of public', 'k.span', 'REVOKE USAGE ON TYPE k.span FROM public', 'GRANT USAGE ON TYPE k.span TO public'),
('range', 'comment', NULL, 'k.span', $$COMMENT ON TYPE k.span IS 'a comment'$$, 'COMMENT ON TYPE k.span IS NULL'),
('range', 'security labels', 'security label dummy', 'k.span', $$INSERT INTO pg_seclabel VALUES ('k.span'::regtype, 'pg_type'::regclass, 0, 'dummy', 'secret')$$, 'DELETE FROM pg_seclabel'),
('base', 'internal length', NULL, 'k.base', $$UPDATE pg_type SET typlen = -2 WHERE oid = 'k.base'::regtype$$, $$UPDATE pg_type SET typlen = -1 WHERE oid = 'k.base'::regtype$$),
('base', 'passed by value', NULL, 'k.base', $$UPDATE pg_type SET typbyval = true WHERE oid = 'k.base'::regtype$$, $$UPDATE pg_type SET typbyval = false WHERE oid = 'k.base'::regtype$$),
('base', 'alignment', NULL, 'k.base', $$UPDATE pg_type SET typalign = 'd' WHERE oid = 'k.base'::regtype$$, $$UPDATE pg_type SET typalign = 'i' WHERE oid = 'k.base'::regtype$$),
('base', 'storage', NULL, 'k.base', 'ALTER TYPE k.base SET (STORAGE = main)', 'ALTER TYPE k.base SET (STORAGE = extended)'),
('base', 'category', NULL, 'k.base', $$UPDATE pg_type SET typcategory = 'S' WHERE oid = 'k.base'::regtype$$, $$UPDATE pg_type SET typcategory = 'U' WHERE oid = 'k.base'::regtype$$),
('base', 'preferred', NULL, 'k.base', $$UPDATE pg_type SET typispreferred = true WHERE oid = 'k.base'::regtype$$, $$UPDATE pg_type SET typispreferred = false WHERE oid = 'k.base'::regtype$$),
('base', 'delimiter', NULL, 'k.base', $$UPDATE pg_type SET typdelim = ';' WHERE oid = 'k.base'::regtype$$, $$UPDATE pg_type SET typdelim = ',' WHERE oid = 'k.base'::regtype$$),
('base', 'element type', NULL, 'k.base', $$UPDATE pg_type SET typelem = 'int'::regtype WHERE oid = 'k.base'::regtype$$, $$UPDATE pg_type SET typelem = 0 WHERE oid = 'k.base'::regtype$$),
('base', 'default', NULL, 'k.base', $$UPDATE pg_type SET typdefault = 'x' WHERE oid = 'k.base'::regtype$$, $$UPDATE pg_type SET typdefault = NULL WHERE oid = 'k.base'::regtype$$),
('base', 'collatable', NULL, 'k.base', $$UPDATE pg_type SET typcollation = 100 WHERE oid = 'k.base'::regtype$$, $$UPDATE pg_type SET typcollation = 0 WHERE oid = 'k.base'::regtype$$),
('base', 'input function', NULL, 'k.base', $$UPDATE pg_type SET typinput = 'k.base_in2' WHERE oid = 'k.base'::regtype$$, $$UPDATE pg_type SET typinput = 'k.base_in' WHERE oid = 'k.base'::regtype$$),
('base', 'output function', NULL, 'k.base', $$UPDATE pg_type SET typoutput = 'k.base_out2' WHERE oid = 'k.base'::regtype$$, $$UPDATE pg_type SET typoutput = 'k.base_out' WHERE oid = 'k.base'::regtype$$),
('base', 'receive function', NULL, 'k.base', 'ALTER TYPE k.base SET (RECEIVE = k.base_recv)', 'ALTER TYPE k.base SET (RECEIVE = NONE)'),
('base', 'send function', NULL, 'k.base', 'ALTER TYPE k.base SET (SEND = k.base_send)', 'ALTER TYPE k.base SET (SEND = NONE)'),
('base', 'type modifier input function', NULL, 'k.base', 'ALTER TYPE k.base SET (TYPMOD_IN = varchartypmodin)', 'ALTER TYPE k.base SET (TYPMOD_IN = NONE)'),
('base', 'type modifier output function', NULL, 'k.base', 'ALTER TYPE k.base SET (TYPMOD_OUT = varchartypmodout)', 'ALTER TYPE k.base SET (TYPMOD_OUT = NONE)'),
('base', 'analyze function', NULL, 'k.base', 'ALTER TYPE k.base SET (ANALYZE = range_typanalyze)', 'ALTER TYPE k.base SET (ANALYZE = NONE)'),
('base', 'subscript function', NULL, 'k.base', 'ALTER TYPE k.base SET (SUBSCRIPT = jsonb_subscript_handler)', 'ALTER TYPE k.base SET (SUBSCRIPT = NONE)'),
('base', 'owner', NULL, 'k.base', 'ALTER TYPE k.base OWNER TO regress_turnstone_owner', 'ALTER TYPE k.base OWNER TO CURRENT_USER'),
('base', 'privileges', 'privileges of public', 'k.base', 'REVOKE USAGE ON TYPE k.base FROM public', 'GRANT USAGE ON TYPE k.base TO public'),
('base', 'comment', NULL, 'k.base', $$COMMENT ON TYPE k.base IS 'a comment'$$, 'COMMENT ON TYPE k.base IS NULL'),
('base', 'security labels', 'security label dummy', 'k.base', $$INSERT INTO pg_seclabel VALUES ('k.base'::regtype, 'pg_type'::regclass, 0, 'dummy', 'secret')$$, 'DELETE FROM pg_seclabel'),
('shell', 'owner', NULL, 'k.hull', 'UPDATE pg_type SET typowner = ''regress_turnstone_owner''::regrole WHERE typname = ''hull''', 'UPDATE pg_type SET typowner = current_user::regrole WHERE typname = ''hull'''),
('shell', 'privileges', 'privileges of public', 'k.hull', $$UPDATE pg_type SET typacl = '{}' WHERE typname = 'hull'$$, $$UPDATE pg_type SET typacl = NULL WHERE typname = 'hull'$$),
('shell', 'comment', NULL, 'k.hull', $$COMMENT ON TYPE k.hull IS 'a comment'$$, 'COMMENT ON TYPE k.hull IS NULL'),
('shell', 'security labels', 'security label dummy', 'k.hull', $$INSERT INTO pg_seclabel SELECT oid, 'pg_type'::regclass, 0, 'dummy', 'secret' FROM pg_type WHERE typname = 'hull'$$, 'DELETE FROM pg_seclabel'),

-- relations
('relation', 'owner', NULL, 'k.t', 'ALTER TABLE k.refers DROP CONSTRAINT to_t; ALTER TABLE k.refers ADD CONSTRAINT to_t FOREIGN KEY (id) REFERENCES k.t; ALTER TABLE k.t OWNER TO regress_turnstone_owner', 'ALTER TABLE k.t OWNER TO CURRENT_USER'),
('relation', 'owner', NULL, 'k.v', 'ALTER VIEW k.v OWNER TO regress_turnstone_owner', 'ALTER VIEW k.v OWNER TO CURRENT_USER'),
('relation', 'owner', NULL, 'k.s', 'ALTER SEQUENCE k.s OWNER TO regress_turnstone_owner', 'ALTER SEQUENCE k.s OWNER TO CURRENT_USER'),
('relation', 'owner', NULL, 'k.far', 'ALTER FOREIGN TABLE k.far OWNER TO regress_turnstone_owner', 'ALTER FOREIGN TABLE k.far OWNER TO CURRENT_USER'),
('relation', 'privileges', 'privileges of regress_turnstone_reader', 'k.t', 'GRANT SELECT, INSERT ON k.t TO regress_turnstone_reader', 'REVOKE ALL ON k.t FROM regress_turnstone_reader'),
('relation', 'privileges', 'privileges of public', 'k.s', 'GRANT USAGE ON SEQUENCE k.s TO public', 'REVOKE ALL ON SEQUENCE k.s FROM public'),
('relation', 'privileges', 'privileges of public', 'k.v', 'GRANT SELECT ON k.v TO public', 'REVOKE ALL ON k.v FROM public'),
('relation', 'column order', NULL, 'k.like_pair', $$UPDATE pg_attribute SET attname = attname || '2' WHERE attrelid = 'k.like_pair'::regclass AND attnum > 0; UPDATE pg_attribute SET attname = CASE attnum WHEN 1 THEN 'b' ELSE 'a' END, atttypid = CASE attnum WHEN 1 THEN 'text'::regtype ELSE 'int'::regtype END WHERE attrelid = 'k.like_pair'::regclass AND attnum > 0$$, NULL),
('relation', 'definition', NULL, 'k.v', 'CREATE OR REPLACE VIEW k.v AS SELECT id, name FROM k.t WHERE id > 1', 'CREATE OR REPLACE VIEW k.v AS SELECT id, name FROM k.t'),
('relation', 'definition', NULL, 'k.v', 'CREATE OR REPLACE VIEW k.v AS SELECT id, name, n FROM k.t', 'DROP VIEW k.v; CREATE VIEW k.v AS SELECT id, name FROM k.t'),
('relation', 'definition', NULL, 'k.v', 'ALTER VIEW k.v RENAME COLUMN name TO title', 'ALTER VIEW k.v RENAME COLUMN title TO name'),
('relation', 'populated', NULL, 'k.mv', 'REFRESH MATERIALIZED VIEW k.mv WITH NO DATA', 'REFRESH MATERIALIZED VIEW k.mv'),
('relation', 'persistence', NULL, 'k.numbered', 'ALTER TABLE k.numbered SET UNLOGGED', 'ALTER TABLE k.numbered SET LOGGED'),
('relation', 'persistence', NULL, 'k.s', 'ALTER SEQUENCE k.s SET UNLOGGED', 'ALTER SEQUENCE k.s SET LOGGED'),
('relation', 'options', 'option fillfactor', 'k.t', 'ALTER TABLE k.t SET (fillfactor = 70)', 'ALTER TABLE k.t RESET (fillfactor)'),
('relation', 'options', 'option security_invoker', 'k.v', 'ALTER VIEW k.v SET (security_invoker)', 'ALTER VIEW k.v RESET (security_invoker)'),
('relation', 'options', 'option check_option', 'k.v', 'ALTER VIEW k.v SET (check_option = local)', 'ALTER VIEW k.v RESET (check_option)'),
('relation', 'toast options', 'toast option autovacuum_enabled', 'k.t', 'ALTER TABLE k.t SET (toast.autovacuum_enabled = off)', 'ALTER TABLE k.t RESET (toast.autovacuum_enabled)'),
('relation', 'access method', NULL, 'k.lonely', 'ALTER TABLE k.lonely SET ACCESS METHOD heap2', 'ALTER TABLE k.lonely SET ACCESS METHOD heap'),
('relation', 'access method', NULL, 'k.mv', 'ALTER MATERIALIZED VIEW k.mv SET ACCESS METHOD heap2', 'ALTER MATERIALIZED VIEW k.mv SET ACCESS METHOD heap'),
('relation', 'tablespace', NULL, 'k.t', 'ALTER TABLE k.t SET TABLESPACE regress_turnstone_space', 'ALTER TABLE k.t SET TABLESPACE pg_default'),
('relation', 'tablespace', NULL, 'k.mv', 'ALTER MATERIALIZED VIEW k.mv SET TABLESPACE regress_turnstone_space', 'ALTER MATERIALIZED VIEW k.mv SET TABLESPACE pg_default'),
('relation', 'replica identity', NULL, 'k.t', 'ALTER TABLE k.t REPLICA IDENTITY FULL', 'ALTER TABLE k.t REPLICA IDENTITY DEFAULT'),
('relation', 'replica identity', NULL, 'k.t', 'ALTER TABLE k.t REPLICA IDENTITY USING INDEX t_pkey', 'ALTER TABLE k.t REPLICA IDENTITY DEFAULT'),
('relation', 'clustered on', NULL, 'k.t', 'ALTER TABLE k.t CLUSTER ON t_code_idx', 'ALTER TABLE k.t SET WITHOUT CLUSTER'),
('relation', 'row security', NULL, 'k.t', 'ALTER TABLE k.t ENABLE ROW LEVEL SECURITY', 'ALTER TABLE k.t DISABLE ROW LEVEL SECURITY'),
('relation', 'forced row security', NULL, 'k.t', 'ALTER TABLE k.t FORCE ROW LEVEL SECURITY', 'ALTER TABLE k.t NO FORCE ROW LEVEL SECURITY'),
('relation', 'of type', NULL, 'k.typed', 'ALTER TABLE k.typed NOT OF', 'ALTER TABLE k.typed OF k.pair'),
('relation', 'of type', NULL, 'k.like_pair', 'ALTER TABLE k.like_pair OF k.pair', 'ALTER TABLE k.like_pair NOT OF'),
('relation', 'server', NULL, 'k.far', $$UPDATE pg_foreign_table SET ftserver = (SELECT oid FROM pg_foreign_server WHERE srvname = 'elsewhere2')$$, $$UPDATE pg_foreign_table SET ftserver = (SELECT oid FROM pg_foreign_server WHERE srvname = 'elsewhere')$$),
('relation', 'foreign options', 'foreign option relation', 'k.far', $$ALTER FOREIGN TABLE k.far OPTIONS (SET relation 'r2')$$, $$ALTER FOREIGN TABLE k.far OPTIONS (SET relation 'r')$$),
('relation', 'parents', NULL, 'k.heir', 'ALTER TABLE k.heir NO INHERIT k.ancestor2', 'ALTER TABLE k.heir INHERIT k.ancestor2'),
('relation', 'parents', NULL, 'k.lonely', 'ALTER TABLE k.lonely INHERIT k.ancestor', 'ALTER TABLE k.lonely NO INHERIT k.ancestor'),
('relation', 'parents', 'partition of', 'k.parted_1', 'ALTER TABLE k.parted DETACH PARTITION k.parted_1', NULL),
('relation', 'parents', NULL, 'k.heir', 'ALTER TABLE k.heir NO INHERIT k.ancestor; ALTER TABLE k.heir INHERIT k.ancestor', 'ALTER TABLE k.heir NO INHERIT k.ancestor2; ALTER TABLE k.heir INHERIT k.ancestor2'),
('relation', 'partition bound', NULL, 'k.parted_1', $$ALTER TABLE k.parted DETACH PARTITION k.parted_1; ALTER TABLE k.parted ATTACH PARTITION k.parted_1 FOR VALUES FROM ('2024-01-01') TO ('2026-01-01')$$, NULL),
('relation', 'being detached', NULL, 'k.parted_1', $$UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'k.parted_1'::regclass$$, $$UPDATE pg_inherits SET inhdetachpending = false WHERE inhrelid = 'k.parted_1'::regclass$$),
('relation', 'partition key', NULL, 'k.by_list', $$UPDATE pg_partitioned_table SET partattrs = '1', partcollation = '0' WHERE partrelid = 'k.by_list'::regclass$$, $$UPDATE pg_partitioned_table SET partattrs = '2', partcollation = '100' WHERE partrelid = 'k.by_list'::regclass$$),
('relation', 'inherited indexes', 'inherited index parted_1_id_idx', 'k.parted_1', 'ALTER INDEX k.parted_1_id_idx SET (fillfactor = 70)', 'ALTER INDEX k.parted_1_id_idx RESET (fillfactor)'),
('relation', 'inherited indexes', 'inherited index parted_1_id_idx', 'k.parted_1', 'ALTER INDEX k.parted_1_id_idx SET TABLESPACE regress_turnstone_space', 'ALTER INDEX k.parted_1_id_idx SET TABLESPACE pg_default'),
('relation', 'inherited indexes', 'inherited index parted_1_id_idx', 'k.parted_1', $$COMMENT ON INDEX k.parted_1_id_idx IS 'a comment'$$, 'COMMENT ON INDEX k.parted_1_id_idx IS NULL'),
('relation', 'inherited triggers', 'inherited trigger parted_stamp', 'k.parted_1', 'ALTER TABLE k.parted_1 DISABLE TRIGGER parted_stamp', 'ALTER TABLE k.parted_1 ENABLE TRIGGER parted_stamp'),
('relation', 'inherited constraints', 'inherited constraint parted_fk', 'k.parted_1', $$COMMENT ON CONSTRAINT parted_fk ON k.parted_1 IS 'a comment'$$, 'COMMENT ON CONSTRAINT parted_fk ON k.parted_1 IS NULL'),
('relation', 'type', NULL, 'k.s', 'ALTER SEQUENCE k.s AS int', 'ALTER SEQUENCE k.s AS bigint'),
('relation', 'start', NULL, 'k.s', 'ALTER SEQUENCE k.s START 5', 'ALTER SEQUENCE k.s START 1'),
('relation', 'increment', NULL, 'k.s', 'ALTER SEQUENCE k.s INCREMENT 5', 'ALTER SEQUENCE k.s INCREMENT 1'),
('relation', 'minimum', NULL, 'k.s', 'ALTER SEQUENCE k.s MINVALUE -5', 'ALTER SEQUENCE k.s NO MINVALUE'),
('relation', 'maximum', NULL, 'k.s', 'ALTER SEQUENCE k.s MAXVALUE 500', 'ALTER SEQUENCE k.s NO MAXVALUE'),
('relation', 'cache', NULL, 'k.s', 'ALTER SEQUENCE k.s CACHE 5', 'ALTER SEQUENCE k.s CACHE 1'),
('relation', 'cycle', NULL, 'k.s', 'ALTER SEQUENCE k.s CYCLE', 'ALTER SEQUENCE k.s NO CYCLE'),
('relation', 'owned by', NULL, 'k.owned', 'ALTER SEQUENCE k.owned OWNED BY NONE', 'ALTER SEQUENCE k.owned OWNED BY k.t.n'),
('relation', 'depends on extensions', NULL, 'k.mv', 'ALTER MATERIALIZED VIEW k.mv DEPENDS ON EXTENSION hstore', 'ALTER MATERIALIZED VIEW k.mv NO DEPENDS ON EXTENSION hstore'),
('relation', 'comment', NULL, 'k.t', $$COMMENT ON TABLE k.t IS 'a comment'$$, 'COMMENT ON TABLE k.t IS NULL'),
('relation', 'comment', NULL, 'k.v', $$COMMENT ON VIEW k.v IS 'a comment'$$, 'COMMENT ON VIEW k.v IS NULL'),
('relation', 'comment', NULL, 'k.s', $$COMMENT ON SEQUENCE k.s IS 'a comment'$$, 'COMMENT ON SEQUENCE k.s IS NULL'),
('relation', 'security labels', 'security label dummy', 'k.t', $$INSERT INTO pg_seclabel VALUES ('k.t'::regclass, 'pg_class'::regclass, 0, 'dummy', 'secret')$$, 'DELETE FROM pg_seclabel'),

-- columns
('table column', 'type', NULL, 'k.t.price', 'ALTER TABLE k.t ALTER COLUMN price TYPE numeric(12,2)', 'ALTER TABLE k.t ALTER COLUMN price TYPE numeric(10,2)'),
('table column', 'collation', NULL, 'k.by_list.name', 'ALTER TABLE k.like_pair ALTER COLUMN b TYPE text', NULL),
('table column', 'default', NULL, 'k.t.name', $$ALTER TABLE k.t ALTER COLUMN name SET DEFAULT 'y'$$, $$ALTER TABLE k.t ALTER COLUMN name SET DEFAULT 'x'$$),
('table column', 'default', NULL, 'k.t.n', 'ALTER TABLE k.t ALTER COLUMN n SET DEFAULT 5', 'ALTER TABLE k.t ALTER COLUMN n DROP DEFAULT'),
('table column', 'generated', NULL, 'k.t.twice', 'ALTER TABLE k.t ALTER COLUMN twice DROP EXPRESSION', NULL),
('table column', 'not null', NULL, 'k.t.n', 'ALTER TABLE k.t ALTER COLUMN n SET NOT NULL', 'ALTER TABLE k.t ALTER COLUMN n DROP NOT NULL'),
('table column', 'foreign options', 'foreign option as_name', 'k.far.name', $$ALTER FOREIGN TABLE k.far ALTER COLUMN name OPTIONS (SET as_name 'm')$$, $$ALTER FOREIGN TABLE k.far ALTER COLUMN name OPTIONS (SET as_name 'n')$$),
('table column', 'inherited', NULL, 'k.heir.kind', $$UPDATE pg_attribute SET attislocal = true WHERE attrelid = 'k.heir'::regclass AND attname = 'kind'$$, $$UPDATE pg_attribute SET attislocal = false WHERE attrelid = 'k.heir'::regclass AND attname = 'kind'$$),
('table column', 'identity', NULL, 'k.numbered.id', 'ALTER TABLE k.numbered ALTER COLUMN id SET GENERATED BY DEFAULT', 'ALTER TABLE k.numbered ALTER COLUMN id SET GENERATED ALWAYS'),
('table column', 'identity sequence', NULL, 'k.numbered.id', 'ALTER SEQUENCE k.numbered_id_seq RENAME TO counter', 'ALTER SEQUENCE k.counter RENAME TO numbered_id_seq'),
('table column', 'identity sequence privileges', 'identity sequence privileges of public', 'k.numbered.id', 'GRANT USAGE ON SEQUENCE k.numbered_id_seq TO public', 'REVOKE ALL ON SEQUENCE k.numbered_id_seq FROM public'),
('table column', 'identity sequence persistence', NULL, 'k.numbered.id', $$UPDATE pg_class SET relpersistence = 'u' WHERE oid = 'k.numbered_id_seq'::regclass$$, $$UPDATE pg_class SET relpersistence = 'p' WHERE oid = 'k.numbered_id_seq'::regclass$$),
('table column', 'identity sequence comment', NULL, 'k.numbered.id', $$COMMENT ON SEQUENCE k.numbered_id_seq IS 'a comment'$$, 'COMMENT ON SEQUENCE k.numbered_id_seq IS NULL'),
('table column', 'identity start', NULL, 'k.numbered.id', 'ALTER TABLE k.numbered ALTER COLUMN id SET START 5', 'ALTER TABLE k.numbered ALTER COLUMN id SET START 1'),
('table column', 'identity increment', NULL, 'k.numbered.id', 'ALTER TABLE k.numbered ALTER COLUMN id SET INCREMENT 5', 'ALTER TABLE k.numbered ALTER COLUMN id SET INCREMENT 1'),
('table column', 'identity minimum', NULL, 'k.numbered.id', 'ALTER TABLE k.numbered ALTER COLUMN id SET MINVALUE -5', 'ALTER TABLE k.numbered ALTER COLUMN id SET NO MINVALUE'),
('table column', 'identity maximum', NULL, 'k.numbered.id', 'ALTER TABLE k.numbered ALTER COLUMN id SET MAXVALUE 500', 'ALTER TABLE k.numbered ALTER COLUMN id SET NO MAXVALUE'),
('table column', 'identity cache', NULL, 'k.numbered.id', 'ALTER TABLE k.numbered ALTER COLUMN id SET CACHE 5', 'ALTER TABLE k.numbered ALTER COLUMN id SET CACHE 1'),
('table column', 'identity cycle', NULL, 'k.numbered.id', 'ALTER TABLE k.numbered ALTER COLUMN id SET CYCLE', 'ALTER TABLE k.numbered ALTER COLUMN id SET NO CYCLE'),
('table column', 'storage', NULL, 'k.t.name', 'ALTER TABLE k.t ALTER COLUMN name SET STORAGE EXTERNAL', 'ALTER TABLE k.t ALTER COLUMN name SET STORAGE EXTENDED'),
('table column', 'compression', NULL, 'k.t.name', 'ALTER TABLE k.t ALTER COLUMN name SET COMPRESSION pglz', 'ALTER TABLE k.t ALTER COLUMN name SET COMPRESSION DEFAULT'),
('table column', 'statistics', NULL, 'k.t.name', 'ALTER TABLE k.t ALTER COLUMN name SET STATISTICS 500', 'ALTER TABLE k.t ALTER COLUMN name SET STATISTICS -1'),
('table column', 'options', 'option n_distinct', 'k.t.name', 'ALTER TABLE k.t ALTER COLUMN name SET (n_distinct = 5)', 'ALTER TABLE k.t ALTER COLUMN name RESET (n_distinct)'),
('table column', 'privileges', 'privileges of regress_turnstone_reader', 'k.t.name', 'GRANT UPDATE (name) ON k.t TO regress_turnstone_reader', 'REVOKE UPDATE (name) ON k.t FROM regress_turnstone_reader'),
('table column', 'comment', NULL, 'k.t.name', $$COMMENT ON COLUMN k.t.name IS 'a comment'$$, 'COMMENT ON COLUMN k.t.name IS NULL'),
('table column', 'comment', NULL, 'k.far.name', $$COMMENT ON COLUMN k.far.name IS 'a comment'$$, 'COMMENT ON COLUMN k.far.name IS NULL'),
('table column', 'security labels', 'security label dummy', 'k.t.id', $$INSERT INTO pg_seclabel VALUES ('k.t'::regclass, 'pg_class'::regclass, 1, 'dummy', 'secret')$$, 'DELETE FROM pg_seclabel'),
('view column', 'default', NULL, 'k.v.name', $$ALTER VIEW k.v ALTER COLUMN name SET DEFAULT 'v'$$, 'ALTER VIEW k.v ALTER COLUMN name DROP DEFAULT'),
('view column', 'storage', NULL, 'k.mv.name', 'ALTER MATERIALIZED VIEW k.mv ALTER COLUMN name SET STORAGE EXTERNAL', 'ALTER MATERIALIZED VIEW k.mv ALTER COLUMN name SET STORAGE EXTENDED'),
('view column', 'compression', NULL, 'k.mv.name', 'ALTER MATERIALIZED VIEW k.mv ALTER COLUMN name SET COMPRESSION pglz', 'ALTER MATERIALIZED VIEW k.mv ALTER COLUMN name SET COMPRESSION DEFAULT'),
('view column', 'statistics', NULL, 'k.mv.name', 'ALTER MATERIALIZED VIEW k.mv ALTER COLUMN name SET STATISTICS 500', 'ALTER MATERIALIZED VIEW k.mv ALTER COLUMN name SET STATISTICS -1'),
('view column', 'options', 'option n_distinct', 'k.mv.name', 'ALTER MATERIALIZED VIEW k.mv ALTER COLUMN name SET (n_distinct = 5)', 'ALTER MATERIALIZED VIEW k.mv ALTER COLUMN name RESET (n_distinct)'),
('view column', 'privileges', 'privileges of regress_turnstone_reader', 'k.v.name', 'GRANT UPDATE (name) ON k.v TO regress_turnstone_reader', 'REVOKE UPDATE (name) ON k.v FROM regress_turnstone_reader'),
('view column', 'comment', NULL, 'k.v.name', $$COMMENT ON COLUMN k.v.name IS 'a comment'$$, 'COMMENT ON COLUMN k.v.name IS NULL'),
('view column', 'security labels', 'security label dummy', 'k.v.id', $$INSERT INTO pg_seclabel VALUES ('k.v'::regclass, 'pg_class'::regclass, 1, 'dummy', 'secret')$$, 'DELETE FROM pg_seclabel'),

-- constraints, indexes, triggers, rules, policies, statistics objects
('table constraint', 'definition', NULL, 'above on k.t', 'ALTER TABLE k.t DROP CONSTRAINT above, ADD CONSTRAINT above CHECK (n > 1)', 'ALTER TABLE k.t DROP CONSTRAINT above, ADD CONSTRAINT above CHECK (n > 0)'),
('table constraint', 'definition', NULL, 'to_t on k.refers', 'ALTER TABLE k.refers DROP CONSTRAINT to_t, ADD CONSTRAINT to_t FOREIGN KEY (id) REFERENCES k.t ON DELETE CASCADE', 'ALTER TABLE k.refers DROP CONSTRAINT to_t, ADD CONSTRAINT to_t FOREIGN KEY (id) REFERENCES k.t'),
('table constraint', 'definition', NULL, 'to_t on k.refers', 'ALTER TABLE k.refers ALTER CONSTRAINT to_t DEFERRABLE INITIALLY DEFERRED', 'ALTER TABLE k.refers ALTER CONSTRAINT to_t NOT DEFERRABLE'),
('table constraint', 'definition', NULL, 'only_once on k.numbered', 'ALTER TABLE k.numbered DROP CONSTRAINT only_once, ADD CONSTRAINT only_once UNIQUE NULLS NOT DISTINCT (loose)', 'ALTER TABLE k.numbered DROP CONSTRAINT only_once, ADD CONSTRAINT only_once UNIQUE (loose)'),
('table constraint', 'validated', NULL, 'above on k.t', 'ALTER TABLE k.t DROP CONSTRAINT above, ADD CONSTRAINT above CHECK (n > 0) NOT VALID', 'ALTER TABLE k.t VALIDATE CONSTRAINT above'),
('table constraint', 'inherited', NULL, 'above on k.heir', $$UPDATE pg_constraint SET conislocal = true WHERE conrelid = 'k.heir'::regclass AND conname = 'above'$$, $$UPDATE pg_constraint SET conislocal = false WHERE conrelid = 'k.heir'::regclass AND conname = 'above'$$),
('table constraint', 'index valid', NULL, 'only_once on k.numbered', $$UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'k.only_once'::regclass$$, $$UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'k.only_once'::regclass$$),
('table constraint', 'index tablespace', NULL, 't_pkey on k.t', 'ALTER INDEX k.t_pkey SET TABLESPACE regress_turnstone_space', 'ALTER INDEX k.t_pkey SET TABLESPACE pg_default'),
('table constraint', 'index statistics', 'index statistic 1', 't_pkey on k.t', $$UPDATE pg_attribute SET attstattarget = 100 WHERE attrelid = 'k.t_pkey'::regclass$$, $$UPDATE pg_attribute SET attstattarget = -1 WHERE attrelid = 'k.t_pkey'::regclass$$),
('table constraint', 'index depends on extensions', NULL, 't_pkey on k.t', 'ALTER INDEX k.t_pkey DEPENDS ON EXTENSION hstore', 'ALTER INDEX k.t_pkey NO DEPENDS ON EXTENSION hstore'),
('table constraint', 'index options', 'index option fillfactor', 't_pkey on k.t', 'ALTER INDEX k.t_pkey SET (fillfactor = 70)', 'ALTER INDEX k.t_pkey RESET (fillfactor)'),
('table constraint', 'index comment', NULL, 't_pkey on k.t', $$COMMENT ON INDEX k.t_pkey IS 'a comment'$$, 'COMMENT ON INDEX k.t_pkey IS NULL'),
('table constraint', 'comment', NULL, 'above on k.t', $$COMMENT ON CONSTRAINT above ON k.t IS 'a comment'$$, 'COMMENT ON CONSTRAINT above ON k.t IS NULL'),
('index', 'definition', NULL, 'k.t_name_idx', $$DROP INDEX k.t_name_idx; CREATE INDEX t_name_idx ON k.t (upper(name)) WHERE name <> ''$$, $$DROP INDEX k.t_name_idx; CREATE INDEX t_name_idx ON k.t (lower(name)) WHERE name <> ''$$),
('index', 'definition', NULL, 'k.t_name_idx', 'ALTER INDEX k.t_name_idx SET (fillfactor = 70)', 'ALTER INDEX k.t_name_idx RESET (fillfactor)'),
('index', 'valid', NULL, 'k.t_name_idx', $$UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'k.t_name_idx'::regclass$$, $$UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'k.t_name_idx'::regclass$$),
('index', 'tablespace', NULL, 'k.t_name_idx', 'ALTER INDEX k.t_name_idx SET TABLESPACE regress_turnstone_space', 'ALTER INDEX k.t_name_idx SET TABLESPACE pg_default'),
('index', 'statistics', 'statistic 1', 'k.t_name_idx', 'ALTER INDEX k.t_name_idx ALTER COLUMN 1 SET STATISTICS 100', 'ALTER INDEX k.t_name_idx ALTER COLUMN 1 SET STATISTICS -1'),
('index', 'depends on extensions', NULL, 'k.t_name_idx', 'ALTER INDEX k.t_name_idx DEPENDS ON EXTENSION hstore', 'ALTER INDEX k.t_name_idx NO DEPENDS ON EXTENSION hstore'),
('index', 'comment', NULL, 'k.t_name_idx', $$COMMENT ON INDEX k.t_name_idx IS 'a comment'$$, 'COMMENT ON INDEX k.t_name_idx IS NULL'),
('trigger', 'definition', NULL, 'stamp on k.t', 'CREATE OR REPLACE TRIGGER stamp BEFORE UPDATE OF n ON k.t FOR EACH ROW EXECUTE FUNCTION k.stamp()', 'CREATE OR REPLACE TRIGGER stamp BEFORE UPDATE ON k.t FOR EACH ROW EXECUTE FUNCTION k.stamp()'),
('trigger', 'enabled', NULL, 'stamp on k.t', 'ALTER TABLE k.t ENABLE REPLICA TRIGGER stamp', 'ALTER TABLE k.t ENABLE TRIGGER stamp'),
('trigger', 'depends on extensions', NULL, 'stamp on k.t', 'ALTER TRIGGER stamp ON k.t DEPENDS ON EXTENSION hstore', 'ALTER TRIGGER stamp ON k.t NO DEPENDS ON EXTENSION hstore'),
('trigger', 'comment', NULL, 'stamp on k.t', $$COMMENT ON TRIGGER stamp ON k.t IS 'a comment'$$, 'COMMENT ON TRIGGER stamp ON k.t IS NULL'),
('rule', 'definition', NULL, 'swallow on k.refers', 'CREATE OR REPLACE RULE swallow AS ON DELETE TO k.refers WHERE old.id > 1 DO INSTEAD NOTHING', 'CREATE OR REPLACE RULE swallow AS ON DELETE TO k.refers DO INSTEAD NOTHING'),
('rule', 'enabled', NULL, 'swallow on k.refers', 'ALTER TABLE k.refers DISABLE RULE swallow', 'ALTER TABLE k.refers ENABLE RULE swallow'),
('rule', 'comment', NULL, 'swallow on k.refers', $$COMMENT ON RULE swallow ON k.refers IS 'a comment'$$, 'COMMENT ON RULE swallow ON k.refers IS NULL'),
('policy', 'command', NULL, 'readers on k.t', $$UPDATE pg_policy SET polcmd = 'd' WHERE polname = 'readers'$$, $$UPDATE pg_policy SET polcmd = 'r' WHERE polname = 'readers'$$),
('policy', 'restrictive', NULL, 'readers on k.t', $$UPDATE pg_policy SET polpermissive = false WHERE polname = 'readers'$$, $$UPDATE pg_policy SET polpermissive = true WHERE polname = 'readers'$$),
('policy', 'roles', NULL, 'readers on k.t', 'ALTER POLICY readers ON k.t TO regress_turnstone_owner, regress_turnstone_reader', 'ALTER POLICY readers ON k.t TO regress_turnstone_reader'),
('policy', 'roles', NULL, 'readers on k.t', 'ALTER POLICY readers ON k.t TO public', 'ALTER POLICY readers ON k.t TO regress_turnstone_reader'),
('policy', 'using', NULL, 'readers on k.t', 'ALTER POLICY readers ON k.t USING (n > 2)', 'ALTER POLICY readers ON k.t USING (n > 1)'),
('policy', 'check', NULL, 'writers on k.t', 'ALTER POLICY writers ON k.t WITH CHECK (n > 2)', 'ALTER POLICY writers ON k.t WITH CHECK (n > 1)'),
('policy', 'comment', NULL, 'readers on k.t', $$COMMENT ON POLICY readers ON k.t IS 'a comment'$$, 'COMMENT ON POLICY readers ON k.t IS NULL'),
('statistics object', 'definition', NULL, 'k.st', 'DROP STATISTICS k.st; CREATE STATISTICS k.st (ndistinct) ON id, n FROM k.t', 'DROP STATISTICS k.st; CREATE STATISTICS k.st ON id, n FROM k.t'),
('statistics object', 'statistics', NULL, 'k.st', 'ALTER STATISTICS k.st SET STATISTICS 100', 'ALTER STATISTICS k.st SET STATISTICS -1'),
('statistics object', 'owner', NULL, 'k.st', 'ALTER STATISTICS k.st OWNER TO regress_turnstone_owner', 'ALTER STATISTICS k.st OWNER TO CURRENT_USER'),
('statistics object', 'comment', NULL, 'k.st', $$COMMENT ON STATISTICS k.st IS 'a comment'$$, 'COMMENT ON STATISTICS k.st IS NULL');
