# The client on a terminal: the progress bar, Ctrl-C; a server that goes away in the middle; watching a run.
use strict;
use warnings FATAL => 'all';
use IO::Pty;
use JSON::PP;
use POSIX ();
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time sleep);
use Turnstone;

my $node = new_server();
my $project = "$PostgreSQL::Test::Utils::tmp_check/terminal";
mkdir $project or die $!;
mkdir "$project/migrations" or die $!;
$node->safe_psql('postgres', 'CREATE DATABASE app');
# An index whose build takes a while: a function that sleeps, on rows of many blocks.
$node->safe_psql('app', <<'SQL');
CREATE EXTENSION turnstone;
CREATE FUNCTION slowly(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.005); RETURN n; END';
CREATE TABLE big (n int, filler text) WITH (fillfactor = 10);
INSERT INTO big SELECT g, repeat('x', 300) FROM generate_series(1, 1500) g;
SQL
write_script("$project/migrations/1_first.sql", "-- +migrate Up\nCREATE TABLE first (n int);\n-- +migrate Down\nDROP TABLE first;\n");
write_script("$project/migrations/2_index.sql", "-- +migrate Up\nCREATE INDEX CONCURRENTLY big_slowly ON big (slowly(n));\n-- +migrate Down\nDROP INDEX big_slowly;\n");
write_script("$project/migrations/3_last.sql", "-- +migrate Up\nCREATE TABLE last (n int);\n-- +migrate Down\nDROP TABLE last;\n");

# Runs the client on a terminal of 100 columns; when what it has shown matches, the keys are typed.
sub on_terminal
{
	my ($keys_at, $keys, @arguments) = @_;
	my $terminal = IO::Pty->new;
	$terminal->set_winsize(40, 100);
	my $child = fork // die $!;
	if ($child == 0)
	{
		$terminal->make_slave_controlling_terminal;
		my $slave = $terminal->slave;
		close $terminal;
		chdir $project or POSIX::_exit(99);
		@ENV{qw(PGHOST PGPORT PGDATABASE TERM)} = ($node->host, $node->port, 'app', 'xterm');
		open STDIN, '<&', $slave or POSIX::_exit(99);
		open STDOUT, '>&', $slave or POSIX::_exit(99);
		open STDERR, '>&', $slave or POSIX::_exit(99);
		exec 'turnstone', @arguments or POSIX::_exit(99);
	}
	$terminal->close_slave;
	my ($shown, $typed, $end) = ('', 0, time + 60);
	while (time < $end)
	{
		my $ready = '';
		vec($ready, fileno $terminal, 1) = 1;
		next unless select $ready, undef, undef, 0.1;
		last unless sysread $terminal, $shown, 65536, length $shown;
		if (!$typed && defined $keys_at && $shown =~ $keys_at)
		{
			syswrite $terminal, $keys;
			$typed = time;
		}
	}
	kill 'KILL', $child if time >= $end;
	waitpid $child, 0;
	return { shown => $shown, code => $? >> 8, signal => $? & 127, took => $typed ? time - $typed : undef };
}

my $run = on_terminal(qr/building index.* 2\d %.*ETA/, "\x03", 'up');
is($run->{signal}, 0, 'Ctrl-C does not kill the client');
is($run->{code}, 130, 'it ends with 130') or diag $run->{shown};
cmp_ok($run->{took} // 99, '<', 10, 'soon');
like($run->{shown}, qr/\e\[36mregistered\e\[0m 1_first.sql\r\n/, 'colours');
like($run->{shown}, qr/\e\[32m1\/3 applied\e\[0m 1_first.sql/, 'each migration');
like($run->{shown}, qr/\r\[#+-+\] 2\/3  2_index.sql  statement 1\/1  building index[^\r]*  \d+ %  \d:\d\d  ETA \d:\d\d\e\[K/, 'a bar with statement, phase, per cent and ETA');
# The terminal itself echoes ^C.
my @lines = map { s/\e\[[0-9;]*[mK]//gr =~ s/\^C$//r } $run->{shown} =~ /\r(\[#[^\r\n]*)/g;
utf8::decode($_) for @lines;
my @widths = map { length } @lines;
cmp_ok((sort { $b <=> $a } @widths)[0], '<', 100, 'which is never wider than the terminal');
like($run->{shown}, qr/cancelling; waiting for the server to end the run/, 'Ctrl-C is answered');
like($run->{shown}, qr/migrations\/2_index.sql:2:1: .*canceling statement due to user request.*57014/, 'with the place');
like($run->{shown}, qr/1 of 3 migrations are applied and committed. "2_index.sql" is applied in part: the next "turnstone up" goes on where it stopped\./, 'and the state');
like(client($node, 'app', $project, 'status')->{out}, qr/2_index.sql +partial/, 'which is so');
is($node->safe_psql('app', 'SELECT state FROM turnstone.run ORDER BY id DESC LIMIT 1'), 'cancelled', 'the run is cancelled on the server');

$node->safe_psql('app', q{CREATE OR REPLACE FUNCTION slowly(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN n; END'});
$run = on_terminal(undef, '', 'up');
is($run->{code}, 0, 'the next one goes on') or diag $run->{shown};
like($run->{shown}, qr/2 migrations are applied/, 'with what is left');
is($node->safe_psql('app', 'SELECT count(*) FROM pg_index WHERE NOT indisvalid'), 0, 'and leaves no INVALID index');
$run = on_terminal(undef, '', 'status', '--no-color');
unlike($run->{shown}, qr/\e/, '--no-color');
{
	local $ENV{NO_COLOR} = '1';
	unlike(on_terminal(undef, '', 'status')->{shown}, qr/\e/, 'NO_COLOR');
}
like(on_terminal(qr/\[y\/N\]/, "n\n", 'reset')->{shown}, qr/reset was not confirmed/, 'reset asks on a terminal');

# Who is in the way is shown.
$node->safe_psql('app', q{SELECT count(*) FROM migrate_rollback_to('2')});
my $blocker = session($node, 'app', 'blocker');
$blocker->run('BEGIN; LOCK TABLE first');
write_script("$project/migrations/3_last.sql", "-- +migrate Up\nALTER TABLE first ADD COLUMN more int;\n-- +migrate Down\nALTER TABLE first DROP COLUMN more;\n");
$run = on_terminal(qr/waits for process $blocker->{pid}/, "\x03", 'up');
like($run->{shown}, qr/waits for process $blocker->{pid}/, 'the process in the way is named');
is($run->{code}, 130, 'Ctrl-C ends the wait');
like($run->{shown}, qr/0 of 1 migrations are applied and committed. "3_last.sql" has left nothing./, 'nothing is left of it');
$blocker->run('ROLLBACK');
is(client($node, 'app', $project, 'up')->{code}, 0, 'then it goes through');

# ------------------------------------------------------------------------------- a run that goes on without a client
write_script("$project/migrations/4_long.sql", "-- +migrate Up\nSELECT pg_sleep(3);\nCREATE TABLE long (n int);\n-- +migrate Down\nDROP TABLE long;\n");
my $started = client($node, 'app', $project, 'up', '--detach', '--json');
is($started->{code}, 0, 'up --detach') or diag $started->{err};
my $number = JSON::PP->new->decode($started->{out})->{run};
$run = on_terminal(qr/statement 1\/2/, "\x03", 'watch', $number);
is($run->{code}, 130, 'Ctrl-C ends the watching');
like($run->{shown}, qr/run $number goes on; "turnstone cancel $number" ends it/, 'and says that the run goes on');
my $watched = client($node, 'app', $project, 'watch');
is($watched->{code}, 0, 'watch finds the run by itself') or diag $watched->{err};
like($watched->{out}, qr/^run $number is done$/m, 'and tells its end');
is(client($node, 'app', $project, 'watch')->{out}, "no run is under way\n", 'then there is none');
client($node, 'app', $project, 'down');
client($node, 'app', $project, 'up', '--detach');
$node->poll_query_until('app', q{SELECT count(*) = 1 FROM turnstone.progress WHERE statement = 1}) or die;
is(client($node, 'app', $project, 'cancel')->{code}, 0, 'cancel');
$node->poll_query_until('app', q{SELECT count(*) = 0 FROM turnstone.progress}) or die;
is(client($node, 'app', $project, 'watch', $number + 2)->{code}, 130, 'a run that was cancelled') ;
is(client($node, 'app', $project, 'watch', '999')->{code}, 1, 'a run that never was');

# --------------------------------------------------------------------------------- a server that goes away in the middle
for my $how (qw(immediate fast))
{
	my $pid = fork // die $!;
	if ($pid == 0)
	{
		sleep 0.05 until slurp_file($node->logfile) =~ /marker $how/;
		exec 'pg_ctl', '-D', $node->data_dir, '-m', $how, '-s', '-l', $node->logfile, 'restart';
	}
	write_script("$project/migrations/4_long.sql", "-- +migrate Up\nCREATE TABLE long (n int);\nDO 'BEGIN RAISE LOG ''marker $how''; PERFORM pg_sleep(30); END';\n-- +migrate Down\nDROP TABLE long;\n");
	my $lost = client($node, 'app', $project, 'up');
	waitpid $pid, 0;
	is($lost->{code}, 6, "$how: a lost connection is exit code 6") or diag $lost->{err};
	like($lost->{err}, qr/detail: The connection was lost while migrations ran.\nhint: What had been committed is there.*goes on where this one stopped/, "$how: and says what to do");
	$node->_update_pid(1);
	$node->poll_query_until('app', 'SELECT true') or die;
}
write_script("$project/migrations/4_long.sql", "-- +migrate Up\nCREATE TABLE long (n int);\n-- +migrate Down\nDROP TABLE long;\n");
my $last = client($node, 'app', $project, 'up');
is($last->{code}, 0, 'behind the restarts it goes on') or diag $last->{err};
is(client($node, 'app', $project, 'drift', '--accept', '--reason', 'the function that slept')->{code}, 0, 'what the test did by hand is accepted');
is(client($node, 'app', $project, 'check')->{code}, 0, 'and all is well') or diag client($node, 'app', $project, 'check')->{out};

$node->stop;
done_testing();
