# Faults of time: the server goes down in every phase of a run in one transaction and of a detached one (t/006_crash.t has those of
# migrate_deploy()), time limits strike, the clock jumps, a standby is promoted while the primary lives.
use strict;
use warnings FATAL => 'all';
use Faults;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);
use Turnstone;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1);
$node->append_conf('postgresql.conf', "autovacuum = off\nlog_min_messages = warning\nmax_prepared_transactions = 2\n");
$node->start;
my $watcher = session($node, 'postgres', 'watcher');
my $databases = 0;
my $run_lock = 'SELECT pg_advisory_lock((1953854062::bigint << 32) | 1937010542)';
my $middle = q{SELECT pg_advisory_lock(hashtext('middle'))};
my $heavy = 'CREATE TABLE heavy (id int);';

sub app { return new_app($node, 'app' . ++$databases, $heavy, @_) }

sub holder
{
	my ($database, $sql) = @_;
	my $session = session($node, $database, 'holder');
	$session->run($sql);
	return $session;
}

sub is_sql { my ($server, $database, $sql, $expected, $what) = @_; return is($server->safe_psql($database, $sql), $expected, $what) }

sub power_cut
{
	my (@sessions) = @_;
	$node->stop('immediate');
	$_->kill for @sessions, $watcher;
	$node->start;
	$watcher = session($node, 'postgres', 'watcher');
	return;
}

# --------------------------------------------------------------------- the server goes down in each phase of a run
my @phases = (
	[ 'waiting for the run lock', $run_lock, 'asleep' ],
	[ 'in its first statement', 'BEGIN; LOCK effects IN SHARE MODE' ],
	[ 'in the middle of a script', $middle ],
	[ 'before a row of the journal', 'BEGIN; LOCK turnstone.journal IN SHARE MODE' ],
	[ 'before the row of the run', 'BEGIN; LOCK turnstone.run IN SHARE MODE' ],
	[ 'before the record of the schema', 'BEGIN; LOCK turnstone.snapshot IN SHARE MODE' ],
);
for my $phase (@phases)
{
	my ($name, $hold, $asleep) = @$phase;
	for my $kind ('apply', 'detached run')
	{
		my $what = "$kind, $name";
		my $database = app(transactional => $kind eq 'apply');
		my $holder = holder($database, $hold);
		my $run = session($node, $database, 'runner');
		my $sent = $kind eq 'apply' ? 'SELECT version FROM migrate_apply()' : 'SELECT migrate_submit()';
		$run->send($sent);
		my $who = $kind eq 'apply' ? "a.pid = $run->{pid}" : "a.datname = '$database' AND a.backend_type = 'turnstone'";
		my $state = $asleep ? 'a.' . waits_as('TurnstoneRunLock') : "$holder->{pid} = ANY (pg_blocking_pids(a.pid))";
		ok(await($watcher, "EXISTS (SELECT FROM pg_stat_activity a WHERE $who AND $state)"), "$what: reached");
		$run->run('') if $asleep && $kind ne 'apply'; # the worker has answered
		power_cut($holder, $run);
		agreement($node, $database, $what);
		is_sql($node, $database, q{SELECT count(*) FROM migrate_status() WHERE state = 'applied'}, 0, "$what: nothing is there") if $kind eq 'apply';
		goes_on($node, $database, $what, $kind eq 'apply' ? 'SELECT version FROM migrate_apply()' : 'SELECT migrate_submit() AS run \gset' . "\nCALL migrate_wait(:run)");
		is_sql($node, $database, q{SELECT count(*) FROM turnstone.run WHERE state IN ('queued', 'running')}, 0, "$what: no run is left open");
	}
}

# Done, and not committed.
{
	my $database = app(transactional => 1);
	my $run = session($node, $database, 'runner');
	$run->run('BEGIN; SELECT version FROM migrate_apply()');
	power_cut($run);
	agreement($node, $database, 'apply, before the commit');
	is_sql($node, $database, 'SELECT count(*) FROM turnstone.journal WHERE state IS NOT NULL', 0, 'apply, before the commit: nothing is there');
	goes_on($node, $database, 'apply, before the commit', 'SELECT version FROM migrate_apply()');
}

# In two phases: prepared, the run outlives the server, and so does its lock.
{
	my $database = app(transactional => 1);
	my $refused = q{BEGIN; SELECT version FROM migrate_apply(); PREPARE TRANSACTION 'a run'};
	like(error_of($node, $database, $refused), qr/ERROR:  0A000: cannot PREPARE a transaction that has executed LISTEN, UNLISTEN, or NOTIFY/, 'a run to be prepared: not with notifications');
	agreement($node, $database, 'a run to be prepared');
	my $run = session($node, $database, 'runner', 'turnstone.notify' => 'off');
	$run->run($refused);
	power_cut($run);
	is_sql($node, $database, q{SELECT count(*) FROM migrate_status() WHERE state = 'applied'}, 0, 'a prepared run: not applied yet');
	my $err = error_of($node, $database, q{SET lock_timeout = '100ms'; SELECT version FROM migrate_apply()});
	like($err, qr/ERROR:  55P03: another session is running migrations in this database/, 'a prepared run: others wait for it');
	like($err, qr/DETAIL:  The prepared transaction "a run" \(of role "\w+"\) holds it, since .*ROLLBACK PREPARED ends it\./, 'a prepared run: and are told of it');
	$node->safe_psql($database, q{COMMIT PREPARED 'a run'});
	goes_on($node, $database, 'a prepared run', 'SELECT version FROM migrate_apply()');
}

# ----------------------------------------------------------------------------------------------------- time limits
{
	my $database = app();
	my $idle = session($node, $database, 'idle', idle_in_transaction_session_timeout => '100ms');
	$idle->send('BEGIN; SELECT version FROM migrate_apply($$2$$)');
	ok(await($watcher, "NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $idle->{pid})"), 'idle in transaction: the session ends');
	$idle->kill;
	like(slurp_file($node->logfile), qr/FATAL:  terminating connection due to idle-in-transaction timeout/, 'idle in transaction: by that limit');
	agreement($node, $database, 'idle in transaction');
	is_sql($node, $database, q{SELECT count(*) FROM migrate_status() WHERE state = 'applied'}, 0, 'idle in transaction: nothing is left');
	# A run that commits on its way is never idle, however long a statement takes.
	my $holder = holder($database, $middle);
	my $run = session($node, $database, 'runner', idle_in_transaction_session_timeout => '100ms', idle_session_timeout => '100ms');
	$run->send('CALL migrate_deploy()');
	ok(await($watcher, "$holder->{pid} = ANY (pg_blocking_pids($run->{pid}))"), 'idle limits, deploy: the run waits');
	usleep 400_000;
	$holder->finish;
	ok(await($watcher, "NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $run->{pid})"), 'idle limits, deploy: the session ends behind it');
	$run->kill;
	goes_on($node, $database, 'idle limits, deploy');
	is_sql($node, $database, 'SELECT count(*) FROM turnstone.run', 1, 'idle limits, deploy: the run had come to its end');
}
for my $limit ([ 'statement_timeout', '57014' ], [ 'lock_timeout', '55P03' ])
{
	my ($setting, $sqlstate) = @$limit;
	my $database = app(transactional => 1);
	my $holder = holder($database, 'BEGIN; LOCK effects IN SHARE MODE');
	my $err = error_of($node, $database, "SET $setting = '300ms'; SELECT version FROM migrate_apply()");
	like($err, qr/ERROR:  $sqlstate: /, "$setting, apply: the error is told");
	like($err, qr/migration "1_plain.sql" \(up\), statement 1, line 2/, "$setting, apply: with its place");
	$holder->finish;
	is_sql($node, $database, 'SELECT version, error_sqlstate FROM turnstone.journal', "1|$sqlstate", "$setting, apply: the journal has the failure");
	agreement($node, $database, "$setting, apply");
	goes_on($node, $database, "$setting, apply", 'SELECT version FROM migrate_apply()');
}
SKIP:
{
	skip 'transaction_timeout came with PostgreSQL 17', 1 if $node->safe_psql('postgres', "SELECT current_setting('server_version_num')::int") < 170000;
	for my $call ('SELECT version FROM migrate_apply($$2$$)', 'CALL migrate_deploy()')
	{
		my $database = app();
		my $holder = holder($database, $middle);
		my $run = session($node, $database, 'runner', transaction_timeout => '500ms');
		$run->send($call);
		ok(await($watcher, "NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $run->{pid})"), "transaction_timeout, $call: the session ends");
		$run->kill;
		$holder->finish;
		agreement($node, $database, "transaction_timeout, $call");
		goes_on($node, $database, "transaction_timeout, $call");
	}
}

# ------------------------------------------------------------------------------------------------- the clock jumps
# What stands in the tables lies in the future, as behind a clock that was put back.
{
	my $database = app();
	$node->safe_psql($database, q{CALL migrate_deploy('1'); SELECT migrate_tag('first'); SELECT migrate_watch(true)});
	$node->safe_psql($database, <<'SQL');
BEGIN;
ALTER TABLE turnstone.journal DISABLE TRIGGER append_only;
UPDATE turnstone.journal SET started_at = started_at + '1 day', finished_at = finished_at + '1 day';
ALTER TABLE turnstone.journal ENABLE ALWAYS TRIGGER append_only;
UPDATE turnstone.run SET started_at = started_at + '1 day', finished_at = finished_at + '1 day';
UPDATE turnstone.snapshot SET taken_at = taken_at + '1 day';
UPDATE turnstone.migration SET registered_at = registered_at + '1 day';
COMMIT;
SQL
	is_sql($node, $database, q{SELECT string_agg(version || ' ' || state, ', ' ORDER BY version) FROM migrate_status()}, '1 applied, 2 pending, 3 pending', 'a clock put back: the order is that of the journal, not of times');
	$node->safe_psql($database, q{CREATE TABLE by_hand (id int)});
	is_sql($node, $database, q{SELECT change, identity FROM migrate_drift()}, 'added|public.by_hand', 'a clock put back: drift is found');
	$node->safe_psql($database, q{DROP TABLE by_hand});
	goes_on($node, $database, 'a clock put back');
	is_sql($node, $database, q{SELECT count(*) FROM migrate_compare('1', '2') WHERE identity LIKE '%two'}, 1, 'a clock put back: states are compared by the journal');
	$node->safe_psql($database, 'CALL migrate_revert(99)');
	is_sql($node, $database, q{SELECT string_agg(version, ', ' ORDER BY id) FROM turnstone.journal WHERE event = 'rollback'}, '3, 2, 1', 'a clock put back: rolled back in the order of the journal');
}

# The server's own clock jumps in the middle of a run.
SKIP:
{
	my ($library) = glob '/usr/lib/*/faketime/libfaketime.so.1';
	skip 'libfaketime is not installed', 1 unless $library;
	my $offset = "$PostgreSQL::Test::Utils::tmp_check/offset";
	write_script($offset, "+0\n");
	my $faked = PostgreSQL::Test::Cluster->new('faked');
	$faked->init;
	{
		local %ENV = (%ENV, LD_PRELOAD => $library, FAKETIME_TIMESTAMP_FILE => $offset, FAKETIME_NO_CACHE => 1, FAKETIME_DONT_FAKE_MONOTONIC => 1, DONT_FAKE_MONOTONIC => 1);
		$faked->start;
	}
	my $other = session($faked, 'postgres', 'watcher');
	for my $jump ('-1d', '+1d')
	{
		my $database = new_app($faked, 'clock' . ++$databases, $heavy);
		my $holder = session($faked, $database, 'holder');
		$holder->run($middle);
		my $run = session($faked, $database, 'runner');
		$run->send('CALL migrate_deploy()');
		ok(await($other, "$holder->{pid} = ANY (pg_blocking_pids($run->{pid}))"), "clock $jump: the run waits");
		write_script($offset, "$jump\n");
		$holder->finish;
		ok($run->finish !~ /ERROR/, "clock $jump: the run ends well");
		goes_on($faked, $database, "clock $jump");
		is_sql($faked, $database, 'SELECT count(*) FROM turnstone.run', 1, "clock $jump: nothing was left to be done");
		is_sql($faked, $database, q{SELECT count(*) FROM turnstone.journal WHERE duration < '0' OR duration > '1 hour'}, 0, "clock $jump: durations are those of the work");
		$faked->safe_psql($database, 'CALL migrate_revert(99)');
		agreement($faked, $database, "clock $jump, undone");
		write_script($offset, "+0\n");
	}
	$other->finish;
	$faked->stop;
}

# -------------------------------------------------------------------- a standby promoted while the primary lives
{
	my $database = app();
	$node->backup('copy');
	my $standby = PostgreSQL::Test::Cluster->new('standby');
	$standby->init_from_backup($node, 'copy', has_streaming => 1);
	$standby->start;
	my $early = session($standby, $database, 'early');
	my $holder = holder($database, 'BEGIN; LOCK t IN ROW EXCLUSIVE MODE');
	my $run = session($node, $database, 'runner');
	$run->send('CALL migrate_deploy()');
	ok(await($watcher, "$holder->{pid} = ANY (pg_blocking_pids($run->{pid}))"), 'promotion: the run on the primary waits in a build');
	$node->wait_for_catchup($standby, 'replay', $node->lsn('flush'));
	is($early->run(q{SELECT string_agg(version || ' ' || state, ', ' ORDER BY version) FROM migrate_status()}), '1 applied, 2 applied, 3 partial', 'promotion: the standby sees how far it is');
	$standby->promote;
	$standby->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()') or die 'not promoted';
	$early->run('CALL migrate_deploy()');
	unlike($early->finish, qr/ERROR/, 'promotion: a session from before it may run migrations behind it');
	goes_on($standby, $database, 'promotion, the former standby');
	$standby->stop;
	$holder->finish;
	unlike($run->finish, qr/ERROR/, 'promotion: the run on the former primary is none the wiser');
	goes_on($node, $database, 'promotion, the former primary');
}

$watcher->finish;
$node->stop;
done_testing();
