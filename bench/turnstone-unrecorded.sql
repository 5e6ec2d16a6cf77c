-- turnstone.sql's first call, with the record of the schema switched off.
SET turnstone.record_schema = off;
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
SELECT count(*) AS count FROM migrate_apply() \gset
SELECT 'apply: turnstone, not recorded', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (:count = :n)::int AS checked \gset
