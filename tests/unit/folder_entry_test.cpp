// How one migration of a folder travels.
#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/folder_entry.hpp"

namespace turnstone::core {
namespace {

TEST(FolderEntry, ComesBackAsItWas) {
    FolderMigration migration;
    migration.kind = MigrationKind::baseline;
    migration.version = Version::parse("1.10");
    migration.name = "B1.10__\"quoted\" ä.sql";
    migration.description = "quoted";
    migration.up_transactional = false;
    const FolderMigration back = read_entry(entry_document(migration), "up", "down");
    EXPECT_EQ(back.kind, MigrationKind::baseline);
    EXPECT_EQ(back.version->text(), "1.10");
    EXPECT_EQ(back.name, migration.name);
    EXPECT_EQ(back.description, "quoted");
    EXPECT_FALSE(back.up_transactional);
    EXPECT_TRUE(back.down_transactional);
    EXPECT_EQ(back.up_bytes, "up");
    EXPECT_EQ(back.down_bytes, "down");
}

TEST(FolderEntry, WhatStandsBesideTheScriptTravels) {
    FolderMigration migration;
    migration.version = Version::parse("3");
    migration.name = "users";
    migration.foreign_id = "7365f9e5";
    migration.beside.requirements = {"app \"quoted\"", "other"};
    migration.beside.conflicts = {"old"};
    migration.beside.tags = {"v1", "v2"};
    const FolderMigration back = read_entry(entry_document(migration), "up", "");
    EXPECT_EQ(back.foreign_id, migration.foreign_id);
    EXPECT_EQ(back.beside, migration.beside);
    EXPECT_THROW(read_entry(R"({"name":"1_a.sql","version":"1","tags":"v1"})", "up", ""), Error);
    EXPECT_THROW(read_entry(R"({"name":"1_a.sql","version":"1","tags":[1]})", "up", ""), Error);
}

TEST(FolderEntry, EveryFolderTravelsWithoutLoss) {
    const Folder folder = read_folder(
        {{"1_a.up.sql", "select 1"}, {"1_a.down.sql", "select 2"}, {"2_b.up.sql", "select 3"}}, {});
    for (const FolderMigration &migration : folder.migrations) {
        const FolderMigration back =
            read_entry(entry_document(migration), migration.up_bytes, migration.down_bytes);
        EXPECT_EQ(entry_document(back), entry_document(migration));
        EXPECT_EQ(registered_version(back), registered_version(migration));
        EXPECT_EQ(registered_checksum(back), registered_checksum(migration));
    }
}

TEST(FolderEntry, SeedsAndHooksTravelToo) {
    const Folder folder = read_folder({{"1_a.sql", "select 1"},
                                       {"R__v.sql", "select 1"},
                                       {"S__s.sql", "select 1"},
                                       {"before_run.sql", "select 1"}},
                                      {});
    ASSERT_EQ(folder.migrations.size(), 4U);
    for (const FolderMigration &migration : folder.migrations) {
        const FolderMigration back = read_entry(entry_document(migration), migration.up_bytes, "");
        EXPECT_EQ(back.kind, migration.kind);
        EXPECT_EQ(registered_version(back), registered_version(migration)) << migration.name;
    }
}

TEST(FolderEntry, VersionsAsTheyAreRegistered) {
    FolderMigration migration;
    migration.name = "R__views.sql";
    migration.kind = MigrationKind::repeatable;
    EXPECT_EQ(registered_version(migration).text(), "R__views");
    migration.kind = MigrationKind::baseline;
    migration.version = Version::parse("2.0");
    EXPECT_EQ(registered_version(migration).text(), "B2");
}

TEST(FolderEntry, ChecksumsAsShaToolsHaveThem) {
    FolderMigration migration;
    migration.up_bytes = "abc";
    EXPECT_EQ(registered_checksum(migration),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    migration.up_bytes = "a";
    migration.down_bytes = "b"; // printf 'a\0b' | sha256sum
    EXPECT_EQ(registered_checksum(migration),
              "59b271ae1bbcb1d31d41929817f4b16fb439eb4f31520b5ad1d5ce98920a7138");
}

TEST(FolderEntry, WhatIsNoEntryIsRefused) {
    for (const char *document :
         {"", "[]", "{}", R"({"name": 1})", R"({"name": "a"})", R"({"name": "a", "version": "x"})",
          R"({"name": "a", "version": "1", "kind": "other"})",
          R"({"name": "a", "version": "1", "verify": "select 1"})",
          R"({"name": "a", "version": "1", "up_transactional": "no"})"})
        EXPECT_THROW((void)read_entry(document, "", ""), Error) << document;
}

} // namespace
} // namespace turnstone::core
