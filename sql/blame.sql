-- migrate_blame(): which migration and which statement made an object what it is.
CREATE EXTENSION turnstone;
SET client_min_messages = warning;
\pset null -

-- The report, short: with the statement's first line.
CREATE FUNCTION blame(of text) RETURNS TABLE (what text, property text, change text, by text, line int, begin text)
LANGUAGE sql AS $$
    SELECT object_type || ' ' || identity, property, change,
           coalesce(nullif(event, 'apply') || ' ', '') || concat_ws('#', nullif(version, ''), statement),
           line, left(split_part(text, E'\n', 1), 50)
      FROM migrate_blame(of) $$;

-- what is there before the first run, nobody is to blame for
CREATE TABLE adopted (id int PRIMARY KEY, x text);
CREATE ROLE regress_blame_reader;
CREATE ROLE regress_blame_writer;

SELECT status FROM migrate_register('1_users.sql', $script$-- +migrate Up
-- a table, and what comes with it
CREATE TABLE users (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mail  text NOT NULL,
    age   int DEFAULT 1 CONSTRAINT grown_up CHECK (age > 17)
);
CREATE INDEX users_mail_idx ON users (mail);

COMMENT ON TABLE users IS 'people';
-- +migrate Down
DROP TABLE users;
$script$);
SELECT version FROM migrate_apply();
SELECT * FROM blame('users');
SELECT * FROM blame('adopted');
\x on
SELECT object_type, identity, property, change, version, name, event, statement, line, text,
       applied_by = current_user AS by_me, applied_at <= now() AS at, journal_id, run
  FROM migrate_blame('users.mail');
\x off

-- each kind of statement, several things at once, and what runs inside of functions and DO blocks
SELECT status FROM migrate_register('2_changes.sql', $script$
ALTER TABLE users ALTER age SET DEFAULT 20, ALTER mail DROP NOT NULL, ADD COLUMN note text,
    ADD CONSTRAINT mail_is_short CHECK (length(mail) < 100) NOT VALID;
GRANT SELECT ON users TO regress_blame_reader;
GRANT UPDATE (age, note) ON users TO regress_blame_writer;
ALTER TABLE users RENAME mail TO email;
CREATE FUNCTION touch_users() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN
    EXECUTE 'ALTER TABLE users ENABLE ROW LEVEL SECURITY';
    EXECUTE 'CREATE POLICY own ON users USING (age > 30)';
    EXECUTE 'COMMENT ON COLUMN users.age IS ''in years''';
END $f$;
SELECT touch_users();
DO $do$ BEGIN
    ALTER TABLE users SET (fillfactor = 70);
    ALTER FUNCTION touch_users() COST 7;
    ALTER FUNCTION touch_users() RENAME TO touch_them;
    ALTER TABLE adopted ADD COLUMN y int, ALTER x SET DEFAULT 'x';
END $do$;
ALTER TABLE users VALIDATE CONSTRAINT mail_is_short;
ALTER TABLE users ALTER email TYPE varchar(200);
REVOKE SELECT ON users FROM regress_blame_reader;
ALTER TABLE users ALTER note SET STORAGE external, REPLICA IDENTITY FULL, ALTER age DROP DEFAULT;
$script$);
SELECT version FROM migrate_apply();
SELECT * FROM blame('public.users');
SELECT * FROM blame('touch_them');
SELECT * FROM blame('adopted');

-- one run with both tells the same as two runs
SELECT version FROM migrate_rollback(0);
CREATE TABLE in_two_runs AS SELECT * FROM blame('users');
DROP TABLE users;
DROP FUNCTION touch_them();
TRUNCATE turnstone.migration;
