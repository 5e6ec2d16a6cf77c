# The client behind PgBouncer with transaction pooling: every command, with a pool of one server session, in which
# whatever one client leaves behind meets the next one.
use strict;
use warnings FATAL => 'all';
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use Turnstone;

my $pgbouncer = (grep { -x } map { "$_/pgbouncer" } qw(/usr/sbin /usr/bin /usr/local/bin))[0]
  or die 'pgbouncer is not installed; scripts/deps installs it';

my $node = new_server();
$node->safe_psql('postgres', 'CREATE DATABASE app');
my $project = "$PostgreSQL::Test::Utils::tmp_check/pooled";
mkdir $project or die $!;
mkdir "$project/migrations" or die $!;
my $folder = $node->host;
my $port = $node->port + 1;
my $user = $node->safe_psql('postgres', 'SELECT current_user');

sub start_pooler
{
	my ($size) = @_;
	unlink "$folder/.s.PGSQL.$port";
	write_script("$folder/pgbouncer.ini", <<"END");
[databases]
app = host=$folder port=${\$node->port} dbname=app user=$user pool_size=$size
[pgbouncer]
listen_addr =
listen_port = $port
unix_socket_dir = $folder
auth_type = any
pool_mode = transaction
logfile = $folder/pgbouncer.log
END
	my ($log, $err) = ('', '');
	my $pooler = IPC::Run::start([ $pgbouncer, "$folder/pgbouncer.ini" ], '>', \$log, '2>', \$err);
	for (1 .. 100)
	{
		last if -S "$folder/.s.PGSQL.$port";
		select undef, undef, undef, 0.1;
	}
	return $pooler;
}

sub run { return client($node, 'app', $project, '-p', $port, '-U', $user, @_) }

write_script("$project/migrations/1_first.sql", "-- +migrate Up\nSET work_mem = '1MB';\nCREATE TABLE first (n int);\n-- +migrate Down\nDROP TABLE first;\n");
write_script("$project/migrations/2_index.sql", "-- +migrate Up\nCREATE INDEX CONCURRENTLY first_n ON first (n);\nSELECT pg_sleep(1);\n-- +migrate Down\nDROP INDEX CONCURRENTLY first_n;\n");

for my $size (1, 4)
{
	my $pooler = start_pooler($size);
	my $run = run('init');
	is($run->{code}, 0, "pool of $size: init") or diag $run->{err};
	$run = run('up');
	is($run->{code}, 0, "pool of $size: up, with what needs a transaction of its own") or diag $run->{err};
	like($run->{out}, qr/^2\/2 applied 2_index.sql/m, "pool of $size: and its notices");
	is(run('up')->{out}, "nothing is pending\n", "pool of $size: a no-op");
	is(run('check')->{code}, 0, "pool of $size: check");
	like(run('status')->{out}, qr/^2 applied$/m, "pool of $size: status");
	is(run('redo')->{code}, 0, "pool of $size: redo");
	is($node->safe_psql('app', 'SELECT count(*) FROM pg_locks WHERE locktype = \'advisory\''), 0, "pool of $size: no lock is left");
	my $psql = `psql -X -At -h $folder -p $port -U $user -d app -c 'SHOW work_mem'`;
	is($psql, "4MB\n", "pool of $size: no setting is left");
	write_script("$project/migrations/3_bad.sql", "-- +migrate Up\nCREATE TABLE bad (n int);\nSELECT 1 / 0;\n");
	$run = run('up');
	is($run->{code}, 1, "pool of $size: a script that fails");
	like($run->{err}, qr{^migrations/3_bad.sql:3:1: error: division by zero \(SQLSTATE 22012\)}, "pool of $size: with its place");
	is(run('up', '--atomic')->{code}, 1, "pool of $size: the same at once");
	is($node->safe_psql('app', q{SELECT count(*) FROM pg_stat_activity WHERE datname = 'app' AND state LIKE 'idle in%'}), 0, "pool of $size: no transaction is left open");

	# Ctrl-C goes through the pooler.
	write_script("$project/migrations/3_bad.sql", "-- +migrate Up\nSELECT pg_sleep(60);\n");
	my ($out, $err) = ('', '');
	local @ENV{qw(PGHOST PGPORT PGDATABASE PGUSER)} = ($folder, $port, 'app', $user);
	my $harness = IPC::Run::start([ 'turnstone', 'up' ], '<', \'', '>', \$out, '2>', \$err, init => sub { chdir $project or die });
	$node->poll_query_until('app', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE '%migrate_deploy%' AND wait_event = 'PgSleep'}) or die;
	my $start = time;
	$harness->signal('INT');
	$harness->finish;
	is($harness->result(0), 130, "pool of $size: Ctrl-C") or diag $err;
	cmp_ok(time - $start, '<', 20, "pool of $size: ends the run");
	like($err, qr/"3_bad.sql" has left nothing/, "pool of $size: and its state is told");
	unlink "$project/migrations/3_bad.sql";
	$node->safe_psql('app', q{SELECT migrate_unregister('3')});
	$run = run('down', 'base');
	is($run->{code}, 0, "pool of $size: down") or diag $run->{err};
	$pooler->kill_kill(grace => 5);
}

$node->stop;
done_testing();
