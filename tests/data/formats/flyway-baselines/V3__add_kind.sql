ALTER TABLE pets ADD COLUMN kind text;
