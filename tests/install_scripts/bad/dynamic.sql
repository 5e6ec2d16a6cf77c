-- expects: 1 dynamic
DO $$ BEGIN EXECUTE 'SELECT 1'; END $$;
