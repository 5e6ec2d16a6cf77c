-- expects: 1 name, 2 name, 3 name, 4 name, 5 name, 6 name, 7 name, 8 name, 9 name, 10 name, 11 name, 12 name, 13 name, 14 name
CREATE TABLE t (a pg_catalog.int4);
CREATE TABLE turnstone.u (a text);
CREATE VIEW turnstone.v AS SELECT pg_catalog.now() FROM pg_class;
CREATE VIEW turnstone.w AS SELECT now() AS a;
CREATE VIEW turnstone.x AS SELECT 1::oid AS a;
CREATE FUNCTION turnstone.f(a name) RETURNS pg_catalog.int4 LANGUAGE c AS 'MODULE_PATHNAME', 'f'; REVOKE ALL ON FUNCTION turnstone.f(pg_catalog.name) FROM PUBLIC;
CREATE FUNCTION turnstone.g() RETURNS SETOF record LANGUAGE c AS 'MODULE_PATHNAME', 'f'; REVOKE ALL ON FUNCTION turnstone.g() FROM PUBLIC;
CREATE INDEX i ON t (a);
CREATE TRIGGER x BEFORE INSERT ON turnstone.t FOR EACH ROW EXECUTE FUNCTION springs();
COMMENT ON TABLE t IS 'now() and pg_class, and 1 || 2';
COMMENT ON FUNCTION other(pg_catalog.int4) IS 'of somebody else';
ALTER TABLE t ADD b pg_catalog.int4;
DROP FUNCTION IF EXISTS other();
SELECT pg_extension_config_dump('turnstone.t', '');
