# Many sessions at once: every script exactly once.
use strict;
use warnings FATAL => 'all';
use IPC::Run;
use Test::More;
use Turnstone;

my $node = new_server();
for my $level ('READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE')
{
	(my $database = lc $level) =~ s/ /_/g;
	new_database($node, $database);
	my $sessions = 8;
	my @runs;
	for my $number (1 .. $sessions)
	{
		my ($out, $err) = ('', '');
		my $run = { out => \$out, err => \$err };
		$run->{harness} = IPC::Run::start(
			[
				'psql', '-X', '-At', '-v', 'ON_ERROR_STOP=1', '-h', $node->host, '-p', $node->port, '-d', $database,
				'-c', "BEGIN ISOLATION LEVEL $level", '-c', 'SELECT version FROM migrate_apply()', '-c', 'COMMIT'
			],
			'>', $run->{out}, '2>', $run->{err});
		push @runs, $run;
	}
	my $failed = 0;
	for my $run (@runs)
	{
		$failed++ unless $run->{harness}->finish;
		diag ${ $run->{err} } if ${ $run->{err} } ne '';
	}
	is($failed, 0, "$level: every one of $sessions sessions ends well");
	my @applied = map { grep /^\d+$/, split /\n/, ${ $_->{out} } } @runs;
	my $registered = $node->safe_psql($database, 'SELECT count(*) FROM turnstone.migration');
	is(scalar @applied, $registered, "$level: together they report each migration once");
	is($node->safe_psql($database, 'SELECT count(*), count(DISTINCT version) FROM turnstone.journal'),
		"$registered|$registered", "$level: the journal has each migration once");
}
$node->stop;
done_testing();
