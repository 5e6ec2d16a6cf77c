BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 1975ea83b712

CREATE TABLE account (
    id SERIAL NOT NULL,
    name VARCHAR(50) NOT NULL,
    PRIMARY KEY (id)
);

insert into account (name) values ('-- Running upgrade');

INSERT INTO alembic_version (version_num) VALUES ('1975ea83b712') RETURNING alembic_version.version_num;

-- Running upgrade 1975ea83b712 -> ae1027a6acf

ALTER TABLE account ADD COLUMN last TIMESTAMP WITHOUT TIME ZONE;

COMMIT;

CREATE INDEX CONCURRENTLY account_last ON account (last);

BEGIN;

UPDATE alembic_version SET version_num='ae1027a6acf' WHERE alembic_version.version_num = '1975ea83b712';

-- Running upgrade 1975ea83b712 -> b3

COMMENT ON TABLE account IS 'branch';

INSERT INTO alembic_version (version_num) VALUES ('b3') RETURNING alembic_version.version_num;

-- Running upgrade b3, ae1027a6acf -> c4

DELETE FROM alembic_version WHERE alembic_version.version_num = 'b3';

UPDATE alembic_version SET version_num='c4' WHERE alembic_version.version_num = 'ae1027a6acf';

COMMIT;

