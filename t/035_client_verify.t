# `turnstone verify`: the verify scripts of a folder of Sqitch, each in a transaction that is rolled back.
use strict;
use warnings FATAL => 'all';
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = new_server();
my $top = $PostgreSQL::Test::Utils::tmp_check;
my $folder = "$top/verified";
mkdir $_ or die $! for $folder, "$folder/deploy", "$folder/revert", "$folder/verify";
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', 'CREATE EXTENSION turnstone');

sub run { return client($node, 'app', $top, '--folder', 'verified', @_) }

sub verify_is { write_script("$folder/verify/$_[0].sql", $_[1]); return }

my $plan = "%syntax-version=1.0.0\n%project=demo\n\n";
my $second = 0;
for my $line ('users', 'orders [users]', '@v1', 'notes', 'later')
{
	$plan .= sprintf "%s 2026-01-02T03:04:%02dZ Ann <ann\@x.org> # %s\n", $line, $second++, $line;
	my ($change) = $line =~ /^(\w+)/ or next;
	write_script("$folder/deploy/$change.sql", "CREATE TABLE $change (id int);\n");
	write_script("$folder/revert/$change.sql", "DROP TABLE $change;\n");
}
write_script("$folder/sqitch.plan", $plan);
verify_is('users', "-- Verify demo:users\nBEGIN;\nSELECT id FROM users WHERE false;\nINSERT INTO users VALUES (1);\nSELECT 1 / count(*) FROM users;\nROLLBACK;\n");
verify_is('orders', "BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1 / (current_setting('transaction_isolation') = 'serializable')::int;\nINSERT INTO orders VALUES (1);\nCOMMIT;\n");
verify_is('later', "SELECT 1 / 0;\n");

my $run = run('verify');
is($run->{code}, 0, 'nothing is applied: nothing to verify') or diag $run->{err};
is($run->{out}, "no check is there to be made\n", 'and it says so');
is(run('up', 'notes')->{code}, 0, 'three of four are applied');
$run = run('verify');
is($run->{code}, 0, 'the checks of what is applied pass') or diag $run->{out};
is($run->{out}, "ok users\nok orders\n2 passed; 1 applied migration has none\n", 'and are told of');
is(run('verify', '-q')->{out}, '', 'unless quiet');
like(run('verify', '-v')->{out}, qr/^no check notes$/m, 'what has none is told of when verbose');
is($node->safe_psql('app', 'SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM orders)'), '0|0', 'nothing of them stays, of a COMMIT at the end neither');

# What fails is told by the file's own lines, and the others are run all the same.
verify_is('users', "-- Verify demo:users\nBEGIN;\nSELECT id, 'ö',\n       missing FROM users;\nROLLBACK;\n");
verify_is('notes', "BEGIN;\nINSERT INTO notes VALUES (1);\nSELECT 1 / 0 FROM notes;\nROLLBACK;\n");
$run = run('verify');
is($run->{code}, 1, 'a check that fails is exit code 1');
is($run->{out}, "not ok verified/verify/users.sql:4:8: column \"missing\" does not exist (SQLSTATE 42703)\n"
	  . "    4 |        missing FROM users;\n      |        ^\n"
	  . "ok orders\n"
	  . "not ok verified/verify/notes.sql:3:1: division by zero (SQLSTATE 22012)\n"
	  . "    3 | SELECT 1 / 0 FROM notes;\n      | ^\n"
	  . "2 of 3 failed\n", 'with file, line, column');
my $document = JSON::PP->new->utf8->decode(run('verify', '--json')->{out});
is_deeply($document, { ok => JSON::PP::false, exit_code => 1, checks => [
	{ name => 'users', file => 'verified/verify/users.sql', state => 'failed', line => 4, column => 8, sqlstate => '42703', message => 'column "missing" does not exist' },
	{ name => 'orders', file => 'verified/verify/orders.sql', state => 'ok' },
	{ name => 'notes', file => 'verified/verify/notes.sql', state => 'failed', line => 3, column => 1, sqlstate => '22012', message => 'division by zero' } ] }, 'the same as JSON');
is($node->safe_psql('app', 'SELECT count(*) FROM notes'), 0, 'and nothing stays of what ran before it');

# Up to a target.
verify_is('users', "BEGIN;\nSELECT 1;\nROLLBACK;\nBEGIN;\nSELECT 2;\nROLLBACK;\n");
is(run('verify', $_)->{out}, "ok users\nok orders\n2 passed\n", "up to $_") for 'v1', '@v1', 'orders', '2';
is(run('verify', 'later')->{code}, 1, 'further than what is applied');
$run = run('verify', 'nowhere');
is($run->{code}, 1, 'a target that is not there');
like($run->{err}, qr/^.*error: "nowhere" is not in the folder/m, 'is named');

# What is refused is refused before anything has run.
$node->safe_psql('app', 'CREATE SEQUENCE seen');
verify_is('users', "SELECT nextval('seen');\nCOMMIT;\nDROP TABLE users;\n");
$run = run('verify', 'users');
is($run->{code}, 1, 'a commit in the middle');
like($run->{out}, qr{^not ok verified/verify/users.sql:2:1: a verify script cannot commit\n    2 \| COMMIT;\n      \| \^\nhint: A verify script}, 'is refused by its place');
verify_is('users', "SELECT nextval('seen');\n\\echo done\n");
like(run('verify', 'users')->{out}, qr{^not ok verified/verify/users.sql:2:1: psql's \\echo is not carried out}, 'so are commands of psql');
is($node->safe_psql('app', 'SELECT is_called FROM seen'), 'f', 'nothing of either has run');
verify_is('users', "BEGIN;\nROLLBACK;\nINSERT INTO users VALUES (1);\n");
is(run('verify', 'users')->{code}, 0, 'what stands behind the script\'s own transaction');
is($node->safe_psql('app', 'SELECT count(*) FROM users'), 0, 'is in one, too');

# Ctrl-C ends it on the server.
verify_is('users', "SELECT pg_sleep(300);\n");
{
	local @ENV{qw(PGHOST PGPORT PGDATABASE)} = ($node->host, $node->port, 'app');
	my ($out, $err) = ('', '');
	my $harness = IPC::Run::start([ 'turnstone', '--folder', 'verified', 'verify' ], '<', \'', '>', \$out, '2>', \$err, init => sub { chdir $top or die });
	$node->poll_query_until('app', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = 'app' AND wait_event = 'PgSleep'}) or die;
	$harness->signal('INT');
	$harness->finish;
	is($harness->result(0), 130, 'Ctrl-C is exit code 130') or diag $err;
}
is($node->safe_psql('app', q{SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'}), 0, 'and the statement has ended');

# Folders of other tools have none.
mkdir "$top/plain" or die $!;
write_script("$top/plain/1_users.sql", "-- +migrate Up\nSELECT 1;\n");
is(client($node, 'app', $top, '--folder', 'plain', 'verify')->{out}, "no check is there to be made\n", 'a folder of another tool');

$node->stop;
done_testing();
