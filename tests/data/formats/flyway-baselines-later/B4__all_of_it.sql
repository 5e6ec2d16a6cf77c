CREATE TABLE pets (id int PRIMARY KEY, name text, age int, kind text, owner text);
