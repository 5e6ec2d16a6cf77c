-- expects: 1 search_path, 2 search_path, 3 search_path, 4 search_path
CREATE FUNCTION turnstone.a() RETURNS pg_catalog.int4 LANGUAGE c SECURITY DEFINER AS 'MODULE_PATHNAME', 'f'; REVOKE ALL ON FUNCTION turnstone.a() FROM PUBLIC;
CREATE FUNCTION turnstone.b() RETURNS pg_catalog.int4 LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$; REVOKE ALL ON FUNCTION turnstone.b() FROM PUBLIC;
CREATE FUNCTION turnstone.c() RETURNS pg_catalog.int4 LANGUAGE sql SET search_path = pg_catalog, public AS 'SELECT 1'; REVOKE ALL ON FUNCTION turnstone.c() FROM PUBLIC;
CREATE FUNCTION turnstone.d() RETURNS pg_catalog.int4 AS 'SELECT 1' LANGUAGE sql; REVOKE ALL ON FUNCTION turnstone.d() FROM PUBLIC;
CREATE FUNCTION turnstone.e() RETURNS pg_catalog.int4 LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN 1; END $$; REVOKE ALL ON FUNCTION turnstone.e() FROM PUBLIC;
