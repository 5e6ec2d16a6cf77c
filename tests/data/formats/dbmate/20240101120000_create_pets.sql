-- migrate:up
CREATE TABLE pets (id int PRIMARY KEY, name text);

-- migrate:down
DROP TABLE pets;
