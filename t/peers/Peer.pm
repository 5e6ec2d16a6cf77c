# What the tests with other tools share: the scripts that each of them is given, and how its program is run.
# A tool is a package of its own in PeerTools.pm and PeerNodeTools.pm, with the methods
#   name, version       what stands in the table
#   missing             why it cannot be run here, or nothing
#   write(N)            the tool's folder with the first N scripts; returns the folder that turnstone loads
#   apply, undo         the tool applies all, or takes the last one back
#   pending             the numbers of the scripts that the tool says are pending
#   adopt_as, coexist   the tool's name for migrate_adopt(); whether its rows can be written
#   has_down, sees_pending     whether it rolls back, and whether it can be asked what is pending
#   goes_on             whether more scripts can be added to its folder
package Peer;
use strict;
use warnings FATAL => 'all';
use File::Path qw(make_path remove_tree);
use IPC::Run;

our @scripts = (
	{ name => 'create_people', up => ['CREATE TABLE person (id int PRIMARY KEY, name text NOT NULL)', 'CREATE INDEX ON person (name)'], down => ['DROP TABLE person'] },
	{ name => 'add_email', up => ["ALTER TABLE person ADD email text DEFAULT 'ünknown; ''none'''"], down => ['ALTER TABLE person DROP email'] },
	{ name => 'create_pets', up => ['CREATE TABLE pet (id int PRIMARY KEY, owner int REFERENCES person)', "INSERT INTO person VALUES (1, 'Ann')"], down => ['DROP TABLE pet', 'DELETE FROM person'] },
	{ name => 'create_toys', up => ['CREATE TABLE toy (id int PRIMARY KEY, pet int REFERENCES pet)', 'CREATE VIEW toys AS SELECT pet, count(*) FROM toy GROUP BY pet'], down => ['DROP VIEW toys', 'DROP TABLE toy'] },
	{ name => 'add_color', up => ['ALTER TABLE toy ADD color text'], down => ['ALTER TABLE toy DROP color'] },
);

sub up { return join q(), map { "$_;\n" } @{ $scripts[ $_[1] - 1 ]{up} } }
sub down { return join q(), map { "$_;\n" } @{ $scripts[ $_[1] - 1 ]{down} } }
sub script_name { return $scripts[ $_[1] - 1 ]{name} }
sub stamp { return "2024010$_[1]120000" }
sub number_of
{
	my ($self, $text) = @_;
	for my $n (1 .. @scripts)
	{
		my $name = $self->script_name($n);
		return $n if $text =~ /$name/;
	}
	die "no script is named in: $text";
}

sub new
{
	my ($class, %given) = @_; # server, database, folder, tools (where they are installed)
	my $self = bless {%given}, $class;
	make_path($self->{folder});
	chmod 0755, $self->{folder};
	return $self;
}

sub adopt_as { return $_[0]->name }
sub coexist { return 1 }
sub has_down { return 1 }
sub sees_pending { return 1 }
sub goes_on { return 1 }
sub missing { return }
sub url { return sprintf 'postgres://postgres@127.0.0.1:%d/%s', $_[0]{server}->port, $_[1] // $_[0]{database} }

sub write_file
{
	my ($self, $path, $text) = @_;
	my $whole = "$self->{folder}/$path";
	my ($directory) = $whole =~ m{(.*)/};
	make_path($directory);
	open my $file, '>:raw', $whole or die "$whole: $!";
	print $file $text;
	close $file or die "$whole: $!";
	return $whole;
}

sub empty_folder
{
	my ($self, $path) = @_;
	remove_tree("$self->{folder}/$path");
	make_path("$self->{folder}/$path");
	return;
}

# Runs the tool in its folder; what it said, in both ways, and how it ended.
sub try_tool
{
	my ($self, @command) = @_;
	local %ENV = (
		PATH => $ENV{PATH}, HOME => $self->{folder}, TMPDIR => $self->{folder}, LANG => 'C.UTF-8', LC_ALL => 'C.UTF-8', TZ => 'UTC',
		DATABASE_URL => $self->url, ROOT_DATABASE_URL => $self->url('postgres'), SHADOW_DATABASE_URL => $self->url('shadow'),
		SQITCH_FULLNAME => 'Ann', SQITCH_EMAIL => 'ann@example.com', NO_COLOR => 1);
	my $said = '';
	my $ended_well = IPC::Run::run(\@command, '<', \undef, '>&', \$said, init => sub { chdir $self->{folder} or die $! }, IPC::Run::timeout(120));
	$said =~ s/\e\[[0-9;?]*[a-zA-Z]//g;
	return ($said, $ended_well);
}

sub run_tool
{
	my ($self, @command) = @_;
	my ($said, $ended_well) = $self->try_tool(@command);
	die "@command failed:\n$said" unless $ended_well;
	return $said;
}

# Of a program that a package of Debian brings.
sub is_installed
{
	my ($program) = @_;
	for my $directory (split /:/, $ENV{PATH}) { return 1 if -x "$directory/$program" }
	return 0;
}

1;
