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
CREATE TABLE in_two_runs AS SELECT * FROM blame('users') UNION ALL SELECT * FROM blame('touch_them');
CREATE TABLE script AS SELECT name, script FROM turnstone.migration;
DROP EXTENSION turnstone;
DROP TABLE users;
DROP FUNCTION touch_them();
ALTER TABLE adopted DROP COLUMN y, ALTER x DROP DEFAULT;
CREATE EXTENSION turnstone;
SELECT count(*) FROM script s, LATERAL migrate_register(s.name, s.script) r;
SELECT version FROM migrate_apply();
CREATE TABLE in_one_run AS SELECT * FROM blame('users') UNION ALL SELECT * FROM blame('touch_them');
-- (but for what was granted and taken back in the run that made the table: there it is known, in a later run nothing has changed)
(TABLE in_one_run EXCEPT TABLE in_two_runs) UNION ALL (TABLE in_two_runs EXCEPT TABLE in_one_run);
DROP TABLE in_one_run, in_two_runs, script;
SELECT count(*) AS of_tables_that_were_made_by_hand FROM migrate_accept_drift('tables of this test');
-- what is gone: the statement that removed it; what was made by hand and accepted: the acceptance
SELECT status FROM migrate_register('3_less.sql', 'ALTER TABLE users DROP COLUMN note; DROP INDEX users_mail_idx; DROP FUNCTION touch_them()');
SELECT version FROM migrate_apply();
SELECT * FROM blame('users.note');
SELECT * FROM blame('public.users_mail_idx');
SELECT * FROM blame('public.touch_them()');
ALTER TABLE users ADD COLUMN by_hand int;
SELECT change, identity FROM migrate_accept_drift('an emergency');
SELECT * FROM blame('users.by_hand');
-- names
SELECT DISTINCT what FROM blame('USERS') WHERE change = 'made' AND what LIKE 'table %' ORDER BY 1;
SELECT * FROM blame('no_such_thing');
SELECT * FROM blame('');
SET ROLE regress_blame_reader;
SELECT count(*) > 0 AS told FROM migrate_blame('public.users');
RESET ROLE;
DROP TABLE users, adopted;
DROP FUNCTION blame(text);
DROP ROLE regress_blame_reader;
DROP ROLE regress_blame_writer;
DROP EXTENSION turnstone;
