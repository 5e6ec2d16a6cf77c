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
    registered_by pg_catalog.text NOT NULL
);
COMMENT ON TABLE turnstone.migration IS 'registered migration scripts, one row a version';
COMMENT ON COLUMN turnstone.migration.version IS 'the number that the file''s name begins with, as written there, with a B before it for a baseline script; for one without a number its name';
COMMENT ON COLUMN turnstone.migration.version_key IS 'the version''s parts as numbers: the order of migrations; null for those without a number and for baseline scripts';
COMMENT ON COLUMN turnstone.migration.name IS 'the file''s name';
COMMENT ON COLUMN turnstone.migration.description IS 'the words of the file''s name';
COMMENT ON COLUMN turnstone.migration.kind IS 'versioned, repeatable (R__words.sql), seed (S__words.sql), hook (before_run.sql and the like) or baseline (B1__words.sql)';
COMMENT ON COLUMN turnstone.migration.script IS 'the file''s bytes as they were registered, in UTF-8';
COMMENT ON COLUMN turnstone.migration.format IS 'native, goose, dbmate, golang-migrate, flyway, drizzle, diesel, sqlx or prisma: whose rules the script is read by';
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
CREATE INDEX run_running_idx ON turnstone.run (id) WHERE state = 'running';
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
COMMENT ON COLUMN turnstone.run.command IS 'apply, rollback, redo, seed, reset, deploy, revert, baseline, mark, repair, register, tag or policy';
COMMENT ON COLUMN turnstone.run.target IS 'the target as it was given, for seed and reset the environment; null for none';
COMMENT ON COLUMN turnstone.run.started_at IS 'when the run began, by the clock';

CREATE TABLE turnstone.journal (
    id                pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run               pg_catalog.int8 NOT NULL,
    event             pg_catalog.text NOT NULL
                      CHECK (event IN ('apply', 'rollback', 'reformat', 'baseline', 'mark', 'repair', 'tag', 'seed', 'hook',
                                       'policy')),
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
COMMENT ON COLUMN turnstone.journal.event IS 'apply, rollback, baseline (taken over without running), mark (state set by hand), repair (an edited text accepted), reformat (an edit of comments and white space accepted), tag, seed or hook (a script of that kind has run), or policy (one of updated_at)';
COMMENT ON COLUMN turnstone.journal.state IS 'what the migration is behind this event: applied or pending; null where the event changes nothing of it';
COMMENT ON COLUMN turnstone.journal.version IS 'the migration''s version; empty for a policy';
COMMENT ON COLUMN turnstone.journal.name IS 'the script''s file name at that time; for a policy, its name';
COMMENT ON COLUMN turnstone.journal.checksum IS 'SHA-256 of the script''s bytes at that time, in hexadecimal';
COMMENT ON COLUMN turnstone.journal.script IS 'the bytes of the script that ran; null where nothing ran';
COMMENT ON COLUMN turnstone.journal.reason IS 'the reason that was given for the event; for a tag, its name; for a hook, the direction and name of the migration that it ran for; for a policy, what became of it and its definition';
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
    objects            pg_catalog.int8 NOT NULL,
    server_version_num pg_catalog.int4 NOT NULL,
    stale              pg_catalog.bool NOT NULL DEFAULT false,
    fingerprint        pg_catalog.int8
);
COMMENT ON TABLE turnstone.snapshot IS 'when the schema was recorded, one row a run';
COMMENT ON COLUMN turnstone.snapshot.id IS 'the order of recordings';
COMMENT ON COLUMN turnstone.snapshot.taken_at IS 'when, by the clock';
COMMENT ON COLUMN turnstone.snapshot.journal_id IS 'the run''s last row in turnstone.journal';
COMMENT ON COLUMN turnstone.snapshot.objects IS 'number of objects that the schema had';
COMMENT ON COLUMN turnstone.snapshot.server_version_num IS 'PostgreSQL''s version then: deparsed texts are those of that version';
COMMENT ON COLUMN turnstone.snapshot.stale IS 'whether the run was not recorded (turnstone.record_schema was off)';
COMMENT ON COLUMN turnstone.snapshot.fingerprint IS 'a hash of the catalogs where the record is exactly what they said; null where something had drifted';

CREATE TABLE turnstone.recorded_object (
    object_type pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    identity    pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    since       pg_catalog.int8 NOT NULL,
    until       pg_catalog.int8,
    document    pg_catalog.json NOT NULL,
    PRIMARY KEY (object_type, identity, since)
);
COMMENT ON TABLE turnstone.recorded_object IS 'the schema as the runs left it: what migrate_drift() compares the catalog with. One row for each object that belongs to no other, with all that belongs to it, and for each state that it has had';
COMMENT ON COLUMN turnstone.recorded_object.object_type IS 'schema, table, view, function, ... as pg_identify_object() names kinds';
COMMENT ON COLUMN turnstone.recorded_object.identity IS 'qualified and quoted name';
COMMENT ON COLUMN turnstone.recorded_object.since IS 'the first snapshot with this state';
COMMENT ON COLUMN turnstone.recorded_object.until IS 'the first snapshot without it; null for the present state';
COMMENT ON COLUMN turnstone.recorded_object.document IS '"properties": what makes the object what it is, deparsed under pinned settings, defaults left out; "parts": kind, name and properties of each column, constraint, index and trigger';

CREATE TABLE turnstone.found_drift (
    object_type pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    identity    pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    document    pg_catalog.json,
    PRIMARY KEY (object_type, identity)
);
COMMENT ON TABLE turnstone.found_drift IS 'drift that the run in progress found when it began, for a run that commits on its way: if it is cut off, the next one can tell the drift from what the run did';
COMMENT ON COLUMN turnstone.found_drift.object_type IS 'as turnstone.recorded_object has it';
COMMENT ON COLUMN turnstone.found_drift.identity IS 'qualified and quoted name';
COMMENT ON COLUMN turnstone.found_drift.document IS 'what the object was then, as turnstone.recorded_object has it; null where it was gone';

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

-- A dump carries the history.
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
COMMENT ON COLUMN turnstone.history.event IS 'apply, rollback, baseline, mark, repair, reformat, tag, seed, hook or policy';
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

CREATE FUNCTION turnstone.privileges(acl pg_catalog.aclitem[], kind pg_catalog."char", owner pg_catalog.oid)
RETURNS pg_catalog.text
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH granted AS (
        SELECT given.is_default, a.privilege_type, a.is_grantable,
               CASE a.grantee WHEN 0 THEN 'public'
                              ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END AS grantee
          FROM (VALUES (false, acl), (true, pg_catalog.acldefault(kind, owner))) AS given(is_default, acl)
         CROSS JOIN LATERAL pg_catalog.aclexplode(given.acl) a
    ), by_grantee AS (
        SELECT is_default,
               grantee || ': ' || pg_catalog.string_agg(
                   pg_catalog.lower(privilege_type) || CASE WHEN is_grantable THEN '*' ELSE '' END, ', '
                   ORDER BY privilege_type COLLATE pg_catalog."C") AS privileges
          FROM granted GROUP BY is_default, grantee
    ), listed AS (
        SELECT coalesce(pg_catalog.string_agg(privileges, '; ' ORDER BY privileges COLLATE pg_catalog."C")
                            FILTER (WHERE NOT is_default), 'none') AS actual,
               coalesce(pg_catalog.string_agg(privileges, '; ' ORDER BY privileges COLLATE pg_catalog."C")
                            FILTER (WHERE is_default), 'none') AS usual
          FROM by_grantee
    )
    SELECT CASE WHEN acl IS NOT NULL THEN nullif(listed.actual, listed.usual) END FROM listed;
END;
REVOKE ALL ON FUNCTION turnstone.privileges(pg_catalog.aclitem[], pg_catalog."char", pg_catalog.oid) FROM PUBLIC;
COMMENT ON FUNCTION turnstone.privileges(pg_catalog.aclitem[], pg_catalog."char", pg_catalog.oid) IS
'privileges as "role: privilege, ..." in the order of names, * behind those with grant option; null where they are the default ones, however they are spelled (kind as for acldefault)';

CREATE FUNCTION turnstone.captured_schema(by_queries pg_catalog.bool DEFAULT false,
    OUT object_type pg_catalog.text, OUT identity pg_catalog.text, OUT document pg_catalog.json)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_captured_schema';
REVOKE ALL ON FUNCTION turnstone.captured_schema(pg_catalog.bool) FROM PUBLIC;
COMMENT ON FUNCTION turnstone.captured_schema(pg_catalog.bool) IS
'the schema as it is, in the form of turnstone.recorded_object; by_queries without the short way for plain tables, which has to tell the same';

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
'registers every migration of a folder on the server''s machine, all or none; format is auto (told by evidence), native, goose, dbmate, golang-migrate, flyway, drizzle, diesel, sqlx or prisma; needs the rights of pg_read_server_files';

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
       pg_catalog.clock_timestamp() - r.started_at AS elapsed, p.statement_time,
       CASE WHEN s.percent BETWEEN 1::pg_catalog.float8 AND 99.9::pg_catalog.float8
            THEN p.statement_time * (100::pg_catalog.float8 / s.percent - 1::pg_catalog.float8) END AS remaining,
       r.backend, r.role
  FROM turnstone.run r
  JOIN turnstone.run_progress() p ON p.run = r.id
  LEFT JOIN LATERAL (
       SELECT c.phase, c.done::pg_catalog.float8 * 100::pg_catalog.float8 / NULLIF(c.total, 0)::pg_catalog.float8 AS percent
         FROM (SELECT phase, CASE WHEN blocks_total > 0 THEN blocks_done WHEN tuples_total > 0 THEN tuples_done ELSE lockers_done END,
                      CASE WHEN blocks_total > 0 THEN blocks_total WHEN tuples_total > 0 THEN tuples_total ELSE lockers_total END
                 FROM pg_catalog.pg_stat_progress_create_index WHERE pid = r.backend
               UNION ALL
               SELECT phase, heap_blks_scanned, heap_blks_total FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = r.backend
               UNION ALL
               SELECT phase, heap_blks_scanned, heap_blks_total FROM pg_catalog.pg_stat_progress_cluster WHERE pid = r.backend
               UNION ALL
               SELECT phase, sample_blks_scanned, sample_blks_total FROM pg_catalog.pg_stat_progress_analyze WHERE pid = r.backend
               UNION ALL
               SELECT command, bytes_processed, bytes_total FROM pg_catalog.pg_stat_progress_copy WHERE pid = r.backend
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

CREATE VIEW turnstone.status AS SELECT * FROM migrate_status();
REVOKE ALL ON turnstone.status FROM PUBLIC;
COMMENT ON VIEW turnstone.status IS 'migrate_status() as a view';
COMMENT ON COLUMN turnstone.status.version IS 'the migration''s version';
COMMENT ON COLUMN turnstone.status.name IS 'the script''s file name';
COMMENT ON COLUMN turnstone.status.state IS 'see migrate_status()';
COMMENT ON COLUMN turnstone.status.applied_at IS 'when it was applied; null while it is not';
COMMENT ON COLUMN turnstone.status.applied_by IS 'the role with whose rights it was applied';
COMMENT ON COLUMN turnstone.status.duration IS 'time that it took';

CREATE FUNCTION migrate_drift(schemas pg_catalog.text[] DEFAULT NULL,
                              OUT change pg_catalog.text, OUT object_type pg_catalog.text,
                              OUT identity pg_catalog.text, OUT property pg_catalog.text,
                              OUT expected pg_catalog.text, OUT actual pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_drift';
REVOKE ALL ON FUNCTION migrate_drift(pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION migrate_drift(pg_catalog.text[]) IS
'what in the catalog is not as the last run of migrations left it: one row for each object added or removed and for each changed property; covers schemas, tables, columns, constraints, indexes, views, sequences, functions, triggers and enum types, and names the kinds that it passed over in a notice; null for all schemas';

-- The trigger functions are open to PUBLIC: whoever makes a table may have its column kept. They act on rows of tables
-- that the user may update, on nothing else.
CREATE FUNCTION turnstone_set_updated_at() RETURNS pg_catalog.trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_set_updated_at';
COMMENT ON FUNCTION turnstone_set_updated_at() IS
'trigger function, BEFORE UPDATE FOR EACH ROW: sets a column to the time; arguments: ''column=updated_at'' (the name alone does, as the first), ''clock=transaction'' (as now()), ''clock=statement'' or ''clock=wall'', ''when=always'', ''when=changed'' (rows that the update leaves as they are keep their stamp), ''when=unless_set'' (a stamp that the statement itself changed is kept) or ''when=changed,unless_set'', ''unit=seconds'' or ''unit=milliseconds'' for bigint and integer; the column may also be timestamptz, timestamp, date, or a domain over one of them';

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

CREATE FUNCTION migrate_version() RETURNS pg_catalog.text
LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'turnstone_version';
COMMENT ON FUNCTION migrate_version() IS 'version of the loaded library';
