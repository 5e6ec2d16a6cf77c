#include "folders.hpp"
#include "turnstone/core/format_readers.hpp"

namespace turnstone::core {
namespace {

constexpr const char *head = "-- liquibase formatted sql\n";

Folder one_file(const std::string &text) {
    return read_folder({{"001_init.sql", head + text}}, Format::liquibase);
}

TEST(LiquibaseText, AnEmptyWordAtTheEndOfAChangesetsLineIsNoAttribute) {
    const auto changeset = liquibase_changeset("--changeset a:b \"\"", 1);
    ASSERT_TRUE(changeset);
    EXPECT_EQ(changeset->id, "b");
}

TEST(LiquibaseText, KeepsItsSizeWhateverIsIgnored) {
    for (const std::string text :
         {"", "x", "x\n", "x\n--ignoreLines:1\ny", "--ignoreLines:start\ny\n--ignoreLines:end"})
        EXPECT_EQ(liquibase_without_ignored_lines(text).size(), text.size()) << text;
    EXPECT_EQ(liquibase_without_ignored_lines("SELECT 1"), "SELECT 1");
}

TEST(LiquibaseFolder, EachChangesetIsAMigration) {
    const std::string text = "-- liquibase formatted sql\n"
                             "-- property name:table value:pets\n"
                             "\n"
                             "--changeset ann:create-pets runInTransaction:false\n"
                             "--comment: The pets.\n"
                             "CREATE TABLE ${table} (id int);\n"
                             "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$\n"
                             "--rollback nothing\n"
                             "SELECT '${unknown}'$$;\n"
                             "--rollback DROP FUNCTION f();\n"
                             "--rollback DROP TABLE ${table};\n"
                             "-- changeset \"Bo B\":2\n"
                             "ALTER TABLE pets ADD age int;\n";
    const Folder folder =
        read_folder({{"db/001_init.sql", text}, {"db/master.xml", ""}, {"db/x.sql", ""}}, std::nullopt);
    EXPECT_EQ(folder.format, Format::liquibase);
    EXPECT_EQ(names_of(folder), (Texts{"db/001_init.sql::create-pets::ann", "db/001_init.sql::2::Bo B"}));
    EXPECT_EQ(versions_of(folder), (Texts{"001.1", "001.2"}));
    EXPECT_EQ(folder.migrations[0].description, "The pets.");
    EXPECT_EQ(folder.notes,
              (Texts{"db/master.xml: is not read: changesets are read from formatted SQL, files by the "
                     "order of their paths",
                     "db/x.sql: does not begin with \"-- liquibase formatted sql\""}));
    const Script first = script_of(folder, 0);
    EXPECT_FALSE(first.up.transactional);
    EXPECT_EQ(line_of(first.up.text, "CREATE TABLE pets (id int);"), 6);
    EXPECT_NE(first.up.text.find("--rollback nothing\nSELECT '${unknown}'$$;"), std::string::npos);
    EXPECT_EQ(first.up.text.find("ALTER"), std::string::npos);
    EXPECT_EQ(without_blanks(first.down.text), "DROP FUNCTION f();\nDROP TABLE pets;\n");
    EXPECT_EQ(line_of(first.down.text, "DROP TABLE"), 11);
    const Script second = script_of(folder, 1);
    EXPECT_FALSE(second.down.present);
    EXPECT_EQ(line_of(second.up.text, "ALTER"), 13);
    EXPECT_EQ(script_of(folder, 0, {{"table", "cats"}}).up.text.find("pets ("),
              std::string::npos); // the given one
}

TEST(LiquibaseFolder, WhatComesBehindChangesNothingBefore) {
    const std::string text = "--changeset a:1\nSELECT 1;\n";
    EXPECT_EQ(one_file(text).migrations[0].up_bytes,
              one_file(text + "--changeset a:2\nSELECT 2;\n").migrations[0].up_bytes);
}

TEST(LiquibaseFolder, FilesWithoutRisingNumbersAreCounted) {
    const std::string text = std::string(head) + "--changeset a:1\nSELECT 1;\n";
    EXPECT_EQ(versions_of(read_folder({{"b.sql", text}, {"a.sql", text}}, Format::liquibase)),
              (Texts{"1.1", "2.1"}));
    EXPECT_EQ(versions_of(read_folder({{"7_b.sql", text}, {"9_a.sql", text}}, Format::liquibase)),
              (Texts{"7.1", "9.1"}));
}

TEST(LiquibaseFolder, OtherDatabasesAndIgnoredOnesKeepTheirNumbers) {
    const Folder folder =
        one_file("--changeset a:1 dbms:oracle\nSELECT 1 FROM dual;\n--changeset a:2 ignore:true\nx;\n"
                 "--changeset a:3 dbms:postgresql,h2\nSELECT 3;\n--changeset a:4 dbms:!oracle\nSELECT 4;\n");
    EXPECT_EQ(versions_of(folder), (Texts{"001.3", "001.4"}));
    EXPECT_EQ(folder.remarks,
              (Texts{"\"001_init.sql\", line 2: the changeset is passed over: it is for oracle",
                     "\"001_init.sql\", line 4: the changeset is passed over: it is to be ignored"}));
}

TEST(LiquibaseFolder, AttributesThatChangeWhenItRuns) {
    const Folder folder =
        one_file("--changeset a:v runOnChange:true\nCREATE OR REPLACE VIEW v AS SELECT 1;\n"
                 "--changeset a:2 context:\"dev, test\" labels:x failOnError:false\nSELECT 2;\n");
    EXPECT_EQ(versions_of(folder), (Texts{"001.2", "-"}));
    EXPECT_EQ(folder.migrations[1].kind, MigrationKind::repeatable);
    EXPECT_EQ(script_of(folder, 0).options.environments, (Texts{"dev", "test"}));
    EXPECT_EQ(folder.remarks,
              (Texts{"\"001_init.sql\", line 2: what runs on change runs behind all other changesets",
                     "\"001_init.sql\", line 4: it runs where turnstone.environment is one of dev, test; for "
                     "Liquibase "
                     "also where none is set",
                     "\"001_init.sql\", line 4: the labels x are not looked at",
                     "\"001_init.sql\", line 4: an error ends the run all the same"}));
}

TEST(LiquibaseFolder, WhatCannotBeDoneIsRefused) {
    const auto refusal = [](const std::string &text, ErrorCode code, std::string_view message) {
        expect_refusal({{"001_init.sql", head + text}}, Format::liquibase, code, message);
    };
    refusal("--changeset a:1 runAlways:true\nSELECT 1;\n", ErrorCode::unsupported,
            "\"001_init.sql\", line 2: the changeset is to run always");
    refusal("--changeset a:1\n--preconditions onFail:MARK_RAN\n--precondition-sql-check expectedResult:0 "
            "SELECT 1\nSELECT 1;\n",
            ErrorCode::unsupported,
            "\"001_init.sql\", line 4: whether the changeset is run depends on a precondition");
    refusal("--changeset a:1\nSELECT 1;\n--rollback changesetId:0 changesetAuthor:a\n",
            ErrorCode::unsupported, "\"001_init.sql\", line 4: the rollback is that of another changeset");
    refusal("--changeset a:1 context:\"dev and !test\"\nSELECT 1;\n", ErrorCode::unsupported,
            "\"001_init.sql\", line 2: context \"dev and !test\" is more than a list");
    refusal("SELECT 1;\n--changeset a:1\n", ErrorCode::invalid_script,
            "\"001_init.sql\", line 2: SQL stands before the first changeset");
    refusal("--changeset a:1\nSELECT 1;\n--changeset a:1\nSELECT 2;\n", ErrorCode::duplicate,
            "two migrations are named \"001_init.sql::1::a\"");
    refusal("--changeset :1\nSELECT 1;\n", ErrorCode::invalid_script,
            "\"001_init.sql\", line 2: the changeset has no author and id");
    refusal("--changeset a\nSELECT 1;\n", ErrorCode::invalid_script,
            "\"001_init.sql\", line 2: the changeset has no author and id");
    refusal("--changeset a:1\n--ignoreLines:some\n", ErrorCode::invalid_script,
            "\"001_init.sql\", line 3: \"some\" is no number of lines");
}

TEST(LiquibaseFolder, PreconditionsThatOnlyGuardAreRemarkedOn) {
    const Folder folder = one_file("--changeset a:1\n--preconditions onFail:HALT\n--precondition-sql-check "
                                   "expectedResult:0 SELECT 1\nSELECT 2;\n");
    EXPECT_EQ(folder.remarks, (Texts{"\"001_init.sql\", line 4: the precondition is not checked"}));
}

TEST(LiquibaseScript, IgnoredLinesAndRollbackBlocks) {
    const Folder folder =
        one_file("--changeset a:1\n--ignoreLines:start\nit's no SQL\n--ignoreLines:end\nSELECT 1;\n"
                 "--ignoreLines:1\n--changeset a:no\n/* liquibase rollback\nDROP TABLE t;\n*/\n"
                 "--changeset a:2\nSELECT 2;\n-- rollback not required\n"
                 "--changeset a:3\nSELECT 3;\n/* liquibase rollback SELECT 4; */\n");
    ASSERT_EQ(versions_of(folder), (Texts{"001.1", "001.2", "001.3"}));
    EXPECT_EQ(without_blanks(script_of(folder, 0).up.text), "SELECT 1;\n");
    EXPECT_EQ(without_blanks(script_of(folder, 0).down.text), "DROP TABLE t;\n");
    EXPECT_TRUE(script_of(folder, 1).down.present);
    EXPECT_EQ(without_blanks(script_of(folder, 1).down.text), "");
    EXPECT_EQ(without_blanks(script_of(folder, 2).down.text), "SELECT 4;\n");
}

TEST(LiquibaseScript, DelimitersOfItsOwn) {
    const auto up = [](const std::string &attributes, const std::string &text) {
        return without_blanks(script_of(one_file("--changeset a:1 " + attributes + "\n" + text), 0).up.text);
    };
    EXPECT_EQ(up("", "SELECT 1\n/\nSELECT 4 /\n2\nGO\n"), "SELECT 1\n;\nSELECT 4 /\n2\n;\n");
    EXPECT_EQ(up("endDelimiter://", "SELECT 1 //\nSELECT 2\n//\n"), "SELECT 1 ;\nSELECT 2\n;\n");
    EXPECT_EQ(up("endDelimiter:\\nGO", "SELECT 1\ngo\n"), "SELECT 1\n;\n");
    EXPECT_EQ(up("endDelimiter:\\n\\s*/\\s*\\n|\\n\\s*/\\s*$", "SELECT 4 /\n2\n/\n"), "SELECT 4 /\n2\n;\n");
    EXPECT_EQ(up("splitStatements:false", "SELECT 4\n/\n2;\n"), "SELECT 4\n/\n2;\n");
}

} // namespace
} // namespace turnstone::core
