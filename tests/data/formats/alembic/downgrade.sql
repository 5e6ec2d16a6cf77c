BEGIN;

-- Running downgrade c4 -> b3, ae1027a6acf

INSERT INTO alembic_version (version_num) VALUES ('b3') RETURNING alembic_version.version_num;

UPDATE alembic_version SET version_num='ae1027a6acf' WHERE alembic_version.version_num = 'c4';

-- Running downgrade b3 -> 1975ea83b712

COMMENT ON TABLE account IS NULL;

DELETE FROM alembic_version WHERE alembic_version.version_num = 'b3';

-- Running downgrade ae1027a6acf -> 1975ea83b712

DROP INDEX account_last;

ALTER TABLE account DROP COLUMN last;

UPDATE alembic_version SET version_num='1975ea83b712' WHERE alembic_version.version_num = 'ae1027a6acf';

-- Running downgrade 1975ea83b712 -> 

DROP TABLE account;

DELETE FROM alembic_version WHERE alembic_version.version_num = '1975ea83b712';

DROP TABLE alembic_version;

COMMIT;

