CREATE TABLE pets (id int PRIMARY KEY, made_by text DEFAULT 'V1');
