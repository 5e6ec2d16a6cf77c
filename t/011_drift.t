# Drift where one database is not enough: behind a restart, VACUUM FULL and REINDEX CONCURRENTLY, on a hot standby, in a
# restored copy, and in a copy by CREATE DATABASE TEMPLATE.
use strict;
use warnings FATAL => 'all';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = PostgreSQL::Test::Cluster->new('primary');
$node->init(allows_streaming => 1);
$node->start;
$node->safe_psql('postgres', 'CREATE ROLE app_reader');
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app', 'CREATE EXTENSION turnstone');
my $script = <<'SQL';
CREATE SCHEMA shop;
CREATE TYPE shop.state AS ENUM ('new', 'paid');
CREATE TABLE shop.item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code varchar(3) NOT NULL CHECK (code IN ('a', 'b')), state shop.state DEFAULT 'new',
                        price numeric(10,2) CHECK (price > 0), twice numeric GENERATED ALWAYS AS (price * 2) STORED, at timestamptz DEFAULT now());
CREATE INDEX item_code ON shop.item (lower(code)) WHERE code IN ('a', 'b');
CREATE VIEW shop.good AS SELECT id, code FROM shop.item WHERE code NOT IN ('x', 'y');
CREATE MATERIALIZED VIEW shop.counted AS SELECT code, count(*) FROM shop.item GROUP BY code;
ALTER TABLE shop.item ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_some ON shop.item USING (code IN ('a', 'b'));
CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON shop.item FOR EACH ROW WHEN (NEW.code IN ('a', 'b')) EXECUTE FUNCTION shop.touch();
CREATE TABLE shop.log (at date NOT NULL, item bigint REFERENCES shop.item) PARTITION BY RANGE (at);
CREATE TABLE shop.log_2024 PARTITION OF shop.log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX ON shop.log (item);
CREATE TABLE shop.base (id int NOT NULL DEFAULT 1 CONSTRAINT positive CHECK (id > 0));
CREATE TABLE shop.heir (more text) INHERITS (shop.base);
CREATE TABLE shop.old (id serial PRIMARY KEY, word text COLLATE "C");
GRANT SELECT, UPDATE (code) ON shop.item TO app_reader;
COMMENT ON COLUMN shop.item.code IS 'the code';
SQL
my $register = 'SELECT migrate_register($$1_shop.sql$$, $script$' . $script . '$script$)';
$node->safe_psql('app', $register);
$node->safe_psql('app', 'SELECT migrate_apply()');
my $drift = 'SELECT change, object_type, identity, property FROM migrate_drift()';
is($node->safe_psql('app', $drift), '', 'no drift behind the run');

$node->safe_psql('app', "INSERT INTO shop.item (code, price) VALUES ('a', 1)");
$node->safe_psql('app', $_) for 'REINDEX (CONCURRENTLY) TABLE shop.item', 'VACUUM FULL', 'VACUUM (ANALYZE)', 'CLUSTER shop.item USING item_pkey',
  'REFRESH MATERIALIZED VIEW shop.counted', "SET default_statistics_target = 5; ANALYZE";
$node->safe_psql('app', 'ALTER TABLE shop.item SET WITHOUT CLUSTER');
is($node->safe_psql('app', $drift), '', 'nor behind REINDEX CONCURRENTLY, VACUUM FULL, CLUSTER, ANALYZE');
$node->restart;
is($node->safe_psql('app', $drift), '', 'nor behind a restart');
is($node->safe_psql('app', $drift), '', 'nor when asked again');

# A hot standby: read only, and by the same levels.
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
is($standby->safe_psql('app', $drift), '', 'no drift on a standby');
$node->safe_psql('app', 'ALTER TABLE shop.old ADD COLUMN extra int');
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
is($standby->safe_psql('app', $drift), 'added|table column|shop.old.extra|', 'a standby sees the drift');
is($node->safe_psql('app', $drift), 'added|table column|shop.old.extra|', 'as the primary does');
$node->safe_psql('app', 'ALTER TABLE shop.old DROP COLUMN extra');
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
is($standby->safe_psql('app', $drift), '', 'and that it is gone');
is($standby->safe_psql('app', 'SELECT migrate_fingerprint()'), $node->safe_psql('app', 'SELECT migrate_fingerprint()'), 'the fingerprints are equal');
$standby->stop;

# A restored copy: other OIDs, and texts that were deparsed twice. Its record is that of the original.
my $file = "$PostgreSQL::Test::Utils::tmp_check/app.sql";
$node->command_ok([ 'pg_dump', '-f', $file, 'app' ], 'dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'restored', '-f', $file ], 'restore');
is($node->safe_psql('restored', $drift), '', 'the restored schema has no drift');
$node->safe_psql('restored', 'ALTER TABLE shop.item DROP CONSTRAINT item_code_check; ALTER TABLE shop.old RENAME TO older; ALTER TABLE shop.heir ALTER id SET DEFAULT 2');
# In another place nothing tells a rename: there is a table less, one more, and a sequence that belongs to the other.
my $found = "changed|table column|shop.heir.id|default\nchanged|sequence|shop.old_id_seq|owned by\nadded|table|shop.older|\nremoved|table|shop.old|\nremoved|table constraint|item_code_check on shop.item|";
is(join("\n", sort split /\n/, $node->safe_psql('restored', $drift)), join("\n", sort split /\n/, $found), 'and what is changed in it is found');

# The next run there keeps that drift, and finds its own work without drift.
$node->safe_psql('restored', q{SELECT migrate_register('2_more.sql', 'CREATE TABLE shop.more (id int); ALTER TABLE shop.base ADD COLUMN later int')});
$node->safe_psql('restored', 'SELECT migrate_apply()');
is(join("\n", sort split /\n/, $node->safe_psql('restored', $drift)), join("\n", sort split /\n/, $found), 'a run leaves that drift as it was');
$node->safe_psql('restored', 'ALTER TABLE shop.older RENAME TO old; ALTER TABLE shop.heir ALTER id SET DEFAULT 1');
$node->safe_psql('restored', "ALTER TABLE shop.item ADD CONSTRAINT item_code_check CHECK (code IN ('a', 'b'))");
is($node->safe_psql('restored', $drift), '', 'what is put right is no drift any more');
$node->safe_psql('restored', 'ALTER TABLE shop.base RENAME COLUMN later TO soon');
is($node->safe_psql('restored', $drift), 'renamed|table column|shop.base.soon|name', 'from then on, renames are seen there, too');

# A copy of the files: the same OIDs in another database.
$node->safe_psql('postgres', 'CREATE DATABASE copied TEMPLATE app');
is($node->safe_psql('copied', $drift), '', 'a copied database has no drift');
$node->safe_psql('copied', 'DROP TABLE shop.heir');
is($node->safe_psql('copied', $drift), 'removed|table|shop.heir|', 'and what is changed in it is found');
$node->safe_psql('copied', q{SELECT migrate_accept_drift('not needed there')});
is($node->safe_psql('copied', $drift), '', 'and can be accepted');

$node->stop;
done_testing();
