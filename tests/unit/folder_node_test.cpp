#include "folders.hpp"

namespace turnstone::core {
namespace {

constexpr const char *marked = "-- Up Migration\nCREATE TABLE t(id int);\n-- Down Migration\nDROP TABLE t;\n";

TEST(NodePgMigrateFolder, IsToldByItsMarkers) {
    const Folder folder = read_folder({{"1700000000000_create-t.sql", marked},
                                       {"1700000000001_more.sql", "SELECT 1;\n"},
                                       {"1700000000002_program.js", ""}},
                                      std::nullopt);
    EXPECT_EQ(folder.format, Format::node_pg_migrate);
    EXPECT_EQ(versions_of(folder), (Texts{"1700000000000", "1700000000001"}));
    EXPECT_EQ(
        folder.notes,
        (Texts{"1700000000002_program.js: is a program in JavaScript, which only node-pg-migrate can run"}));
    const Script script = script_of(folder, 0);
    EXPECT_EQ(without_blanks(script.up.text), ";\nCREATE TABLE t(id int);\n");
    EXPECT_EQ(without_blanks(script.down.text), ";\nDROP TABLE t;\n");
    EXPECT_EQ(line_of(script.down.text, "DROP"), 4);
    EXPECT_FALSE(script_of(folder, 1).down.present); // no marker: all is Up
}

TEST(NodePgMigrateFolder, PairsOfFiles) {
    const Folder folder = read_folder(
        {{"1_a.up.sql", "CREATE TABLE t();"}, {"1_a.down.sql", "DROP TABLE t;"}}, Format::node_pg_migrate);
    EXPECT_EQ(names_of(folder), (Texts{"1_a.up.sql"}));
    EXPECT_EQ(script_of(folder, 0).down.text, "DROP TABLE t;");
}

TEST(NodePgMigrateFolder, GoesByTheTimesThatNamesStandFor) {
    // 17 digits are a date in UTC, 13 a number of milliseconds: 2024 and then 2023.
    expect_refusal(
        {{"1704067200000_a.sql", ""}, {"20230101000000000_b.sql", ""}}, Format::node_pg_migrate,
        ErrorCode::invalid_script,
        "node-pg-migrate runs \"20230101000000000_b.sql\" before \"1704067200000_a.sql\", and its version is "
        "the newer one",
        "turnstone goes by the versions, number by number.");
    expect_refusal({{"first.sql", ""}}, Format::node_pg_migrate, ErrorCode::invalid_name,
                   "\"first.sql\" is no name of a migration script",
                   "node-pg-migrate wants a number up to the first underscore.");
}

TEST(NodePgMigrateScript, Markers) {
    const auto read = [](std::string_view text) {
        return read_migration(Format::node_pg_migrate, text, {}, {});
    };
    EXPECT_EQ(without_blanks(read("  --- UP migration of t\na;\n--down\tMigration\nb;\n").down.text),
              ";\nb;\n");
    EXPECT_EQ(read("select '\n-- Down Migration\n';\n").down.present, false);
    EXPECT_THROW(read("-- Down Migration\nb;\n"), Error);
    EXPECT_THROW(read("a;\n-- Up Migration\nb;\n"), Error);
    EXPECT_THROW(read("-- Up Migration\na;\n-- Up Migration\nb;\n"), Error);
}

TEST(PostgratorFolder, IsToldByItsNames) {
    const Folder folder = read_folder({{"001.do.create-t.sql", "CREATE TABLE t();"},
                                       {"001.undo.create-t.sql", "DROP TABLE t;"},
                                       {"002.do.sql", "SELECT 1;"},
                                       {"notes.sql", ""}},
                                      std::nullopt);
    EXPECT_EQ(folder.format, Format::postgrator);
    EXPECT_EQ(versions_of(folder), (Texts{"001", "002"}));
    EXPECT_EQ(script_of(folder, 0).down.text, "DROP TABLE t;");
    EXPECT_EQ(folder.notes,
              (Texts{"notes.sql: is not named like 001.do.words.sql, so postgrator does not see it"}));
}

TEST(KnexFolder, KnowsAMigrationByItsProgram) {
    const Folder folder = read_folder({{"20240101000000_a.js", ""},
                                       {"20240101000000_a.up.sql", "CREATE TABLE t();"},
                                       {"20240101000000_a.down.sql", "DROP TABLE t;"},
                                       {"20240102000000_b.js", ""}},
                                      Format::knex);
    EXPECT_EQ(names_of(folder), (Texts{"20240101000000_a.up.sql"}));
    EXPECT_EQ(folder.migrations[0].foreign_id, "20240101000000_a.js");
    EXPECT_EQ(folder.notes,
              (Texts{"20240102000000_b.js: is a program in JavaScript, which only knex can run"}));
}

TEST(KnexFolder, ANameMayEndAsADirectionDoes) {
    const Folder folder = read_folder(
        {{"20240101000000_set_up.js", ""}, {"20240101000000_set_up.sql", "CREATE TABLE t();"}}, Format::knex);
    EXPECT_EQ(folder.migrations[0].foreign_id, "20240101000000_set_up.js");
}

} // namespace
} // namespace turnstone::core
