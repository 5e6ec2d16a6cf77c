CREATE TABLE pets (id int PRIMARY KEY, name text);
