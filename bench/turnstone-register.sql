-- Registers :n scripts from :directory, twice: by migrate_load(), taken back, and by a call for each in one transaction.
BEGIN;
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
SELECT count(*) AS count FROM migrate_load(:'directory' || '/turnstone') \gset
SELECT 'register: migrate_load', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (:count = :n)::int AS checked \gset
ROLLBACK;
\set file :directory /register.sql
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
\o /dev/null
BEGIN;
\i :file
COMMIT;
\o
SELECT 'register: migrate_register', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
SELECT 1 / (count(*) = :n)::int AS checked FROM turnstone.migration \gset
