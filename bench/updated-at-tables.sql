-- A table for each shape and trigger: all alike, each in a file of its own. Half of each page is free, so that updates find
-- room beside the old row.
CREATE EXTENSION turnstone;
CREATE EXTENSION moddatetime;
CREATE FUNCTION empty_trigger() RETURNS trigger LANGUAGE c AS :'probe', 'probe_empty_trigger';
CREATE FUNCTION plpgsql_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END $$;
SET vars.rows = :rows;
DO $$
DECLARE
    persistence text[] := ARRAY['UNLOGGED', 'UNLOGGED', '', ''];
    functions text[] := ARRAY[NULL, 'empty_trigger()', 'turnstone_set_updated_at()', 'turnstone_set_updated_at()',
        'turnstone_set_updated_at(''when=changed'')', 'turnstone_set_updated_at(''when=unless_set'')',
        'moddatetime(updated_at)', 'plpgsql_trigger()'];
    name text;
BEGIN
    FOR kind IN 0 .. 3 LOOP
        FOR variant IN 0 .. 7 LOOP
            name := format('t_%s_%s', kind, variant);
            IF kind % 2 = 0 THEN
                EXECUTE format('CREATE %s TABLE %I (id int, n int, updated_at timestamptz) WITH (fillfactor = 45)', persistence[kind + 1], name);
                EXECUTE format('INSERT INTO %I SELECT g, g, now() FROM generate_series(1, $1) g', name) USING current_setting('vars.rows')::int;
            ELSE
                EXECUTE format('CREATE %s TABLE %I (id bigint, name text, email text, a int, b int, c numeric, d text, e boolean, f date,
                    g text, h jsonb, created_at timestamptz, updated_at timestamptz, n int, note text) WITH (fillfactor = 45)', persistence[kind + 1], name);
                EXECUTE format($f$INSERT INTO %I SELECT g, 'name ' || g, 'user' || g || '@example.org', g, CASE WHEN g %% 3 > 0 THEN g END, g * 1.5, repeat('d', 40),
                    g %% 2 = 0, '2024-01-01', CASE WHEN g %% 5 > 0 THEN 'g' END, '{"a": 1}', now(), now(), g, 'a note' FROM generate_series(1, $1) g$f$, name)
                    USING current_setting('vars.rows')::int;
            END IF;
            IF functions[variant + 1] IS NOT NULL THEN
                EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION %s', name, functions[variant + 1]);
            END IF;
        END LOOP;
    END LOOP;
END $$;
VACUUM ANALYZE;
CHECKPOINT;
