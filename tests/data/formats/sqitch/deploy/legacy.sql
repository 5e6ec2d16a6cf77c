-- Deploy demo:legacy to pg
-- conflicts: gone

BEGIN;

CREATE TABLE legacy (n int);

COMMIT;
