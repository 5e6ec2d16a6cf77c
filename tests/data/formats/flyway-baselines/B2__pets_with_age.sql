CREATE TABLE pets (id int PRIMARY KEY, age int, made_by text DEFAULT 'B2');
CREATE INDEX pets_age_idx ON pets (age);
