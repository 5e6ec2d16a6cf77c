--! Previous: sha1:afb24464f84e7773172c839f4d4d98ddb93bb96c
--! Hash: sha1:5cde57f0290d11afd369b93ec826628ba5cfaf32
--! Message: index pets

--! no-transaction
CREATE INDEX CONCURRENTLY pets_id ON pets (id);
