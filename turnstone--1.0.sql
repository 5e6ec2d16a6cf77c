\echo Use "CREATE EXTENSION turnstone" to load this file. \quit

-- Tables live in the fixed schema turnstone; a schema of that name made by somebody else stops the installation here.
CREATE SCHEMA turnstone;
COMMENT ON SCHEMA turnstone IS 'turnstone''s own tables: registered migrations, journal, recorded schema';

-- ---------------------------------------------------------------------------------------------- registered scripts
CREATE TABLE turnstone.migration (
    version       pg_catalog.text PRIMARY KEY,
    version_key   pg_catalog.numeric[] UNIQUE,
    name          pg_catalog.text NOT NULL UNIQUE,
    description   pg_catalog.text NOT NULL,
    kind          pg_catalog.text NOT NULL DEFAULT 'versioned'
                  CHECK (kind IN ('versioned', 'repeatable', 'baseline', 'seed', 'hook')),
    format        pg_catalog.text NOT NULL DEFAULT 'native',
    script        pg_catalog.bytea NOT NULL,
    down_script   pg_catalog.bytea,
    up_transactional   pg_catalog.bool NOT NULL DEFAULT true,
    down_transactional pg_catalog.bool NOT NULL DEFAULT true,
    checksum      pg_catalog.text NOT NULL,
    has_down      pg_catalog.bool NOT NULL,
    requirements  pg_catalog.text[] NOT NULL DEFAULT '{}',
    conflicts     pg_catalog.text[] NOT NULL DEFAULT '{}',
    tags          pg_catalog.text[] NOT NULL DEFAULT '{}',
    out_of_order_allowed pg_catalog.bool NOT NULL DEFAULT false,
    placeholders  pg_catalog.bool NOT NULL DEFAULT false,
    environments  pg_catalog.text[] NOT NULL DEFAULT '{}',
    registered_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
    registered_by pg_catalog.text NOT NULL,
    foreign_id    pg_catalog.text NOT NULL DEFAULT ''
);
COMMENT ON TABLE turnstone.migration IS 'registered migration scripts, one row a version';
COMMENT ON COLUMN turnstone.migration.version IS 'the number that the file''s name begins with, as written there, with a B before it for a baseline script; for one without a number its name';
COMMENT ON COLUMN turnstone.migration.version_key IS 'the version''s parts as numbers: the order of migrations; null for those without a number and for baseline scripts';
COMMENT ON COLUMN turnstone.migration.name IS 'the file''s name';
COMMENT ON COLUMN turnstone.migration.description IS 'the words of the file''s name';
COMMENT ON COLUMN turnstone.migration.kind IS 'versioned, repeatable (R__words.sql), seed (S__words.sql), hook (before_run.sql and the like) or baseline (B1__words.sql)';
COMMENT ON COLUMN turnstone.migration.script IS 'the file''s bytes as they were registered, in UTF-8';
COMMENT ON COLUMN turnstone.migration.format IS 'whose rules the script is read by: native, or the name of the tool as migrate_load() takes it';
COMMENT ON COLUMN turnstone.migration.down_script IS 'the bytes of the Down where it is a file of its own; else null';
COMMENT ON COLUMN turnstone.migration.up_transactional IS 'false where a file beside the script says that its Up runs without a transaction';
COMMENT ON COLUMN turnstone.migration.down_transactional IS 'the same of its Down';
COMMENT ON COLUMN turnstone.migration.checksum IS 'SHA-256 of the bytes, in hexadecimal; of both files'' bytes with a zero byte between them where there are two';
COMMENT ON COLUMN turnstone.migration.has_down IS 'whether the script has a Down section, so that it can be rolled back';
COMMENT ON COLUMN turnstone.migration.requirements IS 'what the script''s Requires lines name: must be applied before it';
COMMENT ON COLUMN turnstone.migration.conflicts IS 'what the script''s Conflicts lines name: must not be applied beside it';
COMMENT ON COLUMN turnstone.migration.tags IS 'what the script''s Tags lines name: targets, like the tags of migrate_tag()';
COMMENT ON COLUMN turnstone.migration.out_of_order_allowed IS 'whether the script says OutOfOrder: allow';
COMMENT ON COLUMN turnstone.migration.placeholders IS 'turnstone.placeholders when the script was registered: whether ${name} is put in where its head says nothing of it';
COMMENT ON COLUMN turnstone.migration.environments IS 'what the script''s Environment lines name; empty for all';
COMMENT ON COLUMN turnstone.migration.registered_at IS 'when this text was registered';
COMMENT ON COLUMN turnstone.migration.registered_by IS 'the role that registered this text';
COMMENT ON COLUMN turnstone.migration.foreign_id IS 'what the journal of the tool whose folder it came from knows it by, where that is neither its name nor a sum of its bytes (Sqitch''s change_id, Drizzle''s created_at, Atlas''s and graphile-migrate''s hash, Alembic''s revision, the program of Knex); else empty';

-- --------------------------------------------------------------------------------------------------------- journal
CREATE TABLE turnstone.run (
    id         pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    command    pg_catalog.text NOT NULL,
    target     pg_catalog.text,
    started_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    state       pg_catalog.text NOT NULL DEFAULT 'done'
                CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
    finished_at pg_catalog.timestamptz,
    backend     pg_catalog.int4,
    role        pg_catalog.text,
    progress_handle pg_catalog.int8,
    error_sqlstate pg_catalog.text,
    error_message  pg_catalog.text,
    error_detail   pg_catalog.text,
    error_hint     pg_catalog.text,
    error_context  pg_catalog.text
);
CREATE INDEX run_running_idx ON turnstone.run (id) WHERE state OPERATOR(pg_catalog.=) 'running';
COMMENT ON TABLE turnstone.run IS 'runs: one row a call that changed something; its events have its number';
COMMENT ON COLUMN turnstone.run.state IS 'done (a run in one transaction is seen when it is done); for one that commits on its way also queued, running, failed, cancelled, or interrupted (its process ended before it could say how)';
COMMENT ON COLUMN turnstone.run.finished_at IS 'when a run that commits on its way ended, by the clock';
COMMENT ON COLUMN turnstone.run.backend IS 'process id of the server process of a run that commits on its way';
COMMENT ON COLUMN turnstone.run.role IS 'the role with whose rights such a run was called';
COMMENT ON COLUMN turnstone.run.progress_handle IS 'of the shared memory in which such a run says how far it has come';
COMMENT ON COLUMN turnstone.run.error_sqlstate IS 'SQLSTATE of the error that ended it';
COMMENT ON COLUMN turnstone.run.error_message IS 'the error''s message';
COMMENT ON COLUMN turnstone.run.error_detail IS 'the error''s detail';
COMMENT ON COLUMN turnstone.run.error_hint IS 'the error''s hint';
COMMENT ON COLUMN turnstone.run.error_context IS 'the error''s context, with its place in the script';
COMMENT ON COLUMN turnstone.run.id IS 'number of the run';
COMMENT ON COLUMN turnstone.run.command IS 'apply, rollback, redo, seed, reset, deploy, revert, baseline, mark, repair, register, tag, policy, accept, watch, seal or break_glass';
COMMENT ON COLUMN turnstone.run.target IS 'the target as it was given, for seed and reset the environment; null for none';
COMMENT ON COLUMN turnstone.run.started_at IS 'when the run began, by the clock';

CREATE TABLE turnstone.journal (
    id                pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run               pg_catalog.int8 NOT NULL,
    event             pg_catalog.text NOT NULL
                      CHECK (event IN ('apply', 'rollback', 'reformat', 'baseline', 'mark', 'repair', 'tag', 'seed', 'hook',
                                       'policy', 'accept', 'watch', 'seal', 'break_glass')),
    state             pg_catalog.text CHECK (state IN ('applied', 'pending')),
    version           pg_catalog.text NOT NULL,
    name              pg_catalog.text NOT NULL,
    checksum          pg_catalog.text NOT NULL,
    script            pg_catalog.bytea,
    reason            pg_catalog.text,
    statements        pg_catalog.int4 NOT NULL,
    rows              pg_catalog.int8 NOT NULL,
    wal_bytes         pg_catalog.int8 NOT NULL,
    started_at        pg_catalog.timestamptz NOT NULL,
    finished_at       pg_catalog.timestamptz NOT NULL,
    duration          pg_catalog.interval NOT NULL,
    session_role      pg_catalog.text NOT NULL,
    role              pg_catalog.text NOT NULL,
    search_path       pg_catalog.text NOT NULL,
    application       pg_catalog.text,
    client_address    pg_catalog.inet,
    backend           pg_catalog.int4 NOT NULL,
    transaction       pg_catalog.xid8 NOT NULL,
    server_version    pg_catalog.text NOT NULL,
    turnstone_version pg_catalog.text NOT NULL,
    error_sqlstate    pg_catalog.text,
    error_message     pg_catalog.text,
    error_detail      pg_catalog.text,
    error_hint        pg_catalog.text,
    error_context     pg_catalog.text,
    error_statement   pg_catalog.int4,
    error_line        pg_catalog.int4,
    error_column      pg_catalog.int4
);
CREATE INDEX journal_version_id_idx ON turnstone.journal (version, id);
COMMENT ON TABLE turnstone.journal IS 'what happened to each migration, one row an event, in the same transaction as the change itself, failures in one of their own; rows are never changed nor deleted';
COMMENT ON COLUMN turnstone.journal.id IS 'the order of events';
COMMENT ON COLUMN turnstone.journal.run IS 'the run that the event is part of';
COMMENT ON COLUMN turnstone.journal.event IS 'apply, rollback, baseline (taken over without running), mark (state set by hand), repair (an edited text accepted), reformat (an edit of comments and white space accepted), tag, seed or hook (a script of that kind has run), policy (one of updated_at), accept (drift that was accepted), watch, seal or break_glass (the switches of watching and sealing)';
COMMENT ON COLUMN turnstone.journal.state IS 'what the migration is behind this event: applied or pending; null where the event changes nothing of it';
COMMENT ON COLUMN turnstone.journal.version IS 'the migration''s version; empty for a policy, accepted drift and switches';
COMMENT ON COLUMN turnstone.journal.name IS 'the script''s file name at that time; for a policy, its name; for break_glass, the role; empty for accepted drift';
COMMENT ON COLUMN turnstone.journal.checksum IS 'SHA-256 of the script''s bytes at that time, in hexadecimal';
COMMENT ON COLUMN turnstone.journal.script IS 'the bytes of the script that ran; null where nothing ran';
COMMENT ON COLUMN turnstone.journal.reason IS 'the reason that was given for the event; for a tag, its name; for a hook, the direction and name of the migration that it ran for; for a policy, what became of it and its definition; for accepted drift, the differences behind it; for a switch, what it was set to';
COMMENT ON COLUMN turnstone.journal.statements IS 'number of statements that ran';
COMMENT ON COLUMN turnstone.journal.rows IS 'rows that its INSERT, UPDATE, DELETE, MERGE and COPY statements touched';
COMMENT ON COLUMN turnstone.journal.wal_bytes IS 'bytes of write-ahead log that its statements wrote';
COMMENT ON COLUMN turnstone.journal.started_at IS 'when the first statement began, by the clock';
COMMENT ON COLUMN turnstone.journal.finished_at IS 'when the last statement had ended, by the clock';
COMMENT ON COLUMN turnstone.journal.duration IS 'time that the statements took';
COMMENT ON COLUMN turnstone.journal.session_role IS 'the role that was logged in';
COMMENT ON COLUMN turnstone.journal.role IS 'the role with whose rights the script ran';
COMMENT ON COLUMN turnstone.journal.search_path IS 'the search_path that the script began with';
COMMENT ON COLUMN turnstone.journal.application IS 'application_name of the session';
COMMENT ON COLUMN turnstone.journal.client_address IS 'address of the client; null for a unix-domain socket';
COMMENT ON COLUMN turnstone.journal.backend IS 'process id of the server process';
COMMENT ON COLUMN turnstone.journal.transaction IS 'the transaction that made the change and this row';
COMMENT ON COLUMN turnstone.journal.server_version IS 'version of PostgreSQL';
COMMENT ON COLUMN turnstone.journal.turnstone_version IS 'version of turnstone';

COMMENT ON COLUMN turnstone.journal.error_sqlstate IS 'SQLSTATE of the error that ended it, which undid the whole run; null for what succeeded';
COMMENT ON COLUMN turnstone.journal.error_message IS 'the error''s message';
COMMENT ON COLUMN turnstone.journal.error_detail IS 'the error''s detail';
COMMENT ON COLUMN turnstone.journal.error_hint IS 'the error''s hint';
COMMENT ON COLUMN turnstone.journal.error_context IS 'the error''s context, with its place in the script';
COMMENT ON COLUMN turnstone.journal.error_statement IS 'number of the failing statement';
COMMENT ON COLUMN turnstone.journal.error_line IS 'line of the error in the script';
COMMENT ON COLUMN turnstone.journal.error_column IS 'column of the error in that line, in characters';

CREATE FUNCTION turnstone.refuse_change() RETURNS pg_catalog.trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_refuse_change';
REVOKE ALL ON FUNCTION turnstone.refuse_change() FROM PUBLIC;
COMMENT ON FUNCTION turnstone.refuse_change() IS 'trigger function that keeps the journal append-only; lets the extension''s own upgrade scripts pass';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON turnstone.journal
    FOR EACH STATEMENT EXECUTE FUNCTION turnstone.refuse_change();
ALTER TABLE turnstone.journal ENABLE ALWAYS TRIGGER append_only;

-- ------------------------------------------------------------------------- statements that run by themselves
CREATE TABLE turnstone.step (
    id            pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run           pg_catalog.int8 NOT NULL,
    version       pg_catalog.text NOT NULL,
    direction     pg_catalog.text NOT NULL CHECK (direction IN ('up', 'down')),
    checksum      pg_catalog.text NOT NULL,
    statement     pg_catalog.int4 NOT NULL,
    text          pg_catalog.text NOT NULL,
    state         pg_catalog.text NOT NULL CHECK (state IN ('started', 'done', 'failed')),
    before        pg_catalog.text,
    attempts      pg_catalog.int4 NOT NULL DEFAULT 1,
    started_at    pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    finished_at   pg_catalog.timestamptz,
    error_sqlstate pg_catalog.text,
    error_message pg_catalog.text,
    settled_by    pg_catalog.int8
);
CREATE UNIQUE INDEX step_open_idx ON turnstone.step (version, statement) WHERE settled_by IS NULL;
COMMENT ON TABLE turnstone.step IS 'migrations that ran statement by statement, each statement in a transaction of its own: how far they have come';
COMMENT ON COLUMN turnstone.step.id IS 'the order of steps';
COMMENT ON COLUMN turnstone.step.run IS 'the run that last ran the statement';
COMMENT ON COLUMN turnstone.step.version IS 'the migration''s version';
COMMENT ON COLUMN turnstone.step.direction IS 'up or down';
COMMENT ON COLUMN turnstone.step.checksum IS 'SHA-256 of the script''s bytes when the statement ran';
COMMENT ON COLUMN turnstone.step.statement IS 'number of the statement in the script''s section, from 1';
COMMENT ON COLUMN turnstone.step.text IS 'the statement';
COMMENT ON COLUMN turnstone.step.state IS 'started (written before a statement that commits on its own; it is being run, or was cut off), done (written in the statement''s last transaction), failed';
COMMENT ON COLUMN turnstone.step.before IS 'what the catalog held before the statement, where that is needed to tell how far a statement came that was cut off';
COMMENT ON COLUMN turnstone.step.attempts IS 'how often the statement was begun';
COMMENT ON COLUMN turnstone.step.started_at IS 'when it was last begun, by the clock';
COMMENT ON COLUMN turnstone.step.finished_at IS 'when it was done or had failed, by the clock';
COMMENT ON COLUMN turnstone.step.error_sqlstate IS 'SQLSTATE of the error that it failed with';
COMMENT ON COLUMN turnstone.step.error_message IS 'message of that error';
COMMENT ON COLUMN turnstone.step.settled_by IS 'the journal''s row that closed the migration; null while it is partial';

CREATE TABLE turnstone.tag (
    tag       pg_catalog.text PRIMARY KEY,
    version   pg_catalog.text NOT NULL,
    tagged_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
    tagged_by pg_catalog.text NOT NULL
);
COMMENT ON TABLE turnstone.tag IS 'names for versions, given by migrate_tag()';
COMMENT ON COLUMN turnstone.tag.tag IS 'the name';
COMMENT ON COLUMN turnstone.tag.version IS 'the version that it names';
COMMENT ON COLUMN turnstone.tag.tagged_at IS 'when it was given';
COMMENT ON COLUMN turnstone.tag.tagged_by IS 'the role that gave it';

-- ------------------------------------------------------------------------------------------------- recorded schema
CREATE TABLE turnstone.snapshot (
    id                 pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    taken_at           pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    journal_id         pg_catalog.int8 NOT NULL,
    server_version_num pg_catalog.int4 NOT NULL,
    system_identifier  pg_catalog.text NOT NULL,
    database           pg_catalog.oid NOT NULL,
    stale              pg_catalog.bool NOT NULL DEFAULT false
);
COMMENT ON TABLE turnstone.snapshot IS 'when the schema was recorded, one row a run';
COMMENT ON COLUMN turnstone.snapshot.id IS 'the order of recordings';
COMMENT ON COLUMN turnstone.snapshot.taken_at IS 'when, by the clock';
COMMENT ON COLUMN turnstone.snapshot.journal_id IS 'the run''s last row in turnstone.journal';
COMMENT ON COLUMN turnstone.snapshot.server_version_num IS 'PostgreSQL''s version then: deparsed texts are those of that version';
COMMENT ON COLUMN turnstone.snapshot.stale IS 'whether the run was not recorded (turnstone.record_schema was off)';
COMMENT ON COLUMN turnstone.snapshot.system_identifier IS 'the cluster in which it was recorded: OIDs are those of that cluster';
COMMENT ON COLUMN turnstone.snapshot.database IS 'OID of the database in which it was recorded';

CREATE TABLE turnstone.recorded_object (
    object_type pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    identity    pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    catalog     pg_catalog.oid NOT NULL,
    object      pg_catalog.oid NOT NULL,
    since       pg_catalog.int8 NOT NULL,
    until       pg_catalog.int8,
    document    pg_catalog.json NOT NULL,
    digest      pg_catalog.text NOT NULL,
    origin      pg_catalog.json,
    PRIMARY KEY (object_type, identity, since)
);
CREATE INDEX recorded_object_present ON turnstone.recorded_object (object, catalog) WHERE until IS NULL;
COMMENT ON TABLE turnstone.recorded_object IS 'the schema as the runs left it: what migrate_drift() compares the catalog with. One row for each object that belongs to no other, with all that belongs to it, and for each state that it has had';
COMMENT ON COLUMN turnstone.recorded_object.object_type IS 'schema, table, view, function, ... as pg_identify_object() names kinds';
COMMENT ON COLUMN turnstone.recorded_object.identity IS 'qualified and quoted name';
COMMENT ON COLUMN turnstone.recorded_object.since IS 'the first snapshot with this state';
COMMENT ON COLUMN turnstone.recorded_object.until IS 'the first snapshot without it; null for the present state';
COMMENT ON COLUMN turnstone.recorded_object.document IS '"properties": what makes the object what it is, deparsed under pinned settings, defaults left out; "id": catalog and OID; "meanings": what the server stores for a property, in OIDs; "parts": kind, name, properties, number and meanings of each column, constraint, index, trigger and the like';
COMMENT ON COLUMN turnstone.recorded_object.catalog IS 'OID of the catalog that the object is in';
COMMENT ON COLUMN turnstone.recorded_object.object IS 'OID of the object, as it was in the database in which it was recorded';
COMMENT ON COLUMN turnstone.recorded_object.digest IS 'SHA-256 of the document without ids and meanings';
COMMENT ON COLUMN turnstone.recorded_object.origin IS 'what made it so: for the object (""), and for each part ("kind/name") and property ("name", "kind/name/name") that came or changed later, the row of the journal and the number of the statement in its script; null for what was there before the first run. "removed" is of the end of what has been removed. What migrate_blame() shows';

CREATE TABLE turnstone.found_drift (
    catalog     pg_catalog.oid NOT NULL,
    object      pg_catalog.oid NOT NULL,
    raw_hash    pg_catalog.int8 NOT NULL,
    object_type pg_catalog.text COLLATE pg_catalog."C",
    identity    pg_catalog.text COLLATE pg_catalog."C",
    document    pg_catalog.json,
    PRIMARY KEY (catalog, object)
);
COMMENT ON TABLE turnstone.found_drift IS 'drift that the run in progress found when it began, for a run that commits on its way: if it is cut off, the next one can tell the drift from what the run did';
COMMENT ON COLUMN turnstone.found_drift.catalog IS 'OID of the catalog that the object is in';
COMMENT ON COLUMN turnstone.found_drift.object IS 'OID of the object';
COMMENT ON COLUMN turnstone.found_drift.raw_hash IS 'hash of its rows in the catalogs; 0 where it was gone';
COMMENT ON COLUMN turnstone.found_drift.object_type IS 'as turnstone.recorded_object has it; null where it was gone';
COMMENT ON COLUMN turnstone.found_drift.identity IS 'qualified and quoted name';
COMMENT ON COLUMN turnstone.found_drift.document IS 'what the object was then, as turnstone.recorded_object has it';

CREATE TABLE turnstone.baseline (
    one_row           pg_catalog.bool PRIMARY KEY DEFAULT true CHECK (one_row),
    system_identifier pg_catalog.int8 NOT NULL,
    database_id       pg_catalog.int8 NOT NULL,
    major_version     pg_catalog.int4 NOT NULL,
    format            pg_catalog.int4 NOT NULL,
    fingerprint       pg_catalog.int8 NOT NULL,
    is_exact          pg_catalog.bool NOT NULL,
    hashes            pg_catalog.bytea NOT NULL,
    kept_at           pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
ALTER TABLE turnstone.baseline ALTER COLUMN hashes SET STORAGE EXTERNAL; -- hashes cannot be compressed
COMMENT ON TABLE turnstone.baseline IS 'the catalogs as the runs left them, as a hash for each object: says which objects have changed since. Good for this database alone: no part of a dump';
COMMENT ON COLUMN turnstone.baseline.one_row IS 'there is one row at most';
COMMENT ON COLUMN turnstone.baseline.system_identifier IS 'of the cluster in which the hashes were taken';
COMMENT ON COLUMN turnstone.baseline.database_id IS 'the OID of the database in which they were taken';
COMMENT ON COLUMN turnstone.baseline.major_version IS 'PostgreSQL''s then';
COMMENT ON COLUMN turnstone.baseline.format IS 'the way of hashing';
COMMENT ON COLUMN turnstone.baseline.fingerprint IS 'a hash of all the hashes';
COMMENT ON COLUMN turnstone.baseline.is_exact IS 'whether no object is to be looked at whatever its hash';
COMMENT ON COLUMN turnstone.baseline.hashes IS 'for each object the OIDs of its catalog and its own, and 8 bytes of hash; 0 where it is to be looked at always';
COMMENT ON COLUMN turnstone.baseline.kept_at IS 'when the row was written, by the clock';

CREATE TABLE turnstone.gate (
    fingerprint pg_catalog.int8,
    gate        pg_catalog.bytea
);
INSERT INTO turnstone.gate DEFAULT VALUES;
COMMENT ON TABLE turnstone.gate IS 'by what to tell without reading the catalogs that they are as turnstone.baseline has it. One row, which sessions that find nothing changed write if no other is at it';
COMMENT ON COLUMN turnstone.gate.fingerprint IS 'of the baseline that it stands before';
COMMENT ON COLUMN turnstone.gate.gate IS 'a place in the write-ahead log behind which no page of the catalogs has been written, with timeline and files of the catalogs';

CREATE TABLE turnstone.variable (
    name   pg_catalog.text PRIMARY KEY,
    value  pg_catalog.text NOT NULL,
    set_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
    set_by pg_catalog.text NOT NULL
);
COMMENT ON TABLE turnstone.variable IS 'variables that scripts are read with: placeholders of native scripts and of Flyway''s, ENVSUB of goose''s';
COMMENT ON COLUMN turnstone.variable.name IS 'the variable''s name';
COMMENT ON COLUMN turnstone.variable.value IS 'its value';
COMMENT ON COLUMN turnstone.variable.set_at IS 'when it was set';
COMMENT ON COLUMN turnstone.variable.set_by IS 'the role that set it';

-- ------------------------------------------------------------------------------------------------------ updated_at
CREATE TABLE turnstone.updated_at_policy (
    name        pg_catalog.text PRIMARY KEY,
    schemas     pg_catalog.text[],
    exclude     pg_catalog.text[] NOT NULL DEFAULT '{}',
    column_name pg_catalog.text NOT NULL,
    clock       pg_catalog.text NOT NULL,
    stamp_when  pg_catalog.text NOT NULL,
    unit        pg_catalog.text,
    declared_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
    declared_by pg_catalog.text NOT NULL
);
COMMENT ON TABLE turnstone.updated_at_policy IS 'policies of migrate_updated_at_policy(): which tables have their column kept';
COMMENT ON COLUMN turnstone.updated_at_policy.name IS 'the policy''s name; of two that cover a column the first by name counts';
COMMENT ON COLUMN turnstone.updated_at_policy.schemas IS 'names of schemas, with * for any characters; null for all';
COMMENT ON COLUMN turnstone.updated_at_policy.exclude IS 'tables that it leaves alone: table or schema.table, with * for any characters';
COMMENT ON COLUMN turnstone.updated_at_policy.column_name IS 'the column that it keeps';
COMMENT ON COLUMN turnstone.updated_at_policy.clock IS 'transaction, statement or wall';
COMMENT ON COLUMN turnstone.updated_at_policy.stamp_when IS 'always, changed, unless_set, or "changed,unless_set"';
COMMENT ON COLUMN turnstone.updated_at_policy.unit IS 'seconds or milliseconds, for columns of type bigint and integer; null for seconds';
COMMENT ON COLUMN turnstone.updated_at_policy.declared_at IS 'when it was declared or last changed';
COMMENT ON COLUMN turnstone.updated_at_policy.declared_by IS 'the role that did so';

CREATE TABLE turnstone.updated_at_alias (
    schema_name   pg_catalog.text,
    function_name pg_catalog.text,
    column_name   pg_catalog.text NOT NULL,
    clock         pg_catalog.text NOT NULL,
    stamp_when    pg_catalog.text NOT NULL,
    unit          pg_catalog.text,
    PRIMARY KEY (schema_name, function_name)
);
COMMENT ON TABLE turnstone.updated_at_alias IS 'what functions made by migrate_updated_at_alias() do where it is not the usual';
COMMENT ON COLUMN turnstone.updated_at_alias.schema_name IS 'the function''s schema';
COMMENT ON COLUMN turnstone.updated_at_alias.function_name IS 'the function''s name';
COMMENT ON COLUMN turnstone.updated_at_alias.column_name IS 'the column that it keeps';
COMMENT ON COLUMN turnstone.updated_at_alias.clock IS 'transaction, statement or wall';
COMMENT ON COLUMN turnstone.updated_at_alias.stamp_when IS 'always, changed, unless_set, or "changed,unless_set"';
COMMENT ON COLUMN turnstone.updated_at_alias.unit IS 'seconds or milliseconds; null for seconds';

-- ------------------------------------------------------------------------------------------- watching and sealing
CREATE TABLE turnstone.ddl_log (
    id             pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             pg_catalog.timestamptz NOT NULL,
    session_role   pg_catalog.text NOT NULL,
    role           pg_catalog.text NOT NULL,
    application    pg_catalog.text,
    client_address pg_catalog.inet,
    backend        pg_catalog.int4 NOT NULL,
    transaction    pg_catalog.xid8 NOT NULL,
    command        pg_catalog.text NOT NULL,
    statement      pg_catalog.text NOT NULL,
    objects        pg_catalog.jsonb NOT NULL,
    break_glass    pg_catalog.int8
);
CREATE INDEX ddl_log_at_idx ON turnstone.ddl_log (at);
CREATE INDEX ddl_log_objects_idx ON turnstone.ddl_log USING gin (objects pg_catalog.jsonb_path_ops);
COMMENT ON TABLE turnstone.ddl_log IS 'DDL that was no migration, one row a statement, written in its own transaction while migrate_watch() is on, or by a role that has broken the glass';
COMMENT ON COLUMN turnstone.ddl_log.id IS 'the order of statements';
COMMENT ON COLUMN turnstone.ddl_log.at IS 'when it had run, by the clock';
COMMENT ON COLUMN turnstone.ddl_log.session_role IS 'the role that was logged in';
COMMENT ON COLUMN turnstone.ddl_log.role IS 'the role with whose rights it ran';
COMMENT ON COLUMN turnstone.ddl_log.application IS 'application_name of the session';
COMMENT ON COLUMN turnstone.ddl_log.client_address IS 'address of the client; null for a unix-domain socket';
COMMENT ON COLUMN turnstone.ddl_log.backend IS 'process id of the server process';
COMMENT ON COLUMN turnstone.ddl_log.transaction IS 'the transaction that made the change and this row';
COMMENT ON COLUMN turnstone.ddl_log.command IS 'kind of the statement, as the server names it: ALTER TABLE, ...';
COMMENT ON COLUMN turnstone.ddl_log.statement IS 'its text, with *** for secrets; of several of a kind in one EXECUTE, all of them';
COMMENT ON COLUMN turnstone.ddl_log.objects IS 'what it has made, changed or dropped: an array of objects with type, identity (as pg_identify_object() has them), catalog, oid, subid (a column''s number) and dropped';
COMMENT ON COLUMN turnstone.ddl_log.break_glass IS 'the row of turnstone.break_glass under which it ran; null for none';

CREATE TABLE turnstone.seal (
    only_row  pg_catalog.bool PRIMARY KEY DEFAULT true CHECK (only_row),
    mode      pg_catalog.text NOT NULL CHECK (mode IN ('warn', 'refuse')),
    schemas   pg_catalog.text[],
    sealed_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
    sealed_by pg_catalog.text NOT NULL
);
COMMENT ON TABLE turnstone.seal IS 'what migrate_seal() has sealed: one row, or none';
COMMENT ON COLUMN turnstone.seal.only_row IS 'true';
COMMENT ON COLUMN turnstone.seal.mode IS 'warn or refuse: what becomes of DDL that is no migration';
COMMENT ON COLUMN turnstone.seal.schemas IS 'names of the sealed schemas; null for all';
COMMENT ON COLUMN turnstone.seal.sealed_at IS 'when they were sealed so';
COMMENT ON COLUMN turnstone.seal.sealed_by IS 'the role that sealed them';

CREATE TABLE turnstone.break_glass (
    id        pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    role      pg_catalog.text NOT NULL,
    reason    pg_catalog.text NOT NULL,
    opened_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    opened_by pg_catalog.text NOT NULL,
    until     pg_catalog.timestamptz NOT NULL,
    ended_at  pg_catalog.timestamptz,
    ended_by  pg_catalog.text
);
CREATE INDEX break_glass_open_idx ON turnstone.break_glass (role) WHERE ended_at IS NULL;
COMMENT ON TABLE turnstone.break_glass IS 'times in which a role passed the seal, given by migrate_break_glass()';
COMMENT ON COLUMN turnstone.break_glass.id IS 'their order';
COMMENT ON COLUMN turnstone.break_glass.role IS 'the role that passes';
COMMENT ON COLUMN turnstone.break_glass.reason IS 'the reason that was given';
COMMENT ON COLUMN turnstone.break_glass.opened_at IS 'from when';
COMMENT ON COLUMN turnstone.break_glass.opened_by IS 'the role that gave it';
COMMENT ON COLUMN turnstone.break_glass.until IS 'until when';
COMMENT ON COLUMN turnstone.break_glass.ended_at IS 'when migrate_break_glass_end() ended it before its time; null where it did not';
COMMENT ON COLUMN turnstone.break_glass.ended_by IS 'the role that did so';

-- A dump carries the history. What lets a role through now is not for another database.
SELECT pg_catalog.pg_extension_config_dump('turnstone.ddl_log', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.ddl_log_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.seal', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.break_glass', 'WHERE ended_at IS NOT NULL OR until <= pg_catalog.now()');
SELECT pg_catalog.pg_extension_config_dump('turnstone.break_glass_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.updated_at_policy', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.updated_at_alias', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.variable', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.migration', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.run', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.run_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.tag', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.journal', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.journal_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.step', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.step_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.snapshot', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.snapshot_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.recorded_object', '');

CREATE VIEW turnstone.history AS
SELECT j.id, j.run, j.started_at AS at, j.event, j.version, j.name, j.statements, j.rows, j.duration, j.role, j.application,
       j.client_address AS address, j.reason, j.error_message AS error
  FROM turnstone.journal j
 ORDER BY j.id DESC;
COMMENT ON VIEW turnstone.history IS 'the journal for people, newest first';
COMMENT ON COLUMN turnstone.history.id IS 'the order of events';
COMMENT ON COLUMN turnstone.history.run IS 'number of the run';
COMMENT ON COLUMN turnstone.history.at IS 'when it began';
COMMENT ON COLUMN turnstone.history.event IS 'apply, rollback, baseline, mark, repair, reformat, tag, seed, hook, policy, watch, seal or break_glass';
COMMENT ON COLUMN turnstone.history.version IS 'the migration''s version';
COMMENT ON COLUMN turnstone.history.name IS 'the script''s file name';
COMMENT ON COLUMN turnstone.history.statements IS 'statements that ran';
COMMENT ON COLUMN turnstone.history.rows IS 'rows touched';
COMMENT ON COLUMN turnstone.history.duration IS 'time that the statements took';
COMMENT ON COLUMN turnstone.history.role IS 'the role with whose rights it ran';
COMMENT ON COLUMN turnstone.history.application IS 'application_name of the session';
COMMENT ON COLUMN turnstone.history.address IS 'address of the client';
COMMENT ON COLUMN turnstone.history.reason IS 'the reason that was given';
COMMENT ON COLUMN turnstone.history.error IS 'the error that ended it; null for what succeeded';

REVOKE ALL ON SCHEMA turnstone FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA turnstone FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA turnstone FROM PUBLIC;

CREATE FUNCTION turnstone.privileges(acl pg_catalog.aclitem[], usual pg_catalog.aclitem[]) RETURNS pg_catalog.jsonb
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'turnstone_privileges';
REVOKE ALL ON FUNCTION turnstone.privileges(pg_catalog.aclitem[], pg_catalog.aclitem[]) FROM PUBLIC;
COMMENT ON FUNCTION turnstone.privileges(pg_catalog.aclitem[], pg_catalog.aclitem[]) IS
'the privileges that are not the usual ones: an object with the roles as keys and "privilege, ..." as values, * behind those with grant option, none where a usual privilege is gone; null where all are as usual, however they are spelled and whoever granted them';

CREATE FUNCTION turnstone.privileges(acl pg_catalog.aclitem[], kind pg_catalog."char", owner pg_catalog.oid)
RETURNS pg_catalog.jsonb
LANGUAGE sql STABLE
RETURN CASE WHEN acl IS NOT NULL THEN turnstone.privileges(acl, pg_catalog.acldefault(kind, owner)) END;
REVOKE ALL ON FUNCTION turnstone.privileges(pg_catalog.aclitem[], pg_catalog."char", pg_catalog.oid) FROM PUBLIC;
COMMENT ON FUNCTION turnstone.privileges(pg_catalog.aclitem[], pg_catalog."char", pg_catalog.oid) IS
'the privileges that are not the default ones of an object of that kind (as for acldefault); null for nothing but defaults';

CREATE FUNCTION turnstone.options(options pg_catalog.text[]) RETURNS pg_catalog.jsonb
LANGUAGE sql IMMUTABLE STRICT
BEGIN ATOMIC
    SELECT pg_catalog.jsonb_object_agg(o.option_name,
               CASE WHEN o.option_name OPERATOR(pg_catalog.~*) 'pass|secret|key|token|credential'
                    THEN 'md5 ' OPERATOR(pg_catalog.||) pg_catalog.md5(o.option_value) ELSE coalesce(o.option_value, '') END)
      FROM pg_catalog.pg_options_to_table(options) o;
END;
REVOKE ALL ON FUNCTION turnstone.options(pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION turnstone.options(pg_catalog.text[]) IS
'options "name=value" as an object; null for none. Of what may be a secret, by its name, only a hash is told';

CREATE FUNCTION turnstone.connection(string pg_catalog.text) RETURNS pg_catalog.text
LANGUAGE sql IMMUTABLE STRICT
BEGIN ATOMIC
    SELECT pg_catalog.concat_ws(' ', pg_catalog.string_agg(p.pair[1] OPERATOR(pg_catalog.||) '=' OPERATOR(pg_catalog.||) p.pair[2], ' ' ORDER BY p.number)
                                         FILTER (WHERE p.pair[1] IN ('host', 'hostaddr', 'port', 'dbname', 'user', 'service')),
                                'md5 ' OPERATOR(pg_catalog.||) pg_catalog.md5(string))
      FROM pg_catalog.regexp_matches(string, $$([a-z_]+)\s*=\s*('(?:\\.|[^'\\])*'|(?:\\.|[^\s\\'])*)$$, 'g')
           WITH ORDINALITY AS p(pair, number);
END;
REVOKE ALL ON FUNCTION turnstone.connection(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION turnstone.connection(pg_catalog.text) IS
'where a connection string leads, and a hash of the whole, by which two are compared: it may hold a password';

CREATE FUNCTION turnstone.meaning(tree pg_catalog.pg_node_tree) RETURNS pg_catalog.text
LANGUAGE c STRICT STABLE AS 'MODULE_PATHNAME', 'turnstone_tree_meaning';
REVOKE ALL ON FUNCTION turnstone.meaning(pg_catalog.pg_node_tree) FROM PUBLIC;
COMMENT ON FUNCTION turnstone.meaning(pg_catalog.pg_node_tree) IS
'a hash of a stored expression, in which everything is named by its OID: where it stays the same, the deparsed text changes only because something was renamed; null where the text holds no name that could be';

CREATE FUNCTION turnstone.meaning(catalog pg_catalog.oid, object pg_catalog.oid) RETURNS pg_catalog.text
LANGUAGE c STRICT STABLE AS 'MODULE_PATHNAME', 'turnstone_object_meaning';
REVOKE ALL ON FUNCTION turnstone.meaning(pg_catalog.oid, pg_catalog.oid) FROM PUBLIC;
COMMENT ON FUNCTION turnstone.meaning(pg_catalog.oid, pg_catalog.oid) IS
'the same of a row of a catalog, without its own name, owner and privileges; of an index, of its definition';

CREATE FUNCTION turnstone.captured_schema(by_queries pg_catalog.bool DEFAULT false,
    OUT object_type pg_catalog.text, OUT identity pg_catalog.text, OUT document pg_catalog.json)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_captured_schema';
REVOKE ALL ON FUNCTION turnstone.captured_schema(pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION turnstone.captured_schema(pg_catalog.bool) IS
'the schema as it is, in the form of turnstone.recorded_object; by_queries without the short way for plain tables, which has to tell the same';

CREATE FUNCTION turnstone.captured_properties(OUT kind pg_catalog.text, OUT property pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_captured_properties';
REVOKE ALL ON FUNCTION turnstone.captured_properties() FROM PUBLIC;
COMMENT ON FUNCTION turnstone.captured_properties() IS
'what is captured of each kind of object, and so seen as drift where it changes; that an object of the kind is there always is';

-- ------------------------------------------------------------------------------------------- functions for everyone
-- They go where CREATE EXTENSION puts them, so that SELECT migrate_apply() works after a plain CREATE EXTENSION.
CREATE FUNCTION migrate_register(OUT version pg_catalog.text, INOUT name pg_catalog.text, script pg_catalog.text,
                                 OUT status pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_register_text';
REVOKE ALL ON FUNCTION migrate_register(pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_register(pg_catalog.text, pg_catalog.text) IS
'registers a migration script; version and description come from the file name, directions from "-- +migrate Up" and "-- +migrate Down"; status is registered, unchanged, updated (was pending) or reformatted (was applied, only comments and white space differ); any other edit of an applied script is an error';

CREATE FUNCTION migrate_register(OUT version pg_catalog.text, INOUT name pg_catalog.text, script pg_catalog.bytea,
                                 OUT status pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_register_bytes';
REVOKE ALL ON FUNCTION migrate_register(pg_catalog.text, pg_catalog.bytea) FROM PUBLIC;
COMMENT ON FUNCTION migrate_register(pg_catalog.text, pg_catalog.bytea) IS
'registers a migration script from the bytes of its file, which must be UTF-8, with or without a byte order mark';

CREATE FUNCTION migrate_register(OUT version pg_catalog.text, INOUT name pg_catalog.text, up pg_catalog.text,
                                 down pg_catalog.text, OUT status pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_register_pair';
REVOKE ALL ON FUNCTION migrate_register(pg_catalog.text, pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_register(pg_catalog.text, pg_catalog.text, pg_catalog.text) IS
'registers a migration whose two directions are texts of their own, without annotations';

CREATE FUNCTION migrate_load(directory pg_catalog.text, format pg_catalog.text DEFAULT 'auto',
                             OUT version pg_catalog.text, OUT name pg_catalog.text, OUT status pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_load';
REVOKE ALL ON FUNCTION migrate_load(pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_load(pg_catalog.text, pg_catalog.text) IS
'registers every migration of a folder on the server''s machine, all or none; format is auto (told by evidence), native, goose, dbmate, golang-migrate, flyway, drizzle, diesel, sqlx, prisma, sqitch, liquibase, atlas, graphile-migrate, node-pg-migrate, supabase, postgrator, knex, alembic, dump or plain; needs the rights of pg_read_server_files';

CREATE FUNCTION migrate_upload(format pg_catalog.text, entry pg_catalog.json, script pg_catalog.bytea,
    down_script pg_catalog.bytea DEFAULT NULL,
    OUT version pg_catalog.text, OUT name pg_catalog.text, OUT status pg_catalog.text) RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_upload';
REVOKE ALL ON FUNCTION migrate_upload(pg_catalog.text, pg_catalog.json, pg_catalog.bytea, pg_catalog.bytea) FROM PUBLIC;
COMMENT ON FUNCTION migrate_upload(pg_catalog.text, pg_catalog.json, pg_catalog.bytea, pg_catalog.bytea) IS
'registers one migration of a folder that a client has read, as migrate_load() would: format is that of the folder, entry what the folder says of it beside its bytes (kind, version, name, description), the scripts are the bytes of its files; for the client turnstone';

CREATE FUNCTION migrate_registered(OUT version pg_catalog.text, OUT name pg_catalog.text, OUT kind pg_catalog.text,
    OUT format pg_catalog.text, OUT checksum pg_catalog.text, OUT stale pg_catalog.bool, OUT foreign_id pg_catalog.text,
    OUT dependencies pg_catalog.json) RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_registered';
REVOKE ALL ON FUNCTION migrate_registered() FROM PUBLIC;
COMMENT ON FUNCTION migrate_registered() IS
'what is registered, one row a script with its checksum, by which a client knows which of its files are here; stale: the same text would be registered anew, since turnstone.placeholders has changed; foreign_id as in turnstone.migration; dependencies: its requirements, conflicts and tags, null for none';

CREATE FUNCTION migrate_set_variable(name pg_catalog.text, value pg_catalog.text) RETURNS pg_catalog.void
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_set_variable';
REVOKE ALL ON FUNCTION migrate_set_variable(pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_set_variable(pg_catalog.text, pg_catalog.text) IS
'sets a variable for placeholders (${name}) in native scripts and those of Flyway, and for ENVSUB in those of goose; a null value removes it';

CREATE FUNCTION migrate_unregister(version pg_catalog.text) RETURNS pg_catalog.void
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_unregister';
REVOKE ALL ON FUNCTION migrate_unregister(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_unregister(pg_catalog.text) IS 'forgets a registered migration that is not applied';

CREATE FUNCTION migrate_apply(target pg_catalog.text DEFAULT NULL, dry_run pg_catalog.bool DEFAULT false,
    OUT version pg_catalog.text, OUT name pg_catalog.text, OUT direction pg_catalog.text,
    OUT statements pg_catalog.int4, OUT duration pg_catalog.interval, OUT statement_times pg_catalog.interval[])
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_apply';
REVOKE ALL ON FUNCTION migrate_apply(pg_catalog.text, pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION migrate_apply(pg_catalog.text, pg_catalog.bool) IS
'applies the pending migrations in the order of their versions, in the caller''s transaction, all or nothing; one row for each, no row where nothing is pending; target: head (the default), +N for the next N, or a version, the beginning of one, a tag or a name, up to which it goes; dry_run runs everything for real and takes it back, and tells each statement''s time';

CREATE FUNCTION migrate_rollback(steps pg_catalog.int4 DEFAULT 1, dry_run pg_catalog.bool DEFAULT false,
    OUT version pg_catalog.text, OUT name pg_catalog.text, OUT direction pg_catalog.text,
    OUT statements pg_catalog.int4, OUT duration pg_catalog.interval, OUT statement_times pg_catalog.interval[])
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_rollback';
REVOKE ALL ON FUNCTION migrate_rollback(pg_catalog.int4, pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION migrate_rollback(pg_catalog.int4, pg_catalog.bool) IS
'undoes the newest applied migrations by their Down sections, in the reverse order of application, in the caller''s transaction, all or nothing; refuses before anything runs where one has no Down or is required by one that stays; dry_run runs everything for real and takes it back';

CREATE FUNCTION migrate_rollback_to(target pg_catalog.text, dry_run pg_catalog.bool DEFAULT false,
    OUT version pg_catalog.text, OUT name pg_catalog.text, OUT direction pg_catalog.text,
    OUT statements pg_catalog.int4, OUT duration pg_catalog.interval, OUT statement_times pg_catalog.interval[])
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_rollback_to';
REVOKE ALL ON FUNCTION migrate_rollback_to(pg_catalog.text, pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION migrate_rollback_to(pg_catalog.text, pg_catalog.bool) IS
'undoes everything that was applied after the target, which stays: a version, the beginning of one, a tag or a name; base for everything but baselines; -N for the newest N';

CREATE FUNCTION migrate_redo(steps pg_catalog.int4 DEFAULT 1, dry_run pg_catalog.bool DEFAULT false,
    OUT version pg_catalog.text, OUT name pg_catalog.text, OUT direction pg_catalog.text,
    OUT statements pg_catalog.int4, OUT duration pg_catalog.interval, OUT statement_times pg_catalog.interval[])
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_redo';
REVOKE ALL ON FUNCTION migrate_redo(pg_catalog.int4, pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION migrate_redo(pg_catalog.int4, pg_catalog.bool) IS
'undoes the newest applied migrations and applies them again';

CREATE FUNCTION migrate_seed(environment pg_catalog.text, dry_run pg_catalog.bool DEFAULT false,
    OUT version pg_catalog.text, OUT name pg_catalog.text, OUT direction pg_catalog.text,
    OUT statements pg_catalog.int4, OUT duration pg_catalog.interval, OUT statement_times pg_catalog.interval[])
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_seed';
REVOKE ALL ON FUNCTION migrate_seed(pg_catalog.text, pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION migrate_seed(pg_catalog.text, pg_catalog.bool) IS
'runs the seeds (S__words.sql) of an environment, those that name it and those that name none, in the order of their names, as far as they have not run yet or have changed since; refuses where turnstone.environment names another one';

CREATE FUNCTION migrate_reset(environment pg_catalog.text DEFAULT NULL, dry_run pg_catalog.bool DEFAULT false,
    OUT version pg_catalog.text, OUT name pg_catalog.text, OUT direction pg_catalog.text,
    OUT statements pg_catalog.int4, OUT duration pg_catalog.interval, OUT statement_times pg_catalog.interval[])
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_reset';
REVOKE ALL ON FUNCTION migrate_reset(pg_catalog.text, pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION migrate_reset(pg_catalog.text, pg_catalog.bool) IS
'undoes all that was applied, but for baselines, applies everything again, and runs the seeds of the environment if one is given; only where turnstone.allow_reset is on';

CREATE PROCEDURE migrate_deploy(target pg_catalog.text DEFAULT NULL)
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_deploy';
REVOKE ALL ON PROCEDURE migrate_deploy(pg_catalog.text) FROM PUBLIC;
COMMENT ON PROCEDURE migrate_deploy(pg_catalog.text) IS
'applies the pending migrations up to the target, each with a commit of its own; statements that cannot run in a transaction block (CREATE INDEX CONCURRENTLY, VACUUM, ...) run by themselves in this session; goes on where an earlier call was cut off; only as a CALL that stands by itself';

CREATE PROCEDURE migrate_revert(steps pg_catalog.int4 DEFAULT 1)
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_revert_steps';
REVOKE ALL ON PROCEDURE migrate_revert(pg_catalog.int4) FROM PUBLIC;
COMMENT ON PROCEDURE migrate_revert(pg_catalog.int4) IS
'undoes the newest applied migrations like migrate_rollback(), each with a commit of its own; statements that cannot run in a transaction block run by themselves';

CREATE PROCEDURE migrate_revert(target pg_catalog.text)
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_revert_to';
REVOKE ALL ON PROCEDURE migrate_revert(pg_catalog.text) FROM PUBLIC;
COMMENT ON PROCEDURE migrate_revert(pg_catalog.text) IS
'undoes everything that was applied after the target like migrate_rollback_to(), each migration with a commit of its own';

CREATE FUNCTION migrate_submit(target pg_catalog.text DEFAULT NULL) RETURNS pg_catalog.int8
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_submit';
REVOKE ALL ON FUNCTION migrate_submit(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_submit(pg_catalog.text) IS
'does what CALL migrate_deploy(target) does in a background worker, which goes on when this session ends; returns the number of the run at once; role and settings of this session carry over; sees what is committed only';

CREATE FUNCTION migrate_cancel(run pg_catalog.int8) RETURNS pg_catalog.bool
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_cancel';
REVOKE ALL ON FUNCTION migrate_cancel(pg_catalog.int8) FROM PUBLIC;
COMMENT ON FUNCTION migrate_cancel(pg_catalog.int8) IS
'cancels what a run of migrate_deploy(), migrate_revert() or migrate_submit() is doing, which ends it; needs the rights of pg_cancel_backend()';

CREATE PROCEDURE migrate_wait(run pg_catalog.int8)
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_wait';
REVOKE ALL ON PROCEDURE migrate_wait(pg_catalog.int8) FROM PUBLIC;
COMMENT ON PROCEDURE migrate_wait(pg_catalog.int8) IS
'waits until a run has ended, telling how far it has come, and ends with the run''s own error if there was one; holds no snapshot meanwhile';

CREATE FUNCTION turnstone.run_progress(OUT run pg_catalog.int8, OUT alive pg_catalog.bool, OUT migration pg_catalog.text,
    OUT "position" pg_catalog.int4, OUT migrations pg_catalog.int4, OUT statement pg_catalog.int4,
    OUT statements pg_catalog.int4, OUT command pg_catalog.text, OUT statement_time pg_catalog.interval)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_run_progress';
REVOKE ALL ON FUNCTION turnstone.run_progress() FROM PUBLIC;
COMMENT ON FUNCTION turnstone.run_progress() IS
'how far each run that commits on its way has come, as it says itself; turnstone.progress shows it with what the server says';

CREATE VIEW turnstone.progress AS
SELECT r.id AS run, r.command AS kind,
       CASE WHEN p.alive THEN r.state ELSE 'interrupted' END AS state,
       p.migration, p."position", p.migrations, p.statement, p.statements, p.command,
       s.phase, s.percent, b.blocked_by,
       pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) r.started_at AS elapsed, p.statement_time,
       CASE WHEN s.percent BETWEEN 1::pg_catalog.float8 AND 99.9::pg_catalog.float8
            THEN p.statement_time OPERATOR(pg_catalog.*) (100::pg_catalog.float8 OPERATOR(pg_catalog./) s.percent OPERATOR(pg_catalog.-) 1::pg_catalog.float8) END AS remaining,
       r.backend, r.role
  FROM turnstone.run r
  JOIN turnstone.run_progress() p ON p.run OPERATOR(pg_catalog.=) r.id
  LEFT JOIN LATERAL (
       SELECT c.phase, c.done::pg_catalog.float8 OPERATOR(pg_catalog.*) 100::pg_catalog.float8 OPERATOR(pg_catalog./) NULLIF(c.total, 0)::pg_catalog.float8 AS percent
         FROM (SELECT phase, CASE WHEN blocks_total OPERATOR(pg_catalog.>) 0 THEN blocks_done WHEN tuples_total OPERATOR(pg_catalog.>) 0 THEN tuples_done ELSE lockers_done END,
                      CASE WHEN blocks_total OPERATOR(pg_catalog.>) 0 THEN blocks_total WHEN tuples_total OPERATOR(pg_catalog.>) 0 THEN tuples_total ELSE lockers_total END
                 FROM pg_catalog.pg_stat_progress_create_index WHERE pid OPERATOR(pg_catalog.=) r.backend
               UNION ALL
               SELECT phase, heap_blks_scanned, heap_blks_total FROM pg_catalog.pg_stat_progress_vacuum WHERE pid OPERATOR(pg_catalog.=) r.backend
               UNION ALL
               SELECT phase, heap_blks_scanned, heap_blks_total FROM pg_catalog.pg_stat_progress_cluster WHERE pid OPERATOR(pg_catalog.=) r.backend
               UNION ALL
               SELECT phase, sample_blks_scanned, sample_blks_total FROM pg_catalog.pg_stat_progress_analyze WHERE pid OPERATOR(pg_catalog.=) r.backend
               UNION ALL
               SELECT command, bytes_processed, bytes_total FROM pg_catalog.pg_stat_progress_copy WHERE pid OPERATOR(pg_catalog.=) r.backend
              ) AS c(phase, done, total) LIMIT 1) s ON p.alive
  LEFT JOIN LATERAL (
       SELECT NULLIF(pg_catalog.pg_blocking_pids(r.backend), '{}') AS blocked_by) b ON p.alive
 ORDER BY r.id;
REVOKE ALL ON turnstone.progress FROM PUBLIC;
COMMENT ON VIEW turnstone.progress IS 'runs that commit on their way and are under way: where each one is';
COMMENT ON COLUMN turnstone.progress.run IS 'number of the run';
COMMENT ON COLUMN turnstone.progress.kind IS 'deploy or revert';
COMMENT ON COLUMN turnstone.progress.state IS 'queued (waits for another run to end), running, or interrupted (its process is gone; the next run goes on from there)';
COMMENT ON COLUMN turnstone.progress.migration IS 'the script at work';
COMMENT ON COLUMN turnstone.progress."position" IS 'its place among those of the run';
COMMENT ON COLUMN turnstone.progress.migrations IS 'how many the run has';
COMMENT ON COLUMN turnstone.progress.statement IS 'number of the statement at work';
COMMENT ON COLUMN turnstone.progress.statements IS 'how many the script has';
COMMENT ON COLUMN turnstone.progress.command IS 'the statement, or its kind';
COMMENT ON COLUMN turnstone.progress.phase IS 'what the statement is doing, as the server''s pg_stat_progress views say';
COMMENT ON COLUMN turnstone.progress.percent IS 'how much of that phase is done';
COMMENT ON COLUMN turnstone.progress.blocked_by IS 'process ids of the sessions that it waits for; null for none';
COMMENT ON COLUMN turnstone.progress.elapsed IS 'time since the run was called';
COMMENT ON COLUMN turnstone.progress.statement_time IS 'time since the statement began';
COMMENT ON COLUMN turnstone.progress.remaining IS 'estimate of what remains of the phase, by its share that is done; null where nothing tells';
COMMENT ON COLUMN turnstone.progress.backend IS 'process id of the run';
COMMENT ON COLUMN turnstone.progress.role IS 'the role with whose rights it was called';

CREATE FUNCTION migrate_plan(target pg_catalog.text DEFAULT NULL,
    OUT step pg_catalog.int4, OUT version pg_catalog.text, OUT name pg_catalog.text,
    INOUT direction pg_catalog.text DEFAULT 'up',
    OUT statement pg_catalog.int4, OUT line pg_catalog.int4, OUT command pg_catalog.text,
    OUT transactional pg_catalog.bool, OUT note pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'turnstone_plan';
REVOKE ALL ON FUNCTION migrate_plan(pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_plan(pg_catalog.text, pg_catalog.text) IS
'what migrate_apply(target) would do or, with the direction down, migrate_rollback_to(target) (without a target migrate_rollback(); -N: migrate_rollback(N)), one row a statement: its line, its command, whether it can run in a transaction block, and what is to be noted of the migration (out of order, no Down, why it cannot be rolled back)';

CREATE FUNCTION migrate_baseline(INOUT version pg_catalog.text, reason pg_catalog.text DEFAULT NULL,
    OUT name pg_catalog.text, OUT state pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_baseline';
REVOKE ALL ON FUNCTION migrate_baseline(pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_baseline(pg_catalog.text, pg_catalog.text) IS
'takes all registered migrations up to the version over as applied, without running them: for a database that has their schema already; one row for each';

CREATE FUNCTION migrate_adopt(tool pg_catalog.text DEFAULT 'auto', dry_run pg_catalog.bool DEFAULT true,
    journal pg_catalog.regclass DEFAULT NULL, force pg_catalog.bool DEFAULT false,
    OUT version pg_catalog.text, OUT name pg_catalog.text, OUT verdict pg_catalog.text, OUT applied_at pg_catalog.timestamptz,
    OUT applied_by pg_catalog.text, OUT duration pg_catalog.interval, OUT foreign_id pg_catalog.text, OUT detail pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_adopt';
REVOKE ALL ON FUNCTION migrate_adopt(pg_catalog.text, pg_catalog.bool, pg_catalog.regclass, pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION migrate_adopt(pg_catalog.text, pg_catalog.bool, pg_catalog.regclass, pg_catalog.bool) IS
'takes over the history that another tool has kept in this database, of the registered scripts; one row a script, and one for each row of that journal that no script belongs to. verdict: exact (the tool''s checksum is that of the script), named (the name is the same, no checksum is kept), assumed (below the mark that the tool keeps), changed file, missing file, failed, partial, reverted, pending, adopted (it is in turnstone''s journal already). Writes nothing but with dry_run := false; then exact, named and assumed become baselines with the tool''s own times and users, unless a script is changed, failed or partial or a file is missing (force := true takes over what is certain all the same). journal: the table, where its name is not the usual one. Reads it with the caller''s rights, and holds that tool''s lock until the transaction''s end';

CREATE FUNCTION migrate_health(OUT "check" pg_catalog.text, OUT state pg_catalog.text, OUT detail pg_catalog.text, OUT hint pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_health';
REVOKE ALL ON FUNCTION migrate_health() FROM PUBLIC;
COMMENT ON FUNCTION migrate_health() IS
'what a monitor wants to know, one row a check: its state is ok, warning or critical; the detail says what was seen, the hint what to do where it is not ok. Changes nothing and waits for nobody';

CREATE FUNCTION migrate_export() RETURNS pg_catalog.jsonb
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_export';
REVOKE ALL ON FUNCTION migrate_export() FROM PUBLIC;
COMMENT ON FUNCTION migrate_export() IS
'the registered scripts and the whole history (runs, journal, steps, tags) as JSON, for migrate_import_journal() or for keeping them where the extension is not. It holds the scripts'' texts, with whatever they say';

CREATE FUNCTION migrate_import_journal(history pg_catalog.jsonb) RETURNS pg_catalog.int8
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_import_journal';
REVOKE ALL ON FUNCTION migrate_import_journal(pg_catalog.jsonb) FROM PUBLIC;
COMMENT ON FUNCTION migrate_import_journal(pg_catalog.jsonb) IS
'takes in what migrate_export() has written, into a database without scripts and history; returns the number of rows of the journal. Of the schema it changes nothing: what the history says is applied must be there';

CREATE FUNCTION migrate_mark(INOUT version pg_catalog.text, OUT name pg_catalog.text, INOUT state pg_catalog.text,
    reason pg_catalog.text, statement pg_catalog.int4 DEFAULT NULL)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_mark';
REVOKE ALL ON FUNCTION migrate_mark(pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION migrate_mark(pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.int4) IS
'sets the state of a migration by hand, without running anything: applied or pending; with a statement''s number, that of this statement of a migration that is partial: done, or to be run again; the reason is kept in the journal';

CREATE FUNCTION migrate_repair(INOUT version pg_catalog.text, script pg_catalog.text DEFAULT NULL, reason pg_catalog.text DEFAULT NULL,
    OUT name pg_catalog.text, OUT state pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_repair';
REVOKE ALL ON FUNCTION migrate_repair(pg_catalog.text, pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_repair(pg_catalog.text, pg_catalog.text, pg_catalog.text) IS
'accepts an edited text of an applied migration without running it: the one given, or the registered one where its state is changed';

CREATE FUNCTION migrate_tag(tag pg_catalog.text, INOUT version pg_catalog.text DEFAULT NULL,
    OUT name pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_tag';
REVOKE ALL ON FUNCTION migrate_tag(pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_tag(pg_catalog.text, pg_catalog.text) IS
'names a version, by default that of the newest applied migration, as a target to apply or roll back to';

CREATE FUNCTION migrate_status(OUT version pg_catalog.text, OUT name pg_catalog.text, OUT state pg_catalog.text,
                               OUT applied_at pg_catalog.timestamptz, OUT applied_by pg_catalog.text,
                               OUT duration pg_catalog.interval)
RETURNS SETOF pg_catalog.record
LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'turnstone_status';
REVOKE ALL ON FUNCTION migrate_status() FROM PUBLIC;
COMMENT ON FUNCTION migrate_status() IS
'one row a migration in the order of versions; state is pending, failed (the last attempt to apply it ended with an error, and was undone), applied, changed (applied, registered text differs), out_of_order (pending, older than the newest applied one), rolled_back (will be applied again), missing (applied, not registered), baseline (taken over as applied, or summed up by a baseline script that is applied) or skipped (for other environments than turnstone.environment, or left out by the rule of baseline scripts); seeds come last';

CREATE VIEW turnstone.status AS SELECT * FROM @extschema@.migrate_status();
REVOKE ALL ON turnstone.status FROM PUBLIC;
COMMENT ON VIEW turnstone.status IS 'migrate_status() as a view';
COMMENT ON COLUMN turnstone.status.version IS 'the migration''s version';
COMMENT ON COLUMN turnstone.status.name IS 'the script''s file name';
COMMENT ON COLUMN turnstone.status.state IS 'see migrate_status()';
COMMENT ON COLUMN turnstone.status.applied_at IS 'when it was applied; null while it is not';
COMMENT ON COLUMN turnstone.status.applied_by IS 'the role with whose rights it was applied';
COMMENT ON COLUMN turnstone.status.duration IS 'time that it took';

CREATE FUNCTION migrate_drift(schemas pg_catalog.text[] DEFAULT NULL,
                              OUT severity pg_catalog.text, OUT change pg_catalog.text, OUT object_type pg_catalog.text,
                              OUT identity pg_catalog.text, OUT property pg_catalog.text,
                              OUT expected pg_catalog.text, OUT actual pg_catalog.text,
                              OUT changed_at pg_catalog.timestamptz, OUT changed_by pg_catalog.text,
                              OUT application pg_catalog.text, OUT client_address pg_catalog.text,
                              OUT statement pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_drift';
REVOKE ALL ON FUNCTION migrate_drift(pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION migrate_drift(pg_catalog.text[]) IS
'what in the catalog is not as the last run of migrations left it: one row for each thing that somebody did, with who did it, when, from where and with which statement, where turnstone.ddl_log knows; null for all schemas and for what is in none';

CREATE FUNCTION migrate_drift(format pg_catalog.text, schemas pg_catalog.text[] DEFAULT NULL) RETURNS pg_catalog.text
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_formatted_drift';
REVOKE ALL ON FUNCTION migrate_drift(pg_catalog.text, pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION migrate_drift(pg_catalog.text, pg_catalog.text[]) IS
'the same as one text: format "text" for people, "json" for programs, "summary" for a line in the log of a CI job';

CREATE VIEW turnstone.drift AS SELECT * FROM @extschema@.migrate_drift(NULL::pg_catalog.text[]);
REVOKE ALL ON turnstone.drift FROM PUBLIC;
COMMENT ON VIEW turnstone.drift IS 'migrate_drift() as a view';
COMMENT ON COLUMN turnstone.drift.severity IS 'critical (rows are gone, or a protection of the data is weaker), major (structure or behaviour), minor (speed and storage) or info (nothing runs by it)';
COMMENT ON COLUMN turnstone.drift.change IS 'added, removed, changed, renamed, recreated (dropped and made again: its rows are not those of before), reordered, or unmodelled (a kind of object that is not looked at)';
COMMENT ON COLUMN turnstone.drift.object_type IS 'kind of the object';
COMMENT ON COLUMN turnstone.drift.identity IS 'the object as it is now called; of what is gone, as it was';
COMMENT ON COLUMN turnstone.drift.property IS 'what of it differs; null for the whole of it';
COMMENT ON COLUMN turnstone.drift.expected IS 'the property as the last run left it; null where it had none';
COMMENT ON COLUMN turnstone.drift.actual IS 'the property as it is; null where it has none';
COMMENT ON COLUMN turnstone.drift.changed_at IS 'when the last logged statement that named what differs ran (of two about one object the last one, whichever made the difference); null, like the next four, where none is logged since drift was last accepted';
COMMENT ON COLUMN turnstone.drift.changed_by IS 'the role that was logged in';
COMMENT ON COLUMN turnstone.drift.application IS 'application_name of its session';
COMMENT ON COLUMN turnstone.drift.client_address IS 'address of its client; null for a unix-domain socket';
COMMENT ON COLUMN turnstone.drift.statement IS 'text of the statement, with *** for secrets';

CREATE FUNCTION migrate_fingerprint(schemas pg_catalog.text[] DEFAULT NULL) RETURNS pg_catalog.text
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_fingerprint';
REVOKE ALL ON FUNCTION migrate_fingerprint(pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION migrate_fingerprint(pg_catalog.text[]) IS
'SHA-256 of the schema as it is, of all that migrate_drift() covers: databases with equal ones have the same schema; of one major version, unequal ones mean that something differs, or that PostgreSQL writes the same condition in two ways (migrate_expect() tells); null for all schemas';

CREATE FUNCTION migrate_accept_drift(reason pg_catalog.text, schemas pg_catalog.text[] DEFAULT NULL,
                              OUT severity pg_catalog.text, OUT change pg_catalog.text, OUT object_type pg_catalog.text,
                              OUT identity pg_catalog.text, OUT property pg_catalog.text,
                              OUT expected pg_catalog.text, OUT actual pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_accept_drift';
REVOKE ALL ON FUNCTION migrate_accept_drift(pg_catalog.text, pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION migrate_accept_drift(pg_catalog.text, pg_catalog.text[]) IS
'makes the schema as it is the one that is expected, and returns what differed, as migrate_drift() does; a row of the journal keeps the reason and the list; null for all schemas';

CREATE FUNCTION migrate_export_schema(schemas pg_catalog.text[] DEFAULT NULL) RETURNS pg_catalog.json
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_export_schema';
REVOKE ALL ON FUNCTION migrate_export_schema(pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION migrate_export_schema(pg_catalog.text[]) IS
'the schema as it is, of all that migrate_drift() covers, as one text for migrate_expect() in any database: a format number, the server''s version, database, time and fingerprint, then the objects in the order of their names, without OIDs; but for the time the text is the same for the same schema; null for all schemas';

CREATE FUNCTION migrate_expect(snapshot pg_catalog.json, schemas pg_catalog.text[] DEFAULT NULL,
                              OUT severity pg_catalog.text, OUT change pg_catalog.text, OUT object_type pg_catalog.text,
                              OUT identity pg_catalog.text, OUT property pg_catalog.text,
                              OUT expected pg_catalog.text, OUT actual pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_expect';
REVOKE ALL ON FUNCTION migrate_expect(pg_catalog.json, pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION migrate_expect(pg_catalog.json, pg_catalog.text[]) IS
'what in the catalog is not as in the snapshot, which migrate_export_schema() or migrate_schema_at() made in this or another database: rows as those of migrate_drift(); nothing is known here of renames, a renamed object is one removed and one added; texts that say the same to the server (varchar IN (...) behind a dump and restore) are the same; null for the schemas of the snapshot';

CREATE FUNCTION migrate_schema_at(journal_id pg_catalog.int8) RETURNS pg_catalog.json
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_schema_at_entry';
REVOKE ALL ON FUNCTION migrate_schema_at(pg_catalog.int8) FROM PUBLIC;
COMMENT ON FUNCTION migrate_schema_at(pg_catalog.int8) IS
'the schema as the runs of migrations had left it behind a row of turnstone.journal, in the form of migrate_export_schema(); one state is recorded a run, so that a row inside of a run gives the state at the end of that run, and a row of a run that recorded none (a failure that was undone, a tag) the one before it; drift that nobody accepted is not in it';

CREATE FUNCTION migrate_schema_at(version pg_catalog.text) RETURNS pg_catalog.json
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_schema_at_version';
REVOKE ALL ON FUNCTION migrate_schema_at(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_schema_at(pg_catalog.text) IS
'the schema behind the last run that applied that version, in the form of migrate_export_schema(); other versions that the same run applied are in it';

CREATE FUNCTION migrate_schema_at(at pg_catalog.timestamptz) RETURNS pg_catalog.json
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_schema_at_time';
REVOKE ALL ON FUNCTION migrate_schema_at(pg_catalog.timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION migrate_schema_at(pg_catalog.timestamptz) IS
'the schema as it was recorded last at that time, in the form of migrate_export_schema()';

CREATE FUNCTION migrate_compare(a pg_catalog.int8, b pg_catalog.int8,
                              OUT severity pg_catalog.text, OUT change pg_catalog.text, OUT object_type pg_catalog.text,
                              OUT identity pg_catalog.text, OUT property pg_catalog.text,
                              OUT expected pg_catalog.text, OUT actual pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_compare_entries';
REVOKE ALL ON FUNCTION migrate_compare(pg_catalog.int8, pg_catalog.int8) FROM PUBLIC;
COMMENT ON FUNCTION migrate_compare(pg_catalog.int8, pg_catalog.int8) IS
'what changed in the schema between two rows of turnstone.journal, from a to b, as migrate_schema_at() has them: rows as those of migrate_drift(), expected is what it was behind a, actual behind b';

CREATE FUNCTION migrate_compare(a pg_catalog.text, b pg_catalog.text,
                              OUT severity pg_catalog.text, OUT change pg_catalog.text, OUT object_type pg_catalog.text,
                              OUT identity pg_catalog.text, OUT property pg_catalog.text,
                              OUT expected pg_catalog.text, OUT actual pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_compare_versions';
REVOKE ALL ON FUNCTION migrate_compare(pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_compare(pg_catalog.text, pg_catalog.text) IS
'what changed in the schema between the last runs that applied these versions, from a to b, as migrate_schema_at() has them: rows as those of migrate_drift(), expected is what it was behind a, actual behind b';

CREATE FUNCTION migrate_blame(object pg_catalog.text,
                              OUT object_type pg_catalog.text, OUT identity pg_catalog.text,
                              OUT property pg_catalog.text, OUT change pg_catalog.text,
                              OUT version pg_catalog.text, OUT name pg_catalog.text, OUT event pg_catalog.text,
                              OUT statement pg_catalog.int4, OUT line pg_catalog.int4, OUT text pg_catalog.text,
                              OUT applied_by pg_catalog.text, OUT applied_at pg_catalog.timestamptz,
                              OUT journal_id pg_catalog.int8, OUT run pg_catalog.int8)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_blame';
REVOKE ALL ON FUNCTION migrate_blame(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_blame(pg_catalog.text) IS
'which migration and which of its statements made an object what it is, each part of it and each property that was changed later: a relation, a column as table.column, a function, a type, a schema, named as in SQL, or anything by its identity in turnstone.recorded_object; of what is no more, also what removed it';

-- Whoever makes a table may have its column kept. The trigger functions act on rows of tables that the user may update, on
-- nothing else.
-- for PUBLIC: see above
CREATE FUNCTION turnstone_set_updated_at() RETURNS pg_catalog.trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_set_updated_at';
COMMENT ON FUNCTION turnstone_set_updated_at() IS
'trigger function, BEFORE UPDATE FOR EACH ROW: sets a column to the time; arguments: ''column=updated_at'' (the name alone does, as the first), ''clock=transaction'' (as now()), ''clock=statement'' or ''clock=wall'', ''when=always'', ''when=changed'' (rows that the update leaves as they are keep their stamp), ''when=unless_set'' (a stamp that the statement itself changed is kept) or ''when=changed,unless_set'', ''unit=seconds'' or ''unit=milliseconds'' for bigint and integer; the column may also be timestamptz, timestamp, date, or a domain over one of them';

-- for PUBLIC: see above
CREATE FUNCTION turnstone_keep_created_at() RETURNS pg_catalog.trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_keep_created_at';
COMMENT ON FUNCTION turnstone_keep_created_at() IS
'trigger function, BEFORE UPDATE FOR EACH ROW: an UPDATE cannot change the column created_at, or the one named by ''column=...''; ''change=undo'' (the default) puts the old value back, ''change=refuse'' is an error';

CREATE FUNCTION migrate_track_updated_at(table_name pg_catalog.regclass, column_name pg_catalog.text DEFAULT 'updated_at',
    clock pg_catalog.text DEFAULT 'transaction', stamp_when pg_catalog.text DEFAULT 'always', unit pg_catalog.text DEFAULT NULL,
    add_column pg_catalog.bool DEFAULT false, OUT trigger_name pg_catalog.text, OUT status pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_track_updated_at';
REVOKE ALL ON FUNCTION migrate_track_updated_at(pg_catalog.regclass, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION migrate_track_updated_at(pg_catalog.regclass, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.bool) IS
'has the server keep a table''s column by a trigger of turnstone_set_updated_at(), whose arguments it takes; status is created, replaced (another trigger did it, or with other arguments; its enabled state stays) or unchanged; add_column adds a missing column as timestamptz NOT NULL DEFAULT now(), without writing the rows again';

CREATE FUNCTION migrate_untrack_updated_at(table_name pg_catalog.regclass, column_name pg_catalog.text DEFAULT NULL,
    OUT trigger_name pg_catalog.text, OUT status pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_untrack_updated_at';
REVOKE ALL ON FUNCTION migrate_untrack_updated_at(pg_catalog.regclass, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_untrack_updated_at(pg_catalog.regclass, pg_catalog.text) IS
'drops a table''s triggers of turnstone_set_updated_at(), those of one column or all; one row for each';

CREATE FUNCTION migrate_updated_at_policy(schemas pg_catalog.text[] DEFAULT NULL, column_name pg_catalog.text DEFAULT 'updated_at',
    exclude pg_catalog.text[] DEFAULT NULL, clock pg_catalog.text DEFAULT 'transaction', stamp_when pg_catalog.text DEFAULT 'always',
    unit pg_catalog.text DEFAULT NULL, name pg_catalog.text DEFAULT NULL, reason pg_catalog.text DEFAULT NULL,
    OUT table_name pg_catalog.text, OUT trigger_name pg_catalog.text, OUT status pg_catalog.text, OUT note pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_updated_at_policy';
REVOKE ALL ON FUNCTION migrate_updated_at_policy(pg_catalog.text[], pg_catalog.text, pg_catalog.text[], pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_updated_at_policy(pg_catalog.text[], pg_catalog.text, pg_catalog.text[], pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text) IS
'has the server keep the column of every table in these schemas that has one, tables made later included; declared again under its name (by default the column''s) it is changed; schemas and exclude (table or schema.table) take * for any characters, null schemas are all; one row a table: created, replaced, unchanged, dropped, kept (another trigger does it) or skipped';

CREATE FUNCTION migrate_drop_updated_at_policy(name pg_catalog.text DEFAULT 'updated_at', keep_triggers pg_catalog.bool DEFAULT false,
    reason pg_catalog.text DEFAULT NULL,
    OUT table_name pg_catalog.text, OUT trigger_name pg_catalog.text, OUT status pg_catalog.text, OUT note pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_drop_updated_at_policy';
REVOKE ALL ON FUNCTION migrate_drop_updated_at_policy(pg_catalog.text, pg_catalog.bool, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_drop_updated_at_policy(pg_catalog.text, pg_catalog.bool, pg_catalog.text) IS
'ends a policy of migrate_updated_at_policy(); the triggers that it made are dropped, or stay as the tables'' own';

CREATE FUNCTION migrate_updated_at_status(schemas pg_catalog.text[] DEFAULT NULL,
    OUT table_name pg_catalog.text, OUT column_name pg_catalog.text, OUT state pg_catalog.text, OUT trigger_name pg_catalog.text,
    OUT policy pg_catalog.text, OUT detail pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'turnstone_updated_at_status';
REVOKE ALL ON FUNCTION migrate_updated_at_status(pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION migrate_updated_at_status(pg_catalog.text[]) IS
'every table with a column updated_at, one that a policy covers or one that a trigger keeps, and how it stands: tracked, untracked, disabled, stale (the column is gone, or of a type that cannot be kept), shadowed (another trigger writes the column after ours) or foreign (a PL/pgSQL or moddatetime trigger keeps it)';

CREATE FUNCTION migrate_adopt_updated_at(dry_run pg_catalog.bool DEFAULT true, schemas pg_catalog.text[] DEFAULT NULL,
    OUT table_name pg_catalog.text, OUT trigger_name pg_catalog.text, OUT function_name pg_catalog.text,
    OUT column_name pg_catalog.text, OUT arguments pg_catalog.text, OUT status pg_catalog.text, OUT note pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_adopt_updated_at';
REVOKE ALL ON FUNCTION migrate_adopt_updated_at(pg_catalog.bool, pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION migrate_adopt_updated_at(pg_catalog.bool, pg_catalog.text[]) IS
'finds the triggers of PL/pgSQL functions that do nothing but keep a column, and those of moddatetime, and has turnstone_set_updated_at() take their place under the same name, WHEN, column list and enabled state; dry_run (the default) only shows them; status is adoptable, adopted or left, note says why';

CREATE FUNCTION migrate_updated_at_alias(name pg_catalog.text, column_name pg_catalog.text DEFAULT NULL,
    clock pg_catalog.text DEFAULT NULL, stamp_when pg_catalog.text DEFAULT NULL, unit pg_catalog.text DEFAULT NULL,
    OUT function_name pg_catalog.text, OUT status pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_updated_at_alias';
REVOKE ALL ON FUNCTION migrate_updated_at_alias(pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_updated_at_alias(pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.text) IS
'offers turnstone_set_updated_at() under the name that existing scripts call; takes the place of a function of that name whose PL/pgSQL body does nothing but keep a column, with the options that the body has; status is created or replaced';

CREATE FUNCTION turnstone.keep_policies() RETURNS pg_catalog.event_trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_keep_policies';
REVOKE ALL ON FUNCTION turnstone.keep_policies() FROM PUBLIC;
COMMENT ON FUNCTION turnstone.keep_policies() IS
'event trigger function that gives tables what the policies of updated_at want of them; never an error of the statement that it follows';
CREATE EVENT TRIGGER turnstone_updated_at_before ON ddl_command_start
    WHEN TAG IN ('CREATE TRIGGER', 'ALTER TABLE') EXECUTE FUNCTION turnstone.keep_policies();
COMMENT ON EVENT TRIGGER turnstone_updated_at_before IS 'a policy''s trigger makes way for the one that a script or a dump makes';
CREATE EVENT TRIGGER turnstone_updated_at_after ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'CREATE SCHEMA', 'ALTER TABLE', 'CREATE TRIGGER')
    EXECUTE FUNCTION turnstone.keep_policies();
COMMENT ON EVENT TRIGGER turnstone_updated_at_after IS 'tables that are made or changed get what the policies of updated_at want of them';

CREATE FUNCTION turnstone.watch_ddl() RETURNS pg_catalog.event_trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_watch_ddl';
REVOKE ALL ON FUNCTION turnstone.watch_ddl() FROM PUBLIC;
COMMENT ON FUNCTION turnstone.watch_ddl() IS
'event trigger function that writes DDL which is no migration to turnstone.ddl_log; never an error of the statement that it follows';

CREATE FUNCTION turnstone.keep_seal() RETURNS pg_catalog.event_trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_keep_seal';
REVOKE ALL ON FUNCTION turnstone.keep_seal() FROM PUBLIC;
COMMENT ON FUNCTION turnstone.keep_seal() IS
'event trigger function that warns of DDL in sealed schemas which is no migration, or refuses it';

CREATE FUNCTION migrate_watch(enabled pg_catalog.bool, OUT event_trigger pg_catalog.text, OUT status pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_switch_watch';
REVOKE ALL ON FUNCTION migrate_watch(pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION migrate_watch(pg_catalog.bool) IS
'has each DDL statement that is no migration written to turnstone.ddl_log, with who ran it, from where and what it touched, or ends that; by event triggers, one row for each: created, enabled, unchanged, dropped or absent';

CREATE FUNCTION migrate_prune_ddl_log(older_than pg_catalog.interval) RETURNS pg_catalog.int8
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_prune_ddl_log';
REVOKE ALL ON FUNCTION migrate_prune_ddl_log(pg_catalog.interval) FROM PUBLIC;
COMMENT ON FUNCTION migrate_prune_ddl_log(pg_catalog.interval) IS
'removes what is older from turnstone.ddl_log, and returns the number of rows';

CREATE FUNCTION migrate_seal(mode pg_catalog.text, schemas pg_catalog.text[] DEFAULT NULL) RETURNS pg_catalog.text
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_set_seal';
REVOKE ALL ON FUNCTION migrate_seal(pg_catalog.text, pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION migrate_seal(pg_catalog.text, pg_catalog.text[]) IS
'has the server warn of DDL in these schemas that is no migration (mode warn), refuse it (refuse), or let it pass (off); null for all schemas, those made later included; in place of what was sealed before; returns changed or unchanged';

CREATE FUNCTION migrate_break_glass(reason pg_catalog.text, "for" pg_catalog.interval DEFAULT '1 hour', INOUT role pg_catalog.text DEFAULT NULL,
    OUT id pg_catalog.int8, OUT until pg_catalog.timestamptz)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_break_glass';
REVOKE ALL ON FUNCTION migrate_break_glass(pg_catalog.text, pg_catalog.interval, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_break_glass(pg_catalog.text, pg_catalog.interval, pg_catalog.text) IS
'lets a role, by default the current one, pass the seal for a time; its DDL is logged with the number of this permission; kept in turnstone.break_glass and in the journal';

CREATE FUNCTION migrate_break_glass_end(INOUT role pg_catalog.text DEFAULT NULL, OUT id pg_catalog.int8, OUT until pg_catalog.timestamptz)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_break_glass_end';
REVOKE ALL ON FUNCTION migrate_break_glass_end(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_break_glass_end(pg_catalog.text) IS
'ends what migrate_break_glass() has given a role, by default the current one; one row for each that was open';

-- for PUBLIC: it tells no more than pg_available_extensions does
CREATE FUNCTION migrate_version() RETURNS pg_catalog.text
LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'turnstone_version';
COMMENT ON FUNCTION migrate_version() IS 'version of the loaded library';
