-- Revert demo:users from pg

BEGIN;

ALTER TABLE users DROP COLUMN name;

COMMIT;
