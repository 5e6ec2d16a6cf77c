# Folders as the programs of others wrote them, Better Auth's and Drizzle's in both layouts: loaded as they are, applied, rolled
# forward whenever a script comes in. What is recorded is what they make, and that is what psql makes of them.
use strict;
use warnings FATAL => 'all';
use JSON::PP;
use PostgreSQL::Test::RecursiveCopy;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = new_server();
my $samples = "$ENV{TESTDIR}/data/formats";
my $folders = PostgreSQL::Test::Utils::tempdir();
chmod 0755, $folders;

# The paths of a sample's scripts, in their order.
sub scripts_of
{
	my ($sample) = @_;
	my @paths = sort map { s{^\Q$samples/$sample/\E}{}r } glob("$samples/$sample/*.sql"), glob("$samples/$sample/*/migration.sql");
	return @paths;
}

# The sample as it was when it had that many scripts.
sub earlier_folder
{
	my ($sample, $count) = @_;
	my $folder = "$folders/$sample-$count";
	my %later = map { $_ => 1 } (scripts_of($sample))[ $count .. scripts_of($sample) - 1 ];
	PostgreSQL::Test::RecursiveCopy::copypath("$samples/$sample", $folder, filterfn => sub { return !$later{ $_[0] } && !$later{"$_[0]/migration.sql"} });
	my $journal = "$folder/meta/_journal.json";
	if (-e $journal)
	{
		my $written = decode_json(slurp_file($journal));
		splice @{ $written->{entries} }, $count;
		unlink $journal;
		append_to_file($journal, encode_json($written));
	}
	system_or_bail('chmod', '-R', 'a+rX', $folder);
	return $folder;
}

sub dump_without_turnstone
{
	my ($database) = @_;
	$node->safe_psql($database, 'DROP EXTENSION IF EXISTS turnstone');
	return schema_dump($node, $database);
}

sub no_drift { my ($database, $when) = @_; return is($node->safe_psql($database, 'SELECT change, object_type, identity, property FROM migrate_drift()'), '', "no drift $when") }

for my $sample (qw(better-auth drizzle-0.31 drizzle-1.0))
{
	my @scripts = scripts_of($sample);
	(my $name = $sample) =~ s/\W/_/g;
	$node->safe_psql('postgres', "CREATE DATABASE $_") for map { "${name}_$_" } qw(psql stepwise at_once);
	for my $script (@scripts)
	{
		(my $text = slurp_file("$samples/$sample/$script")) =~ s/^--> statement-breakpoint//mg;
		$node->safe_psql("${name}_psql", $text);
	}
	my $expected = dump_without_turnstone("${name}_psql");
	like($expected, qr{CREATE TABLE}, "$sample by psql");

	my $stepwise = "${name}_stepwise";
	$node->safe_psql($stepwise, 'CREATE EXTENSION turnstone');
	for my $count (1 .. @scripts)
	{
		my $folder = earlier_folder($sample, $count);
		is($node->safe_psql($stepwise, "SELECT count(*) FILTER (WHERE status = 'registered'), count(*) FROM migrate_load('$folder')"),
			"1|$count", "$sample: one more script, of $count");
		is($node->safe_psql($stepwise, 'SELECT count(*) FROM migrate_apply()'), '1', 'is applied');
		no_drift($stepwise, 'behind it');
	}
	is($node->safe_psql($stepwise, 'SELECT count(*) FROM migrate_apply()'), '0', 'nothing is pending');
	is(dump_without_turnstone($stepwise), $expected, 'pg_dump tells no difference from psql');

	my $at_once = "${name}_at_once";
	$node->safe_psql($at_once, "CREATE EXTENSION turnstone; SELECT migrate_load('$samples/$sample')");
	$node->safe_psql($at_once, 'CALL migrate_deploy()');
	no_drift($at_once, 'behind migrate_deploy()');
	is($node->safe_psql($at_once, q{SELECT count(*) FROM migrate_status() WHERE state = 'applied'}), scalar @scripts, 'which has applied all');
	is(dump_without_turnstone($at_once), $expected, 'with the same outcome');
}
$node->stop;
done_testing();
