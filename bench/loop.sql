-- The floor: what one block of PL/pgSQL in the server needs for the same texts and a row of history for each, in one
-- transaction. Prints what, and milliseconds between two readings of the server's clock, the commit included.
SELECT clock_timestamp() AS started, split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1) AS cpu \gset
DO $$
DECLARE script record; begun timestamptz;
BEGIN
    FOR script IN SELECT version, name, up FROM bench_script ORDER BY version LOOP
        begun := clock_timestamp();
        EXECUTE script.up;
        INSERT INTO bench_history (version, name, took) VALUES (script.version, script.name, clock_timestamp() - begun);
    END LOOP;
END $$;
SELECT 'apply: DO loop', 1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz),
       (nullif(split_part(pg_read_file('/proc/self/schedstat', 0, 99, true), ' ', 1), '')::int8 - nullif(:'cpu', '')::int8) / 1e6;
