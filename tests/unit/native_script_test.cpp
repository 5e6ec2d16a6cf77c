// Other tools' migrations as native scripts.
#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/native_script.hpp"

namespace turnstone::core {
namespace {

NativeFile only_file(const std::vector<SourceFile> &files, Format format) {
    const Folder folder = read_folder(files, format);
    EXPECT_EQ(folder.migrations.size(), 1U);
    return native_file(folder, folder.migrations.front());
}

TEST(NativeScript, BothDirectionsOfOneFile) {
    const NativeFile file =
        only_file({{"20240101120000_create_pets.sql",
                    "-- migrate:up transaction:false\nCREATE TABLE pets (id int);\n\n-- migrate:down\n"
                    "DROP TABLE pets;\n"}},
                  Format::dbmate);
    EXPECT_EQ(file.name, "20240101120000_create_pets.sql");
    EXPECT_EQ(file.text, "-- +migrate Up notransaction\nCREATE TABLE pets (id int);\n-- +migrate Down\n"
                         "DROP TABLE pets;\n");
}

TEST(NativeScript, APairBecomesOneFile) {
    const NativeFile file =
        only_file({{"1_a.up.sql", "  SELECT 1"}, {"1_a.down.sql", "SELECT 2;"}}, Format::golang_migrate);
    EXPECT_EQ(file.name, "1_a.sql");
    EXPECT_EQ(file.text, "-- +migrate Up\n  SELECT 1\n-- +migrate Down\nSELECT 2;\n");
}

TEST(NativeScript, WithoutADownThereIsNone) {
    const NativeFile file = only_file({{"1_a.up.sql", "SELECT 1;"}}, Format::golang_migrate);
    EXPECT_EQ(file.text, "-- +migrate Up\nSELECT 1;\n");
}

TEST(NativeScript, PlaceholdersStayWhatTheyAre) {
    EXPECT_EQ(only_file({{"V1.2__a.sql", "SELECT '${word}';"}}, Format::flyway).text,
              "-- +migrate Placeholders: on\n-- +migrate Up\nSELECT '${word}';\n");
    EXPECT_EQ(only_file({{"V1.2__a.sql", "SELECT 1;"}}, Format::flyway).name, "1.2_a.sql");
    EXPECT_EQ(only_file({{"1_a.up.sql", "SELECT '${word}';"}}, Format::golang_migrate).text,
              "-- +migrate Placeholders: off\n-- +migrate Up\nSELECT '${word}';\n");
}

TEST(NativeScript, WhatSqitchsPlanSaysStandsInTheHead) {
    const Folder folder =
        read_folder({{"sqitch.plan",
                      "%syntax-version=1.0.0\n%project=demo\n\n"
                      "users 2024-01-01T00:00:00Z A <a@b> # People\n@v1 2024-01-01T00:00:00Z A <a@b> # One\n"
                      "posts [users !old] 2024-01-02T00:00:00Z A <a@b> # Texts\n"},
                     {"deploy/users.sql", "SELECT 1;\n"},
                     {"deploy/posts.sql", "SELECT 2;\n"},
                     {"revert/posts.sql", "SELECT 3;\n"}},
                    Format::sqitch);
    ASSERT_EQ(folder.migrations.size(), 2U);
    const NativeFile users = native_file(folder, folder.migrations[0]);
    EXPECT_EQ(users.name, "1_users.sql");
    EXPECT_EQ(users.text, "-- +migrate Tags: v1\n-- +migrate Up\nSELECT 1;\n");
    const NativeFile posts = native_file(folder, folder.migrations[1]);
    EXPECT_EQ(posts.name, "2_posts.sql");
    EXPECT_EQ(posts.text, "-- +migrate Requires: 1\n-- +migrate Conflicts: old\n-- +migrate Up\nSELECT 2;\n"
                          "-- +migrate Down\nSELECT 3;\n");
}

TEST(NativeScript, WhatWouldBeAnotherScriptIsRefused) {
    const auto refused = [](const std::vector<SourceFile> &files, Format format) {
        try {
            (void)only_file(files, format);
        } catch (const Error &error) {
            return error.code() == ErrorCode::unsupported;
        }
        return false;
    };
    EXPECT_TRUE(refused({{"1_a.up.sql", "SELECT 1;\n-- +migrate Down\nSELECT 2;"}}, Format::golang_migrate));
    EXPECT_TRUE(refused({{"1_a.up.sql", "COPY t FROM STDIN;\n1\n"}, {"1_a.down.sql", "SELECT 1;"}},
                        Format::golang_migrate));
    EXPECT_TRUE(refused({{"B1__a.sql", "SELECT 1;"}}, Format::flyway));
}

} // namespace
} // namespace turnstone::core
