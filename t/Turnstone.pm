# What the TAP tests share: a server with the sample application's migrations at hand.
package Turnstone;
use strict;
use warnings FATAL => 'all';
use IPC::Run;
use PostgreSQL::Test::Cluster;
use Exporter 'import';
our @EXPORT = qw(new_server new_database migrations_folder schema_dump session await waits_as client write_script);

sub new_server
{
	my $node = PostgreSQL::Test::Cluster->new('main');
	$node->init;
	$node->append_conf('postgresql.conf', "log_statement = none\nlog_min_messages = warning\nrestart_after_crash = on\n");
	$node->start;
	return $node;
}

sub migrations_folder { return $ENV{TURNSTONE_MIGRATIONS} }

# A database with the extension and those of the sample migrations registered that run in a transaction.
sub new_database
{
	my ($node, $name) = @_;
	my $folder = migrations_folder();
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, 'CREATE EXTENSION turnstone');
	$node->safe_psql($name, "SELECT count(*) FROM migrate_load('$folder')");
	$node->safe_psql($name, q{SELECT migrate_unregister('20240409093000')}); # builds an index CONCURRENTLY
	return;
}

# The schema as pg_dump writes it, without what differs from dump to dump. Two dumps are equal or the schema changed.
sub schema_dump
{
	my ($node, $database, @options) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'pg_dump', '-s', '-h', $node->host, '-p', $node->port, @options, $database ], '>', \$out, '2>', \$err)
	  or die "pg_dump: $err";
	$out =~ s/^\\(un)?restrict .*\n//mg;
	return $out;
}

# A psql that stays open: send() does not wait for the answer, run() does. `name` becomes its application_name.
sub session
{
	my ($node, $database, $name, %settings) = @_;
	my $self = bless { in => '', out => '', err => '' }, 'Turnstone::Session';
	local $ENV{PGAPPNAME} = $name;
	local $ENV{PGOPTIONS} = join ' ', map { "-c $_=$settings{$_}" } sort keys %settings;
	$self->{harness} = IPC::Run::start(
		[ 'psql', '-X', '-At', '-q', '-h', $node->host, '-p', $node->port, '-d', $database ],
		'<', \$self->{in}, '>', \$self->{out}, '2>', \$self->{err});
	$self->{pid} = $self->run('SELECT pg_backend_pid()');
	return $self;
}

# A condition on a row of pg_stat_activity: that it waits as turnstone says. Before 17 extensions have no names for that.
sub waits_as
{
	my ($wait_event) = @_;
	return "wait_event = CASE WHEN current_setting('server_version_num')::int < 170000 THEN 'Extension' ELSE '$wait_event' END";
}

# Waits in a session of another database, which no CREATE INDEX CONCURRENTLY waits for, until the query is true.
sub await
{
	my ($watcher, $condition) = @_;
	my $answer = $watcher->run(qq{
		RESET watch.seen;
		DO \$\$ BEGIN
			FOR i IN 1 .. 3000 LOOP
				PERFORM pg_stat_clear_snapshot();
				IF ($condition) THEN PERFORM set_config('watch.seen', 'yes', false); RETURN; END IF;
				PERFORM pg_sleep(0.01);
			END LOOP;
			PERFORM set_config('watch.seen', 'no', false);
		END \$\$;
		SELECT current_setting('watch.seen', true);});
	return $answer eq 'yes';
}

# Runs the command-line client in a folder against a database: exit code, stdout, stderr.
sub client
{
	my ($node, $database, $folder, @arguments) = @_;
	local $ENV{PGHOST} = $node->host;
	local $ENV{PGPORT} = $node->port;
	local $ENV{PGDATABASE} = $database;
	my $run = { out => '', err => '' };
	my $harness = IPC::Run::start([ 'turnstone', @arguments ], '<', \'', '>', \$run->{out}, '2>', \$run->{err}, init => sub { chdir $folder or die });
	$harness->finish;
	$run->{code} = $harness->result(0);
	return $run;
}

sub write_script
{
	my ($path, $text) = @_;
	open my $file, '>', $path or die "$path: $!";
	print $file $text;
	close $file or die $!;
	return;
}

package Turnstone::Session;

my $sent = 0;

sub send
{
	my ($self, $sql) = @_;
	$self->{in} .= "$sql\n;\n";
	$self->{harness}->pump_nb;
	return;
}

# Returns what the statements printed; dies where the server or psql has gone.
sub run
{
	my ($self, $sql) = @_;
	my $mark = 'answered ' . ++$sent;
	$self->{out} = '';
	$self->{in} .= "$sql\n;\n\\echo $mark\n";
	$self->{harness}->pump until $self->{out} =~ /$mark\n/;
	$self->{out} =~ s/\n?$mark\n//;
	return $self->{out};
}

# Until psql has nothing more to do.
sub finish
{
	my ($self) = @_;
	$self->{in} .= "\\q\n";
	eval { $self->{harness}->finish; 1 } or eval { $self->{harness}->kill_kill };
	return $self->{err};
}

# What the server said before it ended the connection, upon which psql ends too.
sub last_words
{
	my ($self) = @_;
	eval { $self->{harness}->pump while $self->{harness}->pumpable };
	eval { $self->{harness}->finish; 1 } or eval { $self->{harness}->kill_kill };
	return $self->{err};
}

# As a client that dies; its server process may live on.
sub kill
{
	my ($self) = @_;
	eval { $self->{harness}->signal('KILL'); $self->{harness}->finish; 1 } or eval { $self->{harness}->kill_kill };
	return;
}

1;
