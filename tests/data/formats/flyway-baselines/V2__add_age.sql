ALTER TABLE pets ADD COLUMN age int;
CREATE INDEX pets_age_idx ON pets (age);
