# What a session keeps of the catalogs' pages: whatever happened since its last look, the next one finds the same as one
# that reads everything.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "autovacuum = off\nmax_prepared_transactions = 2\n");
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', 'CREATE EXTENSION turnstone');
$node->safe_psql('app', "CREATE FUNCTION $_->[0]() RETURNS $_->[1] LANGUAGE c AS '$ENV{TURNSTONE_PROBE}', 'probe_raw_$_->[0]'")
  for [ 'kept_agrees', 'text' ], [ 'pages_of_look', 'bigint' ];
$node->safe_psql('app', "CREATE FUNCTION $_->[0]() RETURNS $_->[1] LANGUAGE c AS '$ENV{TURNSTONE_PROBE}', 'probe_raw_$_->[2]'")
  for [ 'keep_now', 'void', 'keep' ], [ 'check_now', 'text', 'check' ];
$node->safe_psql('app', 'CREATE TABLE base (id int PRIMARY KEY, word text); CREATE TABLE other (id int); CREATE ROLE reader');

my $looker = session($node, 'app', 'looker');
my ($one, $two) = map { session($node, 'app', $_) } qw(one two);
my $agrees = 'SELECT kept_agrees()';
is($looker->run($agrees), 'same', 'the first look');
is($looker->run($agrees), 'same', 'the second one');

sub look { my ($what) = @_; is($looker->run($agrees), 'same', $what); return }

my @steps = (
	[ $one, 'CREATE TABLE first (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, base int REFERENCES base, name text UNIQUE)', 'a table' ],
	[ $one, 'BEGIN; ALTER TABLE first ADD COLUMN more int DEFAULT 7', 'an open transaction' ],
	[ $two, "COMMENT ON TABLE base IS 'x'", 'a comment meanwhile' ],
	[ $one, 'ROLLBACK', 'which is undone' ],
	[ $one, 'BEGIN; DROP TABLE first; SAVEPOINT a; CREATE TYPE pair AS (a int, b int); ROLLBACK TO a; CREATE DOMAIN positive AS int CHECK (VALUE > 0)', 'subtransactions' ],
	[ $two, 'GRANT SELECT ON other TO reader', 'a grant meanwhile' ],
	[ $one, 'COMMIT', 'which is committed' ],
	[ $one, "BEGIN; CREATE TABLE prepared (id int); PREPARE TRANSACTION 'p'", 'a prepared transaction' ],
	[ $two, 'CREATE VIEW v AS SELECT id FROM base', 'a view meanwhile' ],
	[ $one, "COMMIT PREPARED 'p'", 'the prepared one is committed' ],
	[ $looker, 'BEGIN; CREATE TABLE mine (id int); ALTER TABLE base ADD COLUMN mine int', 'its own transaction' ],
	[ $two, 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', 'with a function of another one' ],
	[ $looker, 'SAVEPOINT s; DROP VIEW v', 'its own savepoint' ],
	[ $looker, 'ROLLBACK TO s', 'undone' ],
	[ $looker, 'ROLLBACK', 'all undone' ],
	[ $looker, 'BEGIN; DROP FUNCTION f(); COMMIT', 'its own change' ],
	[ $two, 'CREATE TEMP TABLE passing (id int PRIMARY KEY); CREATE TEMP VIEW passed AS SELECT 1 AS a', 'temporary tables: a new hidden schema' ],
	[ $one, 'CREATE EXTENSION pg_trgm', 'an extension' ],
	[ $one, 'ALTER EXTENSION pg_trgm DROP FUNCTION show_limit()', 'without one of its members' ],
	[ $one, 'ALTER EXTENSION pg_trgm ADD FUNCTION show_limit()', 'and with it' ],
	[ $one, 'REVOKE EXECUTE ON FUNCTION lower(text) FROM PUBLIC', 'a privilege on a system object' ],
	[ $one, 'GRANT EXECUTE ON FUNCTION lower(text) TO PUBLIC', 'as it was, in another way' ],
	[ $one, 'DROP EXTENSION pg_trgm', 'no extension' ],
	[ $one, 'VACUUM', 'VACUUM' ],
	[ $one, 'VACUUM (FREEZE) pg_class', 'VACUUM FREEZE' ],
	[ $one, 'CREATE TABLE many (id int) PARTITION BY RANGE (id); SELECT format($$CREATE TABLE many_%s PARTITION OF many FOR VALUES FROM (%s) TO (%s)$$, i, i, i + 1) FROM generate_series(1, 200) i \gexec', 'many partitions' ],
	[ $one, 'DROP TABLE many', 'dropped' ],
	[ $one, 'VACUUM pg_class; VACUUM pg_attribute; VACUUM pg_type', 'VACUUM cuts the ends of catalogs' ],
	[ $one, 'VACUUM FULL pg_class', 'another file' ],
	[ $one, 'VACUUM FULL', 'all other files' ],
	[ $one, q{UPDATE pg_proc SET prosrc = 'SELECT 2' WHERE proname = 'kept_agrees' AND false; UPDATE pg_class SET relname = 'renamed' WHERE relname = 'base'}, 'a row changed by hand' ],
	[ $one, 'REINDEX SYSTEM app', 'REINDEX' ],
);
for my $step (@steps)
{
	my ($session, $sql, $what) = @$step;
	$session->run($sql);
	look($what);
}

# Only what was written to is read again.
$node->safe_psql('app', 'CREATE TABLE plain (id int)');
my $pages = 'SELECT pages_of_look()';
my $fresh = session($node, 'app', 'fresh');
cmp_ok($fresh->run($pages), '>', 100, 'the first look reads every page');
is($fresh->run($pages), 0, 'the next one none');
$node->safe_psql('app', q{COMMENT ON TABLE plain IS 'y'});
is($fresh->run($pages), 1, 'a comment is one page');
is($fresh->run($pages), 0, 'which is known from then on');
$fresh->run("BEGIN; COMMENT ON TABLE plain IS 'z'");
is($fresh->run($pages), 1, 'what may yet be undone');
is($fresh->run($pages), 1, 'is not kept');
$fresh->run('ROLLBACK');
cmp_ok($fresh->run($pages), '<=', 1, 'undone');
is($fresh->run($agrees), 'same', 'and as it was');

# Whether anything has been written, by the write-ahead log. Where a case ends with INSERT its log is on disk behind it; what
# is not on disk yet is told by the pages.
sub check { my ($session, $expected, $what) = @_; is($session->run('SELECT check_now()'), $expected, $what); return }
$fresh->run('SELECT keep_now()');
check($fresh, 'scan', 'the first check opens the gate');
for my $case (
	[ 'CREATE TABLE filled AS SELECT 1 AS id', '1 differ', 'a table of a user' ],
	[ 'SELECT keep_now(); SELECT check_now()', 'gate', 'kept' ],
	[ 'INSERT INTO filled SELECT n FROM generate_series(1, 1000) n', 'gate', 'rows of a table are no change' ],
	[ 'VACUUM (FREEZE) pg_class; VACUUM (FREEZE) pg_attribute; INSERT INTO filled VALUES (1)', 'gate', 'nor is VACUUM of a catalog' ],
	[ 'SELECT txid_current(); INSERT INTO filled VALUES (2)', 'gate', 'nor an empty transaction' ],
	[ 'CHECKPOINT', 'gate', 'nor a checkpoint' ],
	[ 'SELECT pg_switch_wal(); INSERT INTO filled VALUES (1)', 'gate', 'another segment', 'scan' ],
	[ 'BEGIN; COMMENT ON TABLE filled IS $$a$$; ROLLBACK', 'gate', 'what was undone tells nobody', 'scan' ],
	[ 'SELECT 1', 'gate', 'once' ],
	[ 'INSERT INTO filled SELECT n FROM generate_series(1, 20000) n', 'gate', 'much has been written: the pages tell' ],
	[ 'VACUUM (FREEZE) pg_proc; CREATE TEMP TABLE a AS SELECT n FROM generate_series(1, 20000) n; INSERT INTO filled SELECT n FROM a; UPDATE pg_proc SET proname = proname WHERE oid = 1242', 'scan', 'but not of rows that are as before' ],
	[ 'VACUUM FULL pg_class', 'scan', 'another file of a catalog that the mapper knows' ],
	[ 'VACUUM FULL pg_constraint', 'scan', 'and of one that it does not know' ],
	[ 'SELECT 1', 'gate', 'which is told again from there' ],
	[ 'COMMENT ON TABLE filled IS $$b$$', '1 differ', 'a comment' ])
{
	my ($sql, $expected, $what, $expected_of_new) = @$case;
	$expected_of_new //= $expected eq 'scan' ? 'gate' : $expected; # the scan of the other one has opened it
	$one->run($_) for split /; /, $sql;
	check($fresh, $expected, "$what, in a session that has looked");
	check(session($node, 'app', 'new'), $expected_of_new, "$what, in a new one");
}
done_testing;
