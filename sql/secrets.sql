-- Passwords in scripts: the script's own text is kept as it is, everything else that is written down has none of them.
CREATE EXTENSION turnstone;
SET client_min_messages = warning;
SELECT status FROM migrate_register('1_roles.sql', $$
CREATE ROLE regress_turnstone_secret PASSWORD 's3cret-one' NOSUCHOPTION;
$$);
SELECT status FROM migrate_register('2_late.sql', $$
CREATE ROLE regress_turnstone_secret PASSWORD 's3cret-two'
    IN ROLE regress_turnstone_nobody;
$$);
-- the line of the error, in the message and in the journal
SELECT version FROM migrate_apply('1');
SELECT count(*) FROM migrate_unregister('1');
SELECT version FROM migrate_apply('2');
DO $$ BEGIN PERFORM migrate_apply(); EXCEPTION WHEN OTHERS THEN RAISE WARNING '%', SQLERRM; END $$;
SELECT error_line, error_context FROM turnstone.journal WHERE event = 'apply' ORDER BY id;
-- what is in the line of a secret, and no place in it
SELECT count(*) FROM migrate_unregister('2');
SELECT status FROM migrate_register('3_same_line.sql', $$SELECT 1; CREATE ROLE regress_turnstone_nobody_else PASSWORD 's3cret-three' ROLE nobody_there;$$);
SELECT version FROM migrate_apply();
-- what cannot be cut into words
SELECT status FROM migrate_register('4_open.sql', $$CREATE ROLE x PASSWORD 's3cret-four;$$);
SELECT count(*) FROM turnstone.journal j WHERE to_jsonb(j) - 'script' #>> '{}' ~ 's3cret';
SELECT count(*) FROM turnstone.run r WHERE r::text ~ 's3cret';
-- the schema and drift: a hash
CREATE FOREIGN DATA WRAPPER regress_turnstone_wrapper;
CREATE SERVER regress_turnstone_server FOREIGN DATA WRAPPER regress_turnstone_wrapper OPTIONS (host 'h', password 's3cret-five');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_turnstone_server OPTIONS (user 'u', password 's3cret-six');
SELECT count(*) FROM migrate_unregister('3');
SELECT status FROM migrate_register('5_first.sql', 'CREATE TABLE t ()');
SELECT version FROM migrate_apply();
SELECT count(*) FROM migrate_watch(true);
ALTER USER MAPPING FOR CURRENT_USER SERVER regress_turnstone_server OPTIONS (SET password 's3cret-seven');
ALTER SERVER regress_turnstone_server OPTIONS (SET password 's3cret-eight');
SELECT count(*) > 0 AS drifted, bool_or(d::text ~ 's3cret') AS told FROM migrate_drift() d;
SELECT statement FROM turnstone.ddl_log ORDER BY id;
SELECT count(*) FROM turnstone.recorded_object o WHERE o::text ~ 's3cret';
SELECT migrate_export_schema()::text ~ 's3cret' AS told;
SELECT count(*) FROM migrate_watch(false);
DROP SERVER regress_turnstone_server CASCADE;
DROP FOREIGN DATA WRAPPER regress_turnstone_wrapper;
DROP TABLE t;
DROP EXTENSION turnstone;
