# Sixteen sessions that call migrate_deploy() and migrate_apply() at once, statements that cannot run in a transaction
# among what is pending, and a load on the same tables: nobody hangs, each script is applied once, no transaction of
# the load is lost.
use strict;
use warnings FATAL => 'all';
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use Turnstone;

my $node = new_server();
$node->append_conf('postgresql.conf', "max_connections = 60\ndeadlock_timeout = 100ms\n");
$node->restart;
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', <<'SQL');
CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL);
INSERT INTO account SELECT g, 0 FROM generate_series(1, 100) g;
CREATE TABLE movement (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account int NOT NULL, amount bigint NOT NULL);
CREATE TABLE effects (label text);
CREATE EXTENSION turnstone;
SELECT migrate_register('01_column.sql', 'INSERT INTO effects VALUES (1); ALTER TABLE account ADD COLUMN note text; ALTER TABLE movement ADD COLUMN note text');
SELECT migrate_register('02_index.sql', 'INSERT INTO effects VALUES (2); CREATE INDEX CONCURRENTLY movement_account ON movement (account); INSERT INTO effects VALUES (2.1)');
SELECT migrate_register('03_index.sql', 'INSERT INTO effects VALUES (3); CREATE INDEX CONCURRENTLY ON movement (amount, account); ALTER TABLE account ADD COLUMN three int');
SELECT migrate_register('04_both.sql', 'INSERT INTO effects VALUES (4); LOCK movement IN SHARE ROW EXCLUSIVE MODE; LOCK account IN ACCESS EXCLUSIVE MODE; ALTER TABLE account ADD CHECK (balance IS NOT NULL)');
SELECT migrate_register('05_reindex.sql', 'INSERT INTO effects VALUES (5); REINDEX TABLE CONCURRENTLY account; VACUUM movement');
SELECT migrate_register('06_trigger.sql', 'INSERT INTO effects VALUES (6); ALTER TABLE account ADD COLUMN updated_at timestamptz;
    CREATE TRIGGER set_updated_at BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION turnstone_set_updated_at()');
SELECT migrate_register('07_drop.sql', 'DROP INDEX CONCURRENTLY movement_account; INSERT INTO effects VALUES (7)');
SELECT migrate_register('08_last.sql', 'INSERT INTO effects VALUES (8)');
SQL

my $script = "$PostgreSQL::Test::Utils::tmp_check/load.sql";
append_to_file($script, <<'SQL');
\set account random(1, 100)
\set amount random(-100, 100)
BEGIN;
UPDATE account SET balance = balance + :amount WHERE id = :account;
INSERT INTO movement (account, amount) VALUES (:account, :amount);
COMMIT;
SQL
my $seconds = 20;
my ($load_out, $load_err) = ('', '');
my $load = IPC::Run::start(
	[ 'pgbench', '-n', '-c', 4, '-T', $seconds, '--max-tries', 100, '-f', $script, '-h', $node->host, '-p', $node->port, 'app' ],
	'>', \$load_out, '2>', \$load_err);
$node->poll_query_until('app', 'SELECT count(*) > 20 FROM movement') or die 'no load';

my $start = time;
my @sessions;
for my $number (1 .. 16)
{
	my $call = $number % 2 ? 'CALL migrate_deploy()' : 'SELECT count(*) FROM migrate_apply()';
	my $session = session($node, 'app', "session $number", 'turnstone.ddl_lock_timeout' => '200ms');
	push @sessions, { session => $session, call => $call };
}
$_->{session}->send($_->{call}) for @sessions;
my %errors;
for my $one (@sessions)
{
	my $error = $one->{session}->finish;
	my $kind = $one->{call} =~ /deploy/ ? 'deploy' : 'apply';
	$errors{$kind}{$1}++ while $error =~ /^ERROR:  (.*)$/mg;
}
cmp_ok(time - $start, '<', 120, 'all sixteen come to an end');
is(join('; ', sort keys %{ $errors{deploy} // {} }), '', 'every migrate_deploy() succeeds');
my @others = grep { !/cannot run inside a transaction block|waits for this session|is applied in part/ } keys %{ $errors{apply} // {} };
is(join('; ', sort @others), '', 'a migrate_apply() is refused for what it cannot run, or where it would be in the way');
note join '; ', map { "$errors{apply}{$_} x $_" } sort keys %{ $errors{apply} // {} };

ok($load->finish, 'the load comes to its end');
unlike($load_err, qr/ERROR|aborted/, 'no client of it met an error');
like($load_out, qr/number of failed transactions: 0 /, 'no transaction of it failed');
my ($committed) = $load_out =~ /number of transactions actually processed: (\d+)/;
is($node->safe_psql('app', 'SELECT count(*) FROM movement'), $committed, 'what it was told is committed is there');
is($node->safe_psql('app', 'SELECT (SELECT sum(balance) FROM account) = (SELECT sum(amount) FROM movement)'), 't', 'none of them is lost or there in half');
is($node->safe_psql('app', 'SET enable_seqscan = off; SELECT count(*) FROM account a WHERE balance <> (SELECT coalesce(sum(amount), 0) FROM movement m WHERE m.account = a.id)'),
	0, 'nor in any account, as the new indexes see it');

is($node->safe_psql('app', q{SELECT string_agg(label, ',' ORDER BY label) FROM effects}), '1,2,2.1,3,4,5,6,7,8', 'every statement ran once');
is($node->safe_psql('app', q{SELECT count(*), count(DISTINCT version) FROM turnstone.journal WHERE state = 'applied'}), '8|8', 'each script was applied once');
is($node->safe_psql('app', 'SELECT count(*) FROM pg_index WHERE NOT indisvalid'), 0, 'no index is INVALID');
is($node->safe_psql('app', q{SELECT count(*) FROM turnstone.run WHERE state = 'running'}), 0, 'no run is left open');
is($node->safe_psql('app', 'SELECT count(*) FROM migrate_drift()'), 0, 'no drift');
$node->stop;
done_testing();
