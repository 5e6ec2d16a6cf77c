-- A new session on a database where everything is applied: what a deployment with nothing to do costs.
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
SELECT count(*) AS count FROM migrate_apply() \gset
SELECT 'no-op: turnstone, first call', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (:count = 0)::int AS checked \gset
