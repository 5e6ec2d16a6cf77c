-- +goose Up
CREATE TABLE pets (id int PRIMARY KEY, name text);
-- +goose StatementBegin
CREATE FUNCTION pet_count() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    -- +goose Down
    RETURN (SELECT count(*) FROM pets);
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION pet_count();
DROP TABLE pets;
