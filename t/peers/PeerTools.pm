# The tools that Debian packages, each with its folder, and how it is asked what is pending.
use strict;
use warnings FATAL => 'all';

package PeerSqitch;
use parent -norequire, 'Peer';
sub name { return 'sqitch' }
sub coexist { return 0 }
sub missing
{
	return 'there is no sqitch' unless Peer::is_installed('sqitch');
	return eval { require DBD::Pg; 1 } ? undef : 'there is no DBD::Pg for sqitch';
}
sub version { my ($version) = $_[0]->run_tool('sqitch', '--version') =~ /v?([0-9.]+)/; return $version }
sub target { my ($self) = @_; return sprintf 'db:pg://postgres@127.0.0.1:%d/%s', $self->{server}->port, $self->{database} }
sub write
{
	my ($self, $count) = @_;
	$self->empty_folder('project');
	$self->write_file('project/sqitch.conf', "[core]\n\tengine = pg\n\ttop_dir = project\n\tplan_file = project/sqitch.plan\n");
	my $plan = "%syntax-version=1.0.0\n%project=peers\n%uri=https://example.com/peers\n\n";
	for my $n (1 .. $count)
	{
		my $name = $self->script_name($n);
		my $requires = $n > 1 ? ' [' . $self->script_name($n - 1) . ']' : '';
		$plan .= "$name$requires 2024-01-0${n}T12:00:00Z Ann <ann\@example.com> # of people\n";
		$plan .= "\@v$n 2024-01-0${n}T12:00:01Z Ann <ann\@example.com> # a tag\n" if $n == 2;
		$self->write_file("project/deploy/$name.sql", "-- Deploy peers:$name to pg\n\nBEGIN;\n\n" . $self->up($n) . "\nCOMMIT;\n");
		$self->write_file("project/revert/$name.sql", "-- Revert peers:$name from pg\n\nBEGIN;\n\n" . $self->down($n) . "\nCOMMIT;\n");
	}
	$self->write_file('project/sqitch.plan', $plan);
	# The program is run in the folder above the project's, which turnstone loads by its own configuration.
	$self->write_file('sqitch.conf', "[core]\n\tengine = pg\n\ttop_dir = project\n\tplan_file = project/sqitch.plan\n");
	$self->write_file('project/sqitch.conf', "[core]\n\tengine = pg\n");
	return "$self->{folder}/project";
}
sub apply { return $_[0]->run_tool('sqitch', 'deploy', $_[0]->target) }
sub pending
{
	my ($self) = @_;
	my $said = $self->run_tool('sqitch', 'status', $self->target);
	return if $said =~ /Nothing to deploy \(up-to-date\)/;
	my ($list) = $said =~ /Undeployed changes?:\n(.*)/s or die "sqitch status said: $said";
	return map { $self->number_of($_) } $list =~ /^ +\* (.*)/mg;
}

package PeerAlembic;
use parent -norequire, 'Peer';
sub name { return 'alembic' }
sub missing
{
	return 'there is no alembic' unless Peer::is_installed('alembic');
	return system('python3 -c "import psycopg2" 2>/dev/null') == 0 ? undef : 'there is no psycopg2 for alembic';
}
sub version { my ($version) = $_[0]->run_tool('alembic', '--version') =~ /([0-9.]+)/; return $version }
sub revision { return sprintf 'abc%03d', $_[1] }
sub parent { return $_[1] - 1 }
sub verdicts { return 'assumed, assumed, named' }
sub write
{
	my ($self, $count) = @_;
	$self->empty_folder('alembic/versions');
	$self->empty_folder('sql');
	(my $url = $self->url) =~ s/^postgres:/postgresql:/;
	$self->write_file('alembic.ini', "[alembic]\nscript_location = alembic\nsqlalchemy.url = $url\n");
	$self->write_file('alembic/env.py', <<'PYTHON');
from alembic import context
from sqlalchemy import create_engine

url = context.config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
PYTHON
	for my $n (1 .. $count)
	{
		my $before = $n > 1 ? "'" . $self->revision($self->parent($n)) . "'" : 'None';
		my ($up, $down) = map { join '', map { qq(    op.execute("""$_""")\n) } @$_ } @{ $Peer::scripts[ $n - 1 ] }{qw(up down)};
		$self->write_file('alembic/versions/' . $self->revision($n) . '_' . $self->script_name($n) . '.py',
			'"""' . $self->script_name($n) . qq("""\nfrom alembic import op\nrevision = ') . $self->revision($n)
			  . "'\ndown_revision = $before\n\n\ndef upgrade():\n$up\n\ndef downgrade():\n$down");
	}
	# What it logs goes beside, so the output is taken by a shell.
	$self->run_tool('sh', '-c', 'alembic upgrade base:heads --sql >sql/upgrade.sql 2>log');
	$self->run_tool('sh', '-c', 'alembic downgrade head:base --sql >sql/downgrade.sql 2>log') if $self->has_down;
	return "$self->{folder}/sql";
}
sub apply { return $_[0]->run_tool('alembic', 'upgrade', 'heads') }
sub undo { return $_[0]->run_tool('alembic', 'downgrade', '-1') }
sub pending
{
	my ($self) = @_;
	my $history = $self->run_tool('alembic', 'history', '-i'); # the newest first, up to the current one
	my @pending;
	for my $line (split /\n/, $history)
	{
		last if $line =~ /\(current\)/;
		push @pending, $self->number_of($line) if $line =~ /->/;
	}
	return reverse @pending;
}

# The second script and the third both stand on the first. Alembic writes no downgrade of several heads, and a fourth script
# on one of them moves the other's place in its output, by which turnstone knows it: so this one is taken over, and that is all.
package PeerAlembicBranches;
use parent -norequire, 'PeerAlembic';
sub name { return 'alembic, branches' }
sub adopt_as { return 'alembic' }
sub has_down { return 0 }
sub coexist { return 0 }
sub goes_on { return 0 }
sub parent { return $_[1] == 3 ? 1 : $_[1] - 1 }
sub verdicts { return 'assumed, named, named' }
sub pending
{
	my ($self) = @_;
	my %current = map { $_ => 1 } $self->run_tool('alembic', 'current') =~ /^abc00([0-9])/mg;
	return grep { !$current{$_} } $self->run_tool('alembic', 'heads') =~ /^abc00([0-9])/mg;
}

1;
