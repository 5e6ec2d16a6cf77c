--! Previous: sha1:5cde57f0290d11afd369b93ec826628ba5cfaf32
--! Hash: sha1:571329b46d0acd024a5402200df9eb6e927fe730

--! Included functions/age.sql
CREATE FUNCTION pet_age() RETURNS int LANGUAGE sql AS $$ SELECT 7 $$;
--! EndIncluded functions/age.sql
