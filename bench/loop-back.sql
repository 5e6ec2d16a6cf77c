-- The way back of loop.sql.
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
DO $$
DECLARE script record;
BEGIN
    FOR script IN SELECT version, down FROM bench_script ORDER BY version DESC LOOP
        EXECUTE script.down;
        DELETE FROM bench_history WHERE version = script.version;
    END LOOP;
END $$;
SELECT 'roll back: DO loop', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
