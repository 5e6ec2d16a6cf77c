# Runs of migrate_deploy() and migrate_revert() are killed at every boundary; the next call goes on from there, and in
# the end everything is there exactly once, as in a database where nobody was killed. TURNSTONE_CRASH=long tries every
# point in every way, alone and in a row.
use strict;
use warnings FATAL => 'all';
use Test::More;
use Time::HiRes qw(sleep time);
use Turnstone;

my $long = ($ENV{TURNSTONE_CRASH} // '') eq 'long';
my $rounds = $long ? 2 : 1;
my $node = new_server();
$node->append_conf('postgresql.conf', "max_connections = 40\nautovacuum = off\ncheckpoint_timeout = 1h\n");
$node->restart;

# Everything that a run passes takes an advisory lock of its own for a moment: whoever holds that lock stops the run
# there. Triggers stop it before a row is written and in the commit behind it, functions inside of statements.
$node->safe_psql('postgres', 'CREATE DATABASE template_app');
$node->safe_psql('template_app', <<'SQL');
CREATE SCHEMA brake;
CREATE FUNCTION brake.at(place text) RETURNS text LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(hashtext(place)); RETURN place; END $$;
CREATE FUNCTION brake.build(v text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(hashtext('build')); RETURN v; END $$;
CREATE FUNCTION brake.stop() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(hashtext(concat_ws(' ', TG_NAME, TG_TABLE_NAME, to_jsonb(NEW) ->> 'version',
            to_jsonb(NEW) ->> 'statement', to_jsonb(NEW) ->> 'state')));
        RETURN NEW;
    END $$;
CREATE EXTENSION turnstone;
CREATE TRIGGER before BEFORE INSERT OR UPDATE ON turnstone.run FOR EACH ROW EXECUTE FUNCTION brake.stop();
CREATE TRIGGER before BEFORE INSERT OR UPDATE ON turnstone.step FOR EACH ROW EXECUTE FUNCTION brake.stop();
CREATE TRIGGER before BEFORE INSERT ON turnstone.journal FOR EACH ROW EXECUTE FUNCTION brake.stop();
CREATE CONSTRAINT TRIGGER commit AFTER INSERT OR UPDATE ON turnstone.run INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION brake.stop();
CREATE CONSTRAINT TRIGGER commit AFTER INSERT OR UPDATE ON turnstone.step INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION brake.stop();
CREATE CONSTRAINT TRIGGER commit AFTER INSERT ON turnstone.journal INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION brake.stop();

SELECT migrate_register('0_base.sql', $$
CREATE TABLE effects (label text, at timestamptz DEFAULT clock_timestamp());
CREATE TABLE t (id int PRIMARY KEY, v text, n int, old int);
INSERT INTO t SELECT g, 'v' || g, g, g FROM generate_series(1, 50) g;
CREATE INDEX t_n ON t (n);
CREATE INDEX t_old ON t (old);
CREATE TABLE p (id int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE meant (m mood);
$$);
SELECT * FROM migrate_apply();
CREATE TABLE stray (id int);
SELECT migrate_register('1_plain.sql', $$-- +migrate Up
INSERT INTO effects VALUES ('1');
ALTER TABLE t ADD COLUMN one int;
SELECT brake.at('middle 1');
CREATE TABLE one (id int PRIMARY KEY);
-- +migrate Down
INSERT INTO effects VALUES ('undo 1');
DROP TABLE one;
SELECT brake.at('middle of undo');
ALTER TABLE t DROP COLUMN one;
$$);
SELECT migrate_register('2_online.sql', $$-- +migrate Up
INSERT INTO effects VALUES ('2.1');
CREATE INDEX CONCURRENTLY t_v ON t (brake.build(v));
CREATE INDEX CONCURRENTLY ON t (id, n);
INSERT INTO effects SELECT '2.4' WHERE brake.at('middle 2') <> '';
REINDEX INDEX CONCURRENTLY t_n;
ALTER TABLE p DETACH PARTITION p2 CONCURRENTLY;
VACUUM t;
DROP INDEX CONCURRENTLY t_old;
ALTER TYPE mood ADD VALUE 'happy';
INSERT INTO meant VALUES ('happy');
-- +migrate Down
INSERT INTO effects VALUES ('undo 2.1');
DROP INDEX CONCURRENTLY t_v;
DROP INDEX CONCURRENTLY t_id_n_idx;
INSERT INTO effects VALUES ('undo 2.4');
CREATE INDEX CONCURRENTLY t_old ON t (old);
$$);
SELECT migrate_register('3_patient.sql', $$-- +migrate Up
INSERT INTO effects VALUES ('3');
ALTER TABLE t ADD COLUMN three int;
-- +migrate Down
INSERT INTO effects VALUES ('undo 3');
ALTER TABLE t DROP COLUMN three;
$$);
SELECT migrate_register('4_last.sql', $$-- +migrate Up
CREATE TABLE four (id int);
INSERT INTO effects VALUES ('4');
-- +migrate Down
DROP TABLE four;
INSERT INTO effects VALUES ('undo 4');
$$);
SQL

# What holds the run up: each is a list of steps; a step takes what it takes, waits until the run waits for it, and the
# next one takes its lock before the former lets go. The run is killed while it waits for the last one.
sub brake { my ($key) = @_; return [ "SELECT pg_advisory_lock(hashtext('$key'))" ] }
sub locks { my ($table, @modes) = @_; return [ map { "BEGIN; LOCK $table IN $_ MODE" } @modes ] }
sub reader { return [ 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM meant' ] }
my $writer = 'ROW EXCLUSIVE';
my $share = 'ACCESS SHARE';

my @up = (
	[ 'while it waits for the run lock', [ 'SELECT pg_advisory_lock((1953854062::bigint << 32) | 1937010542)' ], 'TurnstoneRunLock' ],
	[ 'before the run is on record', brake('before run running') ],
	[ 'in the commit of that', brake('commit run running') ],
	[ 'in the middle of a transaction', brake('middle 1') ],
	[ 'before the journal row of a transaction', brake('before journal 1 applied') ],
	[ 'in the commit of a migration', brake('commit journal 1 applied') ],
	[ 'between two migrations', [ "SELECT pg_advisory_lock(hashtext('commit journal 1 applied'))",
		'BEGIN; LOCK turnstone.step IN ACCESS EXCLUSIVE MODE' ] ],
	[ 'before the mark of a step in a transaction', brake('before step 2 1 done') ],
	[ 'in the commit of such a step', brake('commit step 2 1 done') ],
	[ 'before the mark of a step by itself', brake('before step 2 2 started') ],
	[ 'in the commit of the mark', brake('commit step 2 2 started') ],
	[ 'CREATE INDEX, before its first lock', locks('t', 'SHARE') ],
	[ 'CREATE INDEX, waiting for writers before the build', locks('t', $writer) ],
	[ 'dropping what is left', locks('t', $share), 'cleanup' ],
	[ 'dropping what is left, waiting for the second time', locks('t', $share, $share), 'cleanup' ],
	[ 'CREATE INDEX, building', brake('build') ],
	[ 'CREATE INDEX, waiting for writers before validation', locks('t', $writer, $writer) ],
	[ 'CREATE INDEX, waiting for old snapshots', reader() ],
	[ 'CREATE INDEX, built, before its mark', brake('before step 2 2 done') ],
	[ 'CREATE INDEX, in its last commit', brake('commit step 2 2 done') ],
	[ 'index without a name, before its mark', brake('before step 2 3 started') ],
	[ 'index without a name, before its first lock', locks('t', 'SHARE') ],
	[ 'index without a name, before the build', locks('t', $writer) ],
	[ 'index without a name, before validation', locks('t', $writer, $writer) ],
	[ 'index without a name, old snapshots', reader() ],
	[ 'index without a name, in its last commit', brake('commit step 2 3 done') ],
	[ 'in a statement of a migration in steps', brake('middle 2') ],
	[ 'REINDEX, before its mark', brake('before step 2 5 started') ],
	[ 'REINDEX, before its first lock', locks('t', 'SHARE') ],
	[ 'REINDEX, before the build', locks('t', $writer) ],
	[ 'REINDEX, before validation', locks('t', $writer, $writer) ],
	[ 'REINDEX, old snapshots', reader() ],
	[ 'REINDEX, before the old one is set dead', locks('t', $share) ],
	[ 'REINDEX, before the old one is dropped', locks('t', $share, $share) ],
	[ 'REINDEX, before the mark behind it', brake('before step 2 5 done') ],
	[ 'DETACH, before its mark', brake('before step 2 6 started') ],
	[ 'DETACH, before its first lock', locks('p', 'SHARE') ],
	[ 'DETACH, waiting for users of the table', locks('p', $share) ],
	[ 'DETACH, before the mark behind it', brake('before step 2 6 done') ],
	[ 'VACUUM, before its lock', locks('t', 'SHARE') ],
	[ 'VACUUM, before the mark behind it', brake('before step 2 7 done') ],
	[ 'DROP INDEX, before its first lock', locks('t', 'SHARE') ],
	[ 'DROP INDEX, before it is set dead', locks('t', $share) ],
	[ 'DROP INDEX, before it is gone', locks('t', $share, $share) ],
	[ 'DROP INDEX, before the mark behind it', brake('before step 2 8 done') ],
	[ 'DROP INDEX, in its last commit', brake('commit step 2 8 done') ],
	[ 'ADD VALUE, in its commit', brake('commit step 2 9 done') ],
	[ 'all steps done, before the journal row', brake('before journal 2 applied') ],
	[ 'all steps done, in the commit of the journal row', brake('commit journal 2 applied') ],
	[ 'while it tries again to get a lock', locks('t', $share), 'TurnstoneDdlLock' ],
	[ 'the last migration, in its commit', brake('commit journal 4 applied') ],
	[ 'all migrations done, before the end is on record', brake('before run done') ],
	[ 'in the commit of the end', brake('commit run done'), 'alone' ],
	[ 'before a run that was cut off is settled', brake('before run interrupted'), 'cleanup' ],
	[ 'in the commit of that settlement', brake('commit run interrupted'), 'cleanup' ],
);
my @down = (
	[ 'undo, in the commit of the newest', brake('commit journal 4 pending') ],
	[ 'undo, while it tries again to get a lock', locks('t', $share), 'TurnstoneDdlLock' ],
	[ 'undo, before the journal row', brake('before journal 3 pending') ],
	[ 'undo, before the mark of DROP INDEX', brake('before step 2 2 started') ],
	[ 'undo, DROP INDEX, before its first lock', locks('t', 'SHARE') ],
	[ 'undo, DROP INDEX, before it is set dead', locks('t', $share) ],
	[ 'undo, DROP INDEX, before it is gone', locks('t', $share, $share) ],
	[ 'undo, DROP INDEX, before the mark behind it', brake('before step 2 2 done') ],
	[ 'undo, in the commit of a step', brake('commit step 2 4 done') ],
	[ 'undo, CREATE INDEX, before the build', locks('t', $writer) ],
	[ 'undo, CREATE INDEX, old snapshots', reader() ],
	[ 'undo, CREATE INDEX, in its last commit', brake('commit step 2 5 done') ],
	[ 'undo, all steps done, before the journal row', brake('before journal 2 pending') ],
	[ 'undo, in the middle of a transaction', brake('middle of undo') ],
	[ 'undo, before the end is on record', brake('before run done') ],
);

my $watcher;
my $killed = 0;
my %call = (up => 'CALL migrate_deploy()', down => "CALL migrate_revert('0')");
my @ways = qw(terminate kill immediate);

# The run that is to be killed. Its own session must not be the one that holds anything up.
sub start_run
{
	my ($database, $direction) = @_;
	my $run = session($node, $database, 'runner', 'turnstone.ddl_lock_timeout' => '50ms');
	$run->send($call{$direction});
	return $run;
}

sub blocked_by { my ($run, $by) = @_; return await($watcher, "$by->{pid} = ANY (pg_blocking_pids($run->{pid}))") }

sub lost
{
	my ($database, $name, $run) = @_;
	diag one($database, q{SELECT pid, application_name, state, wait_event, pg_blocking_pids(pid), query FROM pg_stat_activity WHERE datname IS NOT NULL}),
	  one($database, 'TABLE turnstone.run; TABLE turnstone.step; SELECT id, run, event, version, state FROM turnstone.journal');
	$run->kill;
	die "$name: not reached: $run->{err}";
}

# Brings a run to the point; returns it and the sessions in its way.
sub run_up_to
{
	my ($database, $direction, $point) = @_;
	my ($name, $steps, $how) = @$point;
	$how //= '';
	my @holders = session($node, $database, 'holder');
	$holders[0]->run($steps->[0]);
	my $run = start_run($database, $direction);
	if ($how =~ /^Turnstone/) # the wait that it is in
	{
		await($watcher, "SELECT @{[ waits_as($how) ]} FROM pg_stat_activity WHERE pid = $run->{pid}") or lost($database, $name, $run);
		return ($run, @holders);
	}
	blocked_by($run, $holders[0]) or lost($database, $name, $run);
	for my $next (@$steps[ 1 .. $#$steps ])
	{
		push @holders, session($node, $database, 'holder');
		$holders[-1]->run($next);
		$holders[-2]->run('SELECT pg_advisory_unlock_all(); ROLLBACK');
		blocked_by($run, $holders[-1]) or lost($database, $name, $run);
	}
	return ($run, @holders);
}

sub bring_down
{
	my ($way, $run, @holders) = @_;
	if ($way eq 'terminate')
	{
		$watcher->run("SELECT pg_terminate_backend($run->{pid}, 30000)");
		$run->last_words;
		$_->finish for @holders;
		return;
	}
	if ($way eq 'kill')
	{
		my $said = -s $node->logfile;
		kill 'KILL', $run->{pid};
		$node->wait_for_log(qr/all server processes terminated; reinitializing/, $said);
	}
	else { $node->stop('immediate'); $node->start }
	$_->kill for $run, @holders, $watcher;
	$node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
	$watcher = session($node, 'postgres', 'watcher');
	return;
}

sub kill_at
{
	my ($database, $direction, $point, $way) = @_;
	my ($run, @holders) = run_up_to($database, $direction, $point);
	note "$database: $way: $point->[0]";
	bring_down($way, $run, @holders);
	++$killed;
	return;
}

# ----------------------------------------------------------------------------------------------- what is to be there
my %labels = (up => [qw(1 2.1 2.4 3 4)], down => [ 'undo 1', 'undo 2.1', 'undo 2.4', 'undo 3', 'undo 4' ]);
my %state = (up => 'applied', down => 'pending');
my %reference;

sub one { my ($database, $sql) = @_; return $node->safe_psql($database, $sql) }

sub check
{
	my ($database, $direction, $what) = @_;
	my $ok = 1;
	$ok &= is($node->psql($database, $call{$direction}, on_error_stop => 1), 0, "$what: the next call goes on to the end");
	my $labels = $direction eq 'up' ? "label !~ 'undo'" : "label ~ 'undo'";
	my %query = (
		'every statement ran exactly once' => [ "SELECT string_agg(label, ',' ORDER BY label) FROM effects WHERE $labels", join ',', @{ $labels{$direction} } ],
		'no index is INVALID' => [ 'SELECT count(*) FROM pg_index WHERE NOT (indisvalid AND indisready AND indislive)', 0 ],
		'the journal has each migration once' => [
			"SELECT string_agg(version || ' ' || state, ',' ORDER BY id) FROM turnstone.journal WHERE error_sqlstate IS NULL AND version <> '0' AND state = '$state{$direction}'",
			join ',', map { "$_ $state{$direction}" } $direction eq 'up' ? (1 .. 4) : (4, 3, 2, 1) ],
		'all steps are done and settled' => [
			q{SELECT count(*) FROM turnstone.step s LEFT JOIN turnstone.journal j ON j.id = s.settled_by AND j.version = s.version
			  WHERE s.state <> 'done' OR j.state IS NULL OR (s.direction = 'up') <> (j.state = 'applied')}, 0 ],
		'each step is there once' => [
			"SELECT string_agg(statement::text, ',' ORDER BY id) FROM turnstone.step WHERE direction = '$direction'",
			join ',', 1 .. ($direction eq 'up' ? 10 : 5) ],
		'no run is left open' => [ q{SELECT string_agg(DISTINCT state, ',') FROM turnstone.run WHERE state NOT IN ('done', 'interrupted')}, '' ],
		'no lock is left' => [ q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}, 0 ],
		'all have the state that they should' => [
			q{SELECT string_agg(DISTINCT state, ',') FROM migrate_status() WHERE version <> '0'}, $direction eq 'up' ? 'applied' : 'rolled_back' ],
		'the only drift is that of before' => [ q{SELECT string_agg(DISTINCT split_part(identity, '.', 2), ',') FROM migrate_drift()}, 'stray' ],
	);
	$ok &= is(one($database, $query{$_}[0]), $query{$_}[1], "$what: $_") for sort keys %query;
	my $dump = schema_dump($node, $database, '-N', 'turnstone');
	$reference{$direction} //= $dump;
	$ok &= is($dump, $reference{$direction}, "$what: the schema is that of a run that nobody killed");
	diag one($database, 'TABLE turnstone.run; TABLE turnstone.step; SELECT * FROM migrate_drift()') unless $ok;
	return;
}

my $databases = 0;
sub new_app
{
	my $name = 'app' . ++$databases;
	# Without the checkpoint a crash sets the copy's sequences back: the server logs their advance anew only behind one.
	$node->safe_psql('postgres', $_) for "CREATE DATABASE $name TEMPLATE template_app", 'CHECKPOINT';
	return $name;
}

# What a killed run must find where the point lies behind one that it passes only once.
sub prepare
{
	my ($database, $direction, $point) = @_;
	return if ($point->[2] // '') ne 'cleanup';
	kill_at($database, $direction, [ 'to leave an INVALID index', locks('t', $writer) ], 'terminate');
	return;
}

$watcher = session($node, 'postgres', 'watcher');
my $app = new_app();
check($app, $_, "nobody is killed, $_") for qw(up down);
$node->safe_psql('postgres', "DROP DATABASE $app");

# All points in a row, each in the way whose turn it is: the cheap one most often in the short form.
sub in_a_row
{
	my ($name, @turns) = @_;
	my $database = new_app();
	my $turn = 0;
	for my $part ([ 'up', \@up ], [ 'down', \@down ])
	{
		my ($direction, $points) = @$part;
		kill_at($database, $direction, $_, $turns[ $turn++ % @turns ]) for grep { ($_->[2] // '') ne 'alone' } @$points;
		check($database, $direction, "$name, $direction");
	}
	$node->safe_psql('postgres', "DROP DATABASE $database");
	return;
}

# One point in a database of its own.
sub alone
{
	my ($direction, $point, $way) = @_;
	my $database = new_app();
	$node->safe_psql($database, $call{up}) if $direction eq 'down';
	prepare($database, $direction, $point);
	kill_at($database, $direction, $point, $way);
	check($database, $direction, "$way: $point->[0]");
	$node->safe_psql('postgres', "DROP DATABASE $database");
	return;
}

for my $round (1 .. $rounds)
{
	in_a_row('all points in a row', $long ? qw(kill terminate immediate) : qw(terminate terminate terminate kill terminate terminate immediate));
	if (!$long)
	{
		alone('up', $_, 'terminate') for grep { ($_->[2] // '') eq 'alone' } @up;
		next;
	}
	in_a_row("all points in a row by $_", $_) for @ways;
	for my $way (@ways)
	{
		alone('up', $_, $way) for @up;
		alone('down', $_, $way) for @down;
	}
}
note "$killed kill points tried";
cmp_ok($killed, '>=', @up + @down, "$killed kill points tried");

$watcher->finish;
$node->stop;
done_testing();
