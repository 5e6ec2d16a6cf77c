-- Revert demo:api/views from pg

BEGIN;

DROP VIEW names;

COMMIT;
