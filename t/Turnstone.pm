# What the TAP tests share: a server with the sample application's migrations at hand.
package Turnstone;
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Cluster;
use Exporter 'import';
our @EXPORT = qw(new_server new_database migrations_folder schema_dump);

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

1;
