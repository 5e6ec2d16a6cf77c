-- +goose Up
-- +goose ENVSUB ON
INSERT INTO pets VALUES (1, '${PET_NAME}');
-- +goose ENVSUB OFF
INSERT INTO pets VALUES (2, '${PET_NAME}');

-- +goose Down
DELETE FROM pets;
