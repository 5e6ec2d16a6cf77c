# A schema is the same behind a dump and restore, one change is one row, on a standby too; and the states of the past.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1);
$node->append_conf('postgresql.conf', "log_statement = none\nlog_min_messages = warning\n");
$node->start;
my $folder = "$PostgreSQL::Test::Utils::tmp_check";
my $differences = 'SELECT change, object_type, identity, property FROM';

$node->safe_psql('postgres', 'CREATE ROLE reader; CREATE ROLE "Odd role"');
new_database($node, 'app');
$node->safe_psql('app', 'SELECT count(*) FROM migrate_apply()');
$node->safe_psql('app', 'SET check_function_bodies = on; SET search_path = public;' . slurp_file("$ENV{TESTDIR}/data/rich_schema.sql"));
$node->safe_psql('app', q{SELECT count(*) FROM migrate_accept_drift('the rich schema')});
is($node->safe_psql('app', 'SELECT * FROM migrate_drift()'), '', 'nothing differs where it is recorded');

# exported() leaves the schema of the database in a table of another one.
sub exported
{
	my ($from, $to) = @_;
	my $text = $node->safe_psql($from, 'SELECT migrate_export_schema()');
	$node->safe_psql($to, "CREATE TABLE turnstone.there AS SELECT \$json\$$text\$json\$::json AS state");
	return $text;
}

# restored(NAME, OPTIONS) is a database made of a dump of the first one.
sub restored
{
	my ($name, $from, @options) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->command_ok([ 'pg_dump', '-f', "$folder/$name.sql", @options, $from ], "dump for $name");
	$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $name, '-f', "$folder/$name.sql" ], "restore of $name");
	return;
}

restored('copy', 'app');
my $text = exported('app', 'copy');
my $here = $node->safe_psql('copy', 'SELECT migrate_export_schema()');
my $without_head = sub { my ($state) = @_; $state =~ s/^.*?\n"objects"/"objects"/s; return $state };
isnt($without_head->($here), $without_head->($text), 'as texts the two are not equal');
like($text, qr/ANY \(\(ARRAY\['a'::character varying/, 'one has the first form of IN');
is($node->safe_psql('copy', 'SELECT * FROM migrate_expect((SELECT state FROM turnstone.there))'), '', 'but they say the same');
is($node->safe_psql('copy', 'BEGIN READ ONLY; SELECT * FROM migrate_expect((SELECT state FROM turnstone.there))'), '', 'in a read-only transaction too');
is($node->safe_psql('copy', 'SELECT * FROM migrate_drift()'), '', 'nor is there drift in another place');
exported('copy', 'app');
is($node->safe_psql('app', 'SELECT * FROM migrate_expect((SELECT state FROM turnstone.there))'), '', 'and the other way round');
restored('copy_of_copy', 'copy');
$node->safe_psql('copy_of_copy', 'DROP TABLE turnstone.there');
is($without_head->($node->safe_psql('copy_of_copy', 'SELECT migrate_export_schema()')), $without_head->($here), 'a copy of the copy is equal as text');

# One change, one row: each in a transaction that is rolled back.
my %changes = (
	q{ALTER TABLE plain DROP CONSTRAINT plain_kind_check, ADD CONSTRAINT plain_kind_check CHECK (kind IN ('a', 'c'))}
	  => 'changed|table constraint|plain_kind_check on public.plain|definition',
	q{DROP INDEX plain_partial; CREATE INDEX plain_partial ON plain (lower(note)) WHERE kind IN ('a', 'c'); COMMENT ON INDEX plain_partial IS 'partial'}
	  => 'changed|index|public.plain_partial|definition',
	q{DROP INDEX plain_expression; CREATE INDEX plain_expression ON plain ((kind IN ('a','b')), (CASE note WHEN 'x' THEN 1 ELSE 3 END) DESC) INCLUDE (id)}
	  => 'changed|index|public.plain_expression|definition',
	q{DROP TRIGGER changed ON plain; CREATE TRIGGER changed AFTER UPDATE OF note, kind ON plain FOR EACH ROW WHEN (old.kind IN ('a','b') AND old.* IS DISTINCT FROM old.*) EXECUTE FUNCTION on_change(); ALTER TABLE plain DISABLE TRIGGER changed; COMMENT ON TRIGGER changed ON plain IS 'never'}
	  => 'changed|trigger|changed on public.plain|definition',
	q{CREATE OR REPLACE RULE log_insert AS ON INSERT TO plain WHERE new.kind IN ('a','b') DO ALSO INSERT INTO logged SELECT new.id, new.kind WHERE new.note IN ('a', 'c')}
	  => 'changed|rule|log_insert on public.plain|definition',
	q{CREATE OR REPLACE VIEW joined (x, y) AS SELECT a.id, count(*) FILTER (WHERE b.kind NOT IN ('a', 'b')) FROM plain a LEFT JOIN plain b USING (id) GROUP BY a.id HAVING max(a.note) IN ('a', 'c')}
	  => 'changed|view|public.joined|definition',
	q{CREATE OR REPLACE FUNCTION returning_one(k varchar DEFAULT 'a') RETURNS boolean LANGUAGE sql RETURN k IN ('a', 'c')}
	  => 'changed|function|public.returning_one(character varying)|body',
	q{CREATE OR REPLACE FUNCTION quoted(a int, b bool DEFAULT 'a'::varchar IN ('a', 'c')) RETURNS int LANGUAGE sql AS 'SELECT  a'}
	  => 'changed|function|public.quoted(integer,boolean)|arguments',
	q{CREATE OR REPLACE FUNCTION quoted(a int, b bool DEFAULT 'a'::varchar IN ('a', 'b')) RETURNS int LANGUAGE sql AS 'SELECT a'}
	  => 'changed|function|public.quoted(integer,boolean)|body',
	q{ALTER DOMAIN shorter DROP CONSTRAINT shorter_check; ALTER DOMAIN shorter ADD CONSTRAINT shorter_check CHECK (VALUE NOT IN ('c', 'e'))}
	  => 'changed|domain constraint|shorter_check on public.shorter|definition',
	q{ALTER POLICY mine ON plain WITH CHECK (note IN ('a', 'c'))} => 'changed|policy|mine on public.plain|check',
	q{DROP STATISTICS plain_statistics; CREATE STATISTICS plain_statistics ON (note IN ('a','c')), id FROM plain}
	  => 'changed|statistics object|public.plain_statistics|definition',
	q{ALTER TABLE plain ALTER kind SET DEFAULT 'b'} => 'changed|table column|public.plain.kind|default',
	q{GRANT INSERT ON plain TO reader} => 'changed|table|public.plain|privileges of reader',
	q{ALTER VIEW guarded RESET (security_invoker)} => 'changed|view|public.guarded|option security_invoker',
	q{DROP TABLE parted_1} => 'removed|table|public.parted_1|',
	q{ALTER TABLE "user".users ADD COLUMN extra int} => 'added|table column|"user".users.extra|',
);
for my $change (sort keys %changes)
{
	is($node->safe_psql('copy', "BEGIN; $change; $differences migrate_expect((SELECT state FROM turnstone.there)); ROLLBACK"),
		$changes{$change}, substr($change, 0, 60));
}

# A standby compares itself.
$node->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'backup', has_streaming => 1);
$standby->start;
is($standby->safe_psql('copy', 'SELECT * FROM migrate_expect((SELECT state FROM turnstone.there))'), '', 'on a standby');
is($without_head->($standby->safe_psql('copy', 'SELECT migrate_export_schema()')), $without_head->($here), 'and exports itself');
$standby->stop;

# The next run takes the record over into the new place; what is only written otherwise does not become drift.
$node->safe_psql('copy', q{SELECT status FROM migrate_register('20990101000000_more.sql', E'-- +migrate Up\nCREATE TABLE more (id int);\n-- +migrate Down\nDROP TABLE more;\n')});
is($node->safe_psql('copy', 'SELECT count(*) FROM migrate_apply()'), '1', 'a run in the copy');
is($node->safe_psql('copy', 'SELECT * FROM migrate_drift()'), '', 'leaves no drift');
is($node->safe_psql('copy', q{SELECT change, object_type, identity FROM migrate_compare((SELECT id FROM turnstone.journal WHERE event = 'accept'), (SELECT max(id) FROM turnstone.journal))}),
	'added|table|public.more', 'across the places, only what the run did has changed');

# Only the schema: what a dump without data leaves out.
restored('bare', 'app', '-s');
$node->safe_psql('bare', "INSERT INTO turnstone.there VALUES (\$json\$$text\$json\$)");
is($node->safe_psql('bare', "$differences migrate_expect((SELECT state FROM turnstone.there))"), 'changed|materialized view|public.kept|populated',
	'a dump without data leaves materialized views empty, and nothing else');

$node->stop;
done_testing();
