-- What turnstone_set_updated_at() does to rows, in every way that a row can be updated. Run by sql/updated_at.sql twice:
-- stamped in place, and by a copy. No message may come of it: psql would write the file's path before it.
CREATE TABLE kept (
    id int PRIMARY KEY,
    n int,
    label text,
    updated_at timestamptz DEFAULT '2000-01-01',
    after_it text DEFAULT 'behind'
);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON kept FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();

\echo INSERT and COPY are not touched
INSERT INTO kept VALUES (1, 1, 'one'), (2, 2, NULL), (3, NULL, repeat('x', 200));
COPY kept (id, n) FROM stdin;
4	4
\.
SELECT id, updated_at = '2000-01-01' AS untouched FROM kept ORDER BY id;

\echo UPDATE, UPDATE FROM, RETURNING: nulls and values of any length before the stamp
BEGIN;
UPDATE kept SET n = coalesce(n, 0) + 10 RETURNING id, n, left(label, 3) AS label, updated_at = now() AS is_now, after_it;
UPDATE kept SET label = v.label FROM (VALUES (2, 'two'), (3, NULL), (4, repeat('y', 5000))) v(id, label) WHERE v.id = kept.id
    RETURNING kept.id, length(kept.label), kept.updated_at = now() AS is_now, after_it;
ROLLBACK;

\echo values that the statement sets, and nulls, are overwritten
UPDATE kept SET updated_at = '1999-01-01' WHERE id = 1 RETURNING updated_at = now() AS is_now;
UPDATE kept SET updated_at = NULL WHERE id = 1 RETURNING updated_at = now() AS is_now;
\echo an old value that is null
ALTER TABLE kept DISABLE TRIGGER set_updated_at;
UPDATE kept SET updated_at = NULL WHERE id = 2;
ALTER TABLE kept ENABLE TRIGGER set_updated_at;
UPDATE kept SET n = 5 WHERE id = 2 RETURNING updated_at = now() AS is_now, after_it;

\echo INSERT ... ON CONFLICT DO UPDATE, MERGE
INSERT INTO kept VALUES (1, 7), (9, 9) ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING id, n, updated_at = now() AS is_now;
BEGIN;
MERGE INTO kept USING (VALUES (1, 11), (10, 10)) v(id, n) ON kept.id = v.id
    WHEN MATCHED THEN UPDATE SET n = v.n WHEN NOT MATCHED THEN INSERT (id, n) VALUES (v.id, v.n);
SELECT id, n, updated_at = now() AS is_now FROM kept WHERE id IN (1, 10) ORDER BY id;
ROLLBACK;

\echo cursors
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM kept WHERE id = 3 FOR UPDATE;
MOVE NEXT c;
UPDATE kept SET n = 33 WHERE CURRENT OF c RETURNING id, n, updated_at = now() AS is_now;
COMMIT;

\echo a prepared statement, run twice with other triggers in between
PREPARE touch AS UPDATE kept SET n = 1 WHERE id = 1;
EXECUTE touch;
CREATE OR REPLACE TRIGGER set_updated_at BEFORE UPDATE ON kept FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('clock=wall');
BEGIN;
EXECUTE touch;
SELECT updated_at > now() AS by_the_wall FROM kept WHERE id = 1;
ROLLBACK;
CREATE OR REPLACE TRIGGER set_updated_at BEFORE UPDATE ON kept FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
BEGIN;
EXECUTE touch;
SELECT updated_at = now() AS is_now FROM kept WHERE id = 1;
COMMIT;
DEALLOCATE touch;

\echo columns that depend on the stamp: generated, indexed, checked
CREATE TABLE dependent (
    id int,
    updated_at timestamptz CHECK (updated_at > '1999-01-01'),
    year int GENERATED ALWAYS AS (extract(year FROM updated_at AT TIME ZONE 'utc')) STORED
);
CREATE INDEX dependent_stamp ON dependent (updated_at);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON dependent FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
INSERT INTO dependent SELECT g, '2000-01-01' FROM generate_series(1, 500) g;
BEGIN;
UPDATE dependent SET id = -id;
SELECT count(*), bool_and(year = extract(year FROM now() AT TIME ZONE 'utc')) AS follows FROM dependent;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
SELECT count(*) AS by_index FROM dependent WHERE updated_at = now();
SELECT count(*) AS by_index_old FROM dependent WHERE updated_at < '2001-01-01';
COMMIT;

\echo other triggers before and after it, and their WHEN clauses: all see the stamp that is stored
CREATE TABLE seen (who text, is_now boolean);
CREATE FUNCTION note_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO seen VALUES (tg_name, NEW.updated_at = now());
    RETURN CASE WHEN tg_when = 'BEFORE' THEN NEW END;
END $$;
CREATE FUNCTION raise_n() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.n := NEW.n + 1000;
    RETURN NEW;
END $$;
CREATE TRIGGER a_raise BEFORE UPDATE ON kept FOR EACH ROW EXECUTE FUNCTION raise_n();
CREATE TRIGGER a_when BEFORE UPDATE ON kept FOR EACH ROW WHEN (NEW.updated_at IS DISTINCT FROM OLD.updated_at OR NEW.after_it = 'behind') EXECUTE FUNCTION note_stamp();
CREATE TRIGGER z_raise BEFORE UPDATE ON kept FOR EACH ROW EXECUTE FUNCTION raise_n();
CREATE TRIGGER z_when BEFORE UPDATE ON kept FOR EACH ROW WHEN (NEW.updated_at IS DISTINCT FROM OLD.updated_at) EXECUTE FUNCTION note_stamp();
CREATE TRIGGER zz_after AFTER UPDATE ON kept FOR EACH ROW WHEN (NEW.updated_at IS DISTINCT FROM OLD.updated_at) EXECUTE FUNCTION note_stamp();
CREATE CONSTRAINT TRIGGER zz_deferred AFTER UPDATE ON kept DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_stamp();
BEGIN;
UPDATE kept SET n = 1 WHERE id = 1 RETURNING n, updated_at = now() AS is_now, after_it;
COMMIT;
SELECT * FROM seen ORDER BY who;
DROP TRIGGER a_raise ON kept;
DROP TRIGGER a_when ON kept;
DROP TRIGGER z_raise ON kept;
DROP TRIGGER z_when ON kept;
DROP TRIGGER zz_after ON kept;
DROP TRIGGER zz_deferred ON kept;

\echo WHEN and UPDATE OF of its own
CREATE OR REPLACE TRIGGER set_updated_at BEFORE UPDATE OF label ON kept FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION turnstone_set_updated_at();
BEGIN;
UPDATE kept SET updated_at = '2000-01-01';
UPDATE kept SET n = 2 WHERE id = 1 RETURNING updated_at = now() AS stamped;
UPDATE kept SET label = label WHERE id = 1 RETURNING updated_at = now() AS stamped;
UPDATE kept SET label = 'new' WHERE id = 1 RETURNING updated_at = now() AS stamped;
ROLLBACK;
CREATE OR REPLACE TRIGGER set_updated_at BEFORE UPDATE ON kept FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();

\echo short rows: columns, the stamp among them, that were added with a default, which no old row holds
CREATE TABLE grown (id int);
INSERT INTO grown VALUES (1), (2);
ALTER TABLE grown ADD COLUMN a text DEFAULT 'a', ADD COLUMN updated_at timestamptz NOT NULL DEFAULT '2000-01-01', ADD COLUMN z int DEFAULT 26;
CREATE TRIGGER set_updated_at BEFORE UPDATE ON grown FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
UPDATE grown SET id = 10 WHERE id = 1 RETURNING id, a, updated_at = now() AS is_now, z;
SELECT id, a, updated_at = '2000-01-01' AS untouched, z FROM grown WHERE id = 2;

\echo values that are stored out of line
CREATE TABLE wide (id int, body text, updated_at timestamptz, tail text);
ALTER TABLE wide ALTER body SET STORAGE EXTERNAL;
CREATE TRIGGER set_updated_at BEFORE UPDATE ON wide FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
INSERT INTO wide VALUES (1, repeat('b', 100000), NULL, 'tail'), (2, repeat('c', 100000), '2000-01-01', 'tail');
UPDATE wide SET id = id + 10 RETURNING id, length(body), updated_at = now() AS is_now, tail;
UPDATE wide SET body = body || 'd' RETURNING id, right(body, 2), updated_at = now() AS is_now, tail;

\echo updates stay HOT where no index has the stamp
CREATE TABLE hot (id int PRIMARY KEY, n int, updated_at timestamptz) WITH (fillfactor = 50);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON hot FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
INSERT INTO hot SELECT g, 0, now() FROM generate_series(1, 50) g;
BEGIN;
UPDATE hot SET n = 1;
SELECT pg_stat_get_xact_tuples_hot_updated('hot'::regclass) AS hot_updates;
COMMIT;

\echo partitions: another order of columns, a dropped column, a level below, rows that move
CREATE TABLE whole (k int, v text, updated_at timestamptz) PARTITION BY LIST (k);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON whole FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
CREATE TABLE whole_1 PARTITION OF whole FOR VALUES IN (1);
CREATE TABLE whole_2 (updated_at timestamptz, gone int, v text, k int);
ALTER TABLE whole_2 DROP COLUMN gone;
ALTER TABLE whole ATTACH PARTITION whole_2 FOR VALUES IN (2);
CREATE TABLE whole_3 PARTITION OF whole FOR VALUES IN (3) PARTITION BY LIST (v);
CREATE TABLE whole_3_c PARTITION OF whole_3 FOR VALUES IN ('c');
CREATE TABLE whole_rest PARTITION OF whole DEFAULT;
INSERT INTO whole VALUES (1, 'a', '2000-01-01'), (2, 'b', '2000-01-01'), (3, 'c', '2000-01-01'), (4, 'd', '2000-01-01');
BEGIN;
UPDATE whole SET v = v;
SELECT tableoid::regclass, k, v, updated_at = now() AS is_now FROM whole ORDER BY k;
UPDATE whole SET updated_at = '2000-01-01', k = CASE k WHEN 1 THEN 2 WHEN 2 THEN 1 ELSE k END WHERE k < 3;
SELECT tableoid::regclass, k, v, updated_at = now() AS is_now FROM whole ORDER BY k;
MERGE INTO whole USING (VALUES (4)) s(k) ON whole.k = s.k WHEN MATCHED THEN UPDATE SET k = 1;
SELECT tableoid::regclass, k, v, updated_at = now() AS is_now FROM whole WHERE v = 'd';
COMMIT;
ALTER TABLE whole DETACH PARTITION whole_2;
SELECT count(*) AS triggers_behind_detach FROM pg_trigger WHERE tgrelid = 'whole_2'::regclass;

\echo inheritance: each table has its own trigger, or none
CREATE TABLE child (extra text) INHERITS (kept);
INSERT INTO child (id, extra) VALUES (100, 'x');
UPDATE kept SET n = 1 WHERE id = 100 RETURNING updated_at = now() AS is_now;
CREATE TRIGGER set_updated_at BEFORE UPDATE ON child FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
UPDATE kept SET n = 1 WHERE id IN (1, 100) RETURNING id, updated_at = now() AS is_now;

\echo views
CREATE VIEW simple AS SELECT id, n FROM kept WHERE id < 10;
UPDATE simple SET n = 77 WHERE id = 1;
SELECT n, updated_at > '2001-01-01' AS stamped FROM kept WHERE id = 1;
CREATE VIEW instead AS SELECT id, n FROM kept;
CREATE FUNCTION instead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE kept SET n = NEW.n WHERE id = OLD.id;
    RETURN NEW;
END $$;
CREATE TRIGGER instead INSTEAD OF UPDATE ON instead FOR EACH ROW EXECUTE FUNCTION instead();
UPDATE kept SET updated_at = '2000-01-01' WHERE id = 1;
BEGIN;
UPDATE instead SET n = 78 WHERE id = 1;
SELECT n, updated_at = now() AS is_now FROM kept WHERE id = 1;
COMMIT;

\echo row security: the stamp is what its checks see
CREATE ROLE regress_turnstone_row;
CREATE TABLE guarded (id int, owner name, updated_at timestamptz);
INSERT INTO guarded VALUES (1, 'regress_turnstone_row', '2000-01-01'), (2, 'somebody', '2000-01-01');
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON guarded USING (owner = current_user) WITH CHECK (updated_at = now());
CREATE TRIGGER set_updated_at BEFORE UPDATE ON guarded FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
GRANT SELECT, UPDATE ON guarded TO regress_turnstone_row;
SET ROLE regress_turnstone_row;
UPDATE guarded SET id = id + 10 RETURNING id, updated_at = now() AS is_now;
RESET ROLE;
SELECT id, updated_at > '2001-01-01' AS stamped FROM guarded ORDER BY id;

\echo session_replication_role
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE kept SET updated_at = '2000-01-01' WHERE id = 1 RETURNING updated_at = now() AS stamped;
ALTER TABLE kept ENABLE ALWAYS TRIGGER set_updated_at;
UPDATE kept SET updated_at = '2000-01-01' WHERE id = 1 RETURNING updated_at = now() AS stamped;
ROLLBACK;

\echo temporary and unlogged tables
CREATE TEMPORARY TABLE passing (id int, updated_at timestamptz);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON passing FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
INSERT INTO passing VALUES (1);
UPDATE passing SET id = 2 RETURNING updated_at = now() AS is_now;
CREATE UNLOGGED TABLE light (id int, updated_at timestamptz);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON light FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
INSERT INTO light VALUES (1, now());
UPDATE light SET id = 2 RETURNING updated_at = now() AS is_now;

\echo foreign keys that cascade
CREATE TABLE leaf (id int REFERENCES kept ON UPDATE CASCADE, updated_at timestamptz);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON leaf FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
INSERT INTO leaf VALUES (9, '2000-01-01');
BEGIN;
UPDATE kept SET id = 99 WHERE id = 9;
SELECT id, updated_at = now() AS is_now FROM leaf;
COMMIT;

\echo foreign tables
CREATE TABLE far (id int, n int, updated_at timestamptz);
INSERT INTO far VALUES (1, 1, '2000-01-01');
CREATE FOREIGN TABLE near (id int, n int, updated_at timestamptz) SERVER loopback OPTIONS (table_name 'far');
CREATE TRIGGER set_updated_at BEFORE UPDATE ON near FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
UPDATE near SET n = 2 WHERE id = 1 RETURNING n, updated_at = now() AS is_now;
SELECT n, updated_at > '2001-01-01' AS stamped FROM far;

\echo many rows of every shape, against the copy that PostgreSQL makes itself
CREATE TABLE shapes (a bool, b text, c int2, d bytea, e "char", f numeric, updated_at timestamptz, g text, h int8, j name, k text);
CREATE TABLE shapes_before AS SELECT i AS id, s.* FROM generate_series(1, 300) i,
    LATERAL (SELECT CASE WHEN i % 2 = 0 THEN true END, CASE WHEN i % 3 > 0 THEN repeat('t', i) END, CASE WHEN i % 5 > 0 THEN i::int2 END,
                    CASE WHEN i % 7 > 0 THEN decode(repeat('ab', i % 200), 'hex') END, 'c'::"char", CASE WHEN i % 4 > 0 THEN i * 1.5 END,
                    CASE WHEN i % 6 > 0 THEN '2000-01-01'::timestamptz END, CASE WHEN i % 8 > 0 THEN 'g' || i END,
                    CASE WHEN i % 9 > 0 THEN i END, 'name', repeat('k', i * 20)) s(a, b, c, d, e, f, updated_at, g, h, j, k);
INSERT INTO shapes SELECT a, b, c, d, e, f, updated_at, g, h, j, k FROM shapes_before ORDER BY id;
CREATE TRIGGER set_updated_at BEFORE UPDATE ON shapes FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
BEGIN;
UPDATE shapes SET h = h;
SELECT count(*) AS rows, count(*) FILTER (WHERE updated_at = now()) AS stamped FROM shapes;
SELECT count(*) AS differing FROM (
    SELECT a, b, c, d, e, f, now(), g, h, j, k FROM shapes_before EXCEPT ALL SELECT a, b, c, d, e, f, updated_at, g, h, j, k FROM shapes) x;
COMMIT;

SET client_min_messages = warning;
DROP TABLE kept, dependent, seen, grown, wide, hot, whole, whole_2, guarded, passing, light, leaf, far, shapes, shapes_before CASCADE;
DROP FOREIGN TABLE near;
DROP FUNCTION note_stamp, raise_n, instead;
DROP ROLE regress_turnstone_row;
RESET client_min_messages;
