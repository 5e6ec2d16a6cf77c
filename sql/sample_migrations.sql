-- The sample application's migrations, from the folder: loaded, applied, rolled back to nothing, applied again.
\getenv migrations TURNSTONE_MIGRATIONS
CREATE EXTENSION turnstone;
SELECT count(*) AS scripts, count(*) FILTER (WHERE status = 'registered') AS registered FROM migrate_load(:'migrations');
SELECT count(*) AS scripts, count(*) FILTER (WHERE status = 'unchanged') AS unchanged FROM migrate_load(:'migrations');
SELECT * FROM migrate_load('/no/such/folder');
-- the last one builds an index CONCURRENTLY, which no transaction can hold
SELECT count(*) AS applied FROM migrate_apply();
SELECT count(*) AS applied FROM migrate_apply('20240402080000');
SELECT count(*) AS applied FROM migrate_apply('20240402080000');
CALL migrate_deploy();
CALL migrate_deploy();
SELECT name, state FROM migrate_status();
SELECT * FROM migrate_drift();
SELECT nspname, count(*) AS tables FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
 WHERE relkind = 'r' AND nspname IN ('user', 'auth', 'billing', 'public') GROUP BY 1 ORDER BY 1;
-- every table with updated_at has its trigger
SELECT attrelid::regclass AS without_trigger FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
 WHERE attname = 'updated_at' AND relkind = 'r' AND NOT attisdropped
   AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = attrelid AND tgfoid = 'turnstone_set_updated_at'::regproc);
-- and it works
INSERT INTO "user".users (email, username, updated_at) VALUES ('ann@example.org', 'ann_1', '2000-01-01');
UPDATE "user".users SET display_name = 'Ann' RETURNING username, updated_at = now() AS stamped;
DELETE FROM "user".users;

-- one by one down to nothing, and up again
SELECT version FROM migrate_rollback();
CALL migrate_revert();
SELECT version FROM migrate_rollback();
SELECT version FROM migrate_rollback();
SELECT count(*) AS rolled_back FROM migrate_rollback(99);
SELECT nspname FROM pg_namespace WHERE nspname IN ('user', 'auth', 'billing');
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace;
SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace;
SELECT * FROM migrate_drift();
SELECT count(*) AS applied FROM migrate_apply('+15');
SELECT count(*) AS rolled_back FROM migrate_rollback(99);
DROP EXTENSION turnstone;
