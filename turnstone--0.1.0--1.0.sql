\echo Use "ALTER EXTENSION turnstone UPDATE TO '1.0'" to load this file. \quit

-- From 0.1.0 to 1.0: watching, sealing, drift of every kind of object, readers of other tools' histories. Registered
-- scripts, journal, runs, steps, tags, variables and policies stay as they are. The record of the schema is kept in another form
-- since: it begins anew with the next run, so ask migrate_drift() before the update, not behind it.

-- ---------------------------------------------------------------------------------------------- registered scripts
ALTER TABLE turnstone.migration ADD COLUMN foreign_id pg_catalog.text NOT NULL DEFAULT '';
COMMENT ON COLUMN turnstone.migration.format IS 'whose rules the script is read by: native, or the name of the tool as migrate_load() takes it';
COMMENT ON COLUMN turnstone.migration.foreign_id IS 'what the journal of the tool whose folder it came from knows it by, where that is neither its name nor a sum of its bytes (Sqitch''s change_id, Drizzle''s created_at, Atlas''s and graphile-migrate''s hash, Alembic''s revision, the program of Knex); else empty';

-- --------------------------------------------------------------------------------------------------------- journal
COMMENT ON COLUMN turnstone.run.command IS 'apply, rollback, redo, seed, reset, deploy, revert, baseline, mark, repair, register, tag, policy, accept, watch, seal or break_glass';

ALTER TABLE turnstone.journal DROP CONSTRAINT journal_event_check;
ALTER TABLE turnstone.journal ADD CONSTRAINT journal_event_check
    CHECK (event IN ('apply', 'rollback', 'reformat', 'baseline', 'mark', 'repair', 'tag', 'seed', 'hook',
                     'policy', 'accept', 'watch', 'seal', 'break_glass'));
COMMENT ON COLUMN turnstone.journal.event IS 'apply, rollback, baseline (taken over without running), mark (state set by hand), repair (an edited text accepted), reformat (an edit of comments and white space accepted), tag, seed or hook (a script of that kind has run), policy (one of updated_at), accept (drift that was accepted), watch, seal or break_glass (the switches of watching and sealing)';
COMMENT ON COLUMN turnstone.journal.version IS 'the migration''s version; empty for a policy, accepted drift and switches';
COMMENT ON COLUMN turnstone.journal.name IS 'the script''s file name at that time; for a policy, its name; for break_glass, the role; empty for accepted drift';
COMMENT ON COLUMN turnstone.journal.reason IS 'the reason that was given for the event; for a tag, its name; for a hook, the direction and name of the migration that it ran for; for a policy, what became of it and its definition; for accepted drift, the differences behind it; for a switch, what it was set to';
COMMENT ON COLUMN turnstone.history.event IS 'apply, rollback, baseline, mark, repair, reformat, tag, seed, hook, policy, watch, seal or break_glass';

-- ------------------------------------------------------------------------------------------------- recorded schema
-- What was recorded knows its objects by name only, and cannot be turned into what is compared by number. Out of the
-- extension first, or its list of tables that a dump carries would keep them.
ALTER EXTENSION turnstone DROP SEQUENCE turnstone.snapshot_id_seq;
ALTER EXTENSION turnstone DROP TABLE turnstone.snapshot;
ALTER EXTENSION turnstone DROP TABLE turnstone.recorded_object;
DROP TABLE turnstone.snapshot, turnstone.recorded_object, turnstone.found_drift;

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

-- The record is stale where there was one: the next run takes the schema over as it finds it.
INSERT INTO turnstone.snapshot (journal_id, server_version_num, system_identifier, database, stale)
SELECT pg_catalog.max(j.id), pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
       (SELECT c.system_identifier::pg_catalog.text FROM pg_catalog.pg_control_system() c),
       (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()), true
  FROM turnstone.journal j
 WHERE j.state IS NOT NULL
HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0;

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

-- What of the new tables a dump carries. What lets a role through now is not for another database.
SELECT pg_catalog.pg_extension_config_dump('turnstone.ddl_log', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.ddl_log_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.seal', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.break_glass', 'WHERE ended_at IS NOT NULL OR until <= pg_catalog.now()');
SELECT pg_catalog.pg_extension_config_dump('turnstone.break_glass_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.snapshot', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.snapshot_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('turnstone.recorded_object', '');

-- Of the new ones only: with rights that were granted on the others since, a dump would take those for the extension's.
REVOKE ALL ON turnstone.snapshot, turnstone.recorded_object, turnstone.found_drift, turnstone.baseline, turnstone.gate,
    turnstone.ddl_log, turnstone.seal, turnstone.break_glass FROM PUBLIC;
REVOKE ALL ON SEQUENCE turnstone.snapshot_id_seq, turnstone.ddl_log_id_seq, turnstone.break_glass_id_seq FROM PUBLIC;

-- ------------------------------------------------------------------------------------- what captures the schema
DROP FUNCTION turnstone.privileges(pg_catalog.aclitem[], pg_catalog."char", pg_catalog.oid);
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

CREATE FUNCTION turnstone.captured_properties(OUT kind pg_catalog.text, OUT property pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE c AS 'MODULE_PATHNAME', 'turnstone_captured_properties';
REVOKE ALL ON FUNCTION turnstone.captured_properties() FROM PUBLIC;
COMMENT ON FUNCTION turnstone.captured_properties() IS
'what is captured of each kind of object, and so seen as drift where it changes; that an object of the kind is there always is';

-- ------------------------------------------------------------------------------------------- functions for everyone
COMMENT ON FUNCTION @extschema@.migrate_load(pg_catalog.text, pg_catalog.text) IS
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

-- It has more columns now, so it is another function. Rights on it cannot be granted again from here: a dump would take
-- them for the extension's own.
-- read by eye: it looks at one row of pg_proc and warns
DO LANGUAGE plpgsql $$
DECLARE
    roles pg_catalog.text := (
        SELECT pg_catalog.string_agg(CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::pg_catalog.text END, ', ')
          FROM pg_catalog.pg_proc p, pg_catalog.aclexplode(p.proacl) a
         WHERE p.oid OPERATOR(pg_catalog.=) '@extschema@.migrate_drift(text[])'::pg_catalog.regprocedure
           AND a.grantee OPERATOR(pg_catalog.<>) p.proowner);
BEGIN
    IF roles IS NOT NULL THEN
        RAISE WARNING 'rights on migrate_drift(text[]) are to be granted again: GRANT EXECUTE ON FUNCTION migrate_drift(text[]) TO %', roles;
    END IF;
END $$;
DROP FUNCTION @extschema@.migrate_drift(pg_catalog.text[]);
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
