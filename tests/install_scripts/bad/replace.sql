-- expects: 1 replace, 2 replace, 3 replace, 4 replace
CREATE OR REPLACE FUNCTION turnstone.f() RETURNS pg_catalog.int4 LANGUAGE c AS 'MODULE_PATHNAME', 'f'; REVOKE ALL ON FUNCTION turnstone.f() FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS turnstone;
CREATE TABLE IF NOT EXISTS turnstone.t (a pg_catalog.int4);
CREATE OR REPLACE VIEW public.v AS SELECT 1 AS a;
