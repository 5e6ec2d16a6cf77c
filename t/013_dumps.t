# Dumps of pg_dump itself, schema and data, as a folder's baseline: a database made from one is the same as the first.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = new_server();
my $folder = PostgreSQL::Test::Utils::tempdir();
chmod 0755, $folder;
$node->safe_psql('postgres', "CREATE DATABASE $_") for qw(first second third);
$node->safe_psql('first', <<'SQL');
CREATE SCHEMA shop;
CREATE TYPE shop.mood AS ENUM ('sad', 'ok');
CREATE DOMAIN shop.positive AS int CHECK (VALUE > 0);
CREATE TABLE shop.item (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, price shop.positive, mood shop.mood,
    data jsonb, bytes bytea, tags text[], whole text GENERATED ALWAYS AS (name || '!') STORED);
CREATE TABLE shop."order; ""x""" ("a column" int REFERENCES shop.item, b text DEFAULT E'\\.\n');
CREATE TABLE shop.event (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE shop.event_2024 PARTITION OF shop.event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE empty (n int);
CREATE FUNCTION shop.count_items() RETURNS bigint LANGUAGE plpgsql AS $fn$
BEGIN
    -- COPY shop.item FROM stdin;
    RETURN (SELECT count(*) FROM shop.item);
END $fn$;
CREATE FUNCTION shop.standard() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
CREATE VIEW shop.names AS SELECT name FROM shop.item;
CREATE MATERIALIZED VIEW shop.counted AS SELECT count(*) FROM shop.item;
CREATE INDEX ON shop.item (lower(name)) WHERE price IS NOT NULL;
CREATE TRIGGER same BEFORE UPDATE ON shop.item FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
COMMENT ON TABLE shop.item IS E'\\. it''s\nCOPY x FROM stdin;\n';
INSERT INTO shop.item (name, price, mood, data, bytes, tags)
    SELECT E'it''s \\. ' || chr(8364 + g % 3) || E'\n\t"' || g, g, 'ok', '{"a": "\\\\n"}', decode('00ff', 'hex'), ARRAY['a,b', NULL, '"']
      FROM generate_series(1, 500) g;
INSERT INTO shop.item (name) VALUES ('\.'), (''), ('-- +migrate Down'), ('COPY a FROM stdin;'), (';');
INSERT INTO shop."order; ""x""" VALUES (1, E'\\.'), (2, NULL), (NULL, DEFAULT);
INSERT INTO shop.event VALUES (1, '2024-05-06');
REFRESH MATERIALIZED VIEW shop.counted;
SELECT setval('shop.item_id_seq', 900);
SQL

sub dump_of
{
	my ($database, @options) = @_;
	my ($out, $err) = run_command([ 'pg_dump', '-h', $node->host, '-p', $node->port, @options, $database ]);
	die $err if $err =~ /error/;
	return $out;
}

# What differs from dump to dump, and the extension, which the first database has not.
sub comparable
{
	my ($dump) = @_;
	$dump =~ s/^\\(un)?restrict .*\n//mg;
	return $dump;
}

my $dump = dump_of('first');
append_to_file("$folder/structure.sql", $dump);
chmod 0644, "$folder/structure.sql";
$node->safe_psql('second', 'CREATE EXTENSION turnstone');
is($node->safe_psql('second', "SELECT name, status FROM migrate_load('$folder')"), 'structure.sql|registered', 'a dump is told by itself');
is($node->safe_psql('second', 'SELECT version FROM migrate_apply()'), 'B1', 'and applied');
is($node->safe_psql('second', 'SELECT count(*) FROM migrate_drift()'), '0', 'no drift');
is($node->safe_psql('second', 'SELECT count(*) FROM shop.item'), '505', 'with its data');
$node->safe_psql('second', 'DROP EXTENSION turnstone');
is(comparable(dump_of('second')), comparable($dump), 'pg_dump writes the same of both');

# The same by migrate_deploy(), of a dump by INSERT.
unlink "$folder/structure.sql";
append_to_file("$folder/structure.sql", dump_of('first', '--inserts', '--no-owner'));
chmod 0644, "$folder/structure.sql";
$node->safe_psql('third', "CREATE EXTENSION turnstone; SELECT migrate_load('$folder', 'dump')");
$node->safe_psql('third', 'CALL migrate_deploy()');
$node->safe_psql('third', 'DROP EXTENSION turnstone');
is(comparable(dump_of('third')), comparable($dump), 'migrate_deploy() of a dump with INSERT');

# What is no file of the server is no folder.
isnt(scalar($node->psql('third', "CREATE EXTENSION turnstone; SELECT migrate_load('$folder/none')")), 0, 'a folder that is not there');
$node->stop;
done_testing();
