-- A session that finds :n scripts registered and none applied. Prints what, and milliseconds between two readings of the
-- server's clock, commits included. The division by zero stops a run that did not do the work.
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
SELECT count(*) AS count FROM migrate_apply() \gset
SELECT 'apply: turnstone', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (:count = :n)::int AS checked \gset
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
SELECT count(*) AS count FROM migrate_apply() \gset
SELECT 'no-op: turnstone, later call', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (:count = 0)::int AS checked \gset
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
SELECT count(*) AS count FROM migrate_status() \gset
SELECT 'status: turnstone', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (:count = :n)::int AS checked \gset
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
SELECT count(*) AS count FROM migrate_drift() \gset
SELECT 'drift: turnstone, nothing changed', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (:count = 0)::int AS checked \gset
BEGIN;
CREATE TABLE by_hand (id int PRIMARY KEY);
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
SELECT count(*) AS count FROM migrate_drift() \gset
SELECT 'drift: turnstone, one table made', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (:count = 1)::int AS checked \gset
ROLLBACK;
