# How a run of migrate_deploy() may end, and that the next call goes on: cancelled, out of time, its client dead, the
# server shut down; on a standby, and on one that was promoted in the middle of a run.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Cluster;
use Test::More;
use Time::HiRes qw(sleep);
use Turnstone;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1);
$node->append_conf('postgresql.conf', "autovacuum = off\nlog_min_messages = warning\n");
$node->start;
my $watcher = session($node, 'postgres', 'watcher');
my $databases = 0;

# A database with a transactional migration and one that builds an index between two other statements.
sub new_app
{
	my $name = 'app' . ++$databases;
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, <<'SQL');
CREATE TABLE t (id int PRIMARY KEY, v text);
INSERT INTO t SELECT g, 'v' || g FROM generate_series(1, 20) g;
CREATE TABLE effects (label text);
CREATE FUNCTION at(place text) RETURNS text LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(hashtext(place)); RETURN place; END $$;
CREATE EXTENSION turnstone;
SELECT migrate_register('1_plain.sql', $$INSERT INTO effects VALUES ('1'); CREATE TABLE one (id int); SELECT at('middle');$$);
SELECT migrate_register('2_index.sql', $$INSERT INTO effects VALUES ('2.1'); CREATE INDEX CONCURRENTLY t_v ON t (v); INSERT INTO effects VALUES ('2.3');$$);
SQL
	return $name;
}

sub hold
{
	my ($database, $sql) = @_;
	my $holder = session($node, $database, 'holder');
	$holder->run($sql);
	return $holder;
}

# A run that waits for the holder.
sub stuck
{
	my ($database, $holder, %settings) = @_;
	my $run = session($node, $database, 'runner', %settings);
	$run->send('CALL migrate_deploy()');
	ok(await($watcher, "$holder->{pid} = ANY (pg_blocking_pids($run->{pid}))"), 'the run waits');
	return $run;
}

my $build = 'BEGIN; LOCK t IN ROW EXCLUSIVE MODE';
my $middle = "SELECT pg_advisory_lock(hashtext('middle'))";
my $last_run = q{SELECT state, error_sqlstate FROM turnstone.run ORDER BY id DESC LIMIT 1};
my $states = q{SELECT string_agg(version || ' ' || state, ',' ORDER BY version) FROM migrate_status()};
my $steps = q{SELECT string_agg(statement || ' ' || state, ',' ORDER BY statement) FROM turnstone.step};
my $invalid = 'SELECT count(*) FROM pg_index WHERE NOT indisvalid';

# What is told of a detached run while somebody waits for it.
{
	my $database = new_app();
	my $other = hold($database, 'SELECT pg_advisory_lock((1953854062::bigint << 32) | 1937010542)');
	my $run = session($node, $database, 'runner');
	$run->run('SELECT migrate_submit() AS run \gset');
	$run->send('CALL migrate_wait(:run)');
	$run->{harness}->pump until $run->{err} =~ /NOTICE.*\n/;
	$other->finish;
	my $err = $run->finish;
	like($err, qr/^NOTICE:  run \d+: waiting for another run to end$/m, 'a queued run: what it waits for, and nothing else');
	unlike($err, qr/""|  of|\( of/, 'nothing is told that is not known');
	is($node->safe_psql($database, $states), '1 applied,2 applied', 'a queued run: it comes to its turn');
}

# As by an impatient user; and a single request comes as two signals where it comes through the postmaster.
my $many_times = 'FROM generate_series(1, 300) AS n, LATERAL (SELECT pg_sleep(n * 0.000002)) AS moment';

sub is_sql { my ($server, $database, $sql, $expected, $what) = @_; return is($server->safe_psql($database, $sql), $expected, $what) }

sub goes_on
{
	my ($server, $database, $what) = @_;
	is($server->psql($database, 'CALL migrate_deploy()', on_error_stop => 1), 0, "$what: the next call goes on");
	is_sql($server, $database, q{SELECT string_agg(label, ',' ORDER BY label) FROM effects}, '1,2.1,2.3', "$what: every statement ran once");
	is_sql($server, $database, $invalid, 0, "$what: no index is INVALID");
	is_sql($server, $database, $states, '1 applied,2 applied', "$what: all is applied");
	is_sql($server, $database, 'SELECT count(*) FROM migrate_drift()', 0, "$what: no drift");
	is_sql($server, $database, q{SELECT count(*) FROM turnstone.run WHERE state = 'running'}, 0, "$what: no run is left open");
	is_sql($server, $database, q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())},
		0, "$what: no lock is left");
	return;
}

# Cancelled, or out of time, in the build.
for my $case ([ 'cancel in a build', 'due to user request' ], [ 'statement_timeout in a build', 'due to statement timeout', statement_timeout => '1s' ])
{
	my ($what, $message, %settings) = @$case;
	my $app = new_app();
	my $holder = hold($app, $build);
	my $run = stuck($app, $holder, %settings);
	$watcher->run("SELECT count(pg_cancel_backend($run->{pid})) $many_times") unless %settings;
	my $error = $run->finish;
	like($error, qr/ERROR:  canceling statement $message/, "$what: the error is told");
	like($error, qr/migration "2_index.sql" \(up\), statement 2, line 1/, "$what: with its place");
	like($error, qr/1 of 2 migrations are applied and committed. "2_index.sql" is applied in part/, "$what: and what state that is");
	is_sql($node, $app, $last_run, 'cancelled|57014', "$what: the run is over");
	is_sql($node, $app, $steps, '1 done,2 failed', "$what: the step has failed");
	is_sql($node, $app, $states, '1 applied,2 partial', "$what: the migration is partial");
	is_sql($node, $app, q{SELECT version, error_sqlstate, error_statement FROM turnstone.journal WHERE error_sqlstate IS NOT NULL}, '2|57014|2', "$what: the journal has the failure");
	is_sql($node, $app, $invalid, 1, "$what: the index is INVALID");
	is_sql($node, $app, q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}, 0, "$what: the run lock is free");
	$holder->finish;
	goes_on($node, $app, $what);
}

# Cancelled in a transaction: nothing of it is left.
{
	my $app = new_app();
	my $holder = hold($app, $middle);
	my $run = stuck($app, $holder);
	$watcher->run("SELECT count(pg_cancel_backend($run->{pid})) $many_times");
	like($run->finish, qr/0 of 2 migrations are applied and committed. "1_plain.sql" has left nothing/, 'cancel in a transaction: nothing is left');
	is_sql($node, $app, $last_run, 'cancelled|57014', 'cancel in a transaction: the run is over');
	is_sql($node, $app, "SELECT to_regclass('one') IS NULL AND NOT EXISTS (SELECT FROM effects)", 't', 'cancel in a transaction: indeed');
	is_sql($node, $app, $states, '1 failed,2 pending', 'cancel in a transaction: the state says so');
	$holder->finish;
	goes_on($node, $app, 'cancel in a transaction');
}

# Cancelled, or out of time, while it waits for the other run; and the wait holds no lock of its own.
{
	my $app = new_app();
	my $holder = hold($app, $middle);
	my $run = stuck($app, $holder);
	for my $case ([ 'user request' ], [ 'statement timeout', statement_timeout => '1500ms' ])
	{
		my ($message, %settings) = @$case;
		my $second = session($node, $app, 'second', %settings);
		$second->send('CALL migrate_deploy()');
		ok(await($watcher, "SELECT @{[ waits_as('TurnstoneRunLock') ]} FROM pg_stat_activity WHERE pid = $second->{pid}"), 'the second one waits');
		sleep 1.2; # it has looked who the holder is by now
		is($watcher->run("SELECT backend_xmin IS NULL AND backend_xid IS NULL FROM pg_stat_activity WHERE pid = $second->{pid}"), 't', 'without a snapshot and without a transaction id');
		is($watcher->run("SELECT string_agg(locktype, ',') FROM pg_locks WHERE pid = $second->{pid}"), 'virtualxid', 'and without a lock');
		$watcher->run("SELECT pg_cancel_backend($second->{pid})") unless %settings;
		like($second->finish, qr/ERROR:  canceling statement due to $message/, "$message while it waits for the run lock");
	}
	is_sql($node, $app, 'SELECT count(*) FROM turnstone.run', 1, 'no run of it is on record');
	$holder->finish;
	$run->finish;
	goes_on($node, $app, 'cancel while it waits for the run lock');
}

# The client dies. Without client_connection_check_interval the server notices when it sends the next notice: the build
# comes to its end and is marked, what stands behind it is left to the next call.
{
	my $app = new_app();
	my $holder = hold($app, $build);
	my $run = stuck($app, $holder);
	$run->kill;
	sleep 0.5;
	is($watcher->run("SELECT count(*) FROM pg_stat_activity WHERE pid = $run->{pid}"), 1, 'dead client: the build goes on');
	$holder->finish;
	ok(await($watcher, "NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $run->{pid})"), 'dead client: and the session ends');
	is_sql($node, $app, $steps, '1 done,2 done', 'dead client: the build is done');
	is_sql($node, $app, q{SELECT state FROM turnstone.run ORDER BY id DESC LIMIT 1}, 'running', 'dead client: the run could not say how it ended');
	is_sql($node, $app, $states, '1 applied,2 partial', 'dead client: the migration is partial');
	goes_on($node, $app, 'dead client');
	is_sql($node, $app, q{SELECT string_agg(state, ',' ORDER BY id) FROM turnstone.run}, 'interrupted,done', 'dead client: the next call says it');

	$app = new_app();
	$holder = hold($app, $build);
	$run = stuck($app, $holder, client_connection_check_interval => '100ms');
	$run->kill;
	ok(await($watcher, "NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $run->{pid})"), 'dead client, client_connection_check_interval: the session ends at once');
	is_sql($node, $app, $steps, '1 done,2 started', 'dead client, client_connection_check_interval: in the build');
	$holder->finish;
	goes_on($node, $app, 'dead client, client_connection_check_interval');
}

# The server is shut down.
{
	my $app = new_app();
	my $holder = hold($app, $build);
	my $run = stuck($app, $holder);
	$node->stop('fast');
	like($run->last_words, qr/terminating connection due to administrator command/, 'fast shutdown: the client is told');
	$_->kill for $holder, $watcher;
	$node->start;
	$watcher = session($node, 'postgres', 'watcher');
	goes_on($node, $app, 'fast shutdown');
}

# A standby refuses; promoted in the middle of the primary's run it goes on.
{
	my $app = new_app();
	$node->backup('copy');
	my $standby = PostgreSQL::Test::Cluster->new('standby');
	$standby->init_from_backup($node, 'copy', has_streaming => 1);
	$standby->start;
	my $holder = hold($app, $build);
	my $run = stuck($app, $holder);
	$node->wait_for_catchup($standby, 'replay', $node->lsn('flush'));
	for my $call ('CALL migrate_deploy()', 'CALL migrate_revert()', 'SELECT migrate_apply()')
	{
		my ($status, $out, $err) = $standby->psql($app, "\\set VERBOSITY verbose\n$call");
		like($err, qr/ERROR:  25006: /, "standby: $call is refused");
	}
	is_sql($standby, $app, $states, '1 applied,2 partial', 'standby: it sees how far the run is');
	$node->stop('immediate');
	$_->kill for $holder, $run, $watcher;
	$standby->promote;
	$standby->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()') or die 'not promoted';
	goes_on($standby, $app, 'promoted standby');
	is_sql($standby, $app, q{SELECT string_agg(state, ',' ORDER BY id) FROM turnstone.run}, 'interrupted,done', 'promoted standby: the runs say so');
	$standby->stop;
}
done_testing();
