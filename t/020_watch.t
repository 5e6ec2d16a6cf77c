# Watching and sealing from outside: dumps and restores of every kind, the optional hook, and sessions side by side.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = new_server();
my $folder = $PostgreSQL::Test::Utils::tmp_check;

# ------------------------------------------------------------------------------------------------- dump and restore
$node->safe_psql('postgres', 'CREATE ROLE developer');
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', q{
	CREATE EXTENSION turnstone;
	SELECT migrate_register('1_create.sql', $script$-- +migrate Up
CREATE SCHEMA shop AUTHORIZATION developer;
CREATE TABLE shop.item (id serial PRIMARY KEY, name text NOT NULL, price numeric CHECK (price > 0), updated_at timestamptz);
CREATE INDEX item_name ON shop.item (lower(name));
CREATE VIEW shop.cheap AS SELECT id FROM shop.item WHERE price < 10;
CREATE MATERIALIZED VIEW shop.counted AS SELECT count(*) AS items FROM shop.item;
CREATE TABLE shop.sale (item int REFERENCES shop.item, at date) PARTITION BY RANGE (at);
CREATE TABLE shop.sale_2024 PARTITION OF shop.sale FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE FUNCTION shop.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER f BEFORE INSERT ON shop.item FOR EACH ROW EXECUTE FUNCTION shop.f();
ALTER TABLE shop.item ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON shop.item USING (true);
COMMENT ON TABLE shop.item IS 'what is sold';
GRANT SELECT ON shop.item TO developer;
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO developer;
$script$);
	SELECT * FROM migrate_apply();
	SELECT migrate_updated_at_policy();
	SELECT migrate_watch(true);
	CREATE TABLE shop.by_hand (id int);
	SELECT migrate_seal('refuse');
	SELECT migrate_break_glass('ended');
	DROP TABLE shop.by_hand;
	SELECT migrate_break_glass_end();
	SELECT migrate_break_glass('open when the dump is taken', "for" => '1 day');
	ALTER TABLE shop.item ADD COLUMN by_hand int;});

my $log = 'SELECT * FROM turnstone.ddl_log ORDER BY id';
my $logged = $node->safe_psql('app', $log);
is($node->safe_psql('app', 'SELECT count(*), count(break_glass) FROM turnstone.ddl_log'), '3|2', 'what was done by hand is logged');
my $switches = q{SELECT evtname, evtevent, evtenabled, obj_description(oid, 'pg_event_trigger') FROM pg_event_trigger ORDER BY 1};
my $switched = $node->safe_psql('app', $switches);

sub run_ok
{
	my ($what, @command) = @_;
	my ($out, $err) = run_command([@command]);
	is($err, '', $what);
	return;
}

sub connection { return ('-h', $node->host, '-p', $node->port) }

# What a restored database has to have.
sub check_restored
{
	my ($name, $how) = @_;
	is($node->safe_psql($name, $log), $logged, "$how: the log is what it was, and nothing of the restore is in it");
	is($node->safe_psql($name, $switches), $switched, "$how: the event triggers are there");
	is($node->safe_psql($name, 'SELECT mode, schemas FROM turnstone.seal'), 'refuse|', "$how: the seal is there");
	is($node->safe_psql($name, 'SELECT reason FROM turnstone.break_glass'), 'ended', "$how: no glass is broken there that is in the other one");
	is($node->safe_psql($name, 'SELECT relispopulated FROM pg_class WHERE relname = \'counted\''), 't', "$how: the materialized view has its rows");
	my ($status, $out, $err) = $node->psql($name, 'ALTER TABLE shop.item ADD COLUMN x int');
	like($err, qr/ALTER TABLE is no migration, and schema "shop" is sealed/, "$how: the seal holds");
	$node->safe_psql($name, q{SELECT migrate_seal('off'); ALTER TABLE shop.item ADD COLUMN x int});
	is($node->safe_psql($name, 'SELECT id, statement FROM turnstone.ddl_log WHERE id > 3'), '4|ALTER TABLE shop.item ADD COLUMN x int',
		"$how: watching goes on, with the next number");
	return;
}

run_ok('plain dump', 'pg_dump', connection(), '-f', "$folder/plain.sql", 'app');
run_ok('plain dump that cleans', 'pg_dump', connection(), '--clean', '--if-exists', '-f', "$folder/clean.sql", 'app');
run_ok('custom dump', 'pg_dump', connection(), '-Fc', '-f', "$folder/custom", 'app');
run_ok('directory dump', 'pg_dump', connection(), '-Fd', '-j2', '-f', "$folder/directory", 'app');

my @psql = ('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', connection(), '-o', '/dev/null');
my @restore = ('pg_restore', '--exit-on-error', connection());
my %restores = (
	plain => [ @psql, '-f', "$folder/plain.sql", '-d' ],
	single => [ @psql, '-1', '-f', "$folder/plain.sql", '-d' ],
	custom => [ @restore, "$folder/custom", '-d' ],
	parallel => [ @restore, '-j2', "$folder/custom", '-d' ],
	directory => [ @restore, '-j2', "$folder/directory", '-d' ]);
for my $how (sort keys %restores)
{
	$node->safe_psql('postgres', "CREATE DATABASE $how");
	run_ok("restore: $how", @{ $restores{$how} }, $how);
	check_restored($how, $how);
}

# Over a database in which watching and sealing are on: its event triggers go first.
my %over = (
	clean => [ @psql, '-f', "$folder/clean.sql", '-d' ],
	clean_custom => [ @restore, '--clean', '--if-exists', "$folder/custom", '-d' ],
	clean_parallel => [ @restore, '--clean', '--if-exists', '-j2', "$folder/custom", '-d' ]);
for my $how (sort keys %over)
{
	$node->safe_psql('postgres', "CREATE DATABASE $how TEMPLATE app");
	run_ok("restore: $how", @{ $over{$how} }, $how);
	check_restored($how, $how);
}

# Table by table, as one does to get one table back.
$node->safe_psql('postgres', 'CREATE DATABASE one_table TEMPLATE app');
$node->safe_psql('one_table', 'DROP TABLE shop.sale');
run_ok('restore: one table', @restore, '-t', 'sale', "$folder/custom", '-d', 'one_table');
is($node->safe_psql('one_table', 'SELECT count(*) FROM turnstone.ddl_log WHERE id > 3 AND break_glass IS NOT NULL'), 3,
	'into a watched database a restore is DDL like any other');

# ----------------------------------------------------------------------------------------------------------- the hook
$node->safe_psql('postgres', 'CREATE DATABASE hooked');
$node->safe_psql('hooked', 'CREATE EXTENSION turnstone; CREATE TABLE t (id int); CREATE TABLE u (id int)');
my ($status, $out, $err) = $node->psql('hooked', q{SET turnstone.watch_shared = on; SELECT migrate_watch(true)});
like($err, qr/sessions do not load the library when they begin/, 'the hook is asked for, but not loaded');
$node->safe_psql('hooked', q{ALTER DATABASE hooked SET session_preload_libraries = 'turnstone'; ALTER DATABASE hooked SET turnstone.watch_shared = on});
($status, $out, $err) = $node->psql('hooked', 'SELECT status FROM migrate_watch(true)');
is("$out|$err", "unchanged\nunchanged|", 'it is loaded');
$node->safe_psql('hooked', $_) for
  'CREATE ROLE "Shared role" PASSWORD \'hidden\'',
  q{ALTER ROLE "Shared role" ENCRYPTED PASSWORD 'hidden' VALID UNTIL '2040-01-01'},
  q{ALTER ROLE "Shared role" IN DATABASE hooked SET work_mem = '1MB'},
  'GRANT pg_monitor TO "Shared role"',
  'ALTER ROLE "Shared role" RENAME TO renamed_role',
  'REASSIGN OWNED BY renamed_role TO CURRENT_USER',
  'COMMENT ON ROLE renamed_role IS \'x\'',
  'DROP ROLE renamed_role',
  'CREATE DATABASE made_here',
  'ALTER DATABASE made_here CONNECTION LIMIT 7',
  'DROP DATABASE made_here',
  'ALTER SYSTEM SET primary_conninfo = \'host=h password=hidden\'',
  'SELECT 1; TRUNCATE t, u; SELECT 2',
  'CREATE TEMP TABLE x (id int); TRUNCATE x',
  'DO $$ BEGIN EXECUTE \'TRUNCATE u\'; END $$',
  'UPDATE pg_class SET reltuples = 0 WHERE relname = \'t\'',
  'UPDATE pg_class SET reltuples = 0 WHERE relname = \'none\'',
  'CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS \'BEGIN END\'',
  'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e()',
  'ALTER EVENT TRIGGER e DISABLE', 'DROP EVENT TRIGGER e',
  'BEGIN; TRUNCATE t; ROLLBACK';
is($node->safe_psql('hooked', q{
	SELECT command, statement, (SELECT string_agg(CASE WHEN (o->>'dropped')::bool THEN '-' ELSE '' END || (o->>'type') || ' ' || (o->>'identity'), ', ')
	                              FROM jsonb_array_elements(objects) o) FROM turnstone.ddl_log ORDER BY id}),
	join("\n",
		q{CREATE ROLE|CREATE ROLE "Shared role" PASSWORD '***'|role "Shared role"},
		q{ALTER ROLE|ALTER ROLE "Shared role" ENCRYPTED PASSWORD '***' VALID UNTIL '2040-01-01'|role "Shared role"},
		q{ALTER ROLE|ALTER ROLE "Shared role" IN DATABASE hooked SET work_mem = '1MB'|role "Shared role", database hooked},
		q{GRANT ROLE|GRANT pg_monitor TO "Shared role"|role pg_monitor, role "Shared role"},
		q{ALTER ROLE|ALTER ROLE "Shared role" RENAME TO renamed_role|role renamed_role},
		q{REASSIGN OWNED|REASSIGN OWNED BY renamed_role TO CURRENT_USER|role renamed_role, role postgres},
		q{COMMENT|COMMENT ON ROLE renamed_role IS 'x'|role renamed_role},
		q{DROP ROLE|DROP ROLE renamed_role|-role renamed_role},
		q{CREATE DATABASE|CREATE DATABASE made_here|database made_here},
		q{ALTER DATABASE|ALTER DATABASE made_here CONNECTION LIMIT 7|database made_here},
		q{DROP DATABASE|DROP DATABASE made_here|-database made_here},
		q{ALTER SYSTEM|ALTER SYSTEM SET primary_conninfo = '***'|},
		q{TRUNCATE TABLE|TRUNCATE t, u|table public.t, table public.u},
		q{TRUNCATE TABLE|TRUNCATE u|table public.u},
		q{UPDATE|UPDATE pg_class SET reltuples = 0 WHERE relname = 't'|table pg_catalog.pg_class},
		q{CREATE FUNCTION|CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'|function public.e()},
		q{CREATE EVENT TRIGGER|CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e()|event trigger e},
		q{ALTER EVENT TRIGGER|ALTER EVENT TRIGGER e DISABLE|event trigger e},
		q{DROP EVENT TRIGGER|DROP EVENT TRIGGER e|-event trigger e}), 'the hook sees what event triggers do not');
is($node->safe_psql('hooked', q{SELECT count(*) FROM turnstone.ddl_log, jsonb_array_elements(objects) o WHERE (o->>'oid')::int = 0}), 0, 'every object has its OID');
$node->safe_psql('hooked', q{
	SELECT migrate_register('1_truncate.sql', 'TRUNCATE t; CREATE ROLE by_migration; DROP ROLE by_migration');
	SELECT * FROM migrate_apply()});
is($node->safe_psql('hooked', 'SELECT command FROM turnstone.ddl_log ORDER BY id DESC LIMIT 1'), 'DROP EVENT TRIGGER', 'migrations pass unseen');
$node->safe_psql('hooked', 'SELECT migrate_watch(false)');
$node->safe_psql('hooked', 'TRUNCATE t; CREATE ROLE unseen; DROP ROLE unseen');
is($node->safe_psql('hooked', 'SELECT count(*) FROM turnstone.ddl_log'), 19, 'not watching, the hook is silent');
# The library is there, the extension is not.
$node->safe_psql('postgres', q{CREATE DATABASE bare; ALTER DATABASE bare SET session_preload_libraries = 'turnstone'; ALTER DATABASE bare SET turnstone.watch_shared = on});
($status, $out, $err) = $node->psql('bare', 'CREATE TABLE t (id int); TRUNCATE t; CREATE ROLE unseen; DROP ROLE unseen');
is("$status$err", '0', 'without the extension the hook is silent');

# --------------------------------------------------------------------------------------------- sessions side by side
$node->safe_psql('postgres', 'CREATE DATABASE busy');
$node->safe_psql('busy', 'CREATE EXTENSION turnstone; CREATE TABLE t (id int); SELECT migrate_watch(true)');
my $first = session($node, 'busy', 'first');
my $second = session($node, 'busy', 'second');
$first->run('BEGIN; CREATE TABLE a (id int)');
$second->run('BEGIN; CREATE TABLE b (id int); COMMIT');
$first->run('CREATE TABLE c (id int); COMMIT');
is($node->safe_psql('busy', 'SELECT application, statement FROM turnstone.ddl_log ORDER BY id'),
	"first|CREATE TABLE a (id int)\nsecond|CREATE TABLE b (id int)\nfirst|CREATE TABLE c (id int)", 'sessions do not wait for each other');

# The log is locked: the session's own lock_timeout ends the wait, and the statement goes through.
$first->run('BEGIN; LOCK TABLE turnstone.ddl_log IN ACCESS EXCLUSIVE MODE');
($status, $out, $err) = $node->psql('busy', q{SET lock_timeout = '100ms'; CREATE TABLE while_locked (id int)});
is($status, 0, 'a locked log fails no statement');
like($err, qr/WARNING:  this statement is not recorded in turnstone.ddl_log\nDETAIL:  canceling statement due to lock timeout/, 'but it is said');
($status, $out, $err) = $node->psql('busy', q{SET statement_timeout = '300ms'; CREATE TABLE given_up (id int)});
like($err, qr/canceling statement due to statement timeout/, 'a cancel is obeyed');
$first->run('ROLLBACK');
is($node->safe_psql('busy', q{SELECT to_regclass('while_locked'), to_regclass('given_up') IS NULL}), 'while_locked|t', 'the one is there, the other not');

# A deadlock with the log is not the statement's.
$first->run('BEGIN; LOCK TABLE t IN ACCESS SHARE MODE');
$second->run('BEGIN; LOCK TABLE turnstone.ddl_log IN ACCESS EXCLUSIVE MODE');
$second->send('LOCK TABLE t IN ACCESS EXCLUSIVE MODE; COMMIT');
my $watcher = session($node, 'postgres', 'watcher');
ok(await($watcher, "EXISTS (SELECT FROM pg_locks WHERE pid = $second->{pid} AND NOT granted)"), 'the other one waits');
$first->run(q{SET deadlock_timeout = '10ms'; CREATE TABLE in_deadlock (id int); COMMIT});
is($node->safe_psql('busy', q{SELECT to_regclass('in_deadlock')}), 'in_deadlock', 'a deadlock over the log fails no statement');
like($first->finish, qr/DETAIL:  deadlock detected/, 'but it is said');
$second->finish;
$watcher->finish;

# Many statements in one transaction, each with its row.
$node->safe_psql('busy', 'TRUNCATE turnstone.ddl_log');
$node->safe_psql('busy', q{DO $$ BEGIN FOR i IN 1 .. 500 LOOP EXECUTE format('CREATE TABLE many_%s (id int)', i); END LOOP; END $$});
is($node->safe_psql('busy', q{SELECT count(*), count(DISTINCT statement), count(DISTINCT transaction) FROM turnstone.ddl_log}), '500|500|1', 'many statements in one transaction');

# Two who switch at once.
$node->safe_psql('busy', 'SELECT migrate_watch(false)');
$first = session($node, 'busy', 'first');
$second = session($node, 'busy', 'second');
$first->run('BEGIN; SELECT migrate_watch(true)');
$second->send('SELECT migrate_watch(true)');
$watcher = session($node, 'postgres', 'watcher');
ok(await($watcher, "EXISTS (SELECT FROM pg_locks WHERE pid = $second->{pid} AND NOT granted)"), 'the second waits for the first');
$first->run('COMMIT');
is($second->run('SELECT 1'), "(turnstone_watch_command,unchanged)\n(turnstone_watch_drop,unchanged)\n1", 'and finds its work done');
$_->finish for $first, $second, $watcher;

$node->stop;
done_testing();
