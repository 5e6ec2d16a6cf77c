#include "folders.hpp"

namespace turnstone::core {
namespace {

// Written by Alembic 1.8.1, "alembic upgrade base:head --sql" and "alembic downgrade head:base --sql".
constexpr const char *upgrade = R"(BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 1975ea83b712

CREATE TABLE account (
    id SERIAL NOT NULL, 
    PRIMARY KEY (id)
);

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

)";
constexpr const char *downgrade = R"(BEGIN;

-- Running downgrade b3 -> 1975ea83b712

COMMENT ON TABLE account IS NULL;

DELETE FROM alembic_version WHERE alembic_version.version_num = 'b3';

-- Running downgrade 1975ea83b712 -> 

DROP TABLE account;

DELETE FROM alembic_version WHERE alembic_version.version_num = '1975ea83b712';

DROP TABLE alembic_version;

COMMIT;
)";

TEST(AlembicFolder, EachStepIsAMigration) {
    const Folder folder =
        read_folder({{"upgrade.sql", upgrade}, {"downgrade.sql", downgrade}, {"env.py", ""}}, std::nullopt);
    EXPECT_EQ(folder.format, Format::alembic);
    EXPECT_EQ(names_of(folder), (Texts{"1975ea83b712", "ae1027a6acf", "b3", "c4"}));
    EXPECT_EQ(versions_of(folder), (Texts{"1", "2", "3", "4"}));
    EXPECT_EQ(folder.notes, (Texts{"env.py: is a program in Python, which only Alembic can run"}));
    EXPECT_EQ(folder.remarks, (Texts{"\"downgrade.sql\", line 7: this and the other statements on "
                                     "alembic_version are left out: turnstone "
                                     "keeps its own journal",
                                     "\"upgrade.sql\", line 3: this and the other statements on "
                                     "alembic_version are left out: turnstone "
                                     "keeps its own journal"}));
    const Script first = script_of(folder, 0);
    EXPECT_EQ(without_blanks(first.up.text), "-- Running upgrade  -> 1975ea83b712\nCREATE TABLE account "
                                             "(\nid SERIAL NOT NULL,\nPRIMARY KEY (id)\n);\n");
    EXPECT_EQ(line_of(first.up.text, "CREATE TABLE account"), 10);
    EXPECT_EQ(without_blanks(first.down.text), "-- Running downgrade 1975ea83b712 ->\nDROP TABLE account;\n");
    EXPECT_EQ(line_of(first.down.text, "DROP"), 3); // lines of the step
    EXPECT_TRUE(first.up.transactional);
    EXPECT_FALSE(script_of(folder, 1).up.transactional); // of an autocommit_block()
    EXPECT_TRUE(script_of(folder, 2).up.transactional);
    EXPECT_FALSE(script_of(folder, 1).down.present);
    EXPECT_EQ(without_blanks(script_of(folder, 3).up.text), "-- Running upgrade b3, ae1027a6acf -> c4\n");
}

TEST(AlembicFolder, WithATransactionForEachStep) {
    const Folder folder =
        read_folder({{"up.sql", "BEGIN;\n\n-- Running upgrade  -> a\n\nSELECT 1;\n\nCOMMIT;\n\nBEGIN;\n\n-- "
                                "Running upgrade a -> b\n\nSELECT 2;\n\nCOMMIT;\n"}},
                    std::nullopt);
    EXPECT_TRUE(script_of(folder, 0).up.transactional);
    EXPECT_EQ(without_blanks(script_of(folder, 1).up.text), "-- Running upgrade a -> b\nSELECT 2;\n");
}

TEST(AlembicFolder, WhatComesBehindChangesNothingBefore) {
    const std::string one = "BEGIN;\n\n-- Running upgrade  -> a\n\nSELECT 1;\n\n";
    const std::string back = "-- Running downgrade a -> \n\nSELECT 2;\n\nCOMMIT;\n";
    const auto first = [](const std::string &up, const std::string &down) {
        return read_folder({{"up.sql", up}, {"down.sql", down}}, Format::alembic).migrations.front();
    };
    const FolderMigration before = first(one + "COMMIT;\n", "BEGIN;\n\n" + back);
    const FolderMigration after =
        first(one + "-- Running upgrade a -> b\n\nSELECT 3;\n\nCOMMIT;\n",
              "BEGIN;\n\n-- Running downgrade b -> a\n\nSELECT 4;\n\nCOMMIT;\n\nBEGIN;\n\n" + back);
    EXPECT_EQ(before.up_bytes, after.up_bytes);
    EXPECT_EQ(before.down_bytes, after.down_bytes);
}

TEST(AlembicFolder, OutputsThatDoNotBeginAtTheBaseAreRefused) {
    expect_refusal({{"up.sql", "-- Running upgrade a -> b\n\nSELECT 1;\n"}}, std::nullopt,
                   ErrorCode::invalid_script,
                   "\"up.sql\", line 1: it follows revision a, and no step before leads there");
    expect_refusal({{"up.sql", "-- Running upgrade  -> b\n-- Running upgrade  -> b\n"}}, std::nullopt,
                   ErrorCode::invalid_script,
                   "\"up.sql\", line 2: revision b stands here for the second time");
    expect_refusal({{"up.sql", "SELECT 1;\n"}}, Format::alembic, ErrorCode::invalid_script,
                   "\"up.sql\" holds no step of Alembic");
}

} // namespace
} // namespace turnstone::core
