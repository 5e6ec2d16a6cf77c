-- expects: 1 operator, 2 operator, 3 operator, 4 operator, 5 operator, 6 operator
CREATE VIEW turnstone.v AS SELECT 'a' || 'b' AS a;
CREATE TABLE turnstone.t (a pg_catalog.int4 CHECK (a > 0));
CREATE TABLE turnstone.u (a pg_catalog.int4 DEFAULT 1 + 1);
CREATE INDEX i ON turnstone.t (a) WHERE a = 1;
CREATE FUNCTION turnstone.f() RETURNS pg_catalog.int4 LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 1 + 2; END; REVOKE ALL ON FUNCTION turnstone.f() FROM PUBLIC;
UPDATE turnstone.t SET a = 2 WHERE a OPERATOR(pg_catalog.=) 1;
