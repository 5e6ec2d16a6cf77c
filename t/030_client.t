# The command-line client: every command with what it prints, its exit codes, its JSON.
use strict;
use warnings FATAL => 'all';
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use Turnstone;

my $node = new_server();
my $project = "$PostgreSQL::Test::Utils::tmp_check/project";
mkdir $project or die $!;
my $migrations = "$project/migrations";
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('postgres', 'CREATE ROLE limited LOGIN');

sub run { return client($node, 'app', $project, @_) }

# One JSON document and nothing else on stdout.
sub json
{
	my ($run) = @_;
	my $document = eval { JSON::PP->new->utf8->decode($run->{out}) };
	ok(defined $document, 'JSON parses') or diag "$@\n$run->{out}\n$run->{err}";
	return $document // {};
}

# ----------------------------------------------------------------------------------------- the command line itself
my $run = run('--help');
is($run->{code}, 0, 'help');
like($run->{out}, qr/^  up .*\n.*^  completion /ms, 'help lists the commands');
like($run->{out}, qr/Exit codes: 0 done/, 'and the exit codes');
is(run('--version')->{out}, "turnstone 1.0\n", 'version');
is(run()->{code}, 64, 'no command');
$run = run('uo');
is($run->{code}, 64, 'an unknown command is a usage error');
isnt($run->{err}, '', 'which is told of');
is(run('up', '--atomic', '--detach')->{code}, 64, 'options that exclude each other');
for my $shell (qw(bash zsh fish))
{
	$run = run('completion', $shell);
	is($run->{code}, 0, "completion of $shell");
	like($run->{out}, qr/blame.*no-load|no-load.*blame/s, 'has commands and options');
}
is(system(q{bash -c 'eval "$(turnstone completion bash)"; COMP_WORDS=(turnstone st); COMP_CWORD=1; _turnstone; test "${COMPREPLY[*]}" = status'}),
	0, 'bash completes a command');
is(system(q{bash -c 'eval "$(turnstone completion bash)"; COMP_WORDS=(turnstone --json up --at); COMP_CWORD=3; _turnstone; test "${COMPREPLY[*]}" = --atomic'}),
	0, 'and an option of one, behind one of all');

# --------------------------------------------------------------------------------------------------- connecting
$run = run('-h', "$project/nowhere", 'status');
is($run->{code}, 6, 'no server is exit code 6');
like($run->{err}, qr/^error: connection to server .* failed: .*\nhint: Name the database/s, 'with the reason and a way out');
is(json(run('-h', "$project/nowhere", '--json', 'status'))->{error}{exit_code}, 6, 'the same as JSON');
my $url = sprintf 'postgresql:///app?host=%s&port=%d', $node->host, $node->port;
is(run('-d', 'nonsense://', 'status')->{code}, 6, 'a URL that is none');

$run = run('status');
is($run->{code}, 7, 'no extension is exit code 7');
like($run->{err}, qr/the extension turnstone is not in database "app"\nhint: "turnstone init"/, 'and names the command that creates it');
$run = run('-U', 'limited', 'init');
is($run->{code}, 1, 'init without the rights fails');
like($run->{err}, qr/role "limited" may not create the extension in database "app"\n.*A superuser \(.*\) says there, once: CREATE EXTENSION turnstone;/s,
	'and says who must do it');
$run = run('init', '--files');
is($run->{code}, 0, 'init') or diag $run->{err};
is($run->{out}, "made turnstone.toml\nmade migrations/\nthe extension turnstone 1.0 is created in database \"app\"\n", 'init makes what is missing');
is(json(run('init', '--json'))->{created}, JSON::PP::false, 'and is idempotent');
{
	local $ENV{DATABASE_URL} = $url;
	local $ENV{PGDATABASE} = 'postgres';
	is(client($node, 'postgres', $project, 'status')->{code}, 0, 'DATABASE_URL goes before PGDATABASE');
}
is(client($node, 'postgres', $project, '-d', $url, 'status')->{code}, 0, 'a URL as --database');

# ----------------------------------------------------------------------------------------------- scripts and up
$run = run('new', 'Create Notes');
is($run->{code}, 0, 'new');
like($run->{out}, qr{^migrations/(\d{14})_create_notes\.sql$}, 'names the file');
my ($name) = $run->{out} =~ m{^migrations/(\S+)};
is(slurp_file("$migrations/$name"), "-- +migrate Up\n\n\n-- +migrate Down\n\n", 'which has the template');
unlink "$migrations/$name";
is(run('new', '!!')->{code}, 64, 'a name without letters');

write_script("$migrations/20250101000000_create_notes.sql", "-- +migrate Up\nCREATE TABLE notes (id int PRIMARY KEY, body text);\n-- +migrate Down\nDROP TABLE notes;\n");
write_script("$migrations/20250102000000_add_title.sql", "-- +migrate Up\nALTER TABLE notes ADD COLUMN title text;\n-- +migrate Down\nALTER TABLE notes DROP COLUMN title;\n");
write_script("$migrations/20250103000000_index_titles.sql", "-- +migrate Up\nCREATE INDEX CONCURRENTLY notes_title ON notes (title);\n-- +migrate Down\nDROP INDEX notes_title;\n");

$run = run('check');
is($run->{code}, 4, 'check: files that nobody has registered');
is(() = $run->{out} =~ /^unregistered: /mg, 3, 'each is told of');
$run = run('status');
like($run->{out}, qr/^20250101000000  20250101000000_create_notes.sql +pending  new$/m, 'status shows files that are new here');
$run = run('plan');
like($run->{out}, qr/^3 +20250103000000_index_titles.sql +1 +2 +CREATE INDEX +its own/m, 'plan looks at files that are not registered');
is($node->safe_psql('app', 'SELECT count(*) FROM turnstone.migration'), 0, 'and registers nothing');
is(scalar @{ json(run('plan', '--json'))->{plan} }, 3, 'plan as JSON');

$run = run('load');
is($run->{out}, join('', map { "registered $_\n" } qw(20250101000000_create_notes.sql 20250102000000_add_title.sql 20250103000000_index_titles.sql))
	  . "3 of 3 files sent, 0 unchanged\n", 'load');
my $document = json(run('load', '--json'));
is($document->{unchanged}, 3, 'a second load sends nothing');
is(run('check')->{code}, 3, 'check: pending');
is($node->safe_psql('app', q{SELECT string_agg(checksum, ',' ORDER BY version) FROM turnstone.migration}),
	$node->safe_psql('app', q{SELECT string_agg(encode(sha256(script), 'hex'), ',' ORDER BY version) FROM turnstone.migration}), 'core computes the server\'s checksums');

$run = run('up', '--dry-run', '+2');
is($run->{code}, 0, 'a dry run') or diag $run->{err};
like($run->{out}, qr/^2 migrations are applied and taken back$/m, 'tells what it did');
is($node->safe_psql('app', q{SELECT to_regclass('notes')}), '', 'and leaves nothing');
$run = run('up', '+1');
like($run->{out}, qr/^1\/1 applied 20250101000000_create_notes.sql  [\d.]+ ms\n1 migration is applied$/m, 'up to a target');
$run = run('up', '--atomic', '20250102000000');
like($run->{out}, qr/^applied 20250102000000_add_title.sql/m, 'up --atomic');
$document = json(run('up', '--json'));
is($document->{migrations}[0]{name}, '20250103000000_index_titles.sql', 'up as JSON') ;
$run = run('up');
is("$run->{code} $run->{out}", "0 nothing is pending\n", 'a no-op');
is($run->{err}, '', 'without another word');
is(run('up', '-q')->{out}, '', 'nor any when quiet');
$run = run('check');
is("$run->{code} $run->{out}", "0 ok\n", 'check') or diag $run->{err};
$document = json(run('status', '--json'));
is($document->{counts}{applied}, 3, 'status as JSON counts');
is($document->{migrations}[2]{state}, 'applied', 'and lists');
like($document->{migrations}[2]{applied_at}, qr/^20/, 'with times');

# --------------------------------------------------------------------------------------- down, redo, and back again
$run = run('down');
like($run->{out}, qr/^1\/1 rolled back 20250103000000_index_titles.sql/m, 'down');
$run = run('down', '--atomic', '--to', '20250101000000');
like($run->{out}, qr/^rolled back 20250102000000_add_title.sql/m, 'down --atomic to a version');
$run = run('down', 'base');
like($run->{out}, qr/^1\/1 rolled back 20250101000000_create_notes.sql/m, 'down to nothing');
is(run('down')->{out}, "nothing is to be rolled back\n", 'and no further');
is(json(run('down', '--json'))->{migrations}[0], undef, 'as JSON');
run('up');
write_script("$migrations/20250103000000_index_titles.sql", "-- +migrate Up\nCREATE INDEX notes_title ON notes (title, id);\n-- +migrate Down\nDROP INDEX notes_title;\n");
$run = run('up');
is($run->{code}, 1, 'an edit of an applied file is refused');
like($run->{err}, qr{^migrations/20250103000000_index_titles.sql: error: script "20250103000000_index_titles.sql" was edited after it had been applied \(SQLSTATE 55000\)\ndetail: Applied with checksum \w{64}, now \w{64}.\nhint: .*turnstone redo.*turnstone repair}s,
	'with the file, both checksums and the ways out');
like(run('status')->{out}, qr/index_titles.sql +applied +edited/, 'status shows it');
$run = run('check');
is($run->{code}, 4, 'so does check');
like($run->{out}, qr{^edited: migrations/20250103000000_index_titles.sql is not the text that is registered$}m, 'by its path');
$run = run('redo');
is($run->{code}, 0, 'redo takes the new text') or diag $run->{err};
is($run->{out} =~ s/  [\d.]+ m?s$//mgr, "rolled back 20250103000000_index_titles.sql\nupdated 20250103000000_index_titles.sql\napplied 20250103000000_index_titles.sql\n", 'and says what it did');
is($node->safe_psql('app', q{SELECT pg_get_indexdef('notes_title'::regclass)}), 'CREATE INDEX notes_title ON public.notes USING btree (title, id)', 'the index is the new one');
write_script("$migrations/20250103000000_index_titles.sql", "-- +migrate Up\nCREATE INDEX CONCURRENTLY notes_title ON notes (title);\n-- +migrate Down\nDROP INDEX CONCURRENTLY notes_title;\n");
$run = run('redo');
is($run->{code}, 0, 'redo of what no transaction holds') or diag $run->{err};
like($run->{out}, qr/^1\/1 applied 20250103000000_index_titles.sql/m, 'goes one by one');
$run = run('redo', '2');
is($run->{code}, 0, 'redo of two, without a change') or diag $run->{err};
is($node->safe_psql('app', q{SELECT count(*) FROM pg_indexes WHERE indexname = 'notes_title'}), 1, 'leaves them as they were');
write_script("$migrations/20250103000000_index_titles.sql", "-- +migrate Up\nCREATE INDEX CONCURRENTLY notes_title ON notes (title);\n-- +migrate Down\nDROP INDEX IF EXISTS notes_title;\n");
$run = run('repair', '20250103000000', '--reason', 'a forgiving Down');
is($run->{code}, 0, 'repair') or diag $run->{err};
is(run('check')->{code}, 0, 'the new text is the one that is registered');
is(run('repair', '99999999999999')->{code}, 1, 'what is not registered cannot be repaired');

# ------------------------------------------------------------------------------------------------------- errors
my $bad = "$migrations/20250104000000_break_things.sql";
write_script($bad, "-- +migrate Up\nCREATE TABLE broken (id int);\nSELECT nönsense,\n       missing FROM broken;\n");
$run = run('up');
is($run->{code}, 1, 'a script that fails');
is($run->{err}, "migrations/20250104000000_break_things.sql:3:8: error: column \"nönsense\" does not exist (SQLSTATE 42703)\n"
	  . "    3 | SELECT nönsense,\n      |        ^\n"
	  . "0 of 1 migrations are applied and committed. \"20250104000000_break_things.sql\" has left nothing.\n", 'path, line, column, caret, state');
$document = json(run('up', '--json'));
is_deeply({ map { $_ => $document->{error}{$_} } qw(file line column sqlstate statement direction exit_code) },
	{ file => 'migrations/20250104000000_break_things.sql', line => 3, column => 8, sqlstate => '42703', statement => 2, direction => 'up', exit_code => 1 }, 'the same as JSON');
write_script($bad, "-- +migrate Up\nCREATE TABLE broken (id int);\nSELEC 1;\n");
$run = run('up');
like($run->{err}, qr{^migrations/20250104000000_break_things.sql:3:1: error: syntax error at or near "SELEC" \(SQLSTATE 42601\)\n    3 \| SELEC 1;\n      \| \^\n$}, 'a text that does not parse');
like($node->safe_psql('app', q{SELECT convert_from(script, 'UTF8') FROM turnstone.migration WHERE version = '20250104000000'}), qr/missing/, 'is not registered');
write_script($bad, "-- +migrate Up\n-- +migrate Sideways\nSELECT 1;\n");
like(run('up')->{err}, qr{^migrations/20250104000000_break_things.sql:2:1: error: annotation "-- \+migrate Sideways" is unknown .*\n    2 \| -- \+migrate Sideways}, 'a wrong annotation has the file\'s own line');
write_script("$migrations/20250105000000_new_and_bad.sql", "SELEC 1;\n");
$run = run('check');
is($run->{code}, 5, 'check: malformed goes before the rest');
like($run->{out}, qr{^malformed: migrations/20250105000000_new_and_bad.sql:1:1: syntax error at or near "SELEC"}m, 'by its place');
write_script("$migrations/20250105000000_twin.sql", "SELECT 1;\n");
$run = run('up');
is($run->{code}, 5, 'a folder that core cannot read');
like($run->{err}, qr/^error: .*20250105000000/, 'is told of before anything is sent');
is(run('check')->{code}, 5, 'check says so too');
unlink $bad, "$migrations/20250105000000_new_and_bad.sql", "$migrations/20250105000000_twin.sql";
$run = run('check');
is($run->{code}, 4, 'check: a script without its file');
like($run->{out}, qr/^missing: 20250104000000_break_things.sql is registered and has no file$/m, 'by its name');
like(run('status')->{out}, qr/break_things.sql +failed +no file/, 'status shows it');
$node->safe_psql('app', q{SELECT migrate_unregister('20250104000000')});

# ------------------------------------------------------------------------------------------ drift, log, blame, marks
$run = run('drift');
is("$run->{code} $run->{out}", "0 no drift\n", 'no drift');
$node->safe_psql('app', 'ALTER TABLE notes ALTER COLUMN body SET NOT NULL');
$run = run('drift');
is($run->{code}, 2, 'drift is exit code 2');
like($run->{out}, qr/changed table column public.notes.body: not null/, 'and shown');
is(run('check')->{code}, 2, 'check: drift');
is(run('check', '--no-drift')->{code}, 0, 'unless nobody asks');
$run = run('drift', '--json', '--schema', 'public');
is($run->{code}, 2, 'drift as JSON');
is(json($run)->{summary}{differences}, 1, 'has the summary');
is(run('drift', '--schema', 'information_schema')->{code}, 0, 'of another schema');
is(run('drift', '--accept')->{code}, 64, 'to accept needs a reason');
is(run('drift', '--accept', '--reason', 'it is right')->{code}, 0, 'accept');
is(run('drift')->{code}, 0, 'then there is none');
$run = run('log', '-n', '3');
is($run->{code}, 0, 'log');
is(() = $run->{out} =~ /\n/g, 4, 'a heading and as many lines as asked for');
is(json(run('log', '--json', '20250103000000', '-n', '1'))->{log}[0]{event}, 'repair', 'log of one migration');
like(run('blame', 'notes.title')->{out}, qr/table column public.notes.title +made +20250102000000_add_title.sql +2/, 'blame');
is(json(run('blame', 'notes.title', '--json'))->{blame}[0]{version}, '20250102000000', 'blame as JSON');
is(run('blame', 'nothing_of_the_kind')->{code}, 1, 'blame of nothing');
is(run('tag', 'spring')->{code}, 0, 'tag');
is(json(run('tag', '--json', 'winter', '20250101000000'))->{tagged}[0]{version}, '20250101000000', 'tag of a version');
is(run('down', 'winter')->{code}, 0, 'down to a tag');
is(run('mark', '20250102000000', 'applied')->{code}, 64, 'a mark needs a reason');
is(run('mark', '20250102000000', 'done', '--reason', 'x')->{code}, 64, 'and a state that exists');
is(json(run('mark', '20250102000000', 'applied', '--reason', 'by hand', '--json'))->{marked}[0]{state}, 'applied', 'mark');
is(run('mark', '20250102000000', 'pending', '--reason', 'by hand')->{code}, 0, 'and back');
run('up');

$node->safe_psql('postgres', 'CREATE DATABASE taken_over');
client($node, 'taken_over', $project, 'init');
$run = client($node, 'taken_over', $project, 'baseline', '20250102000000', '--reason', 'was there');
is($run->{code}, 0, 'baseline sends the files itself') or diag $run->{err};
like(client($node, 'taken_over', $project, 'status')->{out}, qr/^2 baseline, 1 pending$/m, 'and takes them over');

# The history of another tool.
my $other = "$PostgreSQL::Test::Utils::tmp_check/other";
mkdir $other or die $!;
mkdir "$other/migrations" or die $!;
write_script("$other/migrations/20250101000000_create_t.sql", "-- migrate:up\nCREATE TABLE t (n int);\n-- migrate:down\nDROP TABLE t;\n");
write_script("$other/migrations/20250102000000_add_m.sql", "-- migrate:up\nALTER TABLE t ADD m int;\n-- migrate:down\nALTER TABLE t DROP m;\n");
$node->safe_psql('postgres', 'CREATE DATABASE other');
$node->safe_psql('other', q{CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('20250101000000'); CREATE TABLE t (n int)});
client($node, 'other', $other, 'init');
$run = client($node, 'other', $other, 'adopt', 'dbmate');
is($run->{code}, 0, 'adopt shows') or diag $run->{err};
like($run->{out}, qr/^20250101000000 +20250101000000_create_t.sql +named.*^nothing is written; --yes takes it over$/ms, 'a verdict of each');
is($node->safe_psql('other', 'SELECT count(*) FROM turnstone.migration'), 0, 'and writes nothing');
is(json(client($node, 'other', $other, 'adopt', 'dbmate', '--yes', '--json'))->{adopted}, JSON::PP::true, 'adopt --yes takes over');
like(client($node, 'other', $other, 'up')->{out}, qr/^1\/1 applied 20250102000000_add_m.sql/m, 'and the rest is applied');

# ------------------------------------------------------------------------------------------------ seeds and reset
write_script("$migrations/S__notes.sql", "INSERT INTO notes VALUES (1, 'a') ON CONFLICT DO NOTHING;\n");
is(run('seed')->{code}, 64, 'seed needs an environment');
is(json(run('seed', 'dev', '--json'))->{seeds}[0]{name}, 'S__notes.sql', 'seed');
is(run('check')->{code}, 0, 'seeds are not pending') or diag run('check')->{out};
is(run('reset')->{code}, 64, 'reset asks, and nobody answers');
is(run('reset', '--yes')->{code}, 1, 'reset is refused where it is not allowed');
$node->safe_psql('postgres', 'ALTER DATABASE app SET turnstone.allow_reset = on');
$run = run('reset', '--yes');
is($run->{code}, 1, 'reset cannot hold what no transaction can');
write_script("$migrations/20250103000000_index_titles.sql", "-- +migrate Up\nCREATE INDEX notes_title ON notes (title);\n-- +migrate Down\nDROP INDEX notes_title;\n");
is(run('redo')->{code}, 0, 'redo with a text for transactions');
$run = run('reset', 'dev', '--yes');
is($run->{code}, 0, 'reset') or diag $run->{err};
is($node->safe_psql('app', 'SELECT count(*) FROM notes'), 1, 'with the seeds of the environment');

# ---------------------------------------------------------------------------------------------- a thousand files
my $many = "$PostgreSQL::Test::Utils::tmp_check/many";
mkdir $many or die $!;
mkdir "$many/migrations" or die $!;
for my $number (1 .. 1000)
{
	# Some of them more than the sockets hold, and each of these answered with a notice.
	my $body = $number % 250 ? "SELECT $number;\n" : "BEGIN;\n" . ("-- a long comment\n" x 100_000) . "SELECT $number;\nCOMMIT;\n";
	write_script(sprintf('%s/migrations/%04d_number_%d.sql', $many, $number, $number), $body);
}
$node->safe_psql('postgres', 'CREATE DATABASE many');
sub run_many { return client($node, 'many', $many, @_) }
is(run_many('init')->{code}, 0, 'another project');
$run = run_many('up');
is($run->{code}, 0, 'a thousand files') or diag $run->{err};
like($run->{out}, qr/^registered 1000 scripts\n/, 'are not listed one by one');
like($run->{out}, qr/^1000 migrations are applied$/m, 'and applied');
is(() = $run->{err} =~ /^notice: BEGIN and COMMIT around migration/mg, 4, 'notices of the registration are told of');
$run = run_many('up');
is($run->{out}, "nothing is pending\n", 'a no-op');
write_script("$many/migrations/1001_last.sql", "SELECT 1001;\n");
write_script("$many/migrations/0007_number_7.sql", "SELECT 7; -- a comment\n");
is(run_many('up')->{out} =~ s/  [\d.]+ ms//r,
	"registered 1001_last.sql\nreformatted 0007_number_7.sql\n1/1 applied 1001_last.sql\n1 migration is applied\n" =~ s/(registered.*\n)(reformatted.*\n)/$2$1/r, 'only what differs travels');
is(json(run_many('load', '--json'))->{unchanged}, 1001, 'and then it is there');
like(run_many('new', 'next thing')->{out}, qr{^migrations/1002_next_thing.sql$}, 'new goes on with the numbers');

# ------------------------------------------------------------------------------------------- turnstone.toml
write_script("$project/turnstone.toml", qq{folder = "migrations"\n[environments.dev]\nurl = "\${APP_URL}"\n[environments.other]\nurl = "postgres:///taken_over?host=@{[$node->host]}&port=@{[$node->port]}"\n});
mkdir "$project/deep" or die $!;
is(client($node, 'postgres', "$project/deep", '--env', 'other', 'status', '--json')->{code}, 0, 'turnstone.toml is found from a folder below');
is(json(client($node, 'postgres', "$project/deep", '--env', 'other', 'status', '--json'))->{database}, 'taken_over', 'and its environment');
$run = client($node, 'app', "$project/deep", '--env', 'dev', 'status');
is($run->{code}, 64, 'a variable that is not set');
like($run->{err}, qr/environment variable APP_URL is not set/, 'is named');
{
	local $ENV{APP_URL} = $url;
	is(json(client($node, 'postgres', "$project/deep", '--env', 'dev', 'status', '--json'))->{database}, 'app', 'one that is set');
}
like(run('--env', 'none', 'status')->{err}, qr/environment "none" is unknown\nhint: turnstone.toml has dev, other\./, 'an environment that is not there');
write_script("$project/turnstone.toml", "folder = \"migrations\"\nfoldre = 1\n");
$run = run('status');
is("$run->{code} $run->{err}", "64 error: turnstone.toml:2:1: key \"foldre\" is unknown\nhint: The keys are folder, format, schema, naming, url, environment and environments.\n", 'what is wrong in it') or diag $run->{err};
write_script("$project/turnstone.toml", "folder = \"migrations\"\nnaming = \"strict\"\n");
is(run('new', 'users')->{code}, 64, 'strict naming refuses a name');
is(run('new', 'create users')->{code}, 0, 'and lets another one pass');

# ------------------------------------------------------------------ what another tool's folder says beside its scripts
my $sqitch = "$PostgreSQL::Test::Utils::tmp_check/sqitch";
mkdir $_ or die $! for $sqitch, "$sqitch/deploy", "$sqitch/revert";
sub write_file { my ($path, $text) = @_; open my $file, '>', $path or die $!; print $file $text; close $file; return }
my $plan = "%syntax-version=1.0.0\n%project=demo\n\nusers 2026-01-02T03:04:05Z Ann <ann\@x.org> # users\n"
  . "orders [users] 2026-01-02T03:04:06Z Ann <ann\@x.org> # orders\n";
write_file("$sqitch/sqitch.plan", $plan);
for my $change (qw(users orders))
{
	write_file("$sqitch/deploy/$change.sql", "CREATE TABLE $change (id int);\n");
	write_file("$sqitch/revert/$change.sql", "DROP TABLE $change;\n");
}
$node->safe_psql('postgres', 'CREATE DATABASE sqitch');
$node->safe_psql('sqitch', 'CREATE EXTENSION turnstone');
my $known = q{SELECT name, length(foreign_id), requirements, tags FROM turnstone.migration ORDER BY version};
sub sqitch { return client($node, 'sqitch', $PostgreSQL::Test::Utils::tmp_check, '--folder', $sqitch, @_) }
is(sqitch('load')->{code}, 0, 'a folder of Sqitch is loaded');
is($node->safe_psql('sqitch', $known), "users|40|{}|{}\norders|40|{1}|{}", 'with ids and requirements');
is(json(sqitch('--json', 'load'))->{unchanged}, 2, 'and is not sent again');
for my $tag (qw(v12 v1)) # the one within the other
{
	$plan .= "\@$tag 2026-01-02T03:04:07Z Ann <ann\@x.org> # a tag\n";
	write_file("$sqitch/sqitch.plan", $plan);
	is(sqitch('load')->{code}, 0, "a tag that is added to the plan, $tag");
}
is($node->safe_psql('sqitch', $known), "users|40|{}|{}\norders|40|{1}|{v12,v1}", 'is sent, though the script is the same');

$node->stop;
done_testing();
