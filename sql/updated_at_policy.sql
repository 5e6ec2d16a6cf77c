-- migrate_track_updated_at(), policies, their status and their gaps.
CREATE EXTENSION turnstone;
CREATE VIEW triggers AS
    SELECT tgrelid::regclass AS "table", tgname AS trigger, substring(pg_get_triggerdef(oid) FROM 'FUNCTION (.*)') AS call, tgenabled AS enabled
      FROM pg_trigger WHERE tgfoid = 'turnstone_set_updated_at'::regproc ORDER BY tgrelid::regclass::text, tgname;

-- one table at a time
CREATE TABLE notes (id int, updated_at timestamptz, seen bigint, label text);
SELECT * FROM migrate_track_updated_at('notes');
SELECT * FROM migrate_track_updated_at('notes');
SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgrelid = 'notes'::regclass;
ALTER TABLE notes DISABLE TRIGGER set_updated_at;
SELECT * FROM migrate_track_updated_at('notes', clock := 'wall', stamp_when := 'changed');
SELECT * FROM migrate_track_updated_at('notes', 'seen', unit := 'milliseconds');
SELECT * FROM triggers;
SELECT * FROM migrate_untrack_updated_at('notes', 'seen');
SELECT * FROM migrate_untrack_updated_at('notes');
SELECT * FROM migrate_untrack_updated_at('notes');
-- what others made is replaced where it does no more
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END $$;
CREATE TRIGGER by_hand BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER by_hand_too BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('updated_at');
ALTER TABLE notes ENABLE ALWAYS TRIGGER by_hand;
SELECT * FROM migrate_track_updated_at('notes');
SELECT * FROM triggers;
SELECT * FROM migrate_untrack_updated_at('notes');
CREATE TRIGGER by_hand BEFORE UPDATE OF label ON notes FOR EACH ROW EXECUTE FUNCTION touch();
SELECT * FROM migrate_track_updated_at('notes');
DROP TRIGGER by_hand ON notes;
-- a column that is not there; no row is written again
INSERT INTO notes VALUES (1);
SELECT * FROM migrate_track_updated_at('notes', 'changed_at');
SELECT relfilenode AS before FROM pg_class WHERE relname = 'notes' \gset
BEGIN;
SELECT * FROM migrate_track_updated_at('notes', 'changed_at', add_column := true);
SELECT relfilenode = :before AS not_rewritten, (SELECT changed_at = now() FROM notes) AS is_now FROM pg_class WHERE relname = 'notes';
COMMIT;
SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute WHERE attrelid = 'notes'::regclass AND attname = 'changed_at';
-- refusals
SELECT * FROM migrate_track_updated_at('notes', 'label');
SELECT * FROM migrate_track_updated_at('notes', 'seen', clock := 'sun');
SELECT * FROM migrate_track_updated_at('notes', 'updated_at', unit := 'seconds');
SELECT * FROM migrate_track_updated_at('triggers');
SELECT * FROM migrate_track_updated_at(NULL);
DROP TABLE notes;

-- a policy: tables that exist
CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE TABLE app.one (id int, updated_at timestamptz);
CREATE TABLE app.two (id int, updated_at timestamptz);
CREATE TABLE app.three (id int, updated_at text);
CREATE TABLE app.four (id int);
CREATE TABLE app.five_log (id int, updated_at timestamptz);
CREATE TABLE app.six (id int, updated_at timestamptz);
CREATE TABLE other.one (id int, updated_at timestamptz);
CREATE TRIGGER mine BEFORE UPDATE ON app.two FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('when=changed');
CREATE TRIGGER theirs BEFORE UPDATE ON app.six FOR EACH ROW EXECUTE FUNCTION touch();
SELECT * FROM migrate_updated_at_policy(ARRAY['app'], exclude := ARRAY['*_log']);
SELECT * FROM migrate_updated_at_policy(ARRAY['app'], exclude := ARRAY['*_log']);
SELECT * FROM triggers;
SELECT * FROM migrate_updated_at_status();

-- tables made later, in every way
CREATE TABLE app.made (id int PRIMARY KEY, updated_at timestamptz);
CREATE TABLE app.made_as AS SELECT 1 AS id, now() AS updated_at;
SELECT 1 AS id, now() AS updated_at INTO app.made_into;
CREATE TABLE app.like_made (LIKE app.made INCLUDING ALL);
CREATE TABLE app.gains (id int);
ALTER TABLE app.gains ADD COLUMN updated_at timestamptz;
CREATE TABLE app.renamed (id int, x timestamptz);
ALTER TABLE app.renamed RENAME x TO updated_at;
CREATE TABLE app.retyped (id int, updated_at text);
ALTER TABLE app.retyped ALTER updated_at TYPE timestamptz USING updated_at::timestamptz;
CREATE TABLE other.moved (id int, updated_at timestamptz);
ALTER TABLE other.moved SET SCHEMA app;
CREATE TABLE app.once_log (id int, updated_at timestamptz);
ALTER TABLE app.once_log RENAME TO logless;
CREATE TABLE app.mother (id int);
CREATE TABLE app.daughter () INHERITS (app.mother);
ALTER TABLE app.mother ADD COLUMN updated_at timestamptz;
CREATE TABLE app.epoch (id int, updated_at bigint);
CREATE UNLOGGED TABLE app.light (id int, updated_at timestamptz);
CREATE TEMPORARY TABLE passing (id int, updated_at timestamptz);
DO $$ BEGIN CREATE TABLE app.in_do (id int, updated_at timestamptz); END $$;
SELECT "table", trigger, call FROM triggers WHERE "table"::text NOT IN ('app.one', 'app.two');
UPDATE app.made_as SET id = 2 RETURNING updated_at = now() AS is_now;
-- what leaves the policy loses its trigger
ALTER TABLE app.gains DROP COLUMN updated_at;
ALTER TABLE app.renamed RENAME updated_at TO x;
ALTER TABLE app.moved SET SCHEMA other;
ALTER TABLE app.logless RENAME TO a_log;
ALTER TABLE app.retyped ALTER updated_at TYPE text;
SELECT count(*) AS left_over FROM triggers WHERE "table"::text ~ 'gains|renamed|moved|a_log|retyped';
UPDATE app.gains SET id = 1;
DROP TABLE app.gains, app.renamed, other.moved, app.a_log, app.retyped, app.made_as, app.made_into, app.like_made, app.daughter, app.mother, app.light, app.in_do, app.epoch;

-- scripts that make their own triggers are not disturbed: by another name, by the same, by another function
CREATE TABLE app.scripted (id int, updated_at timestamptz);
CREATE TRIGGER scripted_updated BEFORE UPDATE ON app.scripted FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
CREATE TABLE app.same (id int, updated_at timestamptz);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON app.same FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('clock=wall');
CREATE TRIGGER set_updated_at BEFORE UPDATE ON app.same FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
CREATE TABLE app.plain (id int, updated_at timestamptz);
CREATE TRIGGER set_updated_at BEFORE UPDATE ON app.plain FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE app.unlike (id int, updated_at timestamptz);
CREATE FUNCTION else_() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER set_updated_at BEFORE UPDATE ON app.unlike FOR EACH ROW EXECUTE FUNCTION else_();
SELECT tgrelid::regclass, tgname, tgfoid::regproc FROM pg_trigger WHERE tgrelid::regclass::text IN ('app.scripted', 'app.same', 'app.plain', 'app.unlike') ORDER BY 1, 2;
-- under a name that is taken the policy uses another
SELECT * FROM migrate_updated_at_policy(ARRAY['app'], exclude := ARRAY['*_log']) WHERE status <> 'unchanged';

-- partitions
CREATE TABLE app.whole (k int, updated_at timestamptz) PARTITION BY LIST (k);
CREATE TABLE app.whole_1 PARTITION OF app.whole FOR VALUES IN (1);
CREATE TABLE app.whole_2 (updated_at timestamptz, k int);
ALTER TABLE app.whole ATTACH PARTITION app.whole_2 FOR VALUES IN (2);
CREATE TABLE other.whole_3 PARTITION OF app.whole FOR VALUES IN (3);
SELECT tgrelid::regclass, tgname, tgparentid <> 0 AS of_root FROM pg_trigger WHERE tgrelid::regclass::text ~ 'whole' ORDER BY 1;
ALTER TABLE app.whole DETACH PARTITION app.whole_2;
SELECT tgrelid::regclass, tgname, tgparentid <> 0 AS of_root FROM pg_trigger WHERE tgrelid::regclass::text ~ 'whole' ORDER BY 1;
ALTER TABLE app.whole DETACH PARTITION app.whole_1 CONCURRENTLY;
ALTER TABLE app.whole ATTACH PARTITION app.whole_1 FOR VALUES IN (1);
INSERT INTO app.whole VALUES (1), (3);
UPDATE app.whole SET k = k RETURNING k, updated_at = now() AS is_now;
-- a root that is under no policy, partitions that are; then the policy grows
CREATE TABLE other.root (k int, updated_at timestamptz) PARTITION BY LIST (k);
CREATE TABLE app.root_1 PARTITION OF other.root FOR VALUES IN (1);
SELECT tgrelid::regclass, tgname, tgparentid <> 0 AS of_root FROM pg_trigger WHERE tgrelid::regclass::text ~ 'root' ORDER BY 1;
SELECT * FROM migrate_updated_at_policy(ARRAY['app', 'oth*'], exclude := ARRAY['*_log', 'app.made']) WHERE status <> 'unchanged';
SELECT tgrelid::regclass, tgname, tgparentid <> 0 AS of_root FROM pg_trigger WHERE tgrelid::regclass::text ~ 'root' ORDER BY 1;
DROP TABLE app.whole, app.whole_2, other.root, app.scripted, app.same, app.plain, app.unlike;

-- status and gaps
SELECT count(*) FROM migrate_register('1_base.sql', 'SELECT 1');
SELECT count(*) FROM migrate_apply();
SELECT * FROM migrate_drift();
CREATE TABLE app.off (id int, updated_at timestamptz);
CREATE TABLE app.stale (id int, updated_at timestamptz);
CREATE TABLE app.shadowed (id int, updated_at timestamptz);
CREATE TABLE app.dropped (id int, updated_at timestamptz);
CREATE TABLE app.replica (id int, updated_at timestamptz);
CREATE TABLE app.partial (id int, updated_at timestamptz);
SELECT count(*) FROM migrate_register('2_tables.sql', 'CREATE TABLE app.by_script (id int, updated_at timestamptz)');
SELECT count(*) FROM migrate_apply();
SELECT * FROM triggers WHERE "table" = 'app.by_script'::regclass;
ALTER TABLE app.off DISABLE TRIGGER set_updated_at;
ALTER TABLE app.replica ENABLE REPLICA TRIGGER set_updated_at;
DROP TRIGGER set_updated_at ON app.dropped;
CREATE FUNCTION last_word() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id > 1 THEN NEW.updated_at := '2000-01-01'; END IF; RETURN NEW; END $$;
CREATE TRIGGER z_last BEFORE UPDATE ON app.shadowed FOR EACH ROW EXECUTE FUNCTION last_word();
CREATE TRIGGER a_first BEFORE UPDATE ON app.partial FOR EACH ROW EXECUTE FUNCTION last_word();
CREATE OR REPLACE TRIGGER set_updated_at BEFORE UPDATE ON app.partial FOR EACH ROW WHEN (NEW.id > 0) EXECUTE FUNCTION turnstone_set_updated_at();
CREATE TRIGGER gone BEFORE UPDATE ON app.stale FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('touched');
CREATE TRIGGER wrong BEFORE UPDATE ON app.stale FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('id', 'unit=years');
SELECT * FROM migrate_updated_at_status();
SELECT * FROM migrate_updated_at_status(ARRAY['other']);
SELECT * FROM migrate_drift() WHERE property LIKE 'updated_at policy%';
SELECT * FROM migrate_drift(ARRAY['other']) WHERE property LIKE 'updated_at policy%';

-- a policy changes; two of them
SELECT * FROM migrate_updated_at_policy(ARRAY['app'], clock := 'statement', unit := 'milliseconds', exclude := ARRAY['*_log', 'stale', 'three', 'six', 'dropped', 'replica', 'partial'], reason := 'statements matter');
SELECT * FROM triggers WHERE "table"::text = 'app.off';
SELECT * FROM migrate_updated_at_policy(NULL, 'updated_at', name := 'rest', exclude := ARRAY['app.stale', 'app.six']) WHERE status NOT IN ('kept');
SELECT name, schemas, exclude, column_name, clock, stamp_when, unit FROM turnstone.updated_at_policy ORDER BY name;
SELECT * FROM migrate_drop_updated_at_policy('rest');
SELECT * FROM migrate_drop_updated_at_policy('none');
SELECT * FROM migrate_drop_updated_at_policy(keep_triggers := true, reason := 'no more');
SELECT * FROM triggers WHERE "table"::text IN ('app.one', 'app.off');
SELECT event, version, name, reason FROM turnstone.journal WHERE event = 'policy' ORDER BY id;
SELECT version, state FROM migrate_status();
CREATE TABLE app.free (id int, updated_at timestamptz);
SELECT count(*) AS none FROM triggers WHERE "table" = 'app.free'::regclass;
-- bad policies
SELECT * FROM migrate_updated_at_policy(stamp_when := 'never');
SELECT * FROM migrate_updated_at_policy(unit := 'years');

-- a policy that a migration declares, rehearsed and applied
SELECT count(*) FROM migrate_register('3_policy.sql', E'-- +migrate Up\nCREATE SCHEMA late;\nCREATE TABLE late.first (id int, updated_at timestamptz);\nSELECT migrate_updated_at_policy(ARRAY[''late'']);\nCREATE TABLE late.second (id int, updated_at timestamptz);\n-- +migrate Down\nSELECT migrate_drop_updated_at_policy();\nDROP SCHEMA late CASCADE;\n');
SELECT version, statements FROM migrate_apply(dry_run := true);
SELECT count(*) AS policies FROM turnstone.updated_at_policy;
SELECT version, statements FROM migrate_apply();
SELECT * FROM triggers WHERE "table"::text LIKE 'late.%';
SELECT * FROM migrate_drift(ARRAY['late']);
SELECT version FROM migrate_rollback();
SELECT count(*) AS policies FROM turnstone.updated_at_policy;
SELECT event, name FROM turnstone.journal WHERE id > (SELECT max(id) FROM turnstone.journal WHERE event = 'policy' AND reason LIKE 'declared%') ORDER BY id;

-- owners who have no right on turnstone make tables under a policy
SELECT count(*) FROM migrate_updated_at_policy(ARRAY['app']);
CREATE ROLE regress_turnstone_owner;
GRANT CREATE, USAGE ON SCHEMA app TO regress_turnstone_owner;
SET ROLE regress_turnstone_owner;
CREATE TABLE app.owned (id int, updated_at timestamptz);
CREATE TABLE app.owned_whole (k int, updated_at timestamptz) PARTITION BY LIST (k);
CREATE TABLE app.owned_part (k int, updated_at timestamptz);
ALTER TABLE app.owned_whole ATTACH PARTITION app.owned_part FOR VALUES IN (1);
CREATE TRIGGER own BEFORE UPDATE ON app.owned FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgrelid::regclass::text ~ 'owned' ORDER BY 1;
SELECT * FROM migrate_updated_at_policy();
SELECT * FROM migrate_track_updated_at('app.owned');
-- another's table is not touched by a statement that will fail
ALTER TABLE app.owned_whole ATTACH PARTITION app.one FOR VALUES IN (2);
RESET ROLE;
GRANT EXECUTE ON FUNCTION migrate_track_updated_at(regclass, text, text, text, text, boolean), migrate_untrack_updated_at(regclass, text) TO regress_turnstone_owner;
SET ROLE regress_turnstone_owner;
SELECT * FROM migrate_track_updated_at('app.owned');
SELECT * FROM migrate_untrack_updated_at('app.owned');
SELECT * FROM migrate_track_updated_at('app.one');
SELECT * FROM migrate_untrack_updated_at('app.one');
RESET ROLE;

-- nothing of an extension is touched, nor what is made while one is made
SELECT count(*) FROM migrate_updated_at_policy();
CREATE SCHEMA hr CREATE TABLE people (id int, updated_at timestamptz);
SELECT count(*) AS made_with_its_schema FROM triggers WHERE "table" = 'hr.people'::regclass;
SELECT count(*) AS of_turnstone FROM triggers WHERE "table"::text LIKE 'turnstone.%';

SET client_min_messages = warning;
DROP VIEW triggers;
DROP SCHEMA app, other, hr CASCADE;
DROP TABLE pg_temp.passing;
DROP FUNCTION touch, else_, last_word;
DROP EXTENSION turnstone;
DROP ROLE regress_turnstone_owner;
