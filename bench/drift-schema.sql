-- :tables tables of 10 columns with a primary key, two indexes, a foreign key and a check; of ten tables one has a view, a
-- function, a trigger and grants; every one a comment. In a loop that commits, for the locks.
CREATE EXTENSION IF NOT EXISTS turnstone;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bench_reader') THEN CREATE ROLE bench_reader; END IF; END $$;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE PROCEDURE make_tables(number int) LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..number LOOP
        EXECUTE format($t$CREATE TABLE t%1$s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent bigint REFERENCES t%2$s,
            name text NOT NULL, code varchar(20) CHECK (code IN ('a', 'b', 'c')), price numeric(10,2) DEFAULT 0,
            at timestamptz NOT NULL DEFAULT now(), day date, flag boolean DEFAULT false, data jsonb, note text)$t$, i, greatest(i - 1, 1));
        EXECUTE format('CREATE INDEX t%1$s_name_idx ON t%1$s (name); CREATE INDEX t%1$s_at_idx ON t%1$s (at, flag) WHERE flag', i);
        EXECUTE format('COMMENT ON TABLE t%1$s IS ''table number %1$s''', i);
        IF i % 10 = 0 THEN
            EXECUTE format('CREATE VIEW v%1$s AS SELECT id, name, price FROM t%1$s WHERE flag', i);
            EXECUTE format('CREATE FUNCTION f%1$s(n int) RETURNS bigint LANGUAGE sql AS ''SELECT count(*) FROM t%1$s WHERE price > n''', i);
            EXECUTE format('CREATE TRIGGER stamp BEFORE UPDATE ON t%1$s FOR EACH ROW EXECUTE FUNCTION stamp()', i);
            EXECUTE format('GRANT SELECT ON t%1$s, v%1$s TO bench_reader; COMMENT ON COLUMN t%1$s.name IS ''a name''', i);
        END IF;
        IF i % 100 = 0 THEN COMMIT; END IF;
    END LOOP;
END $$;
CALL make_tables(:tables);
SELECT count(*) FROM migrate_register('1_begin.sql', 'CREATE SCHEMA begun');
SELECT count(*) FROM migrate_apply();
