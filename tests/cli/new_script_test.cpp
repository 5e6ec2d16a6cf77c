// Names and templates of new scripts.
#include <gtest/gtest.h>

#include "turnstone/cli/failure.hpp"
#include "turnstone/cli/new_script.hpp"

namespace turnstone::cli {
namespace {

core::Folder folder_of(std::vector<core::SourceFile> files) {
    return core::read_folder(files, std::nullopt);
}

NewScript script_of(const std::string &words) {
    NewScript script;
    script.words = words;
    script.now = "20260102030405";
    return script;
}

TEST(NewScript, MakesWordsOfAnything) {
    EXPECT_EQ(words_of_name("Create Users!"), "create_users");
    EXPECT_EQ(words_of_name("  add--index_2 "), "add_index_2");
    EXPECT_THROW((void)words_of_name("../.."), Failure);
    EXPECT_EQ(words_of_name("../../etc/passwd"), "etc_passwd");
}

TEST(NewScript, NumbersByTheTime) {
    EXPECT_EQ(new_files({}, script_of("create users")).at(0).path, "20260102030405_create_users.sql");
    const core::Folder ahead = folder_of({{"20260102030405_a.sql", "select 1"}});
    EXPECT_EQ(new_files(ahead, script_of("b")).at(0).path, "20260102030406_b.sql");
    const core::Folder far_ahead = folder_of({{"20990102030459_a.sql", "select 1"}});
    EXPECT_EQ(new_files(far_ahead, script_of("b")).at(0).path, "20990102030460_b.sql");
}

TEST(NewScript, GoesOnWithNumbers) {
    const core::Folder numbered =
        folder_of({{"0001_a.sql", "select 1"}, {"0009_b.sql", "select 1"}, {"R__v.sql", "select 1"}});
    EXPECT_EQ(new_files(numbered, script_of("c")).at(0).path, "0010_c.sql");
    NewScript script = script_of("c");
    script.numbering = Numbering::timestamp;
    EXPECT_EQ(new_files(numbered, script).at(0).path, "20260102030405_c.sql");
    script.numbering = Numbering::sequential;
    EXPECT_EQ(new_files({}, script).at(0).path, "0001_c.sql");
    EXPECT_EQ(new_files(folder_of({{"9_a.sql", "select 1"}}), script).at(0).path, "10_c.sql");
}

TEST(NewScript, SpeaksTheFoldersFormat) {
    const auto dbmate = new_files(folder_of({{"1_a.sql", "-- migrate:up\nselect 1"}}), script_of("b"));
    EXPECT_EQ(dbmate.at(0).path, "2_b.sql");
    EXPECT_EQ(dbmate.at(0).text, "-- migrate:up\n\n\n-- migrate:down\n\n");
    const auto pair =
        new_files(folder_of({{"1_a.up.sql", "select 1"}, {"1_a.down.sql", "select 1"}}), script_of("b"));
    ASSERT_EQ(pair.size(), 2U);
    EXPECT_EQ(pair.at(0).path, "2_b.up.sql");
    EXPECT_EQ(pair.at(1).path, "2_b.down.sql");
    const core::Folder flyway = folder_of({{"V7__a.sql", "select 1"}});
    EXPECT_EQ(new_files(flyway, script_of("b")).at(0).path, "V8__b.sql");
    NewScript seed = script_of("b");
    seed.seed = true;
    EXPECT_THROW((void)new_files(flyway, seed), Failure);
    EXPECT_EQ(new_files({}, seed).at(0).path, "S__b.sql");
    EXPECT_THROW(
        (void)new_files(folder_of({{"a/up.sql", "select 1"}, {"1_x/up.sql", "select 1"}}), script_of("b")),
        std::exception);
}

TEST(NewScript, TheTemplateIsAScript) {
    NewScript script = script_of("create users");
    script.transactional = false;
    EXPECT_EQ(new_files({}, script).at(0).text,
              "-- +migrate Up notransaction\n\n\n-- +migrate Down notransaction\n\n");
}

} // namespace
} // namespace turnstone::cli
