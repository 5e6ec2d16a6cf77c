\echo Use "CREATE EXTENSION turnstone" to load this file. \quit

-- Tables live in the fixed schema turnstone; a schema of that name made by somebody else stops the installation here.
CREATE SCHEMA turnstone;
COMMENT ON SCHEMA turnstone IS 'turnstone''s own tables: registered migrations, journal, recorded schema';

-- ---------------------------------------------------------------------------------------------- registered scripts
CREATE TABLE turnstone.migration (
    version       pg_catalog.text PRIMARY KEY,
    version_key   pg_catalog.numeric[] NOT NULL UNIQUE,
    name          pg_catalog.text NOT NULL UNIQUE,
    description   pg_catalog.text NOT NULL,
    script        pg_catalog.bytea NOT NULL,
    checksum      pg_catalog.text NOT NULL,
    has_down      pg_catalog.bool NOT NULL,
    registered_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
    registered_by pg_catalog.text NOT NULL
);
COMMENT ON TABLE turnstone.migration IS 'registered migration scripts, one row a version';
COMMENT ON COLUMN turnstone.migration.version IS 'the number that the file''s name begins with, as written there';
COMMENT ON COLUMN turnstone.migration.version_key IS 'the version''s parts as numbers: the order of migrations';
COMMENT ON COLUMN turnstone.migration.name IS 'the file''s name';
COMMENT ON COLUMN turnstone.migration.description IS 'the words of the file''s name';
COMMENT ON COLUMN turnstone.migration.script IS 'the file''s bytes as they were registered, in UTF-8';
COMMENT ON COLUMN turnstone.migration.checksum IS 'SHA-256 of the bytes, in hexadecimal';
COMMENT ON COLUMN turnstone.migration.has_down IS 'whether the script has a Down section, so that it can be rolled back';
COMMENT ON COLUMN turnstone.migration.registered_at IS 'when this text was registered';
COMMENT ON COLUMN turnstone.migration.registered_by IS 'the role that registered this text';

-- --------------------------------------------------------------------------------------------------------- journal
CREATE TABLE turnstone.journal (
    id                pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event             pg_catalog.text NOT NULL CHECK (event IN ('apply', 'rollback', 'reformat')),
    version           pg_catalog.text NOT NULL,
    name              pg_catalog.text NOT NULL,
    checksum          pg_catalog.text NOT NULL,
    statements        pg_catalog.int4 NOT NULL,
    started_at        pg_catalog.timestamptz NOT NULL,
    finished_at       pg_catalog.timestamptz NOT NULL,
    duration          pg_catalog.interval NOT NULL,
    session_role      pg_catalog.text NOT NULL,
    role              pg_catalog.text NOT NULL,
    application       pg_catalog.text,
    client_address    pg_catalog.inet,
    backend           pg_catalog.int4 NOT NULL,
    transaction       pg_catalog.xid8 NOT NULL,
    server_version    pg_catalog.text NOT NULL,
    turnstone_version pg_catalog.text NOT NULL
);
CREATE INDEX journal_version_id_idx ON turnstone.journal (version, id);
COMMENT ON TABLE turnstone.journal IS 'what happened to each migration, one row an event, in the same transaction as the change itself; nothing is ever deleted';
COMMENT ON COLUMN turnstone.journal.id IS 'the order of events';
COMMENT ON COLUMN turnstone.journal.event IS 'apply, rollback, or reformat: an edit of comments and white space of an applied script was accepted';
COMMENT ON COLUMN turnstone.journal.version IS 'the migration''s version';
COMMENT ON COLUMN turnstone.journal.name IS 'the script''s file name at that time';
COMMENT ON COLUMN turnstone.journal.checksum IS 'SHA-256 of the script''s bytes at that time, in hexadecimal';
COMMENT ON COLUMN turnstone.journal.statements IS 'number of statements that ran';
COMMENT ON COLUMN turnstone.journal.started_at IS 'when the first statement began, by the clock';
COMMENT ON COLUMN turnstone.journal.finished_at IS 'when the last statement had ended, by the clock';
COMMENT ON COLUMN turnstone.journal.duration IS 'time that the statements took';
COMMENT ON COLUMN turnstone.journal.session_role IS 'the role that was logged in';
COMMENT ON COLUMN turnstone.journal.role IS 'the role with whose rights the script ran';
COMMENT ON COLUMN turnstone.journal.application IS 'application_name of the session';
COMMENT ON COLUMN turnstone.journal.client_address IS 'address of the client; null for a unix-domain socket';
COMMENT ON COLUMN turnstone.journal.backend IS 'process id of the server process';
COMMENT ON COLUMN turnstone.journal.transaction IS 'the transaction that made the change and this row';
COMMENT ON COLUMN turnstone.journal.server_version IS 'version of PostgreSQL';
COMMENT ON COLUMN turnstone.journal.turnstone_version IS 'version of turnstone';

-- ------------------------------------------------------------------------------------------------- recorded schema
CREATE TABLE turnstone.snapshot (
    id                 pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    taken_at           pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    journal_id         pg_catalog.int8 NOT NULL,
    objects            pg_catalog.int8 NOT NULL,
    server_version_num pg_catalog.int4 NOT NULL
);
COMMENT ON TABLE turnstone.snapshot IS 'when the schema was recorded, one row a run';
COMMENT ON COLUMN turnstone.snapshot.id IS 'the order of recordings';
COMMENT ON COLUMN turnstone.snapshot.taken_at IS 'when, by the clock';
COMMENT ON COLUMN turnstone.snapshot.journal_id IS 'the run''s last row in turnstone.journal';
COMMENT ON COLUMN turnstone.snapshot.objects IS 'number of objects that the schema had';
COMMENT ON COLUMN turnstone.snapshot.server_version_num IS 'PostgreSQL''s version then: deparsed texts are those of that version';

CREATE TABLE turnstone.recorded_object (
    object_type     pg_catalog.text NOT NULL,
    identity        pg_catalog.text NOT NULL,
    parent_type     pg_catalog.text NOT NULL DEFAULT '',
    parent_identity pg_catalog.text NOT NULL DEFAULT '',
    properties      pg_catalog.jsonb NOT NULL,
    PRIMARY KEY (object_type, identity)
);
COMMENT ON TABLE turnstone.recorded_object IS 'the schema as the runs left it: what migrate_drift() compares the catalog with';
COMMENT ON COLUMN turnstone.recorded_object.object_type IS 'table, table column, index, ... as pg_identify_object() names kinds';
COMMENT ON COLUMN turnstone.recorded_object.identity IS 'qualified and quoted name';
COMMENT ON COLUMN turnstone.recorded_object.parent_type IS 'kind of the object that it belongs to; empty for none';
COMMENT ON COLUMN turnstone.recorded_object.parent_identity IS 'name of the object that it belongs to; empty for none';
COMMENT ON COLUMN turnstone.recorded_object.properties IS 'what makes it what it is, deparsed under pinned settings; defaults are left out';

-- A dump carries the history.
SELECT pg_catalog.pg_extension_config_dump('turnstone.migration', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.journal', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.journal_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.snapshot', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.snapshot_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.recorded_object', '');

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

CREATE FUNCTION migrate_load(directory pg_catalog.text,
                             OUT version pg_catalog.text, OUT name pg_catalog.text, OUT status pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_load';
REVOKE ALL ON FUNCTION migrate_load(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_load(pg_catalog.text) IS
'registers every *.sql file of a folder on the server''s machine, all or none; needs the rights of pg_read_server_files';

CREATE FUNCTION migrate_unregister(version pg_catalog.text) RETURNS pg_catalog.void
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_unregister';
REVOKE ALL ON FUNCTION migrate_unregister(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION migrate_unregister(pg_catalog.text) IS 'forgets a registered migration that is not applied';

CREATE FUNCTION migrate_apply(OUT version pg_catalog.text, OUT name pg_catalog.text, OUT direction pg_catalog.text,
                              OUT statements pg_catalog.int4, OUT duration pg_catalog.interval)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_apply';
REVOKE ALL ON FUNCTION migrate_apply() FROM PUBLIC;
COMMENT ON FUNCTION migrate_apply() IS
'applies all pending migrations in the order of their versions, in the caller''s transaction, all or nothing; one row for each; no row where nothing is pending';

CREATE FUNCTION migrate_rollback(steps pg_catalog.int4 DEFAULT 1,
                                 OUT version pg_catalog.text, OUT name pg_catalog.text,
                                 OUT direction pg_catalog.text, OUT statements pg_catalog.int4,
                                 OUT duration pg_catalog.interval)
RETURNS SETOF pg_catalog.record
LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'turnstone_rollback';
REVOKE ALL ON FUNCTION migrate_rollback(pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION migrate_rollback(pg_catalog.int4) IS
'undoes the newest applied migrations by their Down sections, in the reverse order of application, in the caller''s transaction, all or nothing; refuses before anything runs where one has no Down';

CREATE FUNCTION migrate_status(OUT version pg_catalog.text, OUT name pg_catalog.text, OUT state pg_catalog.text,
                               OUT applied_at pg_catalog.timestamptz, OUT applied_by pg_catalog.text,
                               OUT duration pg_catalog.interval)
RETURNS SETOF pg_catalog.record
LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'turnstone_status';
REVOKE ALL ON FUNCTION migrate_status() FROM PUBLIC;
COMMENT ON FUNCTION migrate_status() IS
'one row a migration in the order of versions; state is pending, applied, changed (applied, registered text differs), out_of_order (pending, older than the newest applied one), rolled_back (will be applied again) or missing (applied, not registered)';

CREATE FUNCTION migrate_drift(schemas pg_catalog.text[] DEFAULT NULL,
                              OUT change pg_catalog.text, OUT object_type pg_catalog.text,
                              OUT identity pg_catalog.text, OUT property pg_catalog.text,
                              OUT expected pg_catalog.text, OUT actual pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_drift';
REVOKE ALL ON FUNCTION migrate_drift(pg_catalog.text[]) FROM PUBLIC;
COMMENT ON FUNCTION migrate_drift(pg_catalog.text[]) IS
'what in the catalog is not as the last run of migrations left it: one row for each object added or removed and for each changed property; covers schemas, tables, columns, constraints, indexes, views, sequences, functions, triggers and enum types, and names the kinds that it passed over in a notice; null for all schemas';

CREATE FUNCTION turnstone_set_updated_at() RETURNS pg_catalog.trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_set_updated_at';
COMMENT ON FUNCTION turnstone_set_updated_at() IS
'trigger function, BEFORE UPDATE FOR EACH ROW: sets the column updated_at, or the one named as its argument, to the time of the transaction; for timestamptz, timestamp and date columns';

CREATE FUNCTION migrate_version() RETURNS pg_catalog.text
LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'turnstone_version';
COMMENT ON FUNCTION migrate_version() IS 'version of the loaded library';
