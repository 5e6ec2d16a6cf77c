# The tools that npm installs, each with its folder, and how it is asked what is pending.
use strict;
use warnings FATAL => 'all';

package PeerOfNode;
use parent -norequire, 'Peer';

sub installation { return "$_[0]{tools}/npm" }
sub module { return join '/', $_[0]->installation, 'node_modules', $_[1] // $_[0]->package }
sub program { return join '/', $_[0]->installation, 'node_modules/.bin', $_[1] }
sub missing { return -e $_[0]->module . '/package.json' ? undef : 'npm did not install ' . $_[0]->package }

sub version
{
	my ($self) = @_;
	open my $file, '<', $self->module . '/package.json' or die $!;
	local $/ = undef;
	my ($version) = <$file> =~ /"version": *"([^"]+)"/;
	return $version;
}

# Programs of the test's own find the packages as they would in a project.
sub link_modules
{
	my ($self) = @_;
	symlink $self->installation . '/node_modules', "$self->{folder}/node_modules" unless -e "$self->{folder}/node_modules";
	return;
}

package PeerDbmate;
use parent -norequire, 'PeerOfNode';
sub name { return 'dbmate' }
sub package { return '@dbmate/linux-' . (`uname -m` =~ /aarch64/ ? 'arm64' : 'x64') }
sub call
{
	my ($self, @arguments) = @_;
	return $self->run_tool($self->module . '/bin/dbmate', '--no-dump-schema', '-u', $self->url . '?sslmode=disable', '-d', 'db', @arguments);
}
sub write
{
	my ($self, $count) = @_;
	$self->empty_folder('db');
	$self->write_file('db/' . $self->stamp($_) . '_' . $self->script_name($_) . '.sql', "-- migrate:up\n" . $self->up($_) . "\n-- migrate:down\n" . $self->down($_))
	  for 1 .. $count;
	return "$self->{folder}/db";
}
sub apply { return $_[0]->call('migrate') }
sub undo { return $_[0]->call('rollback') }
sub pending
{
	my ($self) = @_;
	return map { $self->number_of($_) } $self->call('status') =~ /^\[ \] (.*)/mg;
}

package PeerNodePgMigrate;
use parent -norequire, 'PeerOfNode';
sub name { return 'node-pg-migrate' }
sub package { return 'node-pg-migrate' }
sub call { my ($self, @arguments) = @_; return $self->run_tool($self->program('node-pg-migrate'), '-m', 'migrations', @arguments) }
sub write
{
	my ($self, $count) = @_;
	$self->empty_folder('migrations');
	$self->write_file("migrations/170000000000${_}_" . $self->script_name($_) . '.sql', "-- Up Migration\n" . $self->up($_) . "-- Down Migration\n" . $self->down($_))
	  for 1 .. $count;
	return "$self->{folder}/migrations";
}
sub apply { return $_[0]->call('up') }
sub undo { return $_[0]->call('down') }
sub pending
{
	my ($self) = @_;
	return map { $self->number_of($_) } $self->call('up', '--dry-run') =~ /^> - (.*)/mg;
}

# A file for each direction: only programs that call node-pg-migrate can ask for that.
package PeerNodePgMigrateFiles;
use parent -norequire, 'PeerNodePgMigrate';
sub name { return 'node-pg-migrate, 2' }
sub adopt_as { return 'node-pg-migrate' }
sub write
{
	my ($self, $count) = @_;
	$self->empty_folder('migrations');
	for my $n (1 .. $count)
	{
		my $path = "migrations/170000000000${n}_" . $self->script_name($n);
		$self->write_file("$path.up.sql", $self->up($n));
		$self->write_file("$path.down.sql", $self->down($n));
	}
	$self->link_modules;
	$self->write_file('migrate.mjs', <<'JS');
import { runner } from 'node-pg-migrate';
await runner({ databaseUrl: process.env.DATABASE_URL, dir: 'migrations', direction: process.argv[2], migrationsTable: 'pgmigrations',
    dryRun: process.argv[3] === '--dry-run', migrationLoaderStrategies: [{ extensions: ['.sql'], loader: 'sql' }] });
JS
	return "$self->{folder}/migrations";
}
sub call { my ($self, @arguments) = @_; return $self->run_tool('node', 'migrate.mjs', @arguments) }

package PeerGraphileMigrate;
use parent -norequire, 'PeerOfNode';
use Digest::SHA qw(sha1_hex);
sub name { return 'graphile-migrate' }
sub package { return 'graphile-migrate' }
sub has_down { return 0 }
sub write
{
	my ($self, $count) = @_;
	$self->empty_folder('migrations');
	my $previous;
	for my $n (1 .. $count)
	{
		my $body = $self->up($n);
		(my $trimmed = ($previous // '') . "\n$body") =~ s/^\s+|\s+$//g;
		my $hash = 'sha1:' . sha1_hex("$trimmed\n");
		my $ending = $n == 2 ? '-add_email' : ''; # a message becomes a part of the name
		$self->write_file(sprintf('migrations/committed/%06d%s.sql', $n, $ending),
			'--! Previous: ' . ($previous // '-') . "\n--! Hash: $hash\n" . ($n == 2 ? "--! Message: add email\n" : '') . "\n$body");
		$previous = $hash;
	}
	$self->write_file('migrations/current.sql', '');
	$self->write_file('.gmrc', "{}\n");
	return "$self->{folder}/migrations";
}
sub apply { return $_[0]->run_tool($_[0]->program('graphile-migrate'), 'migrate') }
# It ends with 1 where there are any.
sub pending
{
	my ($self) = @_;
	my ($said) = $self->try_tool($self->program('graphile-migrate'), 'status');
	return if $said =~ /^Up to date/m;
	my ($list) = $said =~ /committed migrations pending:\n(.*)/s or die "graphile-migrate status said: $said";
	return map { int } $list =~ /^ +([0-9]{6})/mg;
}

package PeerPostgrator;
use parent -norequire, 'PeerOfNode';
sub name { return 'postgrator' }
sub package { return 'postgrator' }
sub write
{
	my ($self, $count) = @_;
	$self->empty_folder('migrations');
	for my $n (1 .. $count)
	{
		$self->write_file("migrations/000$n.do." . $self->script_name($n) . '.sql', $self->up($n));
		$self->write_file("migrations/000$n.undo." . $self->script_name($n) . '.sql', $self->down($n));
	}
	$self->link_modules;
	$self->write_file('postgrator.mjs', <<'JS');
import Postgrator from 'postgrator';
import pg from 'pg';
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
const postgrator = new Postgrator({ migrationPattern: 'migrations/*', driver: 'pg', schemaTable: 'schemaversion', execQuery: (query) => client.query(query) });
if (process.argv[2] === 'migrate') await postgrator.migrate('max');
if (process.argv[2] === 'undo') await postgrator.migrate(`${await postgrator.getDatabaseVersion() - 1}`);
const version = await postgrator.getDatabaseVersion();
await postgrator.validateMigrations(version); // throws where a sum is another
for (const one of postgrator.getRunnableMigrations(version, await postgrator.getMaxVersion())) console.log(`pending ${one.name}`);
await client.end();
JS
	return "$self->{folder}/migrations";
}
sub apply { return $_[0]->run_tool('node', 'postgrator.mjs', 'migrate') }
sub undo { return $_[0]->run_tool('node', 'postgrator.mjs', 'undo') }
sub pending
{
	my ($self) = @_;
	return map { $self->number_of($_) } $self->run_tool('node', 'postgrator.mjs', 'status') =~ /^pending (.*)/mg;
}

package PeerKnex;
use parent -norequire, 'PeerOfNode';
sub name { return 'knex' }
sub package { return 'knex' }
sub format { return 'knex' }
sub call { my ($self, @arguments) = @_; return $self->run_tool($self->program('knex'), '--knexfile', 'knexfile.cjs', @arguments) }
sub write
{
	my ($self, $count) = @_;
	$self->empty_folder('migrations');
	for my $n (1 .. $count)
	{
		my $path = 'migrations/' . $self->stamp($n) . '_' . $self->script_name($n);
		$self->write_file("$path.up.sql", $self->up($n));
		$self->write_file("$path.down.sql", $self->down($n));
		$self->write_file("$path.cjs", <<'JS');
const { readFileSync } = require('fs');
const run = (way) => (knex) => knex.raw(readFileSync(__filename.replace(/cjs$/, `${way}.sql`), 'utf8'));
exports.up = run('up');
exports.down = run('down');
JS
	}
	$self->link_modules;
	$self->write_file('knexfile.cjs',
		"module.exports = { client: 'pg', connection: process.env.DATABASE_URL, migrations: { directory: './migrations', loadExtensions: ['.cjs'] } };\n");
	return "$self->{folder}/migrations";
}
sub apply { return $_[0]->call('migrate:latest') }
sub undo { return $_[0]->call('migrate:rollback') }
sub pending
{
	my ($self) = @_;
	my $said = $self->call('migrate:list');
	return if $said =~ /No Pending Migration/;
	my ($list) = $said =~ /Pending Migration[^\n]*\n(.*)/s or die "knex migrate:list said: $said";
	return map { $self->number_of($_) } grep { /\.cjs/ } split /\n/, $list;
}

# It has no command that tells what is pending, so it is asked in a copy of the database, which rows a run would add.
package PeerDrizzle;
use parent -norequire, 'PeerOfNode';
sub package { return 'drizzle-kit' }
sub adopt_as { return 'drizzle' }
sub has_down { return 0 }
sub sees_pending { return 0 }
sub sql_of { my ($self, $n) = @_; return join("\n--> statement-breakpoint\n", map { "$_;" } @{ $Peer::scripts[ $n - 1 ]{up} }) . "\n" }
sub write
{
	my ($self, $count) = @_;
	$self->empty_folder('drizzle');
	$self->link_modules;
	$self->write_file('drizzle.config.js',
		"export default { dialect: 'postgresql', out: './drizzle', schema: './schema.js', dbCredentials: { url: process.env.DATABASE_URL } };\n");
	$self->write_file('package.json', qq({"private": true, "type": "module"}\n));
	$self->write_scripts($count);
	return "$self->{folder}/drizzle";
}
sub apply { return $_[0]->run_tool($_[0]->program('drizzle-kit'), 'migrate') }
sub pending
{
	my ($self) = @_;
	my ($server, $original) = ($self->{server}, $self->{database});
	my $count = 'SELECT count(*) FROM drizzle.__drizzle_migrations';
	my $before = $server->safe_psql($original, $count);
	$server->safe_psql('postgres', "CREATE DATABASE ${original}_copy TEMPLATE $original");
	local $self->{database} = "${original}_copy";
	$self->apply;
	my $after = $server->safe_psql($self->{database}, $count);
	$server->safe_psql('postgres', "DROP DATABASE ${original}_copy");
	return $before + 1 .. $after;
}

package PeerDrizzle031;
use parent -norequire, 'PeerDrizzle';
sub name { return 'drizzle-kit 0.31' }
sub write_scripts
{
	my ($self, $count) = @_;
	my @entries;
	for my $n (1 .. $count)
	{
		my $tag = sprintf '%04d_%s', $n - 1, $self->script_name($n);
		push @entries, sprintf '{"idx": %d, "version": "7", "when": 170406%d200000, "tag": "%s", "breakpoints": true}', $n - 1, $n, $tag;
		$self->write_file("drizzle/$tag.sql", $self->sql_of($n));
	}
	$self->write_file('drizzle/meta/_journal.json', '{"version": "7", "dialect": "postgresql", "entries": [' . join(', ', @entries) . "]}\n");
	return;
}

package PeerDrizzle1;
use parent -norequire, 'PeerDrizzle';
sub name { return 'drizzle-kit 1.0-rc' }
sub installation { return "$_[0]{tools}/npm-rc" }
sub write_scripts
{
	my ($self, $count) = @_;
	my $before = '00000000-0000-0000-0000-000000000000';
	for my $n (1 .. $count)
	{
		my $path = 'drizzle/' . $self->stamp($n) . '_' . $self->script_name($n);
		my $id = "00000000-0000-4000-8000-00000000000$n";
		$self->write_file("$path/migration.sql", $self->sql_of($n));
		$self->write_file("$path/snapshot.json", qq({"version": "8", "dialect": "postgres", "id": "$id", "prevIds": ["$before"], "ddl": [], "renames": []}\n));
		$before = $id;
	}
	return;
}

1;
