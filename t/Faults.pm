# What the tests of faults share: an application's database whose migrations leave traces, and the two questions that are asked
# behind every fault: is what the journal says there, and does the next call go on to the end?
package Faults;
use strict;
use warnings FATAL => 'all';
use Test::More;
use Turnstone;
use Exporter 'import';
our @EXPORT = qw(new_app agreement goes_on error_of);

# Every migration tells of itself in "effects". `heavy` is put in the middle of the second one; what it makes is named "heavy".
sub new_app
{
	my ($node, $name, $heavy, %option) = @_;
	my $tablespace = $option{tablespace} ? "TABLESPACE $option{tablespace}" : '';
	$node->safe_psql('postgres', "CREATE DATABASE $name $tablespace");
	$node->safe_psql($name, <<'SQL' =~ s/HEAVY/$heavy/r);
CREATE TABLE effects (label text);
CREATE TABLE t (id int PRIMARY KEY, v text);
INSERT INTO t SELECT g, 'v' || g FROM generate_series(1, 20) g;
CREATE FUNCTION at(place text) RETURNS text LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(hashtext(place)); RETURN place; END $$;
CREATE EXTENSION turnstone;
SELECT migrate_register('1_plain.sql', $$-- +migrate Up
INSERT INTO effects VALUES ('1');
CREATE TABLE one (id int PRIMARY KEY);
-- +migrate Down
DROP TABLE one;
DELETE FROM effects WHERE label = '1';
$$);
SELECT migrate_register('2_heavy.sql', $script$-- +migrate Up
INSERT INTO effects SELECT '2' WHERE at('middle') <> '';
HEAVY
CREATE TABLE two (id int PRIMARY KEY);
-- +migrate Down
DROP TABLE two;
DROP TABLE IF EXISTS heavy;
DELETE FROM effects WHERE label = '2';
$script$);
SQL
	$node->safe_psql($name, <<'SQL') unless $option{transactional};
SELECT migrate_register('3_online.sql', $$-- +migrate Up notransaction
INSERT INTO effects VALUES ('3.1');
CREATE INDEX CONCURRENTLY t_v ON t (v);
INSERT INTO effects VALUES ('3.3');
-- +migrate Down notransaction
DROP INDEX CONCURRENTLY t_v;
DELETE FROM effects WHERE label LIKE '3%';
$$);
SQL
	return $name;
}

# What the journal says is there, and nothing else: the effects of applied migrations, whole, and of a partial one those of its
# steps that are done. No run lock is held.
sub agreement
{
	my ($node, $database, $what) = @_;
	my $seen = $node->safe_psql($database, <<'SQL');
WITH applied AS (SELECT version, state FROM migrate_status()),
expected(label) AS (
    SELECT '1' FROM applied WHERE version = '1' AND state = 'applied'
    UNION ALL SELECT '2' FROM applied WHERE version = '2' AND state = 'applied'
    UNION ALL SELECT '3.' || s.statement FROM turnstone.step s, applied a
               WHERE s.version = '3' AND a.version = '3' AND s.direction = 'up' AND s.state = 'done' AND s.settled_by IS NULL AND s.statement IN (1, 3)
    UNION ALL SELECT unnest(ARRAY['3.1', '3.3']) FROM applied WHERE version = '3' AND state = 'applied'
), difference AS (
    (SELECT 'missing ' || label AS line FROM (SELECT label FROM expected EXCEPT ALL SELECT label FROM effects) m)
    UNION ALL (SELECT 'too much ' || label FROM (SELECT label FROM effects EXCEPT ALL SELECT label FROM expected) m)
    UNION ALL SELECT format('table of %s is %s', version, state) FROM applied
      JOIN (VALUES ('1', 'one'), ('2', 'two')) AS made(version, name) USING (version)
     WHERE (state = 'applied') IS DISTINCT FROM (to_regclass(name) IS NOT NULL)
    UNION ALL SELECT 'a run lock' FROM pg_locks WHERE locktype = 'advisory' AND classid = 1953854062
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT line FROM difference
SQL
	return is($seen, '', "$what: journal and catalog agree");
}

sub goes_on
{
	my ($node, $database, $what, $call) = @_;
	my ($status, $out, $err) = $node->psql($database, $call // 'CALL migrate_deploy()');
	is($status, 0, "$what: the next call goes on") or diag $err;
	is($node->safe_psql($database, q{SELECT count(*) FROM migrate_status() WHERE state <> 'applied'}), 0, "$what: to the end");
	agreement($node, $database, $what);
	is($node->safe_psql($database, q{SELECT string_agg(concat_ws(' ', change, object_type, identity, property), ', ') FROM migrate_drift()}), '', "$what: no drift");
	is($node->safe_psql($database, q{SELECT string_agg(detail, ' ') FROM migrate_health() WHERE "check" IN ('partial migrations', 'invalid indexes', 'run lock') AND state <> 'ok'}),
		'', "$what: migrate_health() finds nothing open");
	return;
}

# What psql says, with the SQLSTATE in front of the message.
sub error_of
{
	my ($node, $database, $sql) = @_;
	my ($status, $out, $err) = $node->psql($database, "\\set VERBOSITY verbose\n$sql");
	return $err;
}

1;
