# `turnstone import`: another tool's folder written anew runs the same statements; nothing is ever written over.
use strict;
use warnings FATAL => 'all';
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = new_server();
my $project = "$PostgreSQL::Test::Utils::tmp_check/imports";
mkdir $project or die $!;
$node->safe_psql('postgres', 'CREATE DATABASE app');

sub run { return client($node, 'app', $project, @_) }
is(run('init')->{code}, 0, 'a database');

# What `up` would do: command and transaction of each statement, step by step.
sub plan_of
{
	my ($folder, $format) = @_;
	my $run = run('plan', '--folder', $folder, '--format', $format, '--json');
	is($run->{code}, 0, "a plan of $folder") or diag $run->{err};
	my $document = JSON::PP->new->utf8->decode($run->{out});
	return join "\n", map { join ' ', map { $_ // '-' } @$_{qw(step statement command transactional)} } @{ $document->{plan} };
}

my $formats = "$ENV{TESTDIR}/data/formats";
for my $sample (qw(atlas dbmate diesel drizzle-0.31 drizzle-1.0 golang-migrate knex liquibase node-pg-migrate postgrator prisma sqitch sqlx
	supabase alembic))
{
	(my $format = $sample) =~ s/-[01]\.\d+$//;
	my $run = run('import', '--from', $format, "$formats/$sample", "imported/$sample");
	is($run->{code}, 0, "import of $sample") or diag $run->{err};
	my $plan = plan_of("$formats/$sample", $format);
	isnt($plan, '', 'there is something to do');
	is(plan_of("imported/$sample", 'native'), $plan, 'and the imported folder does the same');
}

my $before = run('import', '--from', 'dbmate', "$formats/dbmate", 'imported/dbmate');
is($before->{code}, 1, 'a file that is there is never written over');
like($before->{err}, qr/^error: "imported\/dbmate\/20240101120000_create_pets.sql" exists; nothing is written$/m, 'and named');

my $dry = run('import', '--from', 'dbmate', "$formats/dbmate", 'elsewhere', '--dry-run', '--json');
is($dry->{code}, 0, 'a dry run') or diag $dry->{err};
my $document = JSON::PP->new->utf8->decode($dry->{out});
is($document->{dry_run}, JSON::PP::true, 'says so');
is($document->{files}[0]{to}, 'elsewhere/20240101120000_create_pets.sql', 'and what would be written');
ok(!-e "$project/elsewhere", 'and writes nothing');

my $broken = run('import', "$formats/broken", 'elsewhere');
is($broken->{code}, 5, 'what cannot be read is refused');
like($broken->{err}, qr/00002_bad\.sql: line 4: annotation "-- \+goose Sideways" is unknown/, 'with its file and line');
is(run('import', '--from', 'flyway', "$formats/flyway-baselines", 'elsewhere')->{code}, 5, 'and so is what cannot be said');
ok(!-e "$project/elsewhere", 'then nothing is written');
is(run('import', "$formats/dbmate")->{code}, 64, 'a folder to write to is needed');

done_testing();
