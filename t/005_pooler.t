# Behind PgBouncer with transaction pooling: nothing of a run outlives its transaction in the pooled session.
use strict;
use warnings FATAL => 'all';
use IPC::Run;
use Test::More;
use Turnstone;

my $pgbouncer = (grep { -x } map { "$_/pgbouncer" } qw(/usr/sbin /usr/bin /usr/local/bin))[0]
  or die 'pgbouncer is not installed; scripts/deps installs it';

my $node = new_server();
new_database($node, 'app');

# One server session for all clients: whatever one leaves in it, the next one meets.
my $folder = $node->host;
my $port = $node->port + 1;
my $user = $node->safe_psql('postgres', 'SELECT current_user');
my $settings = "$folder/pgbouncer.ini";
open my $file, '>', $settings or die $!;
print $file <<"END";
[databases]
app = host=$folder port=${\$node->port} dbname=app user=$user pool_size=POOL
[pgbouncer]
listen_addr =
listen_port = $port
unix_socket_dir = $folder
auth_type = any
pool_mode = transaction
default_pool_size = POOL
logfile = $folder/pgbouncer.log
END
close $file;

sub with_pool
{
	my ($size, $body) = @_;
	my $text = do { local (@ARGV, $/) = ($settings); <> };
	$text =~ s/POOL/$size/g;
	open my $out, '>', "$settings.$size" or die $!;
	print $out $text;
	close $out;
	my ($log, $err) = ('', '');
	my $pooler = IPC::Run::start([ $pgbouncer, "$settings.$size" ], '>', \$log, '2>', \$err);
	for (1 .. 100)
	{
		last if -S "$folder/.s.PGSQL.$port";
		select undef, undef, undef, 0.1;
	}
	$body->();
	$pooler->kill_kill(grace => 5);
	unlink "$folder/.s.PGSQL.$port";
	return;
}

sub through_pooler
{
	my (@commands) = @_;
	my $run = { out => '', err => '' };
	my @psql = ('psql', '-X', '-At', '-v', 'ON_ERROR_STOP=1', '-h', $folder, '-p', $port, '-U', $user, '-d', 'app');
	$run->{harness} = IPC::Run::start([ @psql, map { ('-c', $_) } @commands ], '>', \$run->{out}, '2>', \$run->{err});
	return $run;
}

for my $size (1, 4)
{
	$node->safe_psql('app', q{SELECT count(*) FROM migrate_rollback_to('base')});
	my $before = $node->safe_psql('app', q{SELECT max(id) FROM turnstone.journal}) || 0;
	with_pool($size, sub {
		my @runs = map { through_pooler('SELECT version FROM migrate_apply()') } 1 .. 4;
		my $failed = 0;
		for my $run (@runs)
		{
			$failed++ unless $run->{harness}->finish;
			diag $run->{err} if $run->{err} ne '';
		}
		is($failed, 0, "pool of $size: every one of 4 clients ends well");
		my $registered = $node->safe_psql('app', 'SELECT count(*) FROM turnstone.migration');
		my @applied = map { grep /^\d+$/, split /\n/, $_->{out} } @runs;
		is(scalar @applied, $registered, "pool of $size: together they report each migration once");
		is($node->safe_psql('app', "SELECT count(*), count(DISTINCT version) FROM turnstone.journal WHERE id > $before AND state = 'applied'"),
			"$registered|$registered", "pool of $size: the journal has each migration once");

		# A client that goes away in the middle of its transaction, and one whose run fails.
		my $gone = through_pooler('BEGIN', 'SELECT count(*) FROM migrate_rollback()', 'SELECT pg_sleep(3)');
		$node->poll_query_until('app', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep'}) or die;
		$gone->{harness}->kill_kill(grace => 1);
		$node->poll_query_until('app', q{SELECT count(*) = 0 FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep' AND state = 'active'})
		  or die;
		my $failing = through_pooler(q{SELECT status FROM migrate_register('99990101000000_fail.sql', 'SET work_mem = ''1MB''; SELECT 1 / 0;')},
			'SELECT count(*) FROM migrate_apply()');
		ok(!$failing->{harness}->finish, "pool of $size: a run fails");
		like($failing->{err}, qr/division by zero/, "pool of $size: with its script's error");
		my $after = through_pooler(q{SELECT migrate_unregister('99990101000000')}, 'SELECT count(*) FROM migrate_apply()', 'SHOW work_mem');
		ok($after->{harness}->finish, "pool of $size: the next client's run ends well");
		like($after->{out}, qr/^0\n4MB$/m, "pool of $size: nothing is left to it by the others");
		is($node->safe_psql('app', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), 0, "pool of $size: no lock is stranded");
	});
}

$node->stop;
done_testing();
