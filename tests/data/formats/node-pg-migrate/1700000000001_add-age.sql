-- Up Migration
ALTER TABLE pets ADD COLUMN age int
-- Down Migration
ALTER TABLE pets DROP COLUMN age
