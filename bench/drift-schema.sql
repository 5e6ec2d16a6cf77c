-- The schema of scripts/bench-drift: `tables` tables of 10 columns with a primary key, two indexes, a foreign key, a
-- check, comments and grants each, a view and a trigger for every fifth, a function for every tenth.
SET client_min_messages = warning;
DO $$ BEGIN
    IF to_regrole('bench_reader') IS NULL THEN CREATE ROLE bench_reader; END IF;
END $$;
CREATE SCHEMA app;
CREATE PROCEDURE make_tables(first int, last int) LANGUAGE plpgsql AS $procedure$
BEGIN
    FOR i IN first .. last LOOP
        EXECUTE format($$
            CREATE TABLE app.t%1$s (
                id bigserial PRIMARY KEY, parent_id bigint REFERENCES app.t%2$s, name text NOT NULL, email varchar(200),
                status varchar(20) NOT NULL DEFAULT 'new', amount numeric(12,2) NOT NULL DEFAULT 0, tags text[] DEFAULT '{}',
                meta jsonb DEFAULT '{}', created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
                CONSTRAINT t%1$s_amount CHECK (amount >= 0 AND status IN ('new', 'open', 'closed')));
            CREATE INDEX t%1$s_parent_idx ON app.t%1$s (parent_id, created_at DESC);
            CREATE INDEX t%1$s_name_idx ON app.t%1$s (lower(name)) WHERE status <> 'closed';
            COMMENT ON TABLE app.t%1$s IS 'table number %1$s';
            COMMENT ON COLUMN app.t%1$s.status IS 'how far it has come';
            GRANT SELECT, INSERT ON app.t%1$s TO bench_reader $$, i, greatest(i - 1, 1));
        IF i % 10 = 0 THEN
            EXECUTE format($$ CREATE FUNCTION app.f%1$s(wanted bigint, at timestamptz DEFAULT now()) RETURNS numeric LANGUAGE sql STABLE AS
                              'SELECT sum(amount) FROM app.t%1$s WHERE parent_id = wanted AND created_at < at' $$, i);
        END IF;
        IF i % 5 = 0 THEN
            EXECUTE format($$ CREATE VIEW app.v%1$s AS
                                SELECT a.id, a.name, b.name AS parent, a.amount + coalesce(b.amount, 0) AS total
                                  FROM app.t%1$s a LEFT JOIN app.t%2$s b ON b.id = a.parent_id WHERE a.status = 'open';
                              CREATE TRIGGER touch BEFORE UPDATE ON app.t%1$s FOR EACH ROW
                                     WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION app.touch() $$, i, i - 1);
        END IF;
        IF i % 50 = 0 THEN COMMIT; END IF;
    END LOOP;
END $procedure$;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at := now(); RETURN NEW; END';
CALL make_tables(1, :tables);
DROP PROCEDURE make_tables;
