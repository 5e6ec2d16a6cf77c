-- atlas:txmode none

CREATE INDEX CONCURRENTLY pets_id ON pets (id);
