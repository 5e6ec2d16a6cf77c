# updated_at beyond one server and one database: dumps with policies, a subscriber of logical replication.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $publisher = PostgreSQL::Test::Cluster->new('publisher');
$publisher->init(allows_streaming => 'logical');
$publisher->start;

# A database with everything that a dump can trip over: triggers made by a policy and by hand, keys, partitions.
$publisher->safe_psql('postgres', 'CREATE DATABASE app');
$publisher->safe_psql('app', q{
	CREATE EXTENSION turnstone;
	CREATE TABLE before_it (id int PRIMARY KEY, updated_at timestamptz);
	SELECT * FROM migrate_updated_at_policy(ARRAY['public'], exclude := ARRAY['*_log']);
	CREATE TABLE kept (id int PRIMARY KEY, parent int REFERENCES before_it, updated_at timestamptz UNIQUE, CHECK (id > 0));
	CREATE TABLE by_hand (id int PRIMARY KEY, updated_at timestamptz);
	CREATE TRIGGER own BEFORE UPDATE ON by_hand FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('when=changed');
	CREATE TABLE same_name (id int PRIMARY KEY, updated_at timestamptz);
	CREATE TRIGGER set_updated_at BEFORE UPDATE ON same_name FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('clock=wall');
	CREATE TABLE off (id int PRIMARY KEY, updated_at timestamptz);
	ALTER TABLE off DISABLE TRIGGER set_updated_at;
	CREATE TABLE whole (k int PRIMARY KEY, updated_at timestamptz) PARTITION BY LIST (k);
	CREATE TABLE part_1 PARTITION OF whole FOR VALUES IN (1);
	CREATE TABLE part_2 (k int NOT NULL, updated_at timestamptz);
	ALTER TABLE whole ATTACH PARTITION part_2 FOR VALUES IN (2);
	CREATE TABLE some_log (id int, updated_at timestamptz);
	SELECT * FROM migrate_updated_at_alias('touch', 'updated_at', clock := 'statement');
	CREATE TABLE aliased (id int PRIMARY KEY, updated_at timestamptz);
	CREATE TRIGGER touch BEFORE UPDATE ON aliased FOR EACH ROW EXECUTE FUNCTION touch();
	INSERT INTO before_it VALUES (1, '2000-01-01');
	INSERT INTO kept VALUES (1, 1, '2000-01-01');
	INSERT INTO whole VALUES (1, '2000-01-01'), (2, '2000-01-01');
	INSERT INTO aliased VALUES (1, '2000-01-01');
	SELECT status FROM migrate_register('1_x.sql', 'SELECT 1');
	SELECT version FROM migrate_apply();
});
my $status = 'SELECT * FROM migrate_updated_at_status()';
my $policies = 'SELECT * FROM turnstone.updated_at_policy';
my $drift = 'SELECT * FROM migrate_drift()';
my $before = $publisher->safe_psql('app', $status);
my $schema = schema_dump($publisher, 'app');
like($before, qr/public\.kept\|updated_at\|tracked\|set_updated_at\|updated_at\|/, 'the policy keeps its tables');
like($before, qr/public\.by_hand\|updated_at\|tracked\|own/, 'and leaves those that keep themselves');

for my $format ('plain', 'custom', 'directory')
{
	my $file = "$PostgreSQL::Test::Utils::tmp_check/app.$format";
	my $database = "restored_$format";
	$publisher->command_ok([ 'pg_dump', '-F', $format, '-f', $file, 'app' ], "$format: dump");
	$publisher->safe_psql('postgres', "CREATE DATABASE $database");
	$publisher->command_ok(
		$format eq 'plain'
		? [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $database, '-f', $file ]
		: [ 'pg_restore', '--exit-on-error', '-d', $database, $file ],
		"$format: restore without an error");
	is($publisher->safe_psql($database, $status), $before, "$format: all triggers are as they were");
	is($publisher->safe_psql($database, $policies), $publisher->safe_psql('app', $policies), "$format: so are the policies");
	is(schema_dump($publisher, $database), $schema, "$format: it is the same schema");
	is($publisher->safe_psql($database, $drift), $publisher->safe_psql('app', $drift), "$format: no gap came of it");
	$publisher->safe_psql($database, 'CREATE TABLE later (id int, updated_at timestamptz)');
	like($publisher->safe_psql($database, $status), qr/public\.later\|updated_at\|tracked/, "$format: the policy goes on");
	is($publisher->safe_psql($database, 'UPDATE aliased SET id = 2 RETURNING updated_at > now() - interval \'1 hour\''), 't', "$format: so does the alias");
}

# One table of a dump, restored where the policy is at work already.
my $file = "$PostgreSQL::Test::Utils::tmp_check/tables.sql";
$publisher->command_ok([ 'pg_dump', '-t', 'kept', '-t', 'by_hand', '-t', 'same_name', '-t', 'whole', '-t', 'part_*', '-f', $file, 'app' ], 'a dump of some tables');
$publisher->safe_psql('restored_plain', 'DROP TABLE kept, by_hand, same_name, whole');
$publisher->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'restored_plain', '-f', $file ], 'restored under the policy');
is($publisher->safe_psql('restored_plain', "$status WHERE table_name <> 'public.later'"), $before, 'with the triggers of the dump');

# A subscriber keeps the publisher's stamp, whether rows are copied or applied; a trigger ENABLE ALWAYS sets its own.
$publisher->safe_psql('postgres', q{
	CREATE EXTENSION turnstone;
	CREATE TABLE stamped (id int PRIMARY KEY, n int, filler text, updated_at timestamptz);
	CREATE TABLE always (id int PRIMARY KEY, n int, filler text, updated_at timestamptz);
	CREATE TRIGGER set_updated_at BEFORE UPDATE ON stamped FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
	INSERT INTO stamped VALUES (1, 0, repeat('f', 5000), '2000-01-01'), (2, 0, NULL, '2000-01-01');
	INSERT INTO always VALUES (1, 0, repeat('f', 5000), '2000-01-01'), (2, 0, NULL, NULL);
	CREATE PUBLICATION all_of_it FOR TABLE stamped, always;
});
my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$subscriber->init(allows_streaming => 'logical');
$subscriber->start;
$subscriber->safe_psql('postgres', q{
	CREATE EXTENSION turnstone;
	CREATE TABLE stamped (filler text, updated_at timestamptz, own text DEFAULT 'own', id int PRIMARY KEY, n int);
	CREATE TABLE always (id int PRIMARY KEY, n int, filler text, updated_at timestamptz);
	CREATE TRIGGER set_updated_at BEFORE UPDATE ON stamped FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at();
	CREATE TRIGGER set_updated_at BEFORE UPDATE ON always FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('clock=wall');
	ALTER TABLE always ENABLE ALWAYS TRIGGER set_updated_at;
});
my $connection = $publisher->connstr . ' dbname=postgres';
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION of_it CONNECTION '$connection' PUBLICATION all_of_it");
$subscriber->wait_for_subscription_sync($publisher, 'of_it');
my $stamps = 'SELECT id, n, length(filler), updated_at FROM stamped ORDER BY id';
is($subscriber->safe_psql('postgres', $stamps), $publisher->safe_psql('postgres', $stamps), 'copied rows have the publisher\'s stamps');
$publisher->safe_psql('postgres', 'UPDATE stamped SET n = n + 1; UPDATE always SET n = n + 1');
$publisher->wait_for_catchup('of_it');
is($subscriber->safe_psql('postgres', $stamps), $publisher->safe_psql('postgres', $stamps), 'so have applied ones');
is($subscriber->safe_psql('postgres', 'SELECT DISTINCT own FROM stamped'), 'own', 'and the subscriber\'s own columns stay');
is($subscriber->safe_psql('postgres', 'SELECT id, n, length(filler), updated_at > now() - interval \'1 hour\' FROM always ORDER BY id'),
	"1|1|5000|t\n2|1||t", 'ENABLE ALWAYS: the subscriber\'s own stamp');
is($publisher->safe_psql('postgres', 'SELECT id, updated_at FROM always ORDER BY id'), "1|2000-01-01 00:00:00+00\n2|", 'which the publisher does not have');
$subscriber->safe_psql('postgres', q{ALTER TABLE always ADD COLUMN m int; CREATE OR REPLACE TRIGGER set_updated_at BEFORE UPDATE ON always FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at('when=changed');
	ALTER TABLE always ENABLE ALWAYS TRIGGER set_updated_at; UPDATE always SET updated_at = NULL;});
my $kept = $subscriber->safe_psql('postgres', 'SELECT updated_at FROM always WHERE id = 1');
$publisher->safe_psql('postgres', 'UPDATE always SET n = n WHERE id = 1');
$publisher->wait_for_catchup('of_it');
is($subscriber->safe_psql('postgres', 'SELECT updated_at FROM always WHERE id = 1'), $kept, 'when=changed holds there too');

$subscriber->stop;
$publisher->stop;
done_testing();
