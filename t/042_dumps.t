# Dumps in parts (schema alone, data alone), of a whole cluster, and DROP EXTENSION where things depend on it, with watching and
# sealing on. t/001_dump.t and t/020_watch.t have dumps as a whole.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = new_server();
my $folder = $PostgreSQL::Test::Utils::tmp_check;
my @connection = ('-h', $node->host, '-p', $node->port);
my @psql = ('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null');

$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', q{
	CREATE EXTENSION turnstone;
	SELECT migrate_set_variable('name', 'value');
	SELECT migrate_register('1_shop.sql', $$-- +migrate Up
CREATE SCHEMA shop;
CREATE TABLE shop.item (id int PRIMARY KEY, name text, updated_at timestamptz);
CREATE TABLE shop.stock (item int REFERENCES shop.item, changed bigint, updated_at timestamptz);
INSERT INTO shop.item VALUES (1, 'one');
-- +migrate Down
DROP SCHEMA shop CASCADE;
$$);
	SELECT * FROM migrate_apply();
	SELECT migrate_tag('first');
	SELECT migrate_register('2_pending.sql', $$-- +migrate Up
CREATE TABLE shop.later (id int);
-- +migrate Down
DROP TABLE shop.later;
$$);
	SELECT migrate_updated_at_policy(ARRAY['shop']);
	SELECT migrate_track_updated_at('shop.stock', 'changed', unit => 'milliseconds');
	SELECT migrate_updated_at_alias('set_stamp');
	SELECT migrate_watch(true);
	CREATE TABLE shop.by_hand (id int);
	SELECT migrate_accept_drift('it stays');
	SELECT migrate_seal('refuse');});

# What a database has to have that was restored as a whole.
my @tables = qw(migration journal run step tag variable snapshot recorded_object updated_at_policy updated_at_alias ddl_log seal break_glass);
my $history = join ' UNION ALL ', map { "SELECT '$_', (to_jsonb(t) - 'origin')::text || coalesce(to_jsonb(t) ->> 'origin', '') FROM turnstone.$_ t" } @tables;
$history .= ' ORDER BY 1, 2';
my $kept = $node->safe_psql('app', $history);
for my $table (qw(migration journal tag variable snapshot recorded_object updated_at_policy ddl_log seal))
{
	like($kept, qr/^$table\|/m, "$table has something to be kept");
}

sub same_history
{
	my ($server, $database, $what) = @_;
	is($server->safe_psql($database, $history), $kept, "$what: the history is what it was");
	is($server->safe_psql($database, q{SELECT string_agg(version || ' ' || state, ', ' ORDER BY version) FROM migrate_status()}), '1 applied, 2 pending', "$what: so are the states");
	is($server->safe_psql($database, 'SELECT count(*) FROM migrate_drift()'), 0, "$what: no drift");
	my ($status, $out, $err) = $server->psql($database, 'ALTER TABLE shop.item ADD COLUMN x int');
	like($err, qr/ALTER TABLE is no migration, and schema "shop" is sealed/, "$what: the seal holds");
	$server->safe_psql($database, 'SELECT * FROM migrate_apply()');
	is($server->safe_psql($database, 'SELECT count(*) FROM migrate_drift()'), 0, "$what: the next run goes on");
	is($server->safe_psql($database, q{SELECT count(*) FROM turnstone.journal WHERE version = '2' AND state = 'applied'}), 1, "$what: with the next number");
	is($server->safe_psql($database, q{UPDATE shop.item SET name = 'two' RETURNING updated_at = now()}), 't', "$what: stamps are kept");
	return;
}

sub run_ok
{
	my ($what, @command) = @_;
	my ($out, $err) = run_command([@command]);
	is($err, '', $what);
	return;
}

# ------------------------------------------------------------------------------------------------- schema and data apart
run_ok('dump of the schema', 'pg_dump', @connection, '--schema-only', '-f', "$folder/schema.sql", 'app');
run_ok('dump of the data', 'pg_dump', @connection, '--data-only', '-f', "$folder/data.sql", 'app');
run_ok('dump of the data as an archive', 'pg_dump', @connection, '--data-only', '-Fc', '-f', "$folder/archive", 'app');

$node->safe_psql('postgres', 'CREATE DATABASE parts');
run_ok('restore: schema only', @psql, @connection, '-f', "$folder/schema.sql", '-d', 'parts');
is($node->safe_psql('parts', "SELECT string_agg(DISTINCT evtname, ', ') FROM pg_event_trigger WHERE evtname LIKE 'turnstone_watch%'"), 'turnstone_watch_command, turnstone_watch_drop',
	'schema only: watching is on');
is($node->safe_psql('parts', 'SELECT (SELECT count(*) FROM turnstone.journal), (SELECT count(*) FROM migrate_status()), (SELECT count(*) FROM turnstone.ddl_log)'), '0|0|0',
	'schema only: there is no history, and nothing of the restore in the log');
my ($status, $out, $err) = $node->psql('parts', 'SELECT * FROM migrate_drift()');
like($err, qr/no run of migrations has been recorded in this database/, 'schema only: nothing to compare with');
$node->safe_psql('postgres', 'CREATE DATABASE schema_alone TEMPLATE parts');
$node->safe_psql('schema_alone', q{SELECT migrate_register('3_new.sql', 'CREATE TABLE shop.new (id int)'); SELECT * FROM migrate_apply()});
is($node->safe_psql('schema_alone', 'SELECT count(*) FROM migrate_drift()'), 0, 'schema only: the first run begins a history');

run_ok('restore: data only, behind the schema', @psql, @connection, '-f', "$folder/data.sql", '-d', 'parts');
same_history($node, 'parts', 'schema, then data');
$node->safe_psql('postgres', 'CREATE DATABASE archive_parts');
run_ok('restore: schema, for the archive', @psql, @connection, '-f', "$folder/schema.sql", '-d', 'archive_parts');
run_ok('restore: data of the archive, in parallel', 'pg_restore', '--exit-on-error', @connection, '-j2', "$folder/archive", '-d', 'archive_parts');
same_history($node, 'archive_parts', 'schema, then data in parallel');

# Over a database that has a history.
$node->safe_psql('postgres', 'CREATE DATABASE taken TEMPLATE app');
($out, $err) = run_command([ @psql, '-1', @connection, '-f', "$folder/data.sql", '-d', 'taken' ]);
like($err, qr/ERROR:  duplicate key value violates unique constraint/, 'data only, over a history: refused');
is($node->safe_psql('taken', $history), $kept, 'data only, over a history: which stays');

# ---------------------------------------------------------------------------------------------------- a whole cluster
my $second = PostgreSQL::Test::Cluster->new('second');
$second->init;
$second->start;
$node->safe_psql('postgres', "DROP DATABASE $_") for qw(parts archive_parts taken schema_alone);
run_ok('pg_dumpall', 'pg_dumpall', @connection, '--no-role-passwords', '-f', "$folder/cluster.sql");
($out, $err) = run_command([ 'psql', '-X', '-q', '-o', '/dev/null', '-h', $second->host, '-p', $second->port, '-f', "$folder/cluster.sql", '-d', 'postgres' ]);
unlike($err, qr/ERROR:  (?!role "\w+" already exists)/, 'restore of the cluster');
same_history($second, 'app', 'a whole cluster');
$second->stop;

# ----------------------------------------------------------------------------------------------------- DROP EXTENSION
$node->safe_psql('postgres', 'CREATE DATABASE dropped TEMPLATE app');
$node->safe_psql('dropped', q{SELECT migrate_break_glass('what depends on it');
	CREATE VIEW shop.applied AS SELECT version FROM turnstone.history;
	CREATE FUNCTION shop.own() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
	CREATE TRIGGER own BEFORE UPDATE ON shop.item FOR EACH ROW EXECUTE FUNCTION shop.own();
	CREATE TRIGGER stamped BEFORE UPDATE ON shop.item FOR EACH ROW EXECUTE FUNCTION set_stamp()});
($status, $out, $err) = $node->psql('dropped', 'DROP EXTENSION turnstone');
like($err, qr/ERROR:  cannot drop extension turnstone because other objects depend on it/, 'DROP EXTENSION: refused');
for my $dependent ('trigger stamped on table shop.item', 'trigger set_updated_at on table shop.stock', 'trigger set_changed on table shop.stock', 'view shop.applied', 'event trigger turnstone_watch_command', 'event trigger turnstone_seal_command')
{
	like($err, qr/^(DETAIL:  )?$dependent depends on /m, "DROP EXTENSION: it names the $dependent");
}
my $before = schema_dump($node, 'dropped', '--exclude-schema=turnstone');
my $rows = $node->safe_psql('dropped', 'SELECT * FROM shop.item');
($status, $out, $err) = $node->psql('dropped', 'DROP EXTENSION turnstone CASCADE');
is($status, 0, 'DROP EXTENSION CASCADE');
is($node->safe_psql('dropped', 'SELECT * FROM shop.item'), $rows, 'DROP EXTENSION CASCADE: rows are whole');
# Of the users' objects only what used it is gone: each statement of the dump behind it was in the one before.
sub statements { my %seen; $seen{$_}++ for grep { /\S/ && !/^SET / } map { s/^--.*\n//mgr =~ s/^\s+//r } split /;\n/, $_[0]; return \%seen }
my ($had, $has) = map { statements($_) } $before, schema_dump($node, 'dropped');
is(join('; ', grep { !$had->{$_} } sort keys %$has), '', 'DROP EXTENSION CASCADE: nothing was changed');
my @gone = grep { !$has->{$_} } sort keys %$had;
is(join("\n", map { s/\s+/ /gr =~ s/ (ON|AS|WHEN|WITH|RETURNS) .*//r } grep { /^CREATE/ } @gone), join("\n",
	(map { "CREATE EVENT TRIGGER turnstone_$_" } qw(seal_command seal_drop seal_start watch_command watch_drop)), 'CREATE EXTENSION IF NOT EXISTS turnstone',
	'CREATE FUNCTION public.set_stamp()', (map { "CREATE TRIGGER $_ BEFORE UPDATE" } qw(set_changed set_updated_at stamped)), 'CREATE VIEW shop.applied'),
	'DROP EXTENSION CASCADE: and only what used it is gone');
is($node->safe_psql('dropped', q{SELECT count(*) FROM pg_namespace WHERE nspname = 'turnstone'}), 0, 'DROP EXTENSION CASCADE: of the engine nothing is left');

$node->stop;
done_testing();
