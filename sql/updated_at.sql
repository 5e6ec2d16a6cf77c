-- The native trigger function.
CREATE EXTENSION turnstone;
\getenv data TURNSTONE_DATA
\set semantics :data '/updated_at_semantics.sql'
-- for foreign tables: this database, by way of a connection
CREATE EXTENSION postgres_fdw;
DO $$ BEGIN EXECUTE format('CREATE SERVER loopback FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L)',
    split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_database()); END $$;
CREATE USER MAPPING FOR CURRENT_USER SERVER loopback;

SHOW turnstone.stamp_in_place;
\i :semantics
SET turnstone.stamp_in_place = off;
\i :semantics
RESET turnstone.stamp_in_place;

-- types, precision, domains; the session's time zone
CREATE DOMAIN stamp AS timestamptz(3);
CREATE DOMAIN late_stamp AS timestamp CHECK (value > '2001-01-01');
CREATE DOMAIN never AS timestamptz CHECK (value < '2001-01-01');
CREATE TABLE typed (id int, tz timestamptz, tz0 timestamptz(0), ts timestamp, ts3 timestamp(3), "Changed on" date, s bigint, ms bigint, i integer, d stamp, l late_stamp);
CREATE TRIGGER a BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at(tz);
CREATE TRIGGER b BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('tz0');
CREATE TRIGGER c BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('column=ts');
CREATE TRIGGER d BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('column=ts3');
CREATE TRIGGER e BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('Changed on');
CREATE TRIGGER f BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('s');
CREATE TRIGGER g BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('column=ms', 'unit=milliseconds');
CREATE TRIGGER h BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('i', 'unit=seconds');
CREATE TRIGGER j BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('d');
CREATE TRIGGER k BEFORE UPDATE ON typed FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('l');
INSERT INTO typed VALUES (1), (2);
UPDATE typed SET tz = '2000-01-01', tz0 = tz, ts = '2000-01-01', ts3 = ts, "Changed on" = '2000-01-01', s = 1, ms = 1, i = 1, d = '2000-01-01', l = '2002-01-01' WHERE id = 2;
SET TimeZone = 'Asia/Tokyo';
BEGIN;
UPDATE typed SET id = id + 10;
SELECT tz = now() AS tz, tz0 = now()::timestamptz(0) AS tz0, ts = localtimestamp AS ts, ts3 = localtimestamp::timestamp(3) AS ts3,
       "Changed on" = current_date AS date, s = floor(extract(epoch FROM now())) AS s, ms = floor(extract(epoch FROM now()) * 1000) AS ms,
       i = s AS i, d = now()::timestamptz(3) AS d, l = localtimestamp AS l FROM typed;
COMMIT;
-- a zone that changes in the middle of a statement
CREATE TABLE zones (id int, updated_at timestamp);
CREATE TRIGGER u BEFORE UPDATE ON zones FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
INSERT INTO zones VALUES (1), (2);
CREATE FUNCTION switch_zone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('TimeZone', CASE NEW.id WHEN 11 THEN 'UTC' ELSE 'Asia/Tokyo' END, true); RETURN NEW; END $$;
CREATE TRIGGER a_zone BEFORE UPDATE ON zones FOR EACH ROW EXECUTE FUNCTION switch_zone();
UPDATE zones SET id = id + 10;
SELECT max(updated_at) - min(updated_at) AS nine_hours FROM zones;
RESET TimeZone;
-- a domain's constraint holds
CREATE TABLE barred (id int, updated_at never DEFAULT '2000-01-01');
CREATE TRIGGER u BEFORE UPDATE ON barred FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
INSERT INTO barred VALUES (1);
UPDATE barred SET id = 2;

-- clocks
CREATE TABLE clocks (id int, t timestamptz, s timestamptz, w timestamptz);
CREATE TRIGGER t BEFORE UPDATE ON clocks FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('t', 'clock=transaction');
CREATE TRIGGER s BEFORE UPDATE ON clocks FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('s', 'clock=statement');
CREATE TRIGGER w BEFORE UPDATE ON clocks FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('w', 'clock=wall');
INSERT INTO clocks VALUES (1), (2);
BEGIN;
SELECT pg_sleep(0.002);
UPDATE clocks SET id = id + length(pg_sleep(0.002)::text)
    RETURNING t = now() AS transaction, s = statement_timestamp() AS statement, s > now() AS later, w > statement_timestamp() AND w <= clock_timestamp() AS wall;
COMMIT;
SELECT count(DISTINCT w) AS walls FROM clocks;

-- when
CREATE TABLE whens (id int, n int, label text, amount numeric, updated_at timestamptz DEFAULT '2000-01-01', g int GENERATED ALWAYS AS (n + 1) STORED);
CREATE TRIGGER u BEFORE UPDATE ON whens FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('when=changed');
INSERT INTO whens VALUES (1, 1, 'a', 1.0), (2, NULL, repeat('x', 10000), NULL), (3, 3, (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 500) i), 3);
CREATE FUNCTION label_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.label := 'labelled'; RETURN NEW; END $$;
BEGIN;
\set check 'RETURNING id, CASE updated_at WHEN now() THEN ''stamped'' WHEN ''2000-01-01'' THEN ''kept'' ELSE updated_at::text END AS stamp'
SAVEPOINT s;
UPDATE whens SET n = n :check;
UPDATE whens SET label = label || '' :check;
UPDATE whens SET label = left(label || 'y', length(label)) :check;
UPDATE whens SET updated_at = '1999-01-01' :check;
UPDATE whens SET updated_at = NULL :check;
UPDATE whens SET amount = 1.0 WHERE id = 1 :check;
UPDATE whens SET amount = 1.00 WHERE id = 1 :check;
UPDATE whens SET n = 2 WHERE id = 2 :check;
UPDATE whens SET label = label || 'z' WHERE id = 3 :check;
ROLLBACK TO s;
-- what an earlier trigger changes is a change
CREATE TRIGGER a_label BEFORE UPDATE ON whens FOR EACH ROW WHEN (NEW.id = 1) EXECUTE FUNCTION label_it();
UPDATE whens SET n = n :check;
ROLLBACK TO s;
CREATE OR REPLACE TRIGGER u BEFORE UPDATE ON whens FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('when=unless_set');
SAVEPOINT s;
UPDATE whens SET n = n :check;
ROLLBACK TO s;
UPDATE whens SET n = 5, updated_at = '1999-01-01 00:00+00' WHERE id = 1 RETURNING updated_at = '1999-01-01 00:00+00' AS kept_as_set;
UPDATE whens SET updated_at = NULL WHERE id = 1 RETURNING updated_at IS NULL AS kept_as_set;
UPDATE whens SET n = 7, updated_at = updated_at WHERE id = 2 :check;
ROLLBACK TO s;
CREATE OR REPLACE TRIGGER u BEFORE UPDATE ON whens FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('when=changed,unless_set');
UPDATE whens SET n = n :check;
UPDATE whens SET n = 9 WHERE id = 1 :check;
UPDATE whens SET updated_at = '1999-01-01 00:00+00' WHERE id = 2 RETURNING updated_at = '1999-01-01 00:00+00' AS kept_as_set;
ROLLBACK;
-- a row that is the same though younger columns are not in it
CREATE TABLE younger (id int, updated_at timestamptz DEFAULT '2000-01-01');
INSERT INTO younger VALUES (1);
ALTER TABLE younger ADD COLUMN z text DEFAULT 'z';
CREATE TRIGGER u BEFORE UPDATE ON younger FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('when=changed');
UPDATE younger SET id = id RETURNING updated_at = '2000-01-01' AS kept;
ALTER TABLE younger ADD COLUMN y text;
UPDATE younger SET y = NULL RETURNING updated_at = '2000-01-01' AS kept;
UPDATE younger SET z = NULL RETURNING updated_at = '2000-01-01' AS kept;

-- misuse
SELECT turnstone_set_updated_at();
CREATE TABLE misused (id int, updated_at text, n int, g bigint GENERATED ALWAYS AS (1) STORED, t timestamptz);
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
CREATE OR REPLACE TRIGGER t BEFORE UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('colum=t');
UPDATE misused SET id = 2;
CREATE OR REPLACE TRIGGER t BEFORE UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('t', 'clock=sun');
UPDATE misused SET id = 2;
CREATE OR REPLACE TRIGGER t BEFORE UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('t', 'unit=seconds');
UPDATE misused SET id = 2;
CREATE OR REPLACE TRIGGER t BEFORE UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('n', 'unit=milliseconds');
UPDATE misused SET id = 2;
CREATE OR REPLACE TRIGGER t BEFORE UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('g');
UPDATE misused SET id = 2;
CREATE OR REPLACE TRIGGER t BEFORE UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('xmin');
UPDATE misused SET id = 2;
CREATE OR REPLACE TRIGGER t BEFORE INSERT OR UPDATE ON misused FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('t');
INSERT INTO misused VALUES (1);

-- created_at
CREATE TABLE born (id int, created_at timestamptz DEFAULT '2000-01-01', by text DEFAULT 'me');
INSERT INTO born VALUES (1), (2);
CREATE TRIGGER keep BEFORE UPDATE ON born FOR EACH ROW EXECUTE FUNCTION turnstone_keep_created_at();
UPDATE born SET id = id + 10, created_at = now() RETURNING id, created_at = '2000-01-01' AS kept;
UPDATE born SET created_at = NULL RETURNING id, created_at = '2000-01-01' AS kept;
CREATE TRIGGER keep_by BEFORE UPDATE ON born FOR EACH ROW EXECUTE FUNCTION turnstone_keep_created_at('by', 'change=refuse');
UPDATE born SET by = 'you';
UPDATE born SET by = 'me', id = id + 1 RETURNING id;
CREATE OR REPLACE TRIGGER keep_by BEFORE UPDATE ON born FOR EACH ROW EXECUTE FUNCTION turnstone_keep_created_at('column=gone');
UPDATE born SET id = 1;
CREATE OR REPLACE TRIGGER keep_by BEFORE UPDATE ON born FOR EACH ROW EXECUTE FUNCTION turnstone_keep_created_at('by', 'change=never');
UPDATE born SET id = 1;
CREATE OR REPLACE TRIGGER keep_by AFTER UPDATE ON born FOR EACH ROW EXECUTE FUNCTION turnstone_keep_created_at();
UPDATE born SET id = 1;
SELECT turnstone_keep_created_at();

-- the extension says what depends on it
DROP TABLE typed, zones, barred, clocks, whens, younger, misused;
DROP EXTENSION turnstone;
DROP TABLE born;
DROP FUNCTION switch_zone, label_it;
DROP DOMAIN stamp, late_stamp, never;
SET client_min_messages = warning;
DROP EXTENSION turnstone, postgres_fdw CASCADE;
