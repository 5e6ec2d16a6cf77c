-- Equality: twenty cases, each both ways. What must be equal is, what must differ does, once.
CREATE EXTENSION turnstone;
SET client_min_messages = warning;
CREATE ROLE regress_turnstone_ann;
CREATE ROLE regress_turnstone_bob;
SELECT status FROM migrate_register('1_nothing.sql', 'SELECT 1');
SELECT version FROM migrate_apply();

-- What drift there is behind a change by hand of what a set-up made; undone.
CREATE FUNCTION drift_of(set_up text, change text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE found text[];
BEGIN
    BEGIN
        EXECUTE set_up;
        PERFORM migrate_accept_drift('set up');
        IF EXISTS (SELECT FROM migrate_drift()) THEN
            RAISE EXCEPTION 'accepted drift is still there';
        END IF;
        EXECUTE change;
        SELECT array_agg(concat_ws(' ', d.severity || ':', d.change, d.object_type, d.identity, '[' || d.property || ']',
                                   left(d.expected, 60) || ' ->', '-> ' || left(d.actual, 60)) ORDER BY d.identity COLLATE "C", d.property COLLATE "C", d.change)
          INTO found FROM migrate_drift() d;
        RAISE EXCEPTION 'undone' USING ERRCODE = 'T0000';
    EXCEPTION WHEN SQLSTATE 'T0000' THEN
    END;
    RETURN QUERY SELECT unnest(coalesce(found, '{no drift}'));
END $$;

-- 1. settings of the session
SELECT drift_of($$CREATE TABLE t (at timestamptz DEFAULT '2024-01-02 03:04:05+00', d interval DEFAULT '1 day 2 hours', f float8 DEFAULT 0.1::float8 + 0.2, b bytea DEFAULT '\x00ff', s text DEFAULT E'a\\b') PARTITION BY RANGE (at);
                  CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00');
                  CREATE VIEW v AS SELECT at, E'\\' AS c FROM t WHERE at < '2024-06-01 00:00:00+00'$$,
                $$SET LOCAL search_path = 'pg_temp'; SET LOCAL "DateStyle" = 'German'; SET LOCAL "IntervalStyle" = 'iso_8601'; SET LOCAL "TimeZone" = 'Asia/Tokyo'; SET LOCAL extra_float_digits = -5;
                  SET LOCAL bytea_output = 'escape'; SET LOCAL quote_all_identifiers = on; SET LOCAL standard_conforming_strings = off; SET LOCAL search_path = public$$);
SELECT drift_of('CREATE TABLE t (id int)', 'CREATE TEMPORARY TABLE t (id int, more int); CREATE TEMPORARY TABLE pg_class (id int)');

-- 2. varchar IN (...): the deparsed text of a text is another one, once (the copy in another database: t/011_drift.t)
SELECT drift_of($$CREATE TABLE t (code varchar(3), CHECK (code IN ('a', 'b'))); CREATE VIEW v AS SELECT * FROM t WHERE code IN ('a', 'b')$$,
                $$ALTER TABLE t DROP CONSTRAINT t_code_check; ALTER TABLE t ADD CHECK (((code)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])));
                  CREATE OR REPLACE VIEW v AS SELECT code FROM t WHERE (code)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])$$);
SELECT drift_of($$CREATE TABLE t (code varchar(3), CHECK (code IN ('a', 'b'))); CREATE VIEW v AS SELECT * FROM t WHERE code IN ('a', 'b')$$,
                $$ALTER TABLE t DROP CONSTRAINT t_code_check; ALTER TABLE t ADD CHECK (code IN ('a', 'c'))$$);

-- 3. privileges
SELECT drift_of('CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT 1''', 'GRANT SELECT ON t TO regress_turnstone_ann; REVOKE SELECT ON t FROM regress_turnstone_ann; GRANT EXECUTE ON FUNCTION f() TO PUBLIC');
SELECT drift_of('CREATE TABLE t (id int)', 'GRANT SELECT ON t TO regress_turnstone_ann');
SELECT drift_of('CREATE TABLE t (id int); GRANT SELECT ON t TO regress_turnstone_ann', 'GRANT SELECT ON t TO regress_turnstone_ann WITH GRANT OPTION');
SELECT drift_of('CREATE TABLE t (id int)', 'GRANT SELECT (id) ON t TO regress_turnstone_ann');
SELECT drift_of('CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT 1''', 'REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC');
SELECT drift_of('CREATE TABLE t (id int)', 'ALTER TABLE t OWNER TO regress_turnstone_ann');

-- 4. renames: one row, without the texts that mention it
CREATE FUNCTION renaming() RETURNS text LANGUAGE sql AS $$ SELECT $sql$
    CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('sad', 'glad');
    CREATE TABLE app.t (id int PRIMARY KEY, name text CHECK (name <> ''), mood app.mood DEFAULT 'sad', twice int GENERATED ALWAYS AS (id * 2) STORED);
    CREATE TABLE app.u (t_id int CONSTRAINT to_t REFERENCES app.t (id), mood app.mood);
    CREATE VIEW app.v AS SELECT id, name, mood FROM app.t WHERE name <> 'x';
    CREATE INDEX by_name ON app.t (lower(name)) WHERE name <> '';
    ALTER TABLE app.t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON app.t TO regress_turnstone_ann USING (name = current_user);
    CREATE FUNCTION app.g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER tr BEFORE UPDATE OF name ON app.t FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION app.g();
    CREATE FUNCTION app.f(m app.mood) RETURNS SETOF text BEGIN ATOMIC SELECT name FROM app.t WHERE mood = m; END;
    GRANT SELECT ON app.t TO regress_turnstone_ann; ALTER TABLE app.u OWNER TO regress_turnstone_ann;
$sql$ $$;
SELECT change, drift_of(renaming(), change) FROM (VALUES
    ('ALTER TABLE app.t RENAME COLUMN name TO title'),
    ('ALTER TABLE app.t RENAME COLUMN id TO number'),
    ('ALTER TABLE app.t RENAME TO s'),
    ('ALTER SCHEMA app RENAME TO application'),
    ('ALTER TYPE app.mood RENAME TO temper'),
    ('ALTER TYPE app.mood RENAME VALUE ''sad'' TO ''blue'''),
    ('ALTER ROLE regress_turnstone_ann RENAME TO regress_turnstone_eve'),
    ('ALTER TABLE app.u RENAME CONSTRAINT to_t TO t_fk'),
    ('ALTER INDEX app.by_name RENAME TO t_name_idx'),
    ('ALTER TABLE app.t RENAME CONSTRAINT t_pkey TO pk'),
    ('ALTER TRIGGER tr ON app.t RENAME TO on_change'),
    ('ALTER POLICY p ON app.t RENAME TO own_rows'),
    ('ALTER VIEW app.v RENAME TO w'),
    ('ALTER FUNCTION app.f(app.mood) RENAME TO texts'),
    ('ALTER TABLE app.u SET SCHEMA public')) AS by_hand(change);

-- 5. a column dropped and added again
SELECT drift_of('CREATE TABLE t (a int, b int)', 'ALTER TABLE t DROP COLUMN b; ALTER TABLE t ADD COLUMN b int');
SELECT drift_of('CREATE TABLE t (a int, b int)', 'ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a int');

-- 6. names swapped
SELECT drift_of('CREATE TABLE a (id int); CREATE TABLE b (id int)', 'ALTER TABLE a RENAME TO c; ALTER TABLE b RENAME TO a; ALTER TABLE c RENAME TO b');
SELECT drift_of('CREATE TABLE t (a int, b int)', 'ALTER TABLE t RENAME a TO c; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME c TO b');

-- 7. dropped and made again
SELECT drift_of('CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 1); CREATE INDEX i ON t (n)', 'DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 1); CREATE INDEX i ON t (n)');
SELECT drift_of('CREATE MATERIALIZED VIEW m AS SELECT 1 AS one; CREATE SEQUENCE s', 'DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one; DROP SEQUENCE s; CREATE SEQUENCE s');
SELECT drift_of('CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT 1''; CREATE VIEW v AS SELECT 1 AS one; CREATE TABLE t (id int CHECK (id > 0)); CREATE INDEX i ON t (id)',
                'DROP FUNCTION f(); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT 1''; DROP VIEW v; CREATE VIEW v AS SELECT 1 AS one; DROP INDEX i; CREATE INDEX i ON t (id); ALTER TABLE t DROP CONSTRAINT t_id_check, ADD CHECK (id > 0)');

-- 8. what leaves everything as it is (REINDEX CONCURRENTLY, VACUUM FULL and a restart: t/011_drift.t)
SELECT drift_of('CREATE TABLE t (id serial PRIMARY KEY, n int DEFAULT 1, at date); CREATE INDEX i ON t (n); CREATE MATERIALIZED VIEW m AS SELECT * FROM t; ALTER TABLE t CLUSTER ON i',
                'INSERT INTO t (at) VALUES (now()); REINDEX TABLE t; CLUSTER t; ANALYZE t; SELECT nextval(''t_id_seq''); REFRESH MATERIALIZED VIEW m; TRUNCATE t;
                 ALTER TABLE t ALTER n SET DEFAULT 2; ALTER TABLE t ALTER n SET DEFAULT 1');
SELECT drift_of('CREATE TABLE t (id serial PRIMARY KEY, at date); CREATE INDEX i ON t (at)', 'ALTER TABLE t ALTER at TYPE timestamp; ALTER TABLE t ALTER at TYPE date');

-- 9. views
SELECT drift_of('CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t WHERE id > 0', 'ALTER VIEW v SET (security_barrier)');
SELECT drift_of('CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t WHERE id > 0', 'ALTER VIEW v SET (security_invoker = true)');
SELECT drift_of('CREATE TABLE t (id int); CREATE VIEW v WITH (security_invoker) AS SELECT id FROM t WHERE id > 0', 'ALTER VIEW v RESET (security_invoker)');
SELECT drift_of('CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t WHERE id > 0', 'ALTER VIEW v SET (check_option = local)');
SELECT drift_of('CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t WHERE id > 0', 'ALTER VIEW v ALTER id SET DEFAULT 5');
SELECT drift_of('CREATE TABLE t (id int) WITH (fillfactor = 50, autovacuum_enabled = on)', 'ALTER TABLE t RESET (fillfactor, autovacuum_enabled); ALTER TABLE t SET (autovacuum_enabled = true); ALTER TABLE t SET (fillfactor = 50)') AS spelled_otherwise;

-- 10. enabled states
SELECT change, drift_of($$CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (id int) PARTITION BY LIST (id); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
    CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION g(); CREATE TABLE u (id int); CREATE TRIGGER tr AFTER INSERT ON u FOR EACH ROW EXECUTE FUNCTION g(); CREATE RULE r AS ON DELETE TO u DO NOTHING;
    CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER et ON sql_drop EXECUTE FUNCTION e()$$, change) FROM (VALUES
    ('ALTER TABLE u DISABLE TRIGGER tr'), ('ALTER TABLE u ENABLE REPLICA TRIGGER tr'), ('ALTER TABLE u ENABLE ALWAYS TRIGGER tr'), ('ALTER TABLE t_1 DISABLE TRIGGER tr'),
    ('ALTER TABLE u DISABLE RULE r'), ('ALTER EVENT TRIGGER et DISABLE')) AS by_hand(change);

-- 11. partitions
SELECT drift_of($$CREATE TABLE t (id int, at date, PRIMARY KEY (id, at), UNIQUE (at, id)) PARTITION BY RANGE (at); CREATE INDEX i ON t (id); CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')$$,
                $$ALTER TABLE t DETACH PARTITION t_1; ALTER TABLE t ATTACH PARTITION t_1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')$$);
SELECT drift_of($$CREATE TABLE t (id int, at date) PARTITION BY RANGE (at); CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')$$,
                $$ALTER TABLE t DETACH PARTITION t_1; ALTER TABLE t ATTACH PARTITION t_1 FOR VALUES FROM ('2024-01-01') TO ('2026-01-01')$$);
SELECT drift_of($$CREATE TABLE t (id int, at date) PARTITION BY RANGE (at); CREATE INDEX i ON t (id); CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')$$, $$ALTER TABLE t DETACH PARTITION t_1$$);
SELECT drift_of($$CREATE TABLE t (id int, at date) PARTITION BY RANGE (at); CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')$$, $$CREATE INDEX i ON ONLY t (id)$$);
SELECT drift_of($$CREATE TABLE t (id int, at date) PARTITION BY RANGE (at); CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')$$, $$CREATE INDEX i ON t (id)$$);
SELECT drift_of($$CREATE TABLE t (id int, at date) PARTITION BY RANGE (at); CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')$$, $$ALTER TABLE t ADD COLUMN more int NOT NULL DEFAULT 1$$);

-- 12. storage and speed
SELECT change, drift_of('CREATE TABLE t (id int PRIMARY KEY, name text); CREATE INDEX i ON t (lower(name))', change) FROM (VALUES
    ('ALTER TABLE t ALTER name SET STORAGE EXTERNAL'), ('ALTER TABLE t ALTER name SET COMPRESSION pglz'), ('ALTER TABLE t ALTER name SET STATISTICS 5'), ('ALTER INDEX i ALTER 1 SET STATISTICS 5'),
    ('ALTER TABLE t ALTER name SET (n_distinct = 5)'), ('ALTER TABLE t SET (toast.autovacuum_enabled = off)'), ('ALTER TABLE t SET (fillfactor = 50)'), ('ALTER TABLE t SET UNLOGGED'),
    ('ALTER TABLE t REPLICA IDENTITY FULL'), ('ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey'), ('ALTER TABLE t CLUSTER ON i')) AS by_hand(change);

-- 13. sequences
SELECT drift_of('CREATE TABLE t (id serial)', 'ALTER TABLE t ALTER id DROP DEFAULT; DROP SEQUENCE t_id_seq; CREATE SEQUENCE t_id_seq AS int OWNED BY t.id; ALTER TABLE t ALTER id SET DEFAULT nextval(''t_id_seq'')') AS serial_by_hand;
SELECT change, drift_of('CREATE TABLE t (id serial, n int GENERATED ALWAYS AS IDENTITY)', change) FROM (VALUES
    ('SELECT setval(''t_id_seq'', 50)'), ('ALTER SEQUENCE t_id_seq OWNED BY NONE'), ('ALTER TABLE t ALTER n SET GENERATED BY DEFAULT'), ('ALTER TABLE t ALTER n SET INCREMENT 2'), ('ALTER TABLE t ALTER n DROP IDENTITY'),
    ('ALTER SEQUENCE t_id_seq CACHE 7')) AS by_hand(change);

-- 14. enumerated types
SELECT change, drift_of('CREATE TYPE e AS ENUM (''a'', ''c''); CREATE TABLE t (e e DEFAULT ''a'')', change) FROM (VALUES
    ('ALTER TYPE e ADD VALUE ''b'' BEFORE ''c'''), ('ALTER TYPE e ADD VALUE ''d'''), ('ALTER TYPE e RENAME VALUE ''a'' TO ''z'''),
    ('ALTER TABLE t ALTER e DROP DEFAULT; ALTER TABLE t ALTER e TYPE text; DROP TYPE e; CREATE TYPE e AS ENUM (''c'', ''a''); ALTER TABLE t ALTER e TYPE e USING e::e; ALTER TABLE t ALTER e SET DEFAULT ''a''')) AS by_hand(change);

-- 15. not yet valid
SELECT drift_of('CREATE TABLE t (id int); ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID', 'ALTER TABLE t VALIDATE CONSTRAINT c');
SELECT drift_of('CREATE TABLE t (id int CONSTRAINT c CHECK (id > 0))', 'ALTER TABLE t DROP CONSTRAINT c; ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID');
SELECT drift_of('CREATE MATERIALIZED VIEW m AS SELECT 1 AS one', 'REFRESH MATERIALIZED VIEW m WITH NO DATA');
SELECT drift_of('CREATE TABLE t (id int); CREATE INDEX i ON t (id)', 'UPDATE pg_index SET indisvalid = false WHERE indexrelid = ''i''::regclass');

-- 16. inheritance
SELECT drift_of('CREATE TABLE p (id int NOT NULL DEFAULT 1 CHECK (id > 0)); CREATE TABLE c () INHERITS (p)', 'ALTER TABLE c NO INHERIT p; ALTER TABLE c INHERIT p');
SELECT change, drift_of('CREATE TABLE p (id int NOT NULL DEFAULT 1 CHECK (id > 0)); CREATE TABLE q (n int); CREATE TABLE c (n int) INHERITS (p)', change) FROM (VALUES
    ('ALTER TABLE c ALTER id SET DEFAULT 2'), ('ALTER TABLE c INHERIT q'), ('ALTER TABLE c NO INHERIT p'), ('ALTER TABLE p ADD COLUMN more int'), ('ALTER TABLE p DROP CONSTRAINT p_id_check; ALTER TABLE p ADD CONSTRAINT p_id_check CHECK (id > 0) NO INHERIT')) AS by_hand(change);
SELECT drift_of('CREATE TABLE p (id int); CREATE TABLE q (id int); CREATE TABLE c (id int); ALTER TABLE c INHERIT p; ALTER TABLE c INHERIT q', 'ALTER TABLE c NO INHERIT p; ALTER TABLE c NO INHERIT q; ALTER TABLE c INHERIT q; ALTER TABLE c INHERIT p') AS order_of_parents;

-- 17. routines
SELECT change, drift_of($$CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT a'; CREATE TABLE t (id int); CREATE FUNCTION atomic() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM t; END;
    CREATE FUNCTION o(OUT a int, VARIADIC b int[]) LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(a text) RETURNS text LANGUAGE sql AS 'SELECT a'$$, change) FROM (VALUES
    ('CREATE OR REPLACE FUNCTION f(a int, b text DEFAULT ''x'') RETURNS int LANGUAGE sql AS ''SELECT  a'''), ('ALTER FUNCTION f(int, text) SET work_mem = ''1MB'''), ('ALTER FUNCTION f(int, text) COST 7'),
    ('ALTER FUNCTION f(int, text) LEAKPROOF'), ('CREATE OR REPLACE FUNCTION f(a int, b text DEFAULT ''y'') RETURNS int LANGUAGE sql AS ''SELECT a'''), ('ALTER FUNCTION f(text) STABLE'), ('ALTER FUNCTION f(text) SECURITY DEFINER'),
    ('ALTER TABLE t RENAME TO u'), ('CREATE OR REPLACE FUNCTION o(OUT a int, VARIADIC b int[]) LANGUAGE sql AS ''SELECT 2''')) AS by_hand(change);

-- 18. extensions
SELECT drift_of('SELECT 1', 'CREATE EXTENSION moddatetime');
SELECT change, drift_of('CREATE EXTENSION moddatetime; CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT 1''', change) FROM (VALUES
    ('ALTER EXTENSION moddatetime ADD TABLE t'), ('REVOKE EXECUTE ON FUNCTION moddatetime() FROM PUBLIC'), ('ALTER FUNCTION moddatetime() COST 77'), ('UPDATE pg_extension SET extversion = ''0.9'' WHERE extname = ''moddatetime'''),
    ('ALTER EXTENSION moddatetime DROP FUNCTION moddatetime()'), ('DROP EXTENSION moddatetime')) AS by_hand(change);

-- 19. statistics targets: -1 and null (NOT NULL constraints of 18: sql/drift_kinds.sql)
SELECT drift_of('CREATE TABLE t (id int NOT NULL)', 'ALTER TABLE t ALTER id SET STATISTICS -1; ALTER TABLE t ALTER id DROP NOT NULL; ALTER TABLE t ALTER id SET NOT NULL');

-- 20. names (kinds and properties one by one: sql/drift_kinds.sql)
SELECT drift_of($$CREATE SCHEMA "a.b"; CREATE SCHEMA a; CREATE TABLE "a.b".c (id int); CREATE TABLE a."b.c" (id int); CREATE TABLE a."Up ""q"" 
é" (id int)$$, $$ALTER TABLE "a.b".c ADD COLUMN n int; COMMENT ON TABLE a."b.c" IS 'x'; ALTER TABLE a."Up ""q"" 
é" ADD COLUMN "N.m" int; CREATE TABLE a.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (id int)$$);

DROP EXTENSION turnstone;
DROP FUNCTION drift_of(text, text), renaming();
DROP ROLE regress_turnstone_ann, regress_turnstone_bob;
