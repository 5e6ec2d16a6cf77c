-- A new session on a database where everything is applied: what a deployment with nothing to do costs.
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
SELECT count(*) AS count FROM migrate_apply() \gset
SELECT 'no-op: turnstone, first call', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (:count = 0)::int AS checked \gset
-- The planner's statistics must not make it slower.
ANALYZE turnstone.migration, turnstone.journal;
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
SELECT count(*) AS count FROM migrate_apply() \gset
SELECT 'no-op: turnstone, analyzed', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (:count = 0)::int AS checked \gset
-- One migration more, in a database that has all these tables.
BEGIN;
SELECT count(*) AS count FROM migrate_register('99990101000000_one_more.sql', 'CREATE TABLE one_more (id int PRIMARY KEY)') \gset
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
SELECT count(*) AS count FROM migrate_apply() \gset
SELECT 'apply: turnstone, one more', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (:count = 1)::int AS checked \gset
ROLLBACK;
