# A session that is cancelled, terminated or killed in the middle of a run leaves nothing, and the next one goes on.
use strict;
use warnings FATAL => 'all';
use IPC::Run;
use Test::More;
use Time::HiRes qw(usleep);
use Turnstone;

my $node = new_server();
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', 'CREATE EXTENSION turnstone');
$node->safe_psql('app', q{SELECT count(*) FROM generate_series(1, 3) n,
    LATERAL migrate_register(n || '_create.sql', format('CREATE TABLE t%s (id int)', n))});
$node->safe_psql('app', q{SELECT status FROM migrate_register('4_slow.sql', 'CREATE TABLE t4 (id int); SELECT pg_sleep(600)')});
my $tables = q{SELECT count(*) FROM pg_class WHERE relname ~ '^t\d$'};

# Starts a run and waits until it sleeps in script 4; returns the session.
sub stuck_run
{
	my ($out, $err) = ('', '');
	my $run = { out => \$out, err => \$err };
	$run->{harness} = IPC::Run::start(
		[ 'psql', '-X', '-At', '-h', $node->host, '-p', $node->port, '-d', 'app', '-c', 'SELECT version FROM migrate_apply()' ],
		'>', $run->{out}, '2>', $run->{err});
	$node->poll_query_until('app', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'})
	  or die 'the run did not start';
	$run->{pid} = $node->safe_psql('app', q{SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'});
	return $run;
}

sub nothing_is_left
{
	my ($what) = @_;
	is($node->safe_psql('app', $tables), 0, "$what: no table is left");
	is($node->safe_psql('app', 'SELECT count(*) FROM turnstone.journal WHERE state IS NOT NULL'), 0, "$what: nothing is applied in the journal");
	is($node->safe_psql('app', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), 0, "$what: no lock is left");
	return;
}

my $run = stuck_run();
$node->safe_psql('app', "SELECT pg_cancel_backend($run->{pid})");
$run->{harness}->finish;
like(${ $run->{err} }, qr/canceling statement due to user request/, 'cancel: the error is told');
like(${ $run->{err} }, qr/migration "4_slow.sql" \(up\), statement 2, line 1, column 27:/, 'cancel: with its place');
nothing_is_left('cancel');
is($node->safe_psql('app', 'SELECT version, error_sqlstate, error_statement FROM turnstone.journal'), '4|57014|2', 'cancel: the failure is in the journal');

# No background worker is to be had: a warning says that the failure is not recorded, the error is told all the same.
$node->safe_psql('app', q{SELECT status FROM migrate_register('4_slow.sql', 'SELECT 1 / 0')});
$node->append_conf('postgresql.conf', 'max_worker_processes = 0');
$node->restart;
my ($no_worker_status, $no_worker_out, $no_worker_err) = $node->psql('app', 'SELECT * FROM migrate_apply()');
like($no_worker_err, qr/WARNING:  the failure of migration "4_slow.sql" is not in the journal/, 'without a worker there is a warning');
like($no_worker_err, qr/ERROR:  division by zero/, 'and the error');
$node->append_conf('postgresql.conf', 'max_worker_processes = 8');
$node->restart;
nothing_is_left('no worker');
$node->safe_psql('app', q{SELECT status FROM migrate_register('4_slow.sql', 'CREATE TABLE t4 (id int); SELECT pg_sleep(600)')});

$run = stuck_run();
my ($status, $out, $err) = $node->psql('app', q{SET lock_timeout = '200ms'; SELECT * FROM migrate_apply()});
like($err, qr/another session is running migrations in this database/, 'a second session gives up after lock_timeout');
like($err, qr/Process $run->{pid} \(role /, 'and names the holder');
$node->safe_psql('app', "SELECT pg_terminate_backend($run->{pid})");
$run->{harness}->finish;
$node->poll_query_until('app', "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = $run->{pid}");
nothing_is_left('terminate');

# The client is killed: the server notices when it looks at the connection.
$run = stuck_run();
$run->{harness}->signal('KILL');
$run->{harness}->finish;
$node->safe_psql('app', "SELECT pg_terminate_backend($run->{pid})");
$node->poll_query_until('app', "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = $run->{pid}");
nothing_is_left('killed client');

# The server process is killed: the whole server restarts.
$run = stuck_run();
kill 'KILL', $run->{pid};
$run->{harness}->finish;
$node->poll_query_until('app', 'SELECT true') or die 'the server did not come back';
nothing_is_left('kill -9');

# The server is shut down in the middle.
$run = stuck_run();
$node->stop('fast');
$run->{harness}->finish;
$node->start;
nothing_is_left('fast shutdown');

# And in the end it just works.
is($node->safe_psql('app', q{SELECT status FROM migrate_register('4_slow.sql', 'CREATE TABLE t4 (id int)')}), 'updated', 'the slow script is mended');
is($node->safe_psql('app', 'SELECT count(*) FROM migrate_apply()'), 4, 'all four are applied');
is($node->safe_psql('app', $tables), 4, 'and there');

# A session that waits inside a SELECT holds a snapshot; when the holder comes to wait for that, it gives up at once.
{
	$node->safe_psql('app', q{SELECT status FROM migrate_register('4.1_more.sql', 'SELECT 1')});
	my $key = (0x7475726e << 32) | 0x73746f6e;
	my ($in, $holder_out) = ("SELECT pg_advisory_lock($key);\n", '');
	my $holder = IPC::Run::start([ 'psql', '-X', '-At', '-h', $node->host, '-p', $node->port, '-d', 'app' ],
		'<', \$in, '>', \$holder_out, '2>&1');
	$holder->pump while $in ne '';
	$node->poll_query_until('app', q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory'});
	my ($waiter_out, $waiter_err) = ('', '');
	my $waiter = IPC::Run::start(
		[ 'psql', '-X', '-At', '-h', $node->host, '-p', $node->port, '-d', 'app', '-c', 'SELECT version FROM migrate_apply()' ],
		'>', \$waiter_out, '2>', \$waiter_err);
	$node->poll_query_until('app', "SELECT count(*) = 1 FROM pg_stat_activity WHERE @{[ waits_as('TurnstoneRunLock') ]}");
	$in = "CREATE INDEX CONCURRENTLY t1_id_idx ON t1 (id);\n";
	$holder->pump while $in ne '';
	$waiter->finish;
	like($waiter_err, qr/the run of migrations in progress waits for this session/, 'the waiter sees that it is waited for');
	$holder->finish;
	is($node->safe_psql('app', q{SELECT indisvalid FROM pg_index WHERE indexrelid = 't1_id_idx'::regclass}), 't', 'and the holder goes on');
	$node->safe_psql('app', q{SELECT count(*) FROM migrate_apply()});
}

# Out of locks: the run fails as a whole, with PostgreSQL's own error and hint.
$node->safe_psql('app', q{SELECT status FROM migrate_register('5_many.sql', 'CREATE TABLE t5 (id int); ' ||
    (SELECT string_agg(format('CREATE TABLE many_%s (id int PRIMARY KEY, t text)', n), '; ') FROM generate_series(1, 20000) n))});
($status, $out, $err) = $node->psql('app', 'SELECT version FROM migrate_apply()');
like($err, qr/WARNING:  this run may need about \d+ locks\n.*room for about \d+/s, 'out of locks: it is foreseen');
like($err, qr/out of shared memory/, 'out of locks: the error is told');
like($err, qr/increase max_locks_per_transaction, or apply fewer migrations in one transaction/i, 'with the two ways out');
like($err, qr/migration "5_many.sql" \(up\), statement \d+, line 1/, 'with its place');
is($node->safe_psql('app', $tables), 4, 'and nothing of the script is there');

# A cancel is heard between statements, be they 100,000.
$node->safe_psql('postgres', 'CREATE DATABASE many');
$node->safe_psql('many', 'CREATE EXTENSION turnstone');
$node->safe_psql('many', q{SELECT status FROM migrate_register('1_many.sql',
    (SELECT string_agg('SELECT ' || n || ';', E'\n') FROM generate_series(1, 100000) n) || 'SELECT pg_sleep(600);')});
my ($many_out, $many_err) = ('', '');
my $many = IPC::Run::start([ 'psql', '-X', '-h', $node->host, '-p', $node->port, '-d', 'many', '-c', 'SELECT version FROM migrate_apply()' ],
	'>', \$many_out, '2>', \$many_err);
$node->poll_query_until('many', q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory'}) or die 'the run did not start';
$node->safe_psql('many', q{SELECT pg_cancel_backend(pid) FROM pg_locks WHERE locktype = 'advisory'});
$many->finish;
like($many_err, qr/canceling statement due to user request/, 'a run of many statements is cancelled');
is($node->safe_psql('many', 'SELECT count(*) FROM turnstone.journal WHERE state IS NOT NULL'), 0, 'and leaves nothing');
is($node->safe_psql('many', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), 0, 'no lock either');

$node->stop;
done_testing();
