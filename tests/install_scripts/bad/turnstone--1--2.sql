-- expects: 2 replace, 3 replace
CREATE OR REPLACE VIEW turnstone.v AS SELECT 1 AS a;
CREATE OR REPLACE VIEW public.v AS SELECT 1 AS a;
CREATE OR REPLACE FUNCTION migrate_version() RETURNS pg_catalog.text LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_version'; REVOKE ALL ON FUNCTION migrate_version() FROM PUBLIC;
