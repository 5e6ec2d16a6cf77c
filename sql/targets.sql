-- Targets, plans, rehearsals, redo, tags.
CREATE EXTENSION turnstone;
CREATE TABLE seen (what text);
SELECT count(*) FROM (VALUES ('20240101', 'a'), ('20240102', 'b'), ('20240203', 'c'), ('20240301', 'd')) v(version, name),
    LATERAL migrate_register(version || '_add_' || name || '.sql', format(
        E'-- +migrate Up\nINSERT INTO seen VALUES (%1$L);\n-- +migrate Down\nDELETE FROM seen WHERE what = %1$L;\n', name));

-- up to a version, the next N, the beginning of a version, a name
SELECT version FROM migrate_apply('20240101');
SELECT version FROM migrate_apply('+1');
SELECT version FROM migrate_apply('+0');
SELECT version FROM migrate_apply('202402');
SELECT version FROM migrate_apply('add_d');
SELECT version FROM migrate_apply('head');
SELECT string_agg(what, '' ORDER BY what) FROM seen;
-- targets that are none
SELECT * FROM migrate_apply('2024');
SELECT * FROM migrate_apply('nonsense');
SELECT * FROM migrate_apply('+x');

-- tags
SELECT * FROM migrate_tag('spring');
SELECT * FROM migrate_tag('january', '20240102');
SELECT * FROM migrate_tag('january', '20240102');
SELECT * FROM migrate_tag('january', '20240101');
SELECT * FROM migrate_tag('head');
SELECT * FROM migrate_tag('12');
SELECT * FROM migrate_tag('two words');
SELECT tag, version FROM turnstone.tag ORDER BY tag;

-- back to a tag, a version, a number of steps, the base
SELECT version FROM migrate_rollback_to('january');
SELECT version FROM migrate_rollback_to('january');
SELECT version FROM migrate_rollback_to('spring');
SELECT version FROM migrate_apply('spring');
SELECT version FROM migrate_rollback_to('20240203');
SELECT version FROM migrate_rollback_to('-2');
SELECT version FROM migrate_rollback_to('base');
SELECT version FROM migrate_rollback_to(NULL);
SELECT count(*) FROM seen;

-- redo
SELECT version FROM migrate_apply('january');
SELECT version, direction FROM migrate_redo();
SELECT version, direction FROM migrate_redo(2);
SELECT version, direction FROM migrate_redo(0);

-- a dry run runs for real and takes it back: rows as of the real thing, the schema and the journal as before
SELECT version, direction, statements, array_length(statement_times, 1) AS times, (SELECT sum(t) BETWEEN '0' AND duration FROM unnest(statement_times) t) AS within_it FROM migrate_apply(dry_run := true);
SELECT version, direction, statements, array_length(statement_times, 1) AS times FROM migrate_rollback(2, dry_run := true);
SELECT version, direction, statements FROM migrate_rollback_to('base', true);
SELECT version, direction, statements FROM migrate_redo(1, true);
SELECT string_agg(what, '' ORDER BY what) FROM seen;
SELECT version, state FROM migrate_status();
SELECT event, count(*) FROM turnstone.journal GROUP BY event ORDER BY event;
-- also where it fails, and the session goes on
SELECT status FROM migrate_register('20240401_bad.sql', E'INSERT INTO seen VALUES (''x'');\nSELECT 1 / 0;\n');
SELECT * FROM migrate_apply(dry_run := true);
SELECT count(*) FROM seen WHERE what = 'x';
SELECT migrate_unregister('20240401');

-- the plan, statement by statement, without running anything
SELECT status FROM migrate_register('20240402_mixed.sql', E'-- +migrate Up notransaction\nCREATE TABLE t (n int);\n\n/* slow */ CREATE INDEX CONCURRENTLY ON t (n);\n');
SELECT status FROM migrate_register('20240100_late.sql', '-- nothing');
SELECT * FROM migrate_plan();
SELECT count(*) FROM migrate_plan('+2');
SELECT * FROM migrate_plan('nonsense');
-- the other way: what a rollback would do, and what is in its way
SELECT version, count(*) FROM migrate_plan('+2', direction := 'up') GROUP BY 1 ORDER BY 1;
SELECT step, version, direction, statement, line, command, note FROM migrate_plan(direction := 'down');
SELECT step, version, direction, statement, command, transactional, note FROM migrate_plan('-3', 'down');
SELECT step, version, note FROM migrate_plan('base', 'down');
SELECT * FROM migrate_plan('base', 'sideways');
SELECT * FROM migrate_plan('nonsense', 'down');
SELECT migrate_unregister('20240402');
SELECT migrate_unregister('20240100');

-- what belongs together is one run
SELECT command, target, (SELECT string_agg(event || ' ' || version, ', ' ORDER BY id) FROM turnstone.journal WHERE run = r.id) AS events
  FROM turnstone.run r ORDER BY id;
DROP TABLE seen;
DROP EXTENSION turnstone;
