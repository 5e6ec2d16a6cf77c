#include "folders.hpp"

namespace turnstone::core {
namespace {

constexpr const char *file = "CREATE TABLE t(id int);\n";
constexpr const char *first_sum = "h1:wYymD13wThCy4bjMW2hmpFXaEqFw3VLLtLjp4oXKCFA=";
constexpr const char *second_sum = "h1:fNXl4EGYGxPDdBxGKYQqgpqFzNpHdBsS4OrEK/F6fCU=";

// The sum of the lines, as the error says that it should be.
std::string total_of(std::vector<SourceFile> files, const std::string &lines) {
    files.push_back({"atlas.sum", "h1:?\n" + lines});
    try {
        read_folder(files, Format::atlas);
    } catch (const Error &error) {
        EXPECT_EQ(error.message(), "\"atlas.sum\", line 1: the sum of all scripts is another one");
        const std::string &detail = error.detail(); // "It is h1:... ."
        return detail.substr(6, detail.size() - 7);
    }
    return {};
}

const std::vector<SourceFile> two_files{{"1_a.sql", file}, {"2_b.sql", "SELECT 1;\n"}};
const std::string two_lines = std::string("1_a.sql ") + first_sum + "\n2_b.sql " + second_sum + "\n";

std::vector<SourceFile> with_sum(std::vector<SourceFile> files, const std::string &bytes) {
    files.push_back({"atlas.sum", bytes});
    return files;
}

TEST(AtlasFolder, IsToldByItsSumsWhichAreVerified) {
    const std::string total = total_of(two_files, two_lines);
    ASSERT_TRUE(total.starts_with("h1:")) << total;
    const Folder folder = read_folder(with_sum(two_files, total + "\n" + two_lines), std::nullopt);
    EXPECT_EQ(folder.format, Format::atlas);
    EXPECT_EQ(names_of(folder), (Texts{"1_a.sql", "2_b.sql"}));
    EXPECT_EQ("h1:" + folder.migrations[1].foreign_id, second_sum);
    EXPECT_TRUE(folder.notes.empty());
    EXPECT_TRUE(folder.remarks.empty());
}

TEST(AtlasFolder, SumsThatDoNotFitAreRefused) {
    const std::string total = total_of(two_files, two_lines);
    const std::string sums = total + "\n" + two_lines;
    expect_refusal(
        with_sum({{"1_a.sql", "CREATE TABLE u(id int);\n"}, {"2_b.sql", "SELECT 1;\n"}}, sums), std::nullopt,
        ErrorCode::invalid_script, "\"atlas.sum\", line 2: the sum of \"1_a.sql\" is another one",
        "It is h1:" +
            read_folder({{"1_a.sql", "CREATE TABLE u(id int);\n"}}, Format::atlas).migrations[0].foreign_id +
            ".");
    expect_refusal(with_sum({{"1_a.sql", file}}, sums), Format::atlas, ErrorCode::invalid_script,
                   "\"atlas.sum\", line 3: there is no script for \"2_b.sql " + std::string(second_sum) +
                       "\"");
    expect_refusal(with_sum({{"2_b.sql", "SELECT 1;\n"}}, sums), Format::atlas, ErrorCode::invalid_script,
                   "\"atlas.sum\", line 2: \"1_a.sql\" is not there");
    std::vector<SourceFile> three = two_files;
    three.push_back({"3_c.sql", "SELECT 2;\n"});
    expect_refusal(with_sum(three, sums), Format::atlas, ErrorCode::invalid_script,
                   "\"atlas.sum\" does not know \"3_c.sql\"");
}

TEST(AtlasFolder, WithoutSumsSaysSo) {
    const Folder folder = read_folder(two_files, Format::atlas);
    EXPECT_EQ(folder.remarks, (Texts{"there is no atlas.sum, so the scripts are not verified"}));
}

TEST(AtlasFolder, DirectivesAtTheTop) {
    const Folder folder = read_folder(
        {{"1_a.sql", "-- atlas:txmode none\n-- atlas:nolint\n\nCREATE INDEX CONCURRENTLY i ON t (id);\n"},
         {"2_b.sql", "-- atlas:txmode none\nSELECT 1;\n"}, // no blank line: a comment of the statement
         {"3_c.sql", "-- atlas:strange 1\n\nSELECT 1;\n"},
         {"4_d.sql", "-- atlas:checkpoint v4\n\nSELECT 1;\n"}},
        Format::atlas);
    EXPECT_FALSE(script_of(folder, 0).up.transactional);
    EXPECT_TRUE(script_of(folder, 1).up.transactional);
    EXPECT_EQ(folder.remarks, (Texts{"there is no atlas.sum, so the scripts are not verified",
                                     "\"3_c.sql\", line 1: directive atlas:strange is not known"}));
    EXPECT_EQ(folder.migrations[3].kind, MigrationKind::baseline);
    EXPECT_EQ(folder.migrations[3].beside.tags, (Texts{"v4"}));
    const Folder bad = read_folder({{"1_a.sql", "-- atlas:txmode never\n\nSELECT 1;\n"}}, Format::atlas);
    EXPECT_THROW(script_of(bad, 0), Error);
}

TEST(AtlasFolder, DelimitersOfItsOwn) {
    const Folder folder =
        read_folder({{"1_a.sql", "-- atlas:delimiter -- end\nSELECT 1;\nSELECT 2\n-- end\nSELECT 3\n"},
                     {"2_b.sql", "-- atlas:delimiter \\n\\n\n\nSELECT 1\n\nSELECT '\n\n'\n"}},
                    Format::atlas);
    EXPECT_EQ(script_of(folder, 0).up.text,
              "-- atlas:delimiter -- end\nSELECT 1;\nSELECT 2\n;     \nSELECT 3\n");
    EXPECT_EQ(without_blanks(script_of(folder, 1).up.text),
              "-- atlas:delimiter \\n\\n\n;\nSELECT 1\n;\nSELECT '\n'\n");
    EXPECT_EQ(line_of(script_of(folder, 1).up.text, "SELECT '"), 5);
    // a statement a line: what stands behind stays where it is
    const Folder lines = read_folder(
        {{"1_a.sql", "-- atlas:delimiter \\n\nSELECT 1\nSELECT 2 -- two\nSELECT 3\n"}}, Format::atlas);
    EXPECT_EQ(script_of(lines, 0).up.text,
              "-- atlas:delimiter \\n\n;SELECT 1;\nSELECT 2 -- two\n;SELECT 3;\n");
}

TEST(AtlasFolder, ArchivesOfSeveralFiles) {
    const std::string text =
        "-- atlas:txtar\n\n-- checks.sql --\nSELECT NOT EXISTS (SELECT FROM t);\n\n-- migration.sql "
        "--\nDROP TABLE t;\n\n-- down.sql --\nCREATE TABLE t(id int);\n";
    const Folder folder = read_folder({{"1_a.sql", text}}, Format::atlas);
    EXPECT_EQ(folder.remarks.back(), "\"1_a.sql\", line 3: the checks of checks.sql are not made");
    const Script script = script_of(folder, 0);
    EXPECT_EQ(without_blanks(script.up.text), "DROP TABLE t;\n");
    EXPECT_EQ(line_of(script.up.text, "DROP"), 7);
    EXPECT_EQ(without_blanks(script.down.text), "CREATE TABLE t(id int);\n");
    EXPECT_EQ(script.down.text.size(), text.size());
}

TEST(AtlasFolder, VersionsMustRiseAsTheNamesDo) {
    expect_refusal({{"10_a.sql", file}, {"9_b.sql", file}}, Format::atlas, ErrorCode::invalid_script,
                   "Atlas runs \"10_a.sql\" before \"9_b.sql\", and its version is the newer one",
                   "turnstone goes by the versions, number by number.");
    expect_refusal({{"init.sql", file}}, Format::atlas, ErrorCode::invalid_name,
                   "\"init.sql\" is no name of a migration script",
                   "turnstone wants a number up to the first underscore.");
}

TEST(AtlasFolder, WithScriptsOfAnotherFormatIsNotClear) {
    expect_refusal({{"1_a.sql", "-- +goose Up\nSELECT 1;\n"}, {"atlas.sum", "h1:\n"}}, std::nullopt,
                   ErrorCode::invalid_script,
                   "the format of the folder is not clear: it may be goose or atlas",
                   "goose: \"-- +goose\" in \"1_a.sql\". atlas: its sums in \"atlas.sum\".");
}

} // namespace
} // namespace turnstone::core
