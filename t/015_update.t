# ALTER EXTENSION turnstone UPDATE: from each released version, a database with a filled journal ends in the catalog of a fresh
# installation, and goes on. Library and SQL objects of two versions do not work together, and say so.
use strict;
use warnings FATAL => 'all';
use Digest::SHA qw(sha256_hex);
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = new_server();
my $share = `pg_config --sharedir`;
chomp $share;
my $released = "$ENV{TESTDIR}/data/released";

# What was released is never edited: databases in the world were made of it.
my %released = ('0.1.0' => '2e92ce539bb7269c32f8623029268dcb02cc2ebcf55ff68e531e745702926afb');
for my $version (sort keys %released)
{
	is(sha256_hex(slurp_file("$share/extension/turnstone--$version.sql")), $released{$version}, "the script of $version is as it was released");
}

# Everything that an installation puts into the catalogs, by names, one line each.
my $catalog = <<'SQL';
WITH member AS (
    SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'turnstone'
     WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
), relation AS (
    SELECT c.*, c.oid::regclass::text AS called FROM pg_class c JOIN member m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid
), acl(kind, called, acl) AS (
    SELECT 'relation', called, relacl FROM relation
    UNION ALL SELECT 'column', r.called || '.' || a.attname, a.attacl FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid
    UNION ALL SELECT 'function', p.oid::regprocedure::text, p.proacl FROM pg_proc p JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid
    UNION ALL SELECT 'schema', nspname::text, nspacl FROM pg_namespace n JOIN member m ON m.classid = 'pg_namespace'::regclass AND m.objid = n.oid
), line(line) AS (
    SELECT format('extension %s %s %s %s', extname, extversion, extrelocatable, extnamespace::regnamespace) FROM pg_extension WHERE extname = 'turnstone'
    UNION ALL SELECT format('config %s %s', c.t::regclass, c.condition)
      FROM pg_extension e, ROWS FROM (unnest(e.extconfig), unnest(e.extcondition)) AS c(t, condition) WHERE e.extname = 'turnstone'
    UNION ALL SELECT format('member %s', pg_describe_object(classid, objid, 0)) FROM member
    UNION ALL SELECT format('relation %s %s %s %s %s %s %s %s', called, relkind, relpersistence, relreplident, relhastriggers, relrowsecurity, reloptions,
                            CASE relkind WHEN 'v' THEN pg_get_viewdef(oid) END) FROM relation
    UNION ALL SELECT format('column %s %s %s %s %s %s %s %s %s %s', r.called, row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum), a.attname,
                            format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attstorage, a.attcollation::regcollation, a.attgenerated,
                            pg_get_expr(d.adbin, d.adrelid))
      FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum WHERE r.relkind <> 'S'
    UNION ALL SELECT format('sequence %s %s %s %s', r.called, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement) FROM relation r JOIN pg_sequence s ON s.seqrelid = r.oid
    UNION ALL SELECT format('constraint %s %s %s %s', r.called, c.conname, c.convalidated, pg_get_constraintdef(c.oid)) FROM relation r JOIN pg_constraint c ON c.conrelid = r.oid
    UNION ALL SELECT format('index %s %s %s', r.called, i.indisvalid, pg_get_indexdef(i.indexrelid)) FROM relation r JOIN pg_index i ON i.indrelid = r.oid
    UNION ALL SELECT format('trigger %s %s %s', r.called, t.tgenabled, pg_get_triggerdef(t.oid)) FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid
    UNION ALL SELECT format('rule %s %s %s', r.called, w.rulename, w.ev_type) FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid
    UNION ALL SELECT format('function %s %s %s %s', p.oid::regprocedure, p.procost, p.prorows, pg_get_functiondef(p.oid))
      FROM pg_proc p JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid
    UNION ALL SELECT format('event trigger %s %s %s %s %s', t.evtname, t.evtevent, t.evtenabled, t.evtfoid::regprocedure, t.evttags)
      FROM pg_event_trigger t JOIN member m ON m.classid = 'pg_event_trigger'::regclass AND m.objid = t.oid
    UNION ALL SELECT format('comment %s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
      FROM pg_description d JOIN member m ON m.classid = d.classoid AND m.objid = d.objoid
    UNION ALL SELECT format('rights %s %s: %s', kind, called, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(acl.acl) a))
      FROM acl WHERE acl.acl IS NOT NULL
    UNION ALL SELECT format('first rights %s: %s', pg_describe_object(i.classoid, i.objoid, i.objsubid), (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(i.initprivs) a))
      FROM pg_init_privs i JOIN member m ON m.classid = i.classoid AND m.objid = i.objoid
    UNION ALL SELECT format('dependency %s on %s %s', pg_describe_object(d.classid, d.objid, d.objsubid), pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid), d.deptype)
      FROM pg_depend d JOIN member m ON m.classid = d.classid AND m.objid = d.objid
)
SELECT line FROM line ORDER BY line COLLATE "C"
SQL

sub catalog_of { my ($database) = @_; return $node->safe_psql($database, $catalog); }

$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', 'CREATE EXTENSION turnstone');
my $fresh = catalog_of('fresh');
cmp_ok(scalar(split /\n/, $fresh), '>', 1000, 'there is something to compare');

# Without anything in it.
for my $version (sort keys %released)
{
	my $name = "empty_$version" =~ tr/./_/r;
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, "CREATE SCHEMA tools; CREATE EXTENSION turnstone WITH SCHEMA tools VERSION '$version'; ALTER EXTENSION turnstone UPDATE");
	$node->safe_psql('postgres', 'CREATE DATABASE elsewhere');
	$node->safe_psql('elsewhere', 'CREATE SCHEMA tools; CREATE EXTENSION turnstone WITH SCHEMA tools');
	is(catalog_of($name), catalog_of('elsewhere'), "$version, empty and in another schema: updated, the catalog is that of a fresh installation");
	$node->safe_psql('postgres', 'DROP DATABASE elsewhere');
}

# ---------------------------------------------------------------------------------------- a database filled by 0.1.0
$node->safe_psql('postgres', 'CREATE ROLE journal_reader');
$node->safe_psql('postgres', 'CREATE DATABASE filled');
my ($out, $err) = run_command([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', $node->host, '-p', $node->port, '-o', '/dev/null',
	'-f', "$released/0.1.0.sql", '-d', 'filled' ]);
unlike($err, qr/ERROR/, '0.1.0: the database is restored, by the present library, too');
like($err, qr/WARNING:  extension turnstone is of version 0.1.0 in this database, and the library of version 1\.0\n/, 'not updated: DDL that policies look at is warned of');
my $kept = q{
	SELECT 'journal', to_jsonb(j)::text FROM turnstone.journal j
	UNION ALL SELECT 'migration', (to_jsonb(m) - 'foreign_id')::text FROM turnstone.migration m
	UNION ALL SELECT 'run', to_jsonb(r)::text FROM turnstone.run r
	UNION ALL SELECT 'step', to_jsonb(s)::text FROM turnstone.step s
	UNION ALL SELECT 'tag', to_jsonb(t)::text FROM turnstone.tag t
	UNION ALL SELECT 'variable', to_jsonb(v)::text FROM turnstone.variable v
	UNION ALL SELECT 'policy', to_jsonb(p)::text FROM turnstone.updated_at_policy p
	UNION ALL SELECT 'rights', relacl::text FROM pg_class WHERE oid = 'turnstone.journal'::regclass
	ORDER BY 1, 2};
my $before = $node->safe_psql('filled', $kept);
is(scalar(() = $before =~ /^journal\|/mg), 10, '0.1.0: the journal is filled');

# The library is of another version than what is in the database.
my $status;
for my $call ('SELECT migrate_status()', 'SELECT migrate_apply()', 'CALL migrate_deploy()', q{SELECT migrate_register('7_x.sql', 'SELECT 1')}, 'SELECT migrate_drift()')
{
	($status, $out, $err) = $node->psql('filled', "\\set VERBOSITY verbose\n$call");
	like($err, qr/ERROR:  55000: extension turnstone is of version 0.1.0 in this database, and the library of version 1\.0\nHINT:  Run ALTER EXTENSION turnstone UPDATE/,
		"not updated: $call says so");
}
is($node->safe_psql('filled', 'UPDATE shop.item SET name = name WHERE id = 1 RETURNING updated_at = now()'), 't', 'not updated: triggers go on');
($status, $out, $err) = $node->psql('filled', 'CREATE TABLE shop.unrelated (updated_at timestamptz); DROP TABLE shop.unrelated');
is($status, 0, 'not updated: no DDL fails');

($status, $out, $err) = $node->psql('filled', 'ALTER EXTENSION turnstone UPDATE');
is($status, 0, '0.1.0: updated');
like($err, qr/WARNING:  rights on migrate_drift\(text\[\]\) are to be granted again: GRANT EXECUTE ON FUNCTION migrate_drift\(text\[\]\) TO journal_reader$/m,
	'0.1.0: the update says which rights are gone');
is($node->safe_psql('filled', $kept), $before, '0.1.0: the history and the rights on it are what they were');
my $updated = catalog_of('filled');
$updated =~ s/^(rights relation turnstone\.journal: \{)journal_reader=r\/\w+,/$1/m or fail('0.1.0: the right that was granted is there');
is($updated, $fresh, '0.1.0: the catalog is that of a fresh installation');

# What was recorded counts on.
is($node->safe_psql('filled', q{SELECT string_agg(version || ' ' || state, ', ' ORDER BY version) FROM migrate_status()}),
	'1 applied, 2 applied, 3 applied, 4 partial, 5 out_of_order, 6 applied, R__report pending, S__sample applied', '0.1.0: every migration stands where it stood');
is($node->safe_psql('filled', q{SELECT count(*) FROM turnstone.journal WHERE script IS NOT NULL AND checksum <> encode(sha256(script), 'hex')}), 0,
	'0.1.0: the texts that ran are those of the checksums');
is($node->safe_psql('filled', q{SELECT string_agg("check" || ' ' || state, ', ' ORDER BY "check") FROM migrate_health() WHERE state <> 'ok'}),
	'drift warning, failed migrations warning, partial migrations critical', '0.1.0: migrate_health() knows what is open');
($status, $out, $err) = $node->psql('filled', 'SELECT * FROM migrate_drift()');
like($err, qr/ERROR:  the record of the schema is stale/, '0.1.0: drift is not known before the next run');
($status, $out, $err) = $node->psql('filled', 'SELECT migrate_schema_at(now())');
like($err, qr/ERROR:  the schema was not recorded then/, '0.1.0: nor is the state of then');
$node->safe_psql('filled', q{SELECT migrate_unregister('5'); CREATE TABLE shop.later AS SELECT 1 AS id});
$node->safe_psql('filled', 'CALL migrate_deploy()');
is($node->safe_psql('filled', q{SELECT string_agg(statement || ' ' || state, ', ' ORDER BY statement) FROM turnstone.step WHERE version = '4'}),
	'1 done, 2 done', '0.1.0: a migration that was cut off goes on behind the update');
is($node->safe_psql('filled', 'SELECT change, object_type, identity, property, expected, actual FROM migrate_drift()'), '', '0.1.0: the next run has recorded the schema');
is($node->safe_psql('filled', q{CREATE TABLE shop.stamped (updated_at timestamptz); SELECT count(*) FROM pg_trigger WHERE tgrelid = 'shop.stamped'::regclass}), 1,
	'0.1.0: its policy goes on');

# What an update leaves undone, is said: SQL objects newer than the library.
$node->safe_psql('fresh', q{UPDATE pg_extension SET extversion = '99.0' WHERE extname = 'turnstone'});
($status, $out, $err) = $node->psql('fresh', 'SELECT * FROM migrate_status()');
like($err, qr/extension turnstone is of version 99.0 in this database, and the library of version 1\.0\n/, 'SQL objects that are newer than the library');

$node->stop;
done_testing();
