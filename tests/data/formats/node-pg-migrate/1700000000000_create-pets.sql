-- Up Migration
CREATE TABLE pets (id int PRIMARY KEY);

-- Down Migration
DROP TABLE pets;
