-- Revert demo:posts from pg

BEGIN;

DROP TABLE posts;

COMMIT;
