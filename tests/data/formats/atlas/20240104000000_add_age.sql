-- atlas:txtar

-- checks/pets.sql --
SELECT count(*) = 2 FROM pets;

-- migration.sql --
ALTER TABLE pets ADD COLUMN age int;

-- down.sql --
ALTER TABLE pets DROP COLUMN age;
