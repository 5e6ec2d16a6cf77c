// When the cache of a folder is believed, and when the folder is read anew.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <unistd.h>

#include "turnstone/cli/folder_glance.hpp"

namespace turnstone::cli {
namespace {

namespace fs = std::filesystem;

void write(const fs::path &path, const std::string &text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

class FolderGlanceTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "turnstone.XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        root_ = name;
        folder_ = root_ / "migrations";
        fs::create_directory(folder_);
        ASSERT_EQ(setenv("XDG_CACHE_HOME", (root_ / "cache").c_str(), 1), 0);
        write(folder_ / "1_a.sql", "-- +migrate Up\nSELECT 1;\n");
        write(folder_ / "2_b.sql", "-- +migrate Up\nSELECT 2;\n");
    }
    void TearDown() override {
        fs::remove_all(root_);
        (void)unsetenv("XDG_CACHE_HOME");
        (void)unsetenv("TURNSTONE_CACHE");
    }

    // Longer than a change may stay unseen.
    static void let_files_settle() { std::this_thread::sleep_for(std::chrono::milliseconds(2200)); }
    [[nodiscard]] bool reads() const { return glance_or_read(folder_, "auto").folder.has_value(); }

    fs::path root_;
    fs::path folder_;
};

TEST_F(FolderGlanceTest, FilesThatAreNewAreReadEveryTime) {
    EXPECT_TRUE(reads());
    EXPECT_TRUE(reads());
    EXPECT_FALSE(fs::exists(root_ / "cache"));
}

TEST_F(FolderGlanceTest, WhatChangesIsSeen) {
    let_files_settle();
    const FolderReading first = glance_or_read(folder_, "auto");
    ASSERT_TRUE(first.folder);
    const FolderReading second = glance_or_read(folder_, "auto");
    ASSERT_TRUE(second.glance);
    ASSERT_EQ(second.glance->entries.size(), 2U);
    EXPECT_EQ(second.glance->entries[1].name, "2_b.sql");
    EXPECT_EQ(second.glance->entries[1].checksum, first.folder->checksums[1]);
    EXPECT_EQ(second.glance->entries[1].foreign_id, "");

    EXPECT_TRUE(glance_or_read(folder_, "native").folder) << "the format is another one";
    ASSERT_EQ(setenv("TURNSTONE_CACHE", "off", 1), 0);
    EXPECT_TRUE(reads());
    ASSERT_EQ(unsetenv("TURNSTONE_CACHE"), 0);
    EXPECT_FALSE(reads());

    // An edit of the same length that puts the old time back.
    const auto time = fs::last_write_time(folder_ / "1_a.sql");
    write(folder_ / "1_a.sql", "-- +migrate Up\nSELECT 7;\n");
    fs::last_write_time(folder_ / "1_a.sql", time);
    EXPECT_TRUE(reads());
    EXPECT_TRUE(reads()) << "it has only just been edited";
    write(folder_ / "3_c.sql", "-- +migrate Up\nSELECT 3;\n");
    EXPECT_TRUE(reads());
    let_files_settle();
    EXPECT_TRUE(reads());
    EXPECT_FALSE(reads());
    fs::remove(folder_ / "3_c.sql");
    EXPECT_TRUE(reads());
    EXPECT_FALSE(reads()) << "nothing that is left is new";

    for (const auto &cached : fs::directory_iterator(root_ / "cache" / "turnstone"))
        fs::resize_file(cached.path(), cached.file_size() - 10);
    EXPECT_TRUE(reads()) << "the cache is cut short";
    EXPECT_FALSE(reads());
}

TEST_F(FolderGlanceTest, AFolderWithSomethingToTellIsReadEveryTime) {
    write(folder_ / "notes.json", "{}");
    let_files_settle();
    const FolderReading reading = glance_or_read(folder_, "auto");
    ASSERT_TRUE(reading.folder);
    ASSERT_FALSE(reading.folder->folder.notes.empty());
    EXPECT_TRUE(reads());
}

TEST_F(FolderGlanceTest, WithoutACacheItStillReads) {
    write(root_ / "cache", "no folder");
    let_files_settle();
    EXPECT_TRUE(reads());
    EXPECT_TRUE(reads());
}

} // namespace
} // namespace turnstone::cli
