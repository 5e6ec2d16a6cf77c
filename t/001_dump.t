# pg_dump as the judge: rolled back to nothing the schema is as before; a dump carries the history.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = new_server();
my $folder = migrations_folder();
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', 'CREATE EXTENSION turnstone');
my $empty = schema_dump($node, 'app');

# Each migration by itself: up, down, up; the schema after the down is the one before the up.
my @files = sort map { m{([^/]+)$} } glob "$folder/*.sql";
my @versions = map { /^(\d+)/ } @files;
cmp_ok(scalar @versions, '>=', 14, 'there are sample migrations');
for my $file (@files)
{
	my ($version) = $file =~ /^(\d+)/;
	my $before = schema_dump($node, 'app');
	$node->safe_psql('app', "SELECT status FROM migrate_register('$file', pg_read_binary_file('$folder/$file'))");
	my $newest = q{SELECT version FROM migrate_status() WHERE state = 'applied' ORDER BY version DESC LIMIT 1};
	$node->safe_psql('app', 'CALL migrate_deploy()');
	is($node->safe_psql('app', $newest), $version, "$version applied");
	isnt(schema_dump($node, 'app'), $before, "$version changes the schema");
	$node->safe_psql('app', 'CALL migrate_revert()');
	isnt($node->safe_psql('app', $newest), $version, "$version rolled back");
	is(schema_dump($node, 'app'), $before, "$version: the Down undoes the Up completely");
	$node->safe_psql('app', 'CALL migrate_deploy()');
}
my $full = schema_dump($node, 'app');
$node->safe_psql('app', 'CALL migrate_revert()'); # the newest one drops its index CONCURRENTLY
is($node->safe_psql('app', 'SELECT count(*) FROM migrate_rollback(99)'), @versions - 1, 'all rolled back');
is(schema_dump($node, 'app'), $empty, 'rolled back to nothing, the schema is as before');
is($node->safe_psql('app', "SELECT count(*) FROM migrate_apply('$versions[-2]')"), @versions - 1, 'applied again in one transaction');
$node->safe_psql('app', 'CALL migrate_deploy()');
is(schema_dump($node, 'app'), $full, 'it is the same schema');

# A dump, restored into a fresh database, knows what has been applied.
my $journal = 'SELECT id, event, version, checksum, started_at FROM turnstone.journal ORDER BY id';
my $before = $node->safe_psql('app', $journal);
my $file = "$PostgreSQL::Test::Utils::tmp_check/app.sql";
$node->command_ok([ 'pg_dump', '-f', $file, 'app' ], 'dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'restored', '-f', $file ], 'restore');
is($node->safe_psql('restored', $journal), $before, 'the journal is in the dump');
is($node->safe_psql('restored', 'SELECT count(*) FROM migrate_apply()'), 0, 'nothing is applied again');
is($node->safe_psql('restored', 'SELECT * FROM migrate_drift()'), '', 'the restored schema has no drift');
$node->safe_psql('restored', 'CALL migrate_revert()');
is($node->safe_psql('restored', 'SELECT version FROM migrate_rollback()'), $versions[-2], 'and can be rolled back');
is($node->safe_psql('restored', 'SELECT max(id) - count(*) FROM turnstone.journal WHERE id >= (SELECT min(id) FROM turnstone.journal)'),
	$node->safe_psql('app', 'SELECT max(id) - count(*) FROM turnstone.journal'), 'the numbering goes on');

# DROP EXTENSION leaves what the migrations made, but for the triggers.
my $tables = 'SELECT count(*) FROM pg_class WHERE relkind = \'r\' AND relnamespace IN (\'public\'::regnamespace, \'"user"\'::regnamespace)';
my $count = $node->safe_psql('app', $tables);
my ($status, $out, $err) = $node->psql('app', 'DROP EXTENSION turnstone');
like($err, qr/trigger set_updated_at on table .* depends on function turnstone_set_updated_at/, 'DROP EXTENSION says what depends on it');
$node->safe_psql('app', 'DROP EXTENSION turnstone CASCADE');
is($node->safe_psql('app', $tables), $count, 'and leaves every table whole');

$node->stop;
done_testing();
