CREATE TABLE words (word text);
CREATE INDEX CONCURRENTLY words_idx ON words (word);
ALTER TABLE dictionary ADD COLUMN word text;
