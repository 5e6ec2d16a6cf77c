# The lines that events leave in the server's log: when they are committed, and only then.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "autovacuum = off\nlog_min_messages = warning\nlog_line_prefix = '%e '\nlog_statement = none\n");
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', <<'SQL');
CREATE EXTENSION turnstone;
CREATE ROLE deployer SUPERUSER;
SELECT migrate_register('1_one.sql', E'-- +migrate Up\nCREATE TABLE one ();\n-- +migrate Down\nDROP TABLE one;');
SELECT migrate_register('2_two.sql', E'-- +migrate Up\nCREATE TABLE two ();\n-- +migrate Down\nDROP TABLE two;');
SELECT migrate_register('3_broken.sql', E'-- +migrate Up\nSELECT 1;\nSELECT 1 / 0;');
SQL
my $seen = -s $node->logfile;

# The lines since the last call, with times and numbers of runs left out.
sub lines
{
	my $log = slurp_file($node->logfile, $seen);
	$seen = -s $node->logfile;
	my @lines = grep { /turnstone: / } split /\n/, $log;
	s/run \d+/run N/, s/[\d.]+ ms/T ms/ for @lines;
	return join "\n", @lines;
}

sub psql { my ($sql) = @_; my ($status, $out, $err) = $node->psql('app', $sql); return $err }

my $applied = '00000 LOG:  turnstone: apply "1_one.sql": applied (run N, T ms, role deployer)';
psql(q{SET ROLE deployer; SELECT version FROM migrate_apply('1')});
is(lines(), $applied, 'a run in one transaction');
psql(q{SELECT version FROM migrate_rollback()});
is(lines(), '00000 LOG:  turnstone: rollback "1_one.sql": pending (run N, T ms, role ' . $node->safe_psql('app', 'SELECT current_user') . ')', 'a rollback');
psql(q{BEGIN; SELECT version FROM migrate_apply('1'); ROLLBACK});
is(lines(), '', 'nothing of what was rolled back');
psql(q{BEGIN; SET ROLE deployer; SELECT version FROM migrate_apply('1'); SAVEPOINT s; SELECT version FROM migrate_apply('2'); ROLLBACK TO s; SELECT migrate_tag('here'); COMMIT});
is(lines(), "$applied\n" . '00000 LOG:  turnstone: tag "1_one.sql" (run N, role deployer): here', 'nor of a savepoint that was');
psql(q{SELECT version FROM migrate_apply('2', true)});
is(lines(), '', 'nor of a dry run');
like(psql(q{SET ROLE deployer; CALL migrate_deploy()}), qr/division by zero/, 'a deployment fails in its second migration');
is(lines(), join("\n", '00000 LOG:  turnstone: apply "2_two.sql": applied (run N, T ms, role deployer)',
	'22012 LOG:  turnstone: apply "3_broken.sql": failed with 22012, statement 2, line 3'), 'what was committed, and the failure');
psql(q{SELECT version FROM migrate_apply()});
is(lines(), '22012 LOG:  turnstone: apply "3_broken.sql": failed with 22012, statement 2, line 3', 'the failure of a run in one transaction');
like(psql(qq{\\set ON_ERROR_STOP off\nBEGIN; SAVEPOINT a; SELECT version FROM migrate_rollback(); SELECT 1 / 0; ROLLBACK TO a; SELECT version FROM migrate_rollback(2); COMMIT}), qr/division by zero/, 'an error behind a rollback');
is(scalar(() = lines() =~ /rollback/g), 2, 'what came behind it, alone');

# A run that was cut off.
$node->safe_psql('app', q{INSERT INTO turnstone.run (id, command, state) OVERRIDING SYSTEM VALUE VALUES (1000, 'deploy', 'running'), (1001, 'deploy', 'queued')});
psql(q{SELECT migrate_unregister('3')});
psql(q{CALL migrate_deploy('1')});
like(lines(), qr/^00000 LOG:  turnstone: run N was interrupted\n00000 LOG:  turnstone: run N was interrupted\n00000 LOG:  turnstone: apply "1_one.sql": applied/, 'interrupted runs are told of by the next one');

# Who may turn it off.
like(psql(q{CREATE ROLE nobody_much; SELECT migrate_version(); SET ROLE nobody_much; SET turnstone.log_events = off}), qr/permission denied to set parameter "turnstone.log_events"/, 'not for everybody to turn off');
psql(q{SET turnstone.log_events = off; SELECT version FROM migrate_apply()});
is(lines(), '', 'off');
is($node->safe_psql('app', q{SELECT count(*) FROM migrate_status() WHERE state = 'applied'}), 2, 'and applied all the same');

$node->stop;
done_testing();
