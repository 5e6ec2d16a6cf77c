// Both layouts of Drizzle's folders, as drizzle-kit 0.31 and 1.0 write them.
#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/folder.hpp"

namespace turnstone::core {
namespace {

using Names = std::vector<std::string>;

SourceFile journal(const std::string &entries) {
    return {"meta/_journal.json",
            R"({"version": "7", "dialect": "postgresql", "entries": [)" + entries + "]}"};
}

std::string entry(int index, const std::string &tag) {
    return R"({"idx": )" + std::to_string(index) + R"(, "version": "7", "when": )" +
           std::to_string(1795228994158 + index) + R"(, "tag": ")" + tag + R"(", "breakpoints": true})";
}

void expect_error(const std::vector<SourceFile> &files, ErrorCode code, std::string_view message) {
    try {
        read_folder(files, Format::drizzle);
        ADD_FAILURE() << "accepted, expected: " << message;
    } catch (const Error &error) {
        EXPECT_EQ(error.code(), code) << message;
        EXPECT_EQ(error.message(), message);
    }
}

TEST(DrizzleJournal, GivesTheOrder) {
    const Folder folder =
        read_folder({{"0000_init.sql", "a;"},
                     {"0001_sessions_and_audit.sql", "b;"},
                     {"0002_forgotten.sql", "x;"},
                     {"schema.ts", ""},
                     {"meta/0000_snapshot.json", "{}"},
                     journal(entry(0, "0000_init") + "," + entry(1, "0001_sessions_and_audit"))},
                    std::nullopt);
    ASSERT_EQ(folder.migrations.size(), 2U);
    EXPECT_EQ(folder.migrations[0].version->text(), "0");
    EXPECT_EQ(folder.migrations[1].version->text(), "1");
    EXPECT_EQ(folder.migrations[1].name, "0001_sessions_and_audit.sql");
    EXPECT_EQ(folder.migrations[1].description, "sessions and audit");
    EXPECT_EQ(folder.migrations[1].up_bytes, "b;");
    EXPECT_EQ(folder.migrations[1].foreign_id, "1795228994159");
    EXPECT_EQ(folder.notes,
              (Names{"meta/_journal.json: gives the order and is no migration",
                     "0002_forgotten.sql: is not in meta/_journal.json, so Drizzle does not see it",
                     "schema.ts: is no SQL script"}));
}

TEST(DrizzleJournal, NamesOfEveryKind) {
    // Two branches made a number 0001 each: the journal's own number tells them apart.
    const Folder merged =
        read_folder({{"0000_a.sql", ""},
                     {"0001_b.sql", ""},
                     {"0001_c.sql", ""},
                     journal(entry(0, "0000_a") + "," + entry(1, "0001_c") + "," + entry(2, "0001_b"))},
                    Format::drizzle);
    EXPECT_EQ(merged.migrations[1].name, "0001_c.sql");
    EXPECT_EQ(merged.migrations[2].version->text(), "2");
    const Folder timed =
        read_folder({{"20240101000000_a.sql", ""}, journal(entry(0, "20240101000000_a"))}, Format::drizzle);
    EXPECT_EQ(timed.migrations[0].version->text(), "20240101000000");
    const Folder bare = read_folder({{"init.sql", ""}, journal(entry(0, "init"))}, Format::drizzle);
    EXPECT_EQ(bare.migrations[0].version->text(), "0");
    EXPECT_EQ(bare.migrations[0].description, "init");
}

TEST(DrizzleJournal, RefusesWhatDoesNotAddUp) {
    expect_error({journal(entry(0, "0000_a"))}, ErrorCode::invalid_script,
                 "\"meta/_journal.json\" names \"0000_a.sql\", which is not there");
    expect_error({{"meta/_journal.json", "{"}}, ErrorCode::invalid_script,
                 "\"meta/_journal.json\": it is no journal of Drizzle");
    expect_error({{"meta/_journal.json", "[1]"}}, ErrorCode::invalid_script,
                 "\"meta/_journal.json\": it is no journal of Drizzle");
    expect_error({journal("7")}, ErrorCode::invalid_script, "\"meta/_journal.json\": entry 1 has no tag");
    expect_error({journal(R"({"tag": 7})")}, ErrorCode::invalid_script,
                 "\"meta/_journal.json\": entry 1 has no tag");
    expect_error({{"meta/_journal.json", R"({"dialect": "mysql", "entries": []})"}}, ErrorCode::unsupported,
                 "\"meta/_journal.json\": its dialect is \"mysql\", not postgresql");
    expect_error({{"a.sql", ""}, journal(entry(0, "a") + "," + entry(1, "a"))}, ErrorCode::duplicate,
                 "\"meta/_journal.json\" names \"a.sql\" twice");
    expect_error({{"a.sql", ""}, {"b.sql", ""}, journal(entry(3, "a") + "," + entry(3, "b"))},
                 ErrorCode::duplicate, "version 3 has two scripts: \"a.sql\" and \"b.sql\"");
    expect_error({{"2_a/migration.sql", ""}, journal("")}, ErrorCode::invalid_script,
                 "the folder has both of Drizzle's layouts");
}

TEST(DrizzleFolders, OneForEachMigration) {
    const Folder folder = read_folder({{"20261121024330_sessions_and_audit/migration.sql", "b;"},
                                       {"20261121024330_sessions_and_audit/snapshot.json", "{}"},
                                       {"20261121024324_init/migration.sql", "a;"},
                                       {"20261121024324_init/notes.md", ""},
                                       {"relations.ts", ""},
                                       {"a/b/migration.sql", ""}},
                                      std::nullopt);
    ASSERT_EQ(folder.migrations.size(), 2U);
    EXPECT_EQ(folder.migrations[0].name, "20261121024324_init");
    EXPECT_EQ(folder.migrations[0].version->text(), "20261121024324");
    EXPECT_EQ(folder.migrations[0].foreign_id, "1795229004000");
    EXPECT_EQ(folder.migrations[1].description, "sessions and audit");
    EXPECT_EQ(folder.migrations[1].up_path, "20261121024330_sessions_and_audit/migration.sql");
    EXPECT_EQ(folder.notes.size(), 3U);
    expect_error({{"init/migration.sql", ""}}, ErrorCode::invalid_name,
                 "\"init/migration.sql\" is no name of a migration script");
    expect_error({{"1_a/migration.sql", ""}, {"1_b/migration.sql", ""}}, ErrorCode::duplicate,
                 "version 1 has two scripts: \"1_a/migration.sql\" and \"1_b/migration.sql\"");
}

} // namespace
} // namespace turnstone::core
