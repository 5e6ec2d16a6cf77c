# docs/tutorial.md: every block in it is run, in its order, and prints the lines that stand under it. And what of
# docs/howto.md can be run.
use strict;
use warnings FATAL => 'all';
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = new_server();
$node->safe_psql('postgres', 'CREATE DATABASE shop');
my $project = "$PostgreSQL::Test::Utils::tmp_check/shop";
mkdir $project or die $!;
chdir $project or die $!;
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
local $ENV{PGDATABASE} = 'shop';
delete local $ENV{DATABASE_URL};

my $tutorial = do { local (@ARGV, $/) = ("$ENV{TESTDIR}/docs/tutorial.md"); <> };
my @blocks = $tutorial =~ /^```(\w*(?: \w+)?)\n(.*?)^```$/msg;
cmp_ok(scalar @blocks, '>', 40, 'the tutorial has blocks');

# The lines of $expected stand in $printed, in their order, each in a line of its own.
sub has_lines
{
	my ($printed, $expected) = @_;
	my @missing;
	my $from = 0;
	for my $line (split /\n/, $expected)
	{
		my $at = index $printed, $line, $from;
		if ($at < 0) { push @missing, $line }
		else { $from = $at + length $line }
	}
	return @missing;
}

my ($heading, $printed) = ('', '');
while (my ($kind, $text) = splice @blocks, 0, 2)
{
	if ($kind eq 'text')
	{
		my @missing = has_lines($printed, $text);
		is("@missing", '', "prints what is shown: $heading") or note $printed;
		next;
	}
	($heading) = split /\n/, $text;
	my ($language, $fails) = split / /, $kind;
	my @command =
		$language eq 'sh' ? ('sh', '-e', '-c', $text)
	  : $language eq 'sql' ? ('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-P', 'pager=off')
	  : die "a block of kind \"$kind\" is not run";
	my $input = $language eq 'sql' ? $text : '';
	IPC::Run::run(\@command, '<', \$input, '>', \my $out, '2>', \my $err);
	$printed = "$out\n$err";
	my $status = $? >> 8;
	ok($fails ? $status != 0 : $status == 0, ($fails ? 'fails: ' : 'runs: ') . $heading) or note $printed;
}

# docs/howto.md: the script that fills a table in batches, the one with a placeholder, and the queries of the monitor.
my $howto = do { local (@ARGV, $/) = ("$ENV{TESTDIR}/docs/howto.md"); <> };
my ($batches) = $howto =~ /```\n(-- \+migrate Up notransaction.*?)```/s or die;
my ($tenants) = $howto =~ /```\n(-- \+migrate Placeholders: on.*?)```/s or die;
$node->safe_psql('postgres', 'CREATE DATABASE howto');
$node->safe_psql('howto', <<"SQL");
CREATE EXTENSION turnstone;
CREATE TABLE orders (id int PRIMARY KEY, total numeric, total_cents numeric);
INSERT INTO orders SELECT g, 1.5 FROM generate_series(1, 12000) g;
CREATE SCHEMA north;
SELECT * FROM migrate_set_variable('tenant', 'north');
SELECT migrate_register('1_fill.sql', \$x\$$batches\$x\$);
SELECT migrate_register('2_tenant.sql', \$x\$$tenants\$x\$);
SQL
$node->safe_psql('howto', 'CALL migrate_deploy()');
is($node->safe_psql('howto', q{SELECT count(*), sum(total_cents), to_regclass('north.orders') FROM orders}),
	'12000|1800000.0|north.orders', 'the scripts of howto.md do what it says');
my @queries = $howto =~ /^  query: \|\n((?:    .*\n)+)/mg;
is(scalar @queries, 2, 'howto.md has two queries for a monitor');
isnt($node->safe_psql('howto', $_), '', 'which run') for @queries;
my ($setting) = $howto =~ /(ALTER DATABASE shop SET .*?;)/ or die;
$node->safe_psql('shop', $setting);

$node->stop;
done_testing();
