#include "folders.hpp"

namespace turnstone::core {
namespace {

const std::string first_hash = "sha1:f2d1e4ccc4e27919391f5a6ce4973935a8ea8438";
const std::string second_hash = "sha1:e663badeafdfccbaa9087872f7df7a0bac62f633";
const std::string first = "--! Previous: -\n--! Hash: " + first_hash + "\n\nCREATE TABLE t(id int);\n";
const std::string second =
    "--! Previous: " + first_hash + "\n--! Hash: " + second_hash + "\n--! Message: one\n\nSELECT 1;\n";

TEST(GraphileFolder, IsToldByItsHeadersAndItsHashesAreVerified) {
    const Folder folder = read_folder(
        {{"committed/000001.sql", first}, {"committed/000002-one.sql", second}, {"current.sql", "SELECT 2;"}},
        std::nullopt);
    EXPECT_EQ(folder.format, Format::graphile_migrate);
    EXPECT_EQ(names_of(folder), (Texts{"000001.sql", "000002-one.sql"}));
    EXPECT_EQ(versions_of(folder), (Texts{"000001", "000002"}));
    EXPECT_EQ(folder.migrations[1].foreign_id, second_hash);
    EXPECT_EQ(folder.migrations[1].description, "one");
    EXPECT_EQ(folder.notes,
              (Texts{"current.sql: is the migration in work: graphile-migrate commit makes a script of it"}));
    EXPECT_EQ(read_folder({{"000001.sql", first}, {"000002.sql", second}}, std::nullopt).format,
              Format::graphile_migrate); // the folder of the committed ones itself
}

TEST(GraphileFolder, BrokenChainsAreRefused) {
    expect_refusal({{"000001.sql", first + "-- more\n"}}, Format::graphile_migrate, ErrorCode::invalid_script,
                   "\"000001.sql\", line 2: its hash is sha1:4eff85e1a42ae482b285526e328eac9fe4757511");
    expect_refusal({{"000002.sql", second}}, Format::graphile_migrate, ErrorCode::invalid_script,
                   "\"000002.sql\", line 1: it follows " + first_hash + ", and no script is before it");
    expect_refusal(
        {{"000001.sql", first}, {"000002.sql", first}}, Format::graphile_migrate, ErrorCode::invalid_script,
        "\"000002.sql\", line 1: it does not follow \"000001.sql\", the hash of which is " + first_hash);
    expect_refusal({{"000001.sql", "SELECT 1;\n"}}, Format::graphile_migrate, ErrorCode::invalid_script,
                   "\"000001.sql\", line 1: the header is not complete");
}

TEST(GraphileFolder, AnEditThatTheHeaderAllowsIsRemarkedOn) {
    const Folder folder = read_folder(
        {{"000001.sql",
          "--! Previous: -\n--! Hash: sha1:x\n--! AllowInvalidHash\n\nCREATE TABLE t(id int);\n"}},
        Format::graphile_migrate);
    EXPECT_EQ(folder.remarks,
              (Texts{"\"000001.sql\", line 2: its hash is " + first_hash + ", which the header allows"}));
}

std::string committed(const std::string &body) {
    return "--! Previous: -\n--! Hash: sha1:x\n--! AllowInvalidHash\n\n" + body;
}

TEST(GraphileScript, TransactionsPlaceholdersAndIncludes) {
    const auto read = [](const std::string &body, const Variables &variables = {}) {
        return read_migration(Format::graphile_migrate, committed(body), {}, variables);
    };
    EXPECT_FALSE(read("--! no-transaction\nVACUUM;\n").up.transactional);
    EXPECT_TRUE(read("SELECT 1;\n").up.transactional);
    EXPECT_THROW(read("SELECT 1;\n--! no-transaction\n"), Error);
    EXPECT_THROW(read("--! include functions/x.sql\n"), Error);
    EXPECT_EQ(read("SELECT 1;\n").up.text, committed("SELECT 1;\n")); // the header stays: it is comments
    EXPECT_EQ(read("GRANT x TO :ROLE;\nSELECT a::TEXT, ':ROLES';\n", {{"ROLE", "me"}}).up.text,
              committed("GRANT x TO me;\nSELECT a::TEXT, ':ROLES';\n"));
    EXPECT_THROW(read("GRANT CONNECT ON DATABASE :DATABASE_NAME TO me;\n"), Error);
}

} // namespace
} // namespace turnstone::core
