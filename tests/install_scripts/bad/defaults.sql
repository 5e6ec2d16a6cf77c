-- expects: 3 default, 4 name
CREATE FUNCTION migrate_drift(schemas pg_catalog.text[] DEFAULT NULL, OUT a pg_catalog.text) RETURNS pg_catalog.text LANGUAGE c AS 'MODULE_PATHNAME', 'f';
REVOKE ALL ON FUNCTION migrate_drift(pg_catalog.text[]) FROM PUBLIC;
CREATE VIEW turnstone.v AS SELECT * FROM @extschema@.migrate_drift();
CREATE VIEW turnstone.w AS SELECT * FROM migrate_drift(NULL::pg_catalog.text[]);
CREATE VIEW turnstone.x AS SELECT * FROM @extschema@.migrate_drift(NULL::pg_catalog.text[]);
