# Each tool that can be installed: it applies a folder, turnstone takes its history over and goes on, without the tool's
# knowledge and with it, and the tool itself says how it sees that. `make peers` installs the tools and runs this.
use strict;
use warnings FATAL => 'all';
use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;
use Peer;
use PeerNodeTools;
use PeerTools;

my @tools = qw(PeerDbmate PeerDrizzle031 PeerDrizzle1 PeerNodePgMigrate PeerNodePgMigrateFiles PeerGraphileMigrate PeerPostgrator PeerKnex PeerSqitch PeerAlembic PeerAlembicBranches);
if (my $wanted = $ENV{TURNSTONE_PEER}) { @tools = grep { /$wanted/i } @tools }

my $server = Turnstone::new_server();
$server->append_conf('postgresql.conf', "listen_addresses = '127.0.0.1'\n");
$server->restart;
$server->safe_psql('postgres', 'CREATE DATABASE shadow'); # graphile-migrate wants to know of one
my $root = PostgreSQL::Test::Utils::tempdir();
chmod 0755, $root;
my @table;

sub query { my ($peer, $sql) = @_; return $server->safe_psql($peer->{database}, $sql) }
sub load { my ($peer, $folder) = @_; return query($peer, sprintf q{SELECT count(*) FROM migrate_load('%s', '%s')}, $folder, $peer->can('format') ? $peer->format : 'auto') }
sub applied { my ($peer) = @_; return query($peer, q{SELECT string_agg(verdict, ', ') FROM migrate_adopt('} . $peer->adopt_as . q{')}) }
sub adopt { my ($peer) = @_; return query($peer, q{SELECT count(*) FROM migrate_adopt('} . $peer->adopt_as . q{', dry_run := false)}) }
# What the tool did itself is told as drift: nothing says that all of it came from the script.
sub adopt_again
{
	my ($peer, $verdicts) = @_;
	is(applied($peer), $verdicts, 'and turnstone can take it over');
	adopt($peer);
	isnt(query($peer, 'SELECT count(*) FROM migrate_accept_drift($$applied by the tool$$)'), '0', 'with what it did to the schema');
	return no_drift($peer, 'then');
}
sub no_drift { my ($peer, $when) = @_; return is(query($peer, 'SELECT change, object_type, identity FROM migrate_drift()'), '', "no drift $when") }
sub pending_is { my ($peer, $expected, $what) = @_; return is(join(' ', $peer->pending), $expected, $what) }

# A database that the tool has brought to script 3, taken over.
sub taken_over
{
	my ($class, $database, $row, $coexist) = @_;
	my $peer = $class->new(server => $server, database => $database, folder => "$root/$database", tools => $ENV{TURNSTONE_PEERS} // '');
	$server->safe_psql('postgres', "CREATE DATABASE $database");
	query($peer, 'CREATE EXTENSION turnstone');
	query($peer, "ALTER DATABASE $database SET turnstone.coexist = '" . $peer->adopt_as . "'") if $coexist;
	my $folder = $peer->write(3);
	$peer->apply;
	pending_is($peer, '', 'the tool has applied three');
	is(load($peer, $folder), '3', 'turnstone loads its folder');
	$row->{verdicts} = applied($peer);
	my $expected = $peer->can('verdicts') ? $peer->verdicts : qr/(exact|named), \1, \1/;
	like($row->{verdicts}, qr/^$expected$/, 'verdicts');
	is(adopt($peer), '3', 'and takes it over');
	is(applied($peer), 'adopted, adopted, adopted', 'all of it');
	is(query($peer, q{SELECT string_agg(DISTINCT state, ', ') FROM migrate_status()}), 'baseline', 'nothing is pending');
	no_drift($peer, 'behind that');
	return $peer;
}

# The tool knows nothing of what turnstone does, and is not disturbed by it.
sub alone
{
	my ($class, $database, $row) = @_;
	my $peer = taken_over($class, $database, $row);
	unless ($peer->goes_on)
	{
		$peer->apply;
		pending_is($peer, '', 'its own part is up to date');
		$row->{without} = 'own part up to date';
		return;
	}
	load($peer, $peer->write(4));
	is(query($peer, 'SELECT count(*) FROM migrate_apply()'), '1', 'turnstone applies a fourth');
	pending_is($peer, '4', 'the tool sees it pending, and its own three applied') if $peer->sees_pending;
	$peer->write(3);
	pending_is($peer, '', 'its own part is up to date');
	$peer->apply;
	pass('and it has nothing to do');
	$row->{without} = 'own part up to date';
	no_drift($peer, 'with the fourth');
	return unless $peer->has_down;
	$peer->write(4);
	query($peer, 'SELECT migrate_rollback(1)');
	$peer->apply;
	pending_is($peer, '', 'rolled back by turnstone, the tool applies it itself');
	adopt_again($peer, 'adopted, adopted, adopted, ' . $row->{verdicts} =~ s/.*, //r);
	return;
}

# With turnstone.coexist the tool sees what turnstone does.
sub beside
{
	my ($class, $database, $row) = @_;
	my $peer = taken_over($class, $database, $row, 1);
	my $verdict = $row->{verdicts} =~ s/.*, //r;
	load($peer, $peer->write(4));
	is(query($peer, 'SELECT count(*) FROM migrate_apply()'), '1', 'turnstone applies a fourth');
	pending_is($peer, '', 'and the tool sees all applied');
	$peer->apply;
	pass('and has nothing to do');
	$row->{with} = 'all up to date';
	no_drift($peer, 'with the fourth');
	if ($peer->has_down)
	{
		$peer->undo;
		pending_is($peer, '4', 'the tool takes back what turnstone applied');
		$peer->apply;
		pending_is($peer, '', 'and applies it again');
		query($peer, 'SELECT count(*) FROM migrate_accept_drift($$made anew by the tool$$)');
		query($peer, 'SELECT migrate_rollback(1)');
		pending_is($peer, '4', 'rolled back by turnstone, it is pending for the tool');
		$peer->apply;
		pending_is($peer, '', 'which applies it itself');
		adopt_again($peer, "adopted, adopted, adopted, $verdict");
		$row->{with} .= '; takes the 4th back and applies it; rolled back here: pending there, applied again';
	}
	load($peer, $peer->write(5));
	pending_is($peer, '5', 'a fifth is pending for the tool');
	$peer->apply;
	pending_is($peer, '', 'which applies it');
	adopt_again($peer, "adopted, adopted, adopted, adopted, $verdict");
	$row->{with} .= '; applied the 5th';
	return;
}

for my $class (@tools)
{
	my $peer = $class->new(server => $server, database => 'postgres', folder => "$root/$class", tools => $ENV{TURNSTONE_PEERS} // '');
	my $row = { tool => $peer->name, version => '-', verdicts => '-', without => '-', with => '-' };
	push @table, $row;
	if (my $why = $peer->missing)
	{
		$row->{without} = "skipped: $why";
		SKIP: { skip $peer->name . ": $why", 1 }
		next;
	}
	$row->{version} = $peer->version;
	my $database = lc $class;
	for my $part ([ 'without coexist', \&alone ], $peer->coexist ? [ 'with coexist', \&beside ] : ())
	{
		subtest $peer->name . ' ' . $part->[0] => sub {
			eval { $part->[1]->($class, $database . ($part->[1] == \&alone ? '' : '_beside'), $row); 1 } or fail("died: $@");
		};
	}
	$row->{with} = $peer->goes_on ? 'its rows cannot be written' : 'not tried' unless $peer->coexist;
}

my $line = "%-20s  %-20s  %-23s  %-20s  %s\n";
my $table = sprintf $line, 'tool', 'version', 'verdicts', 'it said, without', 'with coexist';
$table .= sprintf $line, @$_{qw(tool version verdicts without with)} for @table;
if (my $file = $ENV{TURNSTONE_PEERS_TABLE}) { append_to_file($file, $table) }
note $table;
$server->stop;
done_testing();
