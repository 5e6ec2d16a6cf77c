--! Previous: -
--! Hash: sha1:afb24464f84e7773172c839f4d4d98ddb93bb96c

CREATE TABLE pets (id int PRIMARY KEY);
GRANT SELECT ON pets TO :READER;
