# The client against a server on another host: in a network namespace of its own, reached over TCP through one private link.
# scripts/test makes the host, where it is root and may; the server listens nowhere else and has no unix socket.
use strict;
use warnings FATAL => 'all';
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use Turnstone;

my $address = $ENV{TURNSTONE_SECOND_HOST};
plan skip_all => 'no second host: making a network namespace takes root, iproute2, and the permission' unless $address;

# What client() asks of a node.
package SecondHost { sub host { return $address } sub port { return 5432 } }
my $host = bless {}, 'SecondHost';
@ENV{qw(PGUSER PGPASSWORD)} = ('postgres', $ENV{TURNSTONE_SECOND_HOST_PASSWORD});
delete $ENV{PGHOST};

my $project = "$PostgreSQL::Test::Utils::tmp_check/second_host";
mkdir $project or die $!;
mkdir "$project/migrations" or die $!;

sub run { return client($host, 'app', $project, @_) }

sub sql
{
	my ($database, $text) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-X', '-At', '-q', '-v', 'ON_ERROR_STOP=1', '-h', $address, '-d', $database, '-c', $text ], '>', \$out, '2>', \$err)
	  or die "psql: $err";
	chomp $out;
	return $out;
}

sub wait_until
{
	my ($condition) = @_;
	my $end = time + $PostgreSQL::Test::Utils::timeout_default;
	while (time < $end)
	{
		return 1 if sql('app', "SELECT $condition") eq 't';
		select undef, undef, undef, 0.1;
	}
	return 0;
}

sql('postgres', 'CREATE DATABASE app');
is(sql('app', 'SELECT host(inet_server_addr()) = ' . "'$address' AND inet_client_addr() <> inet_server_addr()"), 't', 'another host answers');
{
	local $ENV{PGPASSWORD} = 'wrong';
	my $refused = run('status');
	is($refused->{code}, 6, 'a wrong password is exit code 6');
	like($refused->{err}, qr/^error: connection to server at "\Q$address\E", port 5432 failed: .*password authentication failed/, 'and says so');
}
is(run('-p', '5433', 'status')->{code}, 6, 'so is a port at which nobody listens');

my $run = run('init', '--files');
is($run->{code}, 0, 'init') or diag $run->{err};
write_script("$project/migrations/1_notes.sql", "-- +migrate Up\nCREATE TABLE notes (id int PRIMARY KEY, body text);\n-- +migrate Down\nDROP TABLE notes;\n");
write_script("$project/migrations/2_index.sql", "-- +migrate Up\nCREATE INDEX CONCURRENTLY notes_body ON notes (body);\n-- +migrate Down\nDROP INDEX notes_body;\n");
$run = run('up');
is($run->{code}, 0, 'up: the files travel') or diag $run->{err};
like($run->{out}, qr/^2\/2 applied 2_index.sql/m, 'and are applied');
is(run('up')->{out}, "nothing is pending\n", 'a no-op');
like(run('status')->{out}, qr/^2 applied$/m, 'status');
is(sql('app', q{SELECT count(*) FROM turnstone.journal WHERE event = 'apply' AND client_address = inet_client_addr()}), 2, 'the journal says from where');
is(run('check')->{code}, 0, 'check');
is(run('drift')->{code}, 0, 'no drift');
sql('app', 'ALTER TABLE notes ADD COLUMN behind_our_back int');
$run = run('drift');
is($run->{code}, 2, 'drift is exit code 2') or diag $run->{err};
like($run->{out}, qr/behind_our_back/, 'and is named');
is(run('drift', '--accept', '--reason', 'wanted')->{code}, 0, 'and accepted');

# A folder that is larger than what the link takes at once.
write_script("$project/migrations/3_much.sql", "-- +migrate Up\n" . join('', map { "INSERT INTO notes VALUES ($_, '" . 'x' x 4000 . "');\n" } 1 .. 1000) . "-- +migrate Down\nDELETE FROM notes;\n");
$run = run('up');
is($run->{code}, 0, 'a script of four megabytes') or diag $run->{err};
is(sql('app', 'SELECT count(*) FROM notes'), 1000, 'arrives whole');

# Ctrl-C of a long run: the request to cancel goes over a connection of its own, to the same host.
write_script("$project/migrations/4_long.sql", "-- +migrate Up\nCREATE TABLE long (n int);\nSELECT pg_sleep(300);\n-- +migrate Down\nDROP TABLE long;\n");
{
	local @ENV{qw(PGHOST PGDATABASE)} = ($address, 'app');
	my ($out, $err) = ('', '');
	my $harness = IPC::Run::start([ 'turnstone', 'up' ], '<', \'', '>', \$out, '2>', \$err, init => sub { chdir $project or die });
	ok(wait_until(q{EXISTS (SELECT FROM pg_stat_activity WHERE datname = 'app' AND wait_event = 'PgSleep' AND client_addr = inet_client_addr())}), 'a run is under way');
	my $start = time;
	$harness->signal('INT');
	$harness->finish;
	is($harness->result(0), 130, 'Ctrl-C ends with 130') or diag $err;
	cmp_ok(time - $start, '<', 60, 'long before the statement would have');
	like($err, qr{migrations/4_long.sql:3:1: .*canceling statement due to user request}, 'with the place');
	like($err, qr/0 of 1 migrations are applied and committed. "4_long.sql" has left nothing./, 'and the state');
}
is(sql('app', q{SELECT state FROM turnstone.run ORDER BY id DESC LIMIT 1}), 'cancelled', 'the run is cancelled on the server');
is(sql('app', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), 0, 'and has left no lock');
like(run('status')->{out}, qr/4_long.sql +failed/, 'which status knows');
write_script("$project/migrations/4_long.sql", "-- +migrate Up\nCREATE TABLE long (n int);\n-- +migrate Down\nDROP TABLE long;\n");
is(run('up')->{code}, 0, 'the next one goes through');

# A server process that dies takes the connection with it.
write_script("$project/migrations/5_lost.sql", "-- +migrate Up\nCREATE TABLE lost (n int);\nDO 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); END';\n-- +migrate Down\nDROP TABLE lost;\n");
$run = run('up');
is($run->{code}, 6, 'a connection that is lost is exit code 6') or diag $run->{err};
write_script("$project/migrations/5_lost.sql", "-- +migrate Up\nCREATE TABLE lost (n int);\n-- +migrate Down\nDROP TABLE lost;\n");
is(run('up')->{code}, 0, 'behind it all goes on');
is(run('down', 'base')->{code}, 0, 'and back');
is(run('check')->{code}, 3, 'to where everything is pending');

done_testing();
