-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY pets_name_idx ON pets (name);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY pets_name_idx;
