-- liquibase formatted sql
-- property name:table value:pets

--changeset ann:create-pets
--comment: The pets.
CREATE TABLE ${table} (id int PRIMARY KEY, name text);
CREATE FUNCTION pet_count() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    -- rollback of nothing
    RETURN (SELECT count(*) FROM pets);
END $$;
--rollback DROP FUNCTION pet_count();
--rollback DROP TABLE ${table};

--changeset bo:index-pets runInTransaction:false
CREATE INDEX CONCURRENTLY pets_name ON pets (name);
--rollback DROP INDEX pets_name;

--changeset bo:other dbms:oracle
CREATE TABLE pets (id NUMBER);
