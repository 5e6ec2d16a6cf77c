-- liquibase formatted sql

--changeset ann:names runOnChange:true
CREATE OR REPLACE VIEW pet_names AS SELECT name FROM pets;
--rollback DROP VIEW pet_names;

--changeset ann:fill context:test labels:data endDelimiter:/
INSERT INTO pets VALUES (1, 'Rex')
/
INSERT INTO pets VALUES (2, 'a / b')
/
/* liquibase rollback
DELETE FROM pets
/
*/
