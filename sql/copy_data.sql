-- COPY ... FROM STDIN with its data behind it in the script, as pg_dump writes it.
CREATE EXTENSION turnstone;
-- text and csv, a list of columns, two in one script, data that look like SQL and like annotations
SELECT status FROM migrate_register('1_copy.sql', E'-- +migrate Up
CREATE TABLE words (id int PRIMARY KEY, word text, changed int DEFAULT 7);
COPY words (id, word) FROM stdin;
1\tit''s; $$ /*
2\t\\N
3\t-- +migrate Down
4\ta\\tb\\\\c
\\.
COPY words FROM STDIN WITH (FORMAT csv, HEADER);
id,word,changed
5,"two
lines",1
\\.
SELECT count(*) FROM words;
-- +migrate Down
DROP TABLE words;
');
SELECT step, line, command FROM migrate_plan();
SELECT version, statements FROM migrate_apply();
SELECT id, word, changed FROM words ORDER BY id;
-- triggers and constraints see the rows; a column that has no place in the data has its default
SELECT version FROM migrate_rollback();
SELECT migrate_unregister('1');

-- CRLF: the lines of the data end so, too
SELECT status FROM migrate_register('1_crlf.sql', E'CREATE TABLE words (id int, word text);\r\nCOPY words FROM stdin;\r\n1\tone\r\n2\ttwo\r\n\\.\r\nINSERT INTO words VALUES (3, ''three'');\r\n');
SELECT version, statements FROM migrate_apply();
SELECT id, word, length(word) FROM words ORDER BY id;
DROP TABLE words;
SELECT state FROM migrate_mark('1', 'pending', 'dropped by hand');
SELECT migrate_unregister('1');

-- an empty set; a table of another schema; parents of partitions
SELECT status FROM migrate_register('1_parts.sql', E'CREATE TABLE parts (id int) PARTITION BY RANGE (id);
CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (10);
CREATE TABLE high PARTITION OF parts FOR VALUES FROM (10) TO (20);
COPY public.parts FROM stdin;
\\.
COPY public.parts FROM stdin;
1
11
\\.
');
CALL migrate_deploy();
SELECT tableoid::regclass, id FROM parts ORDER BY id;
DROP TABLE parts;
SELECT state FROM migrate_mark('1', 'pending', 'dropped by hand');
SELECT migrate_unregister('1');

-- what is wrong with the data is shown with the line of the script
CREATE TABLE words (id int PRIMARY KEY, word text CHECK (word <> 'bad'), born date);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON words FOR EACH ROW WHEN (new.word = 'refused') EXECUTE FUNCTION refuse();
CREATE FUNCTION put(data text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT status FROM migrate_register('2_data.sql', E'SELECT 1;\nCOPY words FROM stdin;\n1\ta\t2024-01-01\n' || data || E'\n\\.\nSELECT 2;\n')
$$;
SELECT put(E'x\tb\t\\N');
SELECT version FROM migrate_apply();
SELECT put(E'2\tb\tyesterday or so');
SELECT version FROM migrate_apply();
SELECT put(E'2\tb');
SELECT version FROM migrate_apply();
SELECT put(E'2\tb\t\\N\textra');
SELECT version FROM migrate_apply();
SELECT put(E'2\tbad\t\\N');
SELECT version FROM migrate_apply();
SELECT put(E'3\tc\t\\N\n1\tagain\t\\N');
SELECT version FROM migrate_apply();
SELECT put(E'2\trefused\t\\N');
SELECT version FROM migrate_apply();
SELECT put(E'2\tfine\t\\N');
SELECT version FROM migrate_apply();
SELECT count(*) FROM words;
SELECT version FROM migrate_mark('2', 'pending', 'once more');

-- what can be read in no case is refused when registered
SELECT migrate_register('3_a.sql', E'SELECT 1;\nCOPY words FROM stdin;\n1\ta\n');
SELECT migrate_register('3_a.sql', E'SELECT 1;\nCOPY words FROM stdin;');
SELECT migrate_register('3_a.sql', E'COPY words FROM stdin; SELECT 2;\n1\ta\t\\N\n\\.\n');
SELECT migrate_register('3_a.sql', E'COPY words FROM stdin WHERE id > 1;\n1\ta\t\\N\n\\.\n');
SELECT migrate_register('3_a.sql', E'COPY words FROM stdin (FORMAT binary);\n1\ta\t\\N\n\\.\n');
SELECT migrate_register('3_a.sql', E'COPY words FROM stdin (ENCODING ''LATIN1'');\n1\ta\t\\N\n\\.\n');
SELECT migrate_register('3_a.sql', E'SELECT 1;\n\\.\n');
SELECT migrate_register('3_a.sql', E'\\restrict abc\nSELECT 1;\n\\connect other\n');
SELECT migrate_register('3_a.sql', E'\\copy words from ''words.txt''\n');
SELECT migrate_register('3_a.sql', E'SELECT 1 \\gset\n');
SELECT migrate_register('3_a.sql', E'SELECT :''name'';\n');
SELECT migrate_register('3_a.sql', E'\\restrict abc\nSELECT 1;\n\\unrestrict abc\n');
SELECT version FROM migrate_apply();

-- rights: who may not insert may not copy
CREATE ROLE turnstone_copier;
GRANT CREATE ON SCHEMA public TO turnstone_copier;
ALTER TABLE words ENABLE ROW LEVEL SECURITY;
DELETE FROM words;
SELECT migrate_register('4_rights.sql', E'SET ROLE turnstone_copier;\nCOPY words FROM stdin;\n1\ta\t\\N\n\\.\n');
SELECT version FROM migrate_apply();
GRANT INSERT (id) ON words TO turnstone_copier;
SELECT version FROM migrate_apply();
SELECT migrate_register('4_rights.sql', E'SET ROLE turnstone_copier;\nCOPY words (id) FROM stdin;\n9\n\\.\n');
SELECT version FROM migrate_apply();
ALTER TABLE words DISABLE ROW LEVEL SECURITY;
SELECT version FROM migrate_apply();
SELECT * FROM words ORDER BY id;
DROP OWNED BY turnstone_copier;
DROP ROLE turnstone_copier;
DROP TABLE words;
DROP FUNCTION refuse, put;
DROP EXTENSION turnstone;
