-- The crossing between PostgreSQL's errors and C++ exceptions, driven from inside the server.
\getenv probe TURNSTONE_PROBE
CREATE FUNCTION caught_fields(sql text) RETURNS text LANGUAGE c AS :'probe', 'probe_caught_fields';
CREATE FUNCTION passed_through(sql text) RETURNS void LANGUAGE c AS :'probe', 'probe_passed_through';
CREATE FUNCTION thrown(kind text) RETURNS void LANGUAGE c AS :'probe', 'probe_thrown';
CREATE FUNCTION subtransaction_loop(rounds int) RETURNS int LANGUAGE c AS :'probe', 'probe_subtransaction_loop';
CREATE FUNCTION spin() RETURNS void LANGUAGE c AS :'probe', 'probe_spin';
CREATE FUNCTION live() RETURNS int LANGUAGE c AS :'probe', 'probe_live';
CREATE TABLE probe_rows (n int CONSTRAINT n_is_positive CHECK (n > 0));

-- PostgreSQL -> C++: each field arrives
SELECT caught_fields('select 1');
SELECT caught_fields('insert into probe_rows values (0)');
SELECT caught_fields('select nonsense from probe_rows');
SELECT caught_fields($$do 'begin raise exception using errcode = ''P1234'', message = ''m'', detail = ''d.'', hint = ''h.'', column = ''c'', constraint = ''k'', schema = ''s'', table = ''t''; end'$$);
SELECT live() AS objects_left;

-- and on to the client: through C++ frames, to a PL/pgSQL handler that matches by condition
SELECT passed_through('insert into probe_rows values (0)');
DO $$
DECLARE
    detail text; context text; constraint_name text; hint text;
BEGIN
    PERFORM passed_through('insert into probe_rows values (0)');
EXCEPTION WHEN check_violation THEN
    GET STACKED DIAGNOSTICS detail = pg_exception_detail, hint = pg_exception_hint,
        context = pg_exception_context, constraint_name = constraint_name;
    RAISE NOTICE 'detail: %, constraint: %, context: %', detail, constraint_name, context;
END $$;
SELECT live() AS objects_left;

-- C++ -> PostgreSQL
DO $$
DECLARE
    kind text; state text; message text; detail text; hint text;
BEGIN
    FOREACH kind IN ARRAY ARRAY['core', 'runtime_error', 'bad_alloc', 'int'] LOOP
        BEGIN
            PERFORM thrown(kind);
            RAISE NOTICE '%: no error', kind;
        EXCEPTION WHEN OTHERS OR assert_failure THEN
            GET STACKED DIAGNOSTICS state = returned_sqlstate, message = message_text,
                detail = pg_exception_detail, hint = pg_exception_hint;
            RAISE NOTICE '%: % | % | % | %', kind, state, message, detail, hint;
        END;
    END LOOP;
END $$;
SELECT live() AS objects_left;

-- a loop of subtransactions survives its errors, and keeps what succeeded
SELECT subtransaction_loop(1000);
SELECT count(*) FROM probe_rows;
SELECT live() AS objects_left;

-- statement_timeout and cancel unwind C++ frames
SET statement_timeout = '50ms';
SELECT spin();
RESET statement_timeout;
SELECT live() AS objects_left;
DO $$
BEGIN
    SET LOCAL statement_timeout = 0;
    PERFORM pg_cancel_backend(pg_backend_pid());
    PERFORM spin();
EXCEPTION WHEN query_canceled THEN
    RAISE NOTICE 'cancelled: %', sqlerrm;
END $$;
SELECT live() AS objects_left;

DROP FUNCTION caught_fields, passed_through, thrown, subtransaction_loop, spin, live;
DROP TABLE probe_rows;
