# The README's own lines: a folder sent by psql, the first migration in five minutes.
use strict;
use warnings FATAL => 'all';
use Cwd;
use IPC::Run;
use Test::More;
use Turnstone;

my $node = new_server();
my $readme = do { local (@ARGV, $/) = ("$ENV{TESTDIR}/README.md"); <> };
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', 'CREATE EXTENSION turnstone');

# The shell lines that send a folder.
my ($loop) = $readme =~ /```sh\n(for file in migrations.*?)```/s or die 'the README has no such lines';
my ($out, $err) = ('', '');
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
chdir migrations_folder() . '/..' or die;
ok(IPC::Run::run([ 'sh', '-c', $loop ], '>', \$out, '2>', \$err), 'a folder is sent by psql');
is($err, '', 'without a word');
my $folder = migrations_folder();
is($node->safe_psql('app', "SELECT DISTINCT status FROM migrate_load('$folder')"), 'unchanged', 'and the bytes are those of the files');
is($node->safe_psql('app', 'SELECT count(*) FROM migrate_unregister((SELECT max(version) FROM turnstone.migration))'), 1);

# Every SQL block of the five minutes, in order, as one session would run them.
my ($tour) = $readme =~ /## A first migration in five minutes(.*?)### Scripts from files/s or die;
my $sql = join "\n", $tour =~ /```sql\n(.*?)```/sg;
$sql =~ s/CREATE EXTENSION turnstone;//;
$sql =~ s/SELECT \* FROM migrate_rollback\(3\);//;
$node->safe_psql('postgres', 'CREATE DATABASE tour');
$node->safe_psql('tour', 'CREATE EXTENSION turnstone');
my $result = $node->safe_psql('tour', $sql);
like($result, qr/^20250101120000\|20250101120000_create_notes.sql\|registered$/m, 'registered');
like($result, qr/^20250101120000\|20250101120000_create_notes.sql\|up\|2\|/m, 'applied');
like($result, qr/^critical  changed table column public.notes.body: not null\n  expected  true\ndrift: 1 difference \(1 critical\)$/m, 'the drift that the README shows');
like($result, qr/^20250101120000\|20250101120000_create_notes.sql\|down\|1\|/m, 'rolled back');

# Each event is sent on the channel "turnstone".
my $listened = '';
IPC::Run::run([ 'psql', '-X', '-d', 'app', '-c', 'LISTEN turnstone', '-c', q{SELECT version FROM migrate_apply('+1')} ], '>', \$listened);
like($listened, qr/Asynchronous notification "turnstone" with payload "\{"id":\d+,"run":\d+,"event":"apply","version":"\d+","name":"[^"]+","state":"applied","role":"[^"]+"\}"/,
	'an event is sent as JSON');

# The grant to a deploy role is complete.
my ($grant) = $readme =~ /```sql\n(GRANT EXECUTE.*?)```/s or die;
$node->safe_psql('tour', "CREATE ROLE deployer; GRANT CREATE ON SCHEMA public TO deployer; $grant");
is($node->safe_psql('tour', q{SET ROLE deployer; SELECT status FROM migrate_register('20260101000000_x.sql', 'CREATE TABLE x (n int)');
	SELECT count(*) FROM migrate_apply(); SELECT count(*) FROM migrate_status()}), "registered\n2\n2", 'a deploy role can register and apply');

$node->stop;
done_testing();
