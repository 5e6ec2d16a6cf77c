-- Verify demo:posts on pg

BEGIN;

SELECT author FROM posts WHERE false;

ROLLBACK;
