-- The native trigger function.
CREATE EXTENSION turnstone;
CREATE TABLE stamped (
    id int PRIMARY KEY,
    n int,
    label text,
    updated_at timestamptz NOT NULL DEFAULT '2000-01-01'
);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON stamped FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
INSERT INTO stamped VALUES (1, 1, repeat('x', 5000)), (2, 2, NULL);
SELECT id, updated_at = '2000-01-01' AS untouched FROM stamped ORDER BY id;
UPDATE stamped SET n = 10 WHERE id = 1;
SELECT id, n, length(label), updated_at = now() AS exactly_now, updated_at > '2001-01-01' AS stamped FROM stamped ORDER BY id;
BEGIN;
UPDATE stamped SET n = n, updated_at = '1999-01-01' RETURNING id, updated_at = now() AS is_now, updated_at = transaction_timestamp() AS of_the_transaction;
ROLLBACK;
INSERT INTO stamped VALUES (2, 3) ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING id, n, updated_at = now() AS is_now;
MERGE INTO stamped USING (VALUES (1)) v(id) ON stamped.id = v.id WHEN MATCHED THEN UPDATE SET n = 11;
SELECT id, n, updated_at > '2001-01-01' AS stamped FROM stamped ORDER BY id;

-- other columns, other types; a null stamp
CREATE TABLE typed (id int, changed_at timestamp, "Changed on" date, z timestamptz);
CREATE TRIGGER a BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('changed_at');
CREATE TRIGGER b BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('Changed on');
CREATE TRIGGER c BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at(z);
INSERT INTO typed VALUES (1);
SET TimeZone = 'Asia/Tokyo';
BEGIN;
UPDATE typed SET id = 2;
SELECT changed_at = localtimestamp AS local, "Changed on" = current_date AS today, z = now() AS now FROM typed;
COMMIT;
RESET TimeZone;

-- partitions: with another order of columns, and a dropped one
CREATE TABLE whole (k int, v text, updated_at timestamptz) PARTITION BY LIST (k);
CREATE TABLE part_1 (updated_at timestamptz, gone int, v text, k int);
ALTER TABLE part_1 DROP COLUMN gone;
ALTER TABLE whole ATTACH PARTITION part_1 FOR VALUES IN (1);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON whole FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
CREATE TABLE part_2 PARTITION OF whole FOR VALUES IN (2);
INSERT INTO whole VALUES (1, 'a'), (2, 'b');
UPDATE whole SET v = v || '!';
SELECT k, v, updated_at IS NOT NULL AS stamped FROM whole ORDER BY k;

-- misuse
SELECT turnstone_set_updated_at();
CREATE TABLE misused (id int, updated_at text);
CREATE TRIGGER t AFTER UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
INSERT INTO misused VALUES (1);
UPDATE misused SET id = 2;
CREATE OR REPLACE TRIGGER t BEFORE INSERT ON misused FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
INSERT INTO misused VALUES (1);
DROP TRIGGER t ON misused;
CREATE TRIGGER t BEFORE UPDATE ON misused FOR EACH STATEMENT EXECUTE FUNCTION turnstone_set_updated_at();
UPDATE misused SET id = 2;
DROP TRIGGER t ON misused;
CREATE TRIGGER t BEFORE UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
UPDATE misused SET id = 2;
ALTER TABLE misused RENAME COLUMN updated_at TO other;
UPDATE misused SET id = 2;
CREATE OR REPLACE TRIGGER t BEFORE UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at(a, b);
UPDATE misused SET id = 2;

-- the extension says what depends on it
DROP EXTENSION turnstone;
DROP TABLE stamped, typed, whole, misused;
DROP EXTENSION turnstone;
