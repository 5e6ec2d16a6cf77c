-- Deploy demo:posts to pg
-- requires: users

BEGIN;

CREATE TABLE posts (author int REFERENCES users);

COMMIT;
