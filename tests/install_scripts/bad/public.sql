-- expects: 1 public, 2 public, 4 public
GRANT USAGE ON SCHEMA turnstone TO PUBLIC;
GRANT SELECT ON TABLE turnstone.t TO somebody, PUBLIC;
REVOKE ALL ON FUNCTION turnstone.f() FROM somebody;
CREATE FUNCTION turnstone.f() RETURNS pg_catalog.int4 LANGUAGE c AS 'MODULE_PATHNAME', 'f';
-- for PUBLIC: a reason
CREATE FUNCTION turnstone.g() RETURNS pg_catalog.int4 LANGUAGE c AS 'MODULE_PATHNAME', 'f';
