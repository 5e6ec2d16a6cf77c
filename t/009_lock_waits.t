# Locks that others hold: who is named, what turnstone.cancel_blockers does to whom, how the waiting ends.
use strict;
use warnings FATAL => 'all';
use Test::More;
use Time::HiRes qw(sleep);
use Turnstone;

my $node = new_server();
$node->append_conf('postgresql.conf', "autovacuum = off\nmax_prepared_transactions = 4\n");
$node->restart;
my $watcher = session($node, 'postgres', 'watcher');
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', <<'SQL');
CREATE TABLE t (id int PRIMARY KEY, v text);
CREATE TABLE other (id int);
INSERT INTO t SELECT g, 'v' || g FROM generate_series(1, 10) g;
CREATE EXTENSION turnstone;
CREATE ROLE deployer LOGIN;
GRANT ALL ON SCHEMA public TO deployer;
GRANT EXECUTE ON PROCEDURE migrate_deploy(text) TO deployer;
ALTER TABLE t OWNER TO deployer;
SQL
my $version = 0;

sub register { my ($script) = @_; ++$version; return $node->safe_psql('app', "SELECT migrate_register('${version}_script.sql', \$x\$$script\$x\$)") }

sub hold
{
	my ($sql, $name) = @_;
	my $holder = session($node, 'app', $name // 'holder');
	$holder->run($sql);
	return $holder;
}

sub deploy
{
	my (%settings) = @_;
	my $role = delete $settings{role};
	my $run = session($node, 'app', 'runner', 'turnstone.ddl_lock_timeout' => '100ms', %settings);
	$run->run("SET ROLE $role") if $role;
	$run->send('CALL migrate_deploy()');
	return $run;
}
sub is_alive { my ($session) = @_; return $watcher->run("SELECT count(*) FROM pg_stat_activity WHERE pid = $session->{pid}") }
sub applied { return $node->safe_psql('app', "SELECT state FROM migrate_status() WHERE version = '$version'") }

# A lock that is let go: the retry gets it. The blocker is named with all that is known of it.
{
	register('ALTER TABLE t ADD COLUMN a int');
	my $holder = hold('BEGIN; SELECT count(*) FROM t', 'a report');
	my $run = deploy();
	ok(await($watcher, "SELECT @{[ waits_as('TurnstoneDdlLock') ]} FROM pg_stat_activity WHERE pid = $run->{pid}"), 'the run pauses');
	is($watcher->run("SELECT backend_xmin IS NULL AND backend_xid IS NULL FROM pg_stat_activity WHERE pid = $run->{pid}"), 't', 'without a snapshot and without a transaction id');
	is($watcher->run("SELECT string_agg(DISTINCT locktype, ',' ORDER BY locktype) FROM pg_locks WHERE pid = $run->{pid}"), 'advisory,virtualxid', 'and holds nothing but the run lock');
	$holder->run('COMMIT');
	my $error = $run->finish;
	like($error, qr/NOTICE:  migration "1_script.sql" did not get a lock in attempt 1: it is undone and tried again\nDETAIL:  In the way: process $holder->{pid}: role "\w+", application "a report", client local, idle in transaction, transaction of age 00:00:0\d, query: (;|SELECT count\(\*\) FROM t)/, 'the blocker is named');
	like($error, qr/NOTICE:  migration "1_script.sql" is applied/, 'and the migration is applied');
	is(applied(), 'applied', 'it is');
	$holder->finish;
}

# The time is over.
{
	register('ALTER TABLE t ADD COLUMN b int');
	my $holder = hold('BEGIN; LOCK t IN ACCESS SHARE MODE');
	my $error = deploy('turnstone.ddl_lock_wait' => '400ms')->finish;
	like($error, qr/attempt 2: /, 'it tries more than once');
	like($error, qr/turnstone.ddl_lock_wait is over\nDETAIL:  In the way: process $holder->{pid}: /, 'and says when the time is over');
	like($error, qr/ERROR:  canceling statement due to lock timeout\n/, 'with the error');
	$error = deploy('turnstone.ddl_lock_wait' => '0')->finish;
	like($error, qr/attempt 1: turnstone.ddl_lock_wait is over/, 'turnstone.ddl_lock_wait = 0 tries once');
	unlike($error, qr/attempt 2/, 'and no more');
	is(applied(), 'failed', 'the migration is not applied');
	$holder->finish;
	deploy()->finish;
	is(applied(), 'applied', 'and is when the lock is free');
}

# A queue for the lock: those who stand before.
{
	register('ALTER TABLE t ADD COLUMN queue int');
	my $holder = hold('BEGIN; LOCK t IN ACCESS SHARE MODE', 'first');
	my $error = deploy('turnstone.ddl_lock_wait' => '0')->finish;
	unlike($error, qr/; process|process (?!$holder->{pid})\d+:/m, 'the only holder');
	$holder->finish;
	deploy()->finish;
}

# A prepared transaction has no process.
{
	register('ALTER TABLE t ADD COLUMN c int');
	$node->safe_psql('app', q{BEGIN; LOCK t IN ACCESS SHARE MODE; PREPARE TRANSACTION 'forgotten'});
	my $error = deploy('turnstone.ddl_lock_wait' => '0', 'turnstone.cancel_blockers' => 'all')->finish;
	like($error, qr/In the way: a prepared transaction, see pg_prepared_xacts\./, 'a prepared transaction in the way');
	$node->safe_psql('app', q{ROLLBACK PREPARED 'forgotten'});
	deploy()->finish;
	is(applied(), 'applied', 'and away');
}

# cancel_blockers: only those who are in the way. A reader is none for a lock that lets readers be.
{
	register(q{CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
		CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()});
	my $reader = hold('BEGIN; SELECT count(*) FROM t', 'reader');
	my $writer = hold('BEGIN; UPDATE t SET v = v', 'writer');
	my $run = deploy('turnstone.cancel_blockers' => 'idle_in_transaction');
	my $error = $run->finish;
	like($error, qr/In the way: process $writer->{pid}:(?!.*process)/m, 'the writer alone is in the way');
	like($error, qr/NOTICE:  process $writer->{pid} is terminated, as turnstone.cancel_blockers says/, 'it is terminated');
	is(applied(), 'applied', 'and the migration applied');
	is(is_alive($reader), 1, 'the reader lives');
	is(is_alive($writer), 0, 'the writer does not');
	$_->finish for $reader, $writer;
}

# A query that runs is cancelled by "all" only.
{
	register('ALTER TABLE t ADD COLUMN d int');
	my $busy = session($node, 'app', 'busy');
	$busy->send('SELECT count(*), pg_sleep(600) FROM t');
	await($watcher, "SELECT wait_event = 'PgSleep' FROM pg_stat_activity WHERE pid = $busy->{pid}");
	my $error = deploy('turnstone.cancel_blockers' => 'idle_in_transaction', 'turnstone.ddl_lock_wait' => '300ms')->finish;
	like($error, qr/attempt 2/, 'a running query is left alone by idle_in_transaction');
	unlike($error, qr/as turnstone.cancel_blockers says/, 'indeed');
	$error = deploy('turnstone.cancel_blockers' => 'all')->finish;
	like($error, qr/NOTICE:  process $busy->{pid} is cancelled, as turnstone.cancel_blockers says/, 'and cancelled by all');
	is(applied(), 'applied', 'and the migration applied');
	like($busy->finish, qr/canceling statement due to user request/, 'the other session is told');
}

# A role that may not end the other session waits on, and says so.
{
	register('ALTER TABLE t ADD COLUMN e int');
	my $holder = hold('BEGIN; LOCK t IN ACCESS SHARE MODE');
	my $run = deploy(role => 'deployer', 'turnstone.cancel_blockers' => 'all');
	ok(await($watcher, "SELECT @{[ waits_as('TurnstoneDdlLock') ]} FROM pg_stat_activity WHERE pid = $run->{pid}"), 'the run waits on');
	sleep 0.3;
	is(is_alive($holder), 1, 'the other session lives');
	$holder->finish;
	my $error = $run->finish;
	like($error, qr/WARNING:  process $holder->{pid} is not \w+\nDETAIL:  /, 'there is a warning');
	is(applied(), 'applied', 'and in the end the migration is applied');
}

# In a migration that runs in steps it is the step that is tried again; the waits of CONCURRENTLY have no limit.
{
	register('CREATE TABLE steps (id int); CREATE INDEX CONCURRENTLY t_v ON t (v); ALTER TABLE t ADD COLUMN f int; INSERT INTO steps VALUES (1)');
	my $holder = hold('BEGIN; LOCK t IN ROW EXCLUSIVE MODE');
	my $run = deploy(lock_timeout => '150ms');
	ok(await($watcher, "$holder->{pid} = ANY (pg_blocking_pids($run->{pid}))"), 'CREATE INDEX CONCURRENTLY waits');
	sleep 0.5;
	is($watcher->run("SELECT $holder->{pid} = ANY (pg_blocking_pids($run->{pid}))"), 't', 'longer than lock_timeout');
	my $second = hold('BEGIN; LOCK t IN ACCESS SHARE MODE');
	$holder->finish;
	ok(await($watcher, "SELECT @{[ waits_as('TurnstoneDdlLock') ]} FROM pg_stat_activity WHERE pid = $run->{pid}"), 'ALTER TABLE is tried again');
	$second->finish;
	my $error = $run->finish;
	like($error, qr/did not get a lock in attempt 1: /, 'and says so');
	is(applied(), 'applied', 'the migration is applied');
	is($node->safe_psql('app', q{SELECT string_agg(statement || ' ' || state, ',' ORDER BY statement) FROM turnstone.step}), '1 done,2 done,3 done,4 done', 'in four steps');
	is($node->safe_psql('app', 'SELECT count(*) FROM steps'), 1, 'each of them once');
}

# A script's own lock_timeout holds for CONCURRENTLY too: what it leaves is dropped, and it is tried again.
{
	register(q{SET lock_timeout = '150ms'; CREATE INDEX CONCURRENTLY t_own ON t (v, id)});
	my $holder = hold('BEGIN; LOCK t IN ROW EXCLUSIVE MODE', 'in the way of the build');
	my $run = deploy('turnstone.cancel_blockers' => 'off');
	ok(await($watcher, "SELECT @{[ waits_as('TurnstoneDdlLock') ]} FROM pg_stat_activity WHERE pid = $run->{pid}"), 'the build is given up for now');
	$holder->finish;
	my $error = $run->finish;
	like($error, qr/attempt 1: it is undone and tried again\nDETAIL:  In the way: process $holder->{pid}: .*application "in the way of the build"/, 'it names who was in the way of CREATE INDEX CONCURRENTLY');
	like($error, qr/index public.t_own is INVALID/, 'the INVALID index is found');
	is(applied(), 'applied', 'and the migration applied');
	is($node->safe_psql('app', 'SELECT count(*) FROM pg_index WHERE NOT indisvalid'), 0, 'no index is INVALID');
}

# A deadlock is a lock that was not got, too.
{
	register('ALTER TABLE t ADD COLUMN g int; LOCK other IN ACCESS EXCLUSIVE MODE; ALTER TABLE other ADD COLUMN g int');
	my $holder = hold(q{SET deadlock_timeout = '1h'; BEGIN; LOCK other IN ACCESS SHARE MODE});
	my $run = deploy(deadlock_timeout => '300ms', 'turnstone.ddl_lock_timeout' => '60s');
	ok(await($watcher, "$holder->{pid} = ANY (pg_blocking_pids($run->{pid}))"), 'the run waits for the other');
	$holder->send('SELECT count(*) FROM t');
	my $error;
	ok(await($watcher, "NOT EXISTS (SELECT FROM pg_locks WHERE pid = $holder->{pid} AND NOT granted)"), 'the deadlock is broken');
	$holder->run('COMMIT');
	$error = $run->finish;
	like($error, qr/did not get a lock in attempt 1: it is undone and tried again/, 'and the migration tried again');
	is(applied(), 'applied', 'it is applied');
	unlike($holder->finish, qr/ERROR/, 'the other session has met no error');
}

# An INVALID index of another's build in progress: IF NOT EXISTS waits for that build, and is no part of a deadlock.
{
	register('CREATE INDEX CONCURRENTLY IF NOT EXISTS t_shared ON t (v)');
	my $writer = hold('BEGIN; LOCK t IN ROW EXCLUSIVE MODE');
	my $builder = session($node, 'app', 'builder');
	$builder->send('CREATE INDEX CONCURRENTLY t_shared ON t (v)');
	ok(await($watcher, "$writer->{pid} = ANY (pg_blocking_pids($builder->{pid}))"), 'another session builds the index');
	my $run = deploy();
	ok(await($watcher, "$builder->{pid} = ANY (pg_blocking_pids($run->{pid}))"), 'the run waits for that');
	is($watcher->run("SELECT backend_xmin IS NULL FROM pg_stat_activity WHERE pid = $run->{pid}"), 't', 'without a snapshot');
	$writer->finish;
	my $error = $run->finish;
	unlike($error, qr/ERROR|INVALID/, 'there is no error, and nothing is dropped');
	unlike($builder->finish, qr/ERROR/, 'nor for the other');
	is(applied(), 'applied', 'it is applied');
}
$watcher->finish;
$node->stop;
done_testing();
