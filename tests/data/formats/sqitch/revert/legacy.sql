-- Revert demo:legacy from pg

BEGIN;

DROP TABLE legacy;

COMMIT;
