# Faults of space: disk full (tables, the engine's own tables, write-ahead log), out of memory, connections, worker slots and locks.
# Behind each the error is told with its SQLSTATE, the journal is right, and the next call goes on. docs/reliability.md has the table.
use strict;
use warnings FATAL => 'all';
use Faults;
use PostgreSQL::Test::Cluster;
use Test::More;
use Time::HiRes qw(usleep);
use Turnstone;

my $node = new_server();
my $disk = $ENV{TURNSTONE_SMALL_DISK};
my $back = 'CALL migrate_revert(99)';

# Fills a file system but for some kilobytes; returns the file to be removed.
sub fill
{
	my ($folder, $left) = @_;
	my $path = "$folder/ballast";
	open my $file, '>', $path or die "$path: $!";
	while (syswrite $file, 'x' x 65536) { }
	while (syswrite $file, 'x' x 1024) { }
	truncate $file, (-s $path) - $left * 1024 or die $!;
	close $file;
	return $path;
}

# ------------------------------------------------------------------------------------------------------- disk full
SKIP:
{
	skip 'no small file systems: mounting is not permitted here', 1 unless $disk;
	mkdir "$disk/tablespace/files" or die $!;
	$node->safe_psql('postgres', "CREATE TABLESPACE tight LOCATION '$disk/tablespace/files'");
	my $app = new_app($node, 'crowded', q{CREATE TABLE heavy AS SELECT g, repeat('x', 1000) FROM generate_series(1, 3000) g;}, tablespace => 'tight');
	$node->safe_psql($app, "CALL migrate_deploy(); $_") for $back, 'CHECKPOINT';
	# All over, with a little more space each time: it is the script that fails, or the journal, the steps, the record.
	my %failed;
	for my $call ('CALL migrate_deploy()', 'SELECT version FROM migrate_apply($$2$$)')
	{
		for my $left (0, 8, 24, 40, 72, 128, 1024, 3300, 3500)
		{
			my $what = "disk full but for $left kB, $call";
			my $ballast = fill("$disk/tablespace", $left);
			my $err = error_of($node, $app, $call);
			if ($err =~ /ERROR:  (\w+):/)
			{
				is($1, '53100', "$what: the error is told");
				$failed{ $err =~ /migration "(\d)_/ ? $1 : 'none' }++;
			}
			unlink $ballast or die $!;
			agreement($node, $app, $what);
			goes_on($node, $app, $what);
			$node->safe_psql($app, $back);
			$node->safe_psql($app, $_) for 'VACUUM FULL turnstone.journal', 'VACUUM FULL turnstone.step', 'VACUUM FULL turnstone.run', 'VACUUM FULL turnstone.recorded_object';
		}
	}
	note join ', ', map { "migration $_ failed $failed{$_} times" } sort keys %failed;
	cmp_ok($failed{2} // 0, '>', 4, 'disk full: the script failed in some of them');
	$node->safe_psql('postgres', "DROP DATABASE $app");
}

# The disk of the write-ahead log: the server goes down, and comes back when there is room.
SKIP:
{
	skip 'no small file systems: mounting is not permitted here', 1 unless $disk;
	my $tight = PostgreSQL::Test::Cluster->new('tight');
	$tight->init(extra => [ '--wal-segsize=1', '-X', "$disk/wal/pg_wal" ]);
	$tight->append_conf('postgresql.conf', "min_wal_size = 2MB\nmax_wal_size = 4MB\nrestart_after_crash = off\nwal_level = replica\nautovacuum = off\nwal_recycle = off\n");
	$tight->start;
	my $app = new_app($tight, 'app', q{CREATE TABLE heavy AS SELECT g, repeat('x', 1000) FROM generate_series(1, 12000) g;});
	$tight->safe_psql($app, q{SELECT pg_create_physical_replication_slot('hold', true)}); # or a checkpoint makes room in time
	my $ballast = fill("$disk/wal", 4096);
	my $err = error_of($tight, $app, 'CALL migrate_deploy()');
	like($err, qr/No space left on device|server closed the connection unexpectedly|terminating connection because of crash/, 'no room for WAL: the session ends');
	usleep 100_000 for grep { -e $tight->data_dir . '/postmaster.pid' } 1 .. 50;
	$tight->stop('immediate', fail_ok => 1);
	unlink $ballast or die $!;
	$tight->start;
	$tight->safe_psql($app, q{SELECT pg_drop_replication_slot('hold')});
	agreement($tight, $app, 'no room for WAL');
	is($tight->safe_psql($app, q{SELECT state FROM migrate_status() WHERE version = '1'}), 'applied', 'no room for WAL: what was committed is there');
	isnt($tight->safe_psql($app, q{SELECT state FROM migrate_status() WHERE version = '2'}), 'applied', 'no room for WAL: what was not is not');
	goes_on($tight, $app, 'no room for WAL');
	$tight->stop;
}

# ----------------------------------------------------------------------------------------------------- out of memory
# The session's process gets a limit that is so much above what it has.
{
	my $app = new_app($node, 'memory', q{CREATE TABLE heavy AS SELECT g FROM generate_series(1, 10) g;
} . join "\n", map { "COMMENT ON TABLE heavy IS '$_ " . 'x' x 1000 . "';" } 1 .. 2000);
	my $failed = 0;
	my $deep = 'CREATE FUNCTION deep(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN CASE WHEN n = 0 THEN 0 ELSE deep(n - 1) END; END $$';
	$node->safe_psql($app, $deep);
	my $started = $node->safe_psql($app, 'SELECT pg_postmaster_start_time()');
	for my $call ('CALL migrate_deploy()', 'SELECT count(*) FROM migrate_apply($$2$$)')
	{
		for my $more (0, 256, 512, 1024, 2048, 3072, 4096, 6144, 8192, 12288)
		{
			my $what = "memory for $more kB more, $call";
			my $session = session($node, $app, 'limited');
			$session->run('SELECT deep(200)'); # the stack has grown: what cannot grow is the heap
			$session->run('SELECT count(*) FROM migrate_status()') if $more % 1024 == 0;
			my ($size) = PostgreSQL::Test::Utils::slurp_file("/proc/$session->{pid}/status") =~ /VmSize:\s+(\d+)/;
			PostgreSQL::Test::Utils::system_or_bail('prlimit', '--pid', $session->{pid}, '--as=' . ($size + $more) * 1024);
			$session->run("\\set VERBOSITY verbose\n$call");
			is($session->run('SELECT 1'), '1', "$what: the session lives");
			my $err = $session->finish;
			if ($err =~ /ERROR/)
			{
				$failed++;
				like($err, qr/ERROR:  53200: |ERROR:  58P01: could not load library|cannot allocate memory/i, "$what: the error is told");
			}
			agreement($node, $app, $what);
			goes_on($node, $app, $what);
			$node->safe_psql($app, $back);
		}
	}
	is($node->safe_psql($app, 'SELECT pg_postmaster_start_time()'), $started, 'out of memory: no process of the server has crashed');
	cmp_ok($failed, '>', 10, "out of memory: $failed calls failed");
}

# -------------------------------------------------------------------------------------------------- out of connections
# One that has just ended still counts for a moment.
sub one_more
{
	my ($database) = @_;
	for (1 .. 100)
	{
		my $session = eval { session($node, $database, 'crowd') };
		return $session if $session;
		usleep 100_000;
	}
	die 'no connection is to be had';
}

{
	$node->append_conf('postgresql.conf', "max_connections = 8\nsuperuser_reserved_connections = 0\n");
	$node->restart;
	my $app = new_app($node, 'connections', '');
	my $folder = $PostgreSQL::Test::Utils::tmp_check . '/connections';
	mkdir $folder or die $!;
	write_script("$folder/4_by_client.sql", "-- +migrate Up\nSELECT 4;\n-- +migrate Down\nSELECT 4;\n");
	my @crowd = map { one_more('postgres') } 1 .. 7;
	my $last = one_more($app);
	like(error_of($node, $app, 'SELECT 1'), qr/FATAL:  (53300: )?sorry, too many clients already/, 'out of connections: there are none left');
	my $up = client($node, $app, $folder, 'up', '--folder', '.');
	isnt($up->{code}, 0, 'out of connections: the client fails');
	like($up->{err}, qr/sorry, too many clients already/, 'out of connections: and says why');
	(pop @crowd)->finish;
	for (1 .. 100)
	{
		$up = client($node, $app, $folder, 'up', '--folder', '.');
		last if $up->{err} !~ /too many clients/;
		usleep 100_000;
	}
	is($up->{code}, 0, 'out of connections: one is enough for the client') or diag $up->{err};
	push @crowd, one_more('postgres');
	$last->run("CALL migrate_revert(1); SELECT migrate_unregister('4'); CALL migrate_revert(99)");
	$last->run('SELECT migrate_submit() AS run \gset' . "\nCALL migrate_wait(:run)");
	is($last->run('SELECT state FROM turnstone.run ORDER BY id DESC LIMIT 1'), 'done', 'out of connections: a detached run needs none');
	$last->run(q{SELECT migrate_register('4_fails.sql', 'SELECT 1 / 0')});
	$last->run('CALL migrate_deploy()');
	is($last->run(q{SELECT error_sqlstate FROM turnstone.journal WHERE version = '4'  ORDER BY id DESC LIMIT 1}), '22012', 'out of connections: nor does the record of a failure');
	$last->run(q{SELECT migrate_unregister('4')});
	$_->finish for @crowd, $last;
	one_more($app)->finish;
	usleep 500_000;
	goes_on($node, $app, 'out of connections');

	# A role that has only one: what runs detached is no further connection.
	$node->safe_psql($app, q{CREATE ROLE narrow LOGIN CONNECTION LIMIT 1; GRANT ALL ON effects TO narrow; GRANT CREATE ON SCHEMA public TO narrow;
		GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO narrow; SELECT migrate_register('5_narrow.sql', 'CREATE TABLE narrow (id int)')});
	my ($status, $out, $err) = $node->psql($app, 'SELECT migrate_submit() AS run \gset' . "\nCALL migrate_wait(:run)", extra_params => [ '-U', 'narrow' ]);
	is($status, 0, 'one connection allowed: a detached run is not counted') or diag $err;
}

# ------------------------------------------------------------------------------------------------- out of worker slots
{
	my $app = new_app($node, 'workers', '');
	$node->append_conf('postgresql.conf', 'max_worker_processes = 0');
	$node->restart;
	like(error_of($node, $app, 'SELECT migrate_submit()'), qr/ERROR:  53000: .*\n(.*\n)?HINT:  .*max_worker_processes/, 'no worker slot: migrate_submit() says so');
	is($node->safe_psql($app, 'SELECT count(*) FROM turnstone.run'), 0, 'no worker slot: it leaves no run');
	is($node->safe_psql($app, q{SELECT state FROM migrate_health() WHERE "check" = 'worker slots'}), 'warning', 'no worker slot: migrate_health() warns');
	agreement($node, $app, 'no worker slot');
	goes_on($node, $app, 'no worker slot');
	$node->append_conf('postgresql.conf', 'max_worker_processes = 8');
	$node->restart;
}

# -------------------------------------------------------------------------------------------------------- out of locks
{
	$node->append_conf('postgresql.conf', "max_locks_per_transaction = 10\n");
	$node->restart;
	my $tables = join "\n", map { "CREATE TABLE heavy_$_ (id int PRIMARY KEY);" } 1 .. 3000;
	my $app = new_app($node, 'locks', $tables);
	for my $call ('CALL migrate_deploy()', 'SELECT version FROM migrate_apply($$2$$)')
	{
		my $err = error_of($node, $app, $call);
		like($err, qr/ERROR:  53200: out of shared memory/, "out of locks, $call: the error is told");
		like($err, qr/HINT: .*max_locks_per_transaction/, "out of locks, $call: with a way out");
		like($err, qr/migration "2_heavy.sql" \(up\), statement \d+, line \d+/, "out of locks, $call: and its place");
		is($node->safe_psql($app, q{SELECT error_sqlstate FROM turnstone.journal ORDER BY id DESC LIMIT 1}), '53200', "out of locks, $call: the journal has the failure");
		agreement($node, $app, "out of locks, $call");
	}
	is($node->safe_psql($app, q{SELECT string_agg(version || ' ' || state, ', ' ORDER BY version) FROM migrate_status()}), '1 applied, 2 failed, 3 pending',
		'out of locks: what stands before it is applied');
	$node->append_conf('postgresql.conf', "max_locks_per_transaction = 500\n");
	$node->restart;
	goes_on($node, $app, 'out of locks');

	# With all those tables there: what looks at the schema needs no lock on each.
	$node->append_conf('postgresql.conf', "max_locks_per_transaction = 10\n");
	$node->restart;
	$node->safe_psql($app, q{SELECT migrate_register('4_more.sql', 'CREATE TABLE more (id int)')});
	goes_on($node, $app, 'few locks, many tables');
	is($node->safe_psql($app, q{SELECT length(migrate_fingerprint()) || ' ' || count(*) FROM migrate_expect(migrate_export_schema())}), '64 0', 'few locks, many tables: nor has the capture of all of them');
}

$node->stop;
done_testing();
