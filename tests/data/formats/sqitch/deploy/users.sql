-- Deploy demo:users to pg
-- requires: users@v1

BEGIN;

ALTER TABLE users ADD COLUMN name text;

COMMIT;
