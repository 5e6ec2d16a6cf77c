#include "turnstone/core/folder.hpp"

#include "folders.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {
namespace {

constexpr const char *goose_script = "-- +goose Up\nselect 1;\n";
constexpr const char *dbmate_script = "-- migrate:up\nselect 1;\n-- migrate:down\n";

// Names in the folder's order.
std::vector<std::string> names(const Folder &folder) {
    std::vector<std::string> all;
    for (const FolderMigration &migration : folder.migrations)
        all.push_back(migration.name);
    return all;
}

std::vector<std::string> versions(const Folder &folder) {
    std::vector<std::string> all;
    for (const FolderMigration &migration : folder.migrations)
        all.push_back(migration.version ? migration.version->text() : "-");
    return all;
}

using Names = std::vector<std::string>;

// Files that hold nothing: names alone decide.
std::vector<SourceFile> empty_files(std::initializer_list<const char *> paths) {
    std::vector<SourceFile> files;
    for (const char *path : paths)
        files.push_back({path, ""});
    return files;
}

Folder read(std::initializer_list<const char *> paths, Format format) {
    return read_folder(empty_files(paths), format);
}

void expect_error(std::initializer_list<const char *> paths, std::optional<Format> format, ErrorCode code,
                  std::string_view message, std::string_view detail = {}) {
    expect_refusal(empty_files(paths), format, code, message, detail);
}

TEST(Folder, ChoosesTheFormatByEvidence) {
    const auto format_of = [](const std::vector<SourceFile> &files) {
        return read_folder(files, std::nullopt).format;
    };
    EXPECT_EQ(format_of({{"1_a.sql", "select 1;"}}), Format::native);
    EXPECT_EQ(format_of({{"1_a.sql", "-- +migrate Up\n"}, {"2_b.sql", "a;"}}), Format::native);
    EXPECT_EQ(format_of({{"1_a.sql", goose_script}, {"2_b.sql", "a;"}}), Format::goose);
    EXPECT_EQ(format_of({{"1_a.sql", "\xef\xbb\xbf-- migrate:up\n-- migrate:down\n"}}), Format::dbmate);
    EXPECT_EQ(format_of({{"1_a.up.sql", ""}, {"1_a.down.sql", ""}}), Format::golang_migrate);
    EXPECT_EQ(format_of({{"1_a.up.sql", "-- no-transaction\n"}, {"2_b.sql", ""}}), Format::sqlx);
    EXPECT_EQ(format_of({{"1_a.sql", "-- no-transaction\n"}}), Format::sqlx);
    EXPECT_EQ(format_of({{"deep/er/V1__a.sql", "select 1;"}}), Format::flyway);
    EXPECT_EQ(format_of({{"2024-01-01-000000_a/up.sql", "a;"}}), Format::diesel);
    EXPECT_EQ(format_of({{"20240101000000_a/migration.sql", "a;"}, {"20240101000000_a/snapshot.json", "{}"}}),
              Format::drizzle);
    EXPECT_EQ(format_of({{"0000_a.sql", "a;"}, {"meta/_journal.json", R"({"entries":[]})"}}),
              Format::drizzle);
}

TEST(Folder, QuotedAnnotationsAreNoEvidence) {
    const Folder folder =
        read_folder({{"1_a.sql", goose_script}, {"2_b.sql", "-- +goose Up\nselect '\n-- migrate:up\n';\n"}},
                    std::nullopt);
    EXPECT_EQ(folder.format, Format::goose);
}

TEST(Folder, NamesTheCandidatesWhereItIsNotClear) {
    expect_refusal({{"1_a.sql", goose_script}, {"2_b.sql", dbmate_script}, {"3_c.sql", dbmate_script}},
                   std::nullopt, ErrorCode::invalid_script,
                   "the format of the folder is not clear: it may be goose or dbmate",
                   "goose: \"-- +goose\" in \"1_a.sql\". dbmate: \"-- migrate:\" in \"2_b.sql\" and 1 more.");
    expect_error({"1_a.up.sql", "2_b.sql"}, std::nullopt, ErrorCode::invalid_script,
                 "the format of the folder is not clear: it may be golang-migrate or sqlx",
                 "golang-migrate: pairs of up and down files in \"1_a.up.sql\". sqlx: scripts without a "
                 "direction beside pairs in \"2_b.sql\".");
    expect_error({"readme.md", "x.sql"}, std::nullopt, ErrorCode::invalid_script,
                 "the folder holds no migration of any known format");
    expect_error(std::initializer_list<const char *>{}, std::nullopt, ErrorCode::invalid_script,
                 "the folder holds no migration of any known format");
}

TEST(Folder, HiddenFilesAndControlCharacters) {
    const Folder folder = read({"1_a.sql", ".gitkeep", "._1_a.sql", ".git/1_x.sql"}, Format::native);
    EXPECT_EQ(names(folder), Names{"1_a.sql"});
    EXPECT_TRUE(folder.notes.empty());
    expect_error({"1_a\n.sql"}, Format::native, ErrorCode::invalid_name,
                 "\"1_a?.sql\" is no name of a migration script", "It holds a control character.");
}

TEST(NativeFolder, OrdersByNumberAndNotesTheRest) {
    const Folder folder =
        read({"10_b.sql", "9_create_users.sql", "1.2_x.sql", "README.md", "old/1_a.sql"}, Format::native);
    EXPECT_EQ(names(folder), (Names{"1.2_x.sql", "9_create_users.sql", "10_b.sql"}));
    EXPECT_EQ(folder.migrations[1].description, "create users");
    EXPECT_EQ(folder.notes,
              (Names{"old/1_a.sql: lies in a folder of its own", "README.md: is no SQL script"}));
    expect_error({"1_a.sql", "01_b.sql"}, Format::native, ErrorCode::duplicate,
                 "version 01 has two scripts: \"01_b.sql\" and \"1_a.sql\"");
    expect_error({"users.sql"}, Format::native, ErrorCode::invalid_name,
                 "\"users.sql\" is no name of a migration script",
                 "It does not begin with a version, which is digits, in parts divided by dots.");
}

TEST(NativeFolder, SeedsHooksAndRepeatableOnes) {
    const Folder folder = read_folder({{"before_run.sql", "select 1;"},
                                       {"S__users.sql", "select 1;"},
                                       {"2_b.sql", "-- +migrate Up\nselect 1;\n"},
                                       {"R__views.sql", "select 1;"},
                                       {"S__010_a.sql", "select 1;"}},
                                      std::nullopt);
    EXPECT_EQ(folder.format, Format::native);
    EXPECT_EQ(names(folder),
              (Names{"2_b.sql", "R__views.sql", "S__010_a.sql", "S__users.sql", "before_run.sql"}));
    EXPECT_EQ(folder.migrations[1].kind, MigrationKind::repeatable);
    EXPECT_EQ(folder.migrations[2].kind, MigrationKind::seed);
    EXPECT_EQ(folder.migrations[4].kind, MigrationKind::hook);
    EXPECT_EQ(read_folder(empty_files({"S__users.sql"}), std::nullopt).format, Format::native);
    EXPECT_EQ(read_folder(empty_files({"1_a.sql", "R__b.sql"}), std::nullopt).format, Format::native);
    EXPECT_EQ(read_folder(empty_files({"R__b.sql"}), std::nullopt).format, Format::flyway);
    EXPECT_THROW(read_folder(empty_files({"before_run.sql", "before_run.SQL"}), Format::native), Error);
}

TEST(GooseFolder, NumbersAndPrograms) {
    const Folder folder =
        read({"00010_b.sql", "9_add_index.sql", "11_seed.go", "11_seed_test.go", "notes.txt"}, Format::goose);
    EXPECT_EQ(names(folder), (Names{"9_add_index.sql", "00010_b.sql"}));
    EXPECT_EQ(folder.migrations[0].description, "add index");
    EXPECT_EQ(folder.notes.size(), 3U);
    EXPECT_EQ(folder.notes[0], "11_seed.go: is a program in Go, which only goose can run");
    for (const char *name : {"x_a.sql", "1.sql", "1a_b.sql", "_x.sql", "1.5_x.sql"})
        expect_error({name}, Format::goose, ErrorCode::invalid_name,
                     std::string("\"") + name + "\" is no name of a migration script",
                     "goose wants a number up to the first underscore.");
    expect_error({"000_a.sql"}, Format::goose, ErrorCode::invalid_name,
                 "\"000_a.sql\" is no name of a migration script", "goose's versions begin with 1.");
    expect_error({"1_a.sql", "001_b.sql"}, Format::goose, ErrorCode::duplicate,
                 "version 001 has two scripts: \"001_b.sql\" and \"1_a.sql\"");
}

TEST(DbmateFolder, OrderIsThatOfFileNames) {
    const Folder folder = read({"9_b.sql", "10_a.sql", "20240101.sql", "seed.sql", "x.txt"}, Format::dbmate);
    EXPECT_EQ(names(folder), (Names{"10_a.sql", "20240101.sql", "9_b.sql"}));
    EXPECT_EQ(versions(folder), (Names{"10", "20240101", "9"}));
    EXPECT_EQ(folder.notes[0], "seed.sql: begins with no version, so dbmate does not see it");
    expect_error({"1_a.sql", "1_b.sql"}, Format::dbmate, ErrorCode::duplicate,
                 "version 1 has two scripts: \"1_a.sql\" and \"1_b.sql\"");
}

TEST(GolangMigrateFolder, PairsByNumber) {
    const Folder folder = read_folder({{"10_add_b.up.sql", "b;"},
                                       {"10_add_b.down.sql", "-b;"},
                                       {"9_only_up.up.sql", "a;"},
                                       {"011_other.down.sql", "-c;"},
                                       {"12_x.up.psql", "d;"},
                                       {"12_y.down.sql", ""},
                                       {"13_x.sql", ""}},
                                      Format::golang_migrate);
    EXPECT_EQ(names(folder),
              (Names{"9_only_up.up.sql", "10_add_b.up.sql", "011_other.down.sql", "12_x.up.psql"}));
    const FolderMigration &pair = folder.migrations[1];
    EXPECT_EQ(pair.description, "add b");
    EXPECT_EQ(pair.up_bytes + pair.down_bytes, "b;-b;");
    EXPECT_EQ(pair.down_path, "10_add_b.down.sql");
    EXPECT_TRUE(folder.migrations[2].up_path.empty());
    EXPECT_EQ(folder.notes,
              (Names{"13_x.sql: is not named like 1_name.up.sql, so golang-migrate does not see it",
                     "011_other.down.sql: has no up file; its Up does nothing",
                     "12_y.down.sql: is empty, so there is no Down"}));
    expect_error({"1_a.up.sql", "01_b.up.sql"}, Format::golang_migrate, ErrorCode::duplicate,
                 "version 1 has two scripts: \"01_b.up.sql\" and \"1_a.up.sql\"");
}

TEST(SqlxFolder, SinglesAndPairs) {
    const Folder folder =
        read({"10_b.up.sql", "10_b.down.sql", "9_a_b.sql", "notes.md", "11_c.down.sql"}, Format::sqlx);
    EXPECT_EQ(names(folder), (Names{"9_a_b.sql", "10_b.up.sql"}));
    EXPECT_EQ(folder.migrations[0].description, "a b");
    EXPECT_EQ(folder.migrations[1].description, "b");
    EXPECT_EQ(folder.migrations[1].down_path, "10_b.down.sql");
    EXPECT_EQ(folder.notes.size(), 3U);
    for (const char *name : {"0_a.sql", "x_a.sql", "1.2_a.sql"})
        expect_error({name}, Format::sqlx, ErrorCode::invalid_name,
                     std::string("\"") + name + "\" is no name of a migration script",
                     "sqlx wants a number above 0 up to the first underscore.");
}

TEST(FlywayFolder, KindsAndOrder) {
    const Folder folder =
        read({"V10__ten.sql", "V1_2__one_two.sql", "a/V1.10__x__y.SQL", "b/U1.2__undo.sql", "B10__all.sql",
              "R__b_view.sql", "R__a_view.sql", "V009.sql", "beforeMigrate.sql", "afterEachMigrate__x.sql",
              "helper.sql", "notes.md", "U7__alone.sql"},
             Format::flyway);
    EXPECT_EQ(names(folder), (Names{"V1_2__one_two.sql", "V1.10__x__y.SQL", "V009.sql", "B10__all.sql",
                                    "V10__ten.sql", "R__a_view.sql", "R__b_view.sql"}));
    EXPECT_EQ(versions(folder), (Names{"1.2", "1.10", "009", "10", "10", "-", "-"}));
    EXPECT_EQ(folder.migrations[0].description, "one two");
    EXPECT_EQ(folder.migrations[0].down_path, "b/U1.2__undo.sql");
    EXPECT_EQ(folder.migrations[1].description, "x  y");
    EXPECT_EQ(folder.migrations[3].kind, MigrationKind::baseline);
    EXPECT_EQ(folder.migrations[5].kind, MigrationKind::repeatable);
    EXPECT_EQ(folder.notes, (Names{"afterEachMigrate__x.sql: is a callback of Flyway, which is not run",
                                   "beforeMigrate.sql: is a callback of Flyway, which is not run",
                                   "helper.sql: is not named like a migration of Flyway",
                                   "notes.md: is no SQL script", "U7__alone.sql: there is no V7 to undo",
                                   "b/U1.2__undo.sql: is empty, so there is no Down"}));
}

TEST(FlywayFolder, RefusesMisspeltAndDoubledNames) {
    const auto refuses = [](const char *name, const char *detail) {
        expect_error({name}, Format::flyway, ErrorCode::invalid_name,
                     std::string("\"") + name + "\" is no name of a migration script", detail);
    };
    refuses("V1_add_users.sql", "\"1_add_users\" is no version.");
    refuses("a/V1.__x.sql", "\"1.\" is no version.");
    refuses("V__x.sql", "\"\" is no version.");
    refuses("v1__x.sql", "Flyway's prefixes are capital letters.");
    refuses("r__x.sql", "Flyway's prefixes are capital letters.");
    expect_error({"V1__a.sql", "x/V1.0__b.sql"}, Format::flyway, ErrorCode::duplicate,
                 "version 1 has two scripts: \"V1__a.sql\" and \"x/V1.0__b.sql\"");
    expect_error({"U1__a.sql", "U01__b.sql"}, Format::flyway, ErrorCode::duplicate,
                 "version 1 has two scripts: \"U01__b.sql\" and \"U1__a.sql\"");
    expect_error({"R__a.sql", "x/R__a.sql"}, Format::flyway, ErrorCode::duplicate,
                 "two repeatable scripts are described as \"a\": \"R__a.sql\" and \"x/R__a.sql\"");
}

TEST(FlywayFolder, ConfigurationOfAScript) {
    const Folder folder =
        read_folder({{"V1__a.sql", "a;"},
                     {"V1__a.sql.conf", "# x\r\n executeInTransaction = false\r\nnew=1\r\n"},
                     {"U1__a.sql", "b;"},
                     {"V2__b.sql.conf", ""}},
                    Format::flyway);
    const FolderMigration &migration = folder.migrations.at(0);
    const Script script = read_migration(folder.format, migration, {});
    EXPECT_FALSE(script.up.transactional);
    EXPECT_TRUE(script.down.transactional);
    EXPECT_EQ(folder.notes,
              (Names{"V1__a.sql.conf: setting new is not known", "V2__b.sql.conf: has no script beside it"}));
    for (const char *line : {"encoding=latin1", "shouldExecute=false", "placeholderReplacement=false"})
        expect_refusal({{"V1__a.sql", "${x}"}, {"V1__a.sql.conf", line}}, Format::flyway,
                       ErrorCode::unsupported, std::string("\"V1__a.sql.conf\" asks for ") + line);
}

TEST(DieselFolder, OrderIsThatOfVersionsAsText) {
    const Folder folder = read_folder(
        {{"2024-01-02-000000_add_b/up.sql", "b;"},
         {"20240101000000_a/up.sql", "a;"},
         {"20240101000000_a/down.sql", "-a;"},
         {"20240101000000_a/metadata.toml", "# x\nother = 1\nrun_in_transaction = false # index\n[more]\n"},
         {"20240101000000_a/notes.md", ""},
         {"00000000000000_diesel_initial_setup/up.sql", "c;"},
         {"docs/x.md", ""},
         {"x.sql", ""}},
        std::nullopt);
    EXPECT_EQ(names(folder),
              (Names{"00000000000000_diesel_initial_setup", "20240101000000_a", "2024-01-02-000000_add_b"}));
    EXPECT_EQ(versions(folder), (Names{"00000000000000", "20240101000000", "20240102000000"}));
    EXPECT_EQ(folder.migrations[2].description, "add b");
    const Script script = read_migration(folder.format, folder.migrations[1], {});
    EXPECT_FALSE(script.up.transactional || script.down.transactional);
    EXPECT_TRUE(read_migration(folder.format, folder.migrations[2], {}).up.transactional);
    EXPECT_EQ(folder.notes.size(), 3U);
}

TEST(DieselFolder, RefusesWhatDieselCannotRun) {
    expect_error({"1_a/down.sql"}, Format::diesel, ErrorCode::invalid_script,
                 "\"1_a/down.sql\" has no up.sql beside it");
    expect_error({"a_b/up.sql"}, Format::diesel, ErrorCode::invalid_name,
                 "\"a_b/up.sql\" is no name of a migration script",
                 "The folder's name begins with no version.");
    expect_error({"2024-01_a/up.sql", "202401_b/up.sql"}, Format::diesel, ErrorCode::duplicate,
                 "version 202401 has two scripts: \"2024-01_a/up.sql\" and \"202401_b/up.sql\"");
    expect_refusal({{"1_a/up.sql", ""}, {"1_a/metadata.toml", "run_in_transaction = no"}}, Format::diesel,
                   ErrorCode::invalid_script,
                   "\"1_a/metadata.toml\": run_in_transaction is no, neither true nor false");
}

TEST(PrismaFolder, FoldersInTheOrderOfTheirNames) {
    const std::vector<SourceFile> files{{"20240202000000_add_age/migration.sql", "select 2;"},
                                        {"20240101000000_create_pets/migration.sql", "select 1;"},
                                        {"20240101000000_create_pets/down.sql", "select 3;"},
                                        {"20240303000000_empty/README.md", ""},
                                        {"migration_lock.toml", "# edit not\nprovider = \"postgresql\"\n"}};
    const Folder folder = read_folder(files, std::nullopt);
    EXPECT_EQ(folder.format, Format::prisma);
    EXPECT_EQ(names(folder), (Names{"20240101000000_create_pets", "20240202000000_add_age"}));
    EXPECT_EQ(versions(folder), (Names{"20240101000000", "20240202000000"}));
    EXPECT_EQ(folder.migrations[0].description, "create pets");
    EXPECT_EQ(folder.notes, (Names{"20240101000000_create_pets/down.sql: is not migration.sql",
                                   "20240303000000_empty/README.md: is not migration.sql"}));
    const Script script = read_migration(folder.format, folder.migrations[0], {});
    EXPECT_EQ(script.up.text, "select 1;");
    EXPECT_FALSE(script.down.present);
}

TEST(PrismaFolder, OfAnotherDatabaseOrWithoutATimeIsRefused) {
    EXPECT_THROW(read_folder({{"1_a/migration.sql", "x"}, {"migration_lock.toml", "provider = \"mysql\""}},
                             std::nullopt),
                 Error);
    EXPECT_THROW(read_folder({{"a/migration.sql", "x"}, {"migration_lock.toml", ""}}, std::nullopt), Error);
    // beside Drizzle's own files it is not clear whose folder it is
    EXPECT_THROW(
        read_folder({{"1_a/migration.sql", "x"}, {"1_a/snapshot.json", "{}"}, {"migration_lock.toml", ""}},
                    std::nullopt),
        Error);
}

} // namespace
} // namespace turnstone::core
