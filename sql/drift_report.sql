-- Who made the drift, and the report in its forms.
CREATE EXTENSION turnstone;
SET client_min_messages = warning;
CREATE ROLE regress_turnstone_ann SUPERUSER;
SELECT status FROM migrate_register('1_shop.sql', 'CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL, price int); CREATE INDEX item_name ON item (name); CREATE TABLE gone (id int); CREATE VIEW items AS SELECT 1 AS one');
SELECT version FROM migrate_apply();
SELECT migrate_drift('summary'), migrate_drift('text');
SELECT migrate_drift('json');
-- unwatched: nobody is named
ALTER TABLE item ALTER price SET DEFAULT 7;
SELECT count(*) FROM migrate_watch(true);
SELECT identity, property, changed_at, changed_by, statement FROM migrate_drift();
-- the statement that named the part, else the object; the last one of several
SET SESSION AUTHORIZATION regress_turnstone_ann;
SET application_name = 'ann''s console';
ALTER TABLE item ALTER name DROP NOT NULL;
COMMENT ON TABLE item IS 'first';
COMMENT ON TABLE item IS 'second';
DROP INDEX item_name;
DROP TABLE gone;
CREATE OR REPLACE VIEW items AS SELECT 2 AS one;
CREATE FUNCTION "odd ""name"() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER nowhere FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR CURRENT_USER SERVER nowhere OPTIONS (password 'secret');
RESET application_name;
RESET SESSION AUTHORIZATION;
SET client_min_messages = warning;
\x on
SELECT severity, change, object_type, identity, property, changed_at BETWEEN now() - interval '1 minute' AND clock_timestamp() AS at, changed_by, application, client_address, statement
  FROM migrate_drift() ORDER BY identity;
\x off
SELECT regexp_replace(migrate_drift('text', ARRAY['public']), '\d{4}-\d\d-\d\d \S+', '(time)', 'g');
SELECT migrate_drift('summary'), migrate_drift('summary', ARRAY['elsewhere']);
SELECT j -> 'summary' AS summary, jsonb_path_query(j, '$.differences[*] ? (@.object_type == "table column")') - 'changed_at' AS difference
  FROM CAST(migrate_drift('json') AS jsonb) j;
SELECT (SELECT count(*) FROM turnstone.drift) = (SELECT count(*) FROM migrate_drift()) AS the_view_is_the_same;
SELECT migrate_drift('yaml');
SELECT migrate_drift(NULL);
-- who was named before the drift was accepted, is not the one who comes after
SELECT count(*) > 0 AS accepted FROM migrate_accept_drift('ann was right');
SELECT count(*) FROM migrate_watch(false);
ALTER TABLE item ALTER name SET NOT NULL;
SELECT identity, property, changed_by FROM migrate_drift();
SELECT count(*) > 0 AS accepted FROM migrate_accept_drift('and now strict again');
-- kinds that nothing is recorded of
SELECT lo_create(424242);
SELECT severity, change, object_type, identity, actual FROM migrate_drift();
SELECT count(*) FROM migrate_drift(ARRAY['public']);
SELECT lo_unlink(424242);
-- not for everybody
CREATE ROLE regress_turnstone_bob;
SET ROLE regress_turnstone_bob;
SELECT migrate_drift('text');
SELECT * FROM migrate_drift();
SELECT * FROM turnstone.drift;
RESET ROLE;
DROP VIEW items;
DROP TABLE item;
DROP FUNCTION "odd ""name"();
DROP FOREIGN DATA WRAPPER w CASCADE;
DROP EXTENSION turnstone CASCADE;
RESET client_min_messages;
DROP ROLE regress_turnstone_ann, regress_turnstone_bob;
