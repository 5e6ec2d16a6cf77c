#include "turnstone/core/script.hpp"

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {
namespace {

void expect_error(std::string_view text, ErrorCode code, std::string_view message) {
    try {
        read_script(script_text(text));
        ADD_FAILURE() << "accepted: " << text;
    } catch (const Error &error) {
        EXPECT_EQ(error.code(), code) << text;
        EXPECT_EQ(error.message(), message) << text;
    }
}

TEST(Script, CutsUpAndDownAndKeepsEveryOffset) {
    const std::string text = "-- head\n-- +migrate Up\nselect 1;\n-- +migrate Down\nselect 2;\n";
    const Script script = read_script(text);
    EXPECT_TRUE(script.annotated);
    ASSERT_TRUE(script.up.present && script.down.present);
    EXPECT_EQ(script.up.text, std::string(7, ' ') + '\n' + std::string(14, ' ') + "\nselect 1;\n" +
                                  std::string(16, ' ') + '\n' + std::string(9, ' ') + '\n');
    EXPECT_EQ(script.down.text.size(), text.size());
    EXPECT_EQ(script.down.text.find("select 2;"), text.find("select 2;"));
    EXPECT_EQ(script.down.text.find("select 1;"), std::string::npos);
}

TEST(Script, SectionsOfOneDirectionAddUp) {
    const Script script =
        read_script("-- +migrate Up\na;\n-- +migrate Down\nb;\n-- +migrate Up\nc;\n-- +migrate Down\nd;\n");
    EXPECT_NE(script.up.text.find("a;"), std::string::npos);
    EXPECT_NE(script.up.text.find("c;"), std::string::npos);
    EXPECT_EQ(script.up.text.find("b;"), std::string::npos);
    EXPECT_NE(script.down.text.find("d;"), std::string::npos);
}

TEST(Script, APlainFileIsAllUp) {
    const Script script = read_script("create table t ();\n");
    EXPECT_FALSE(script.annotated);
    EXPECT_EQ(script.up.text, "create table t ();\n");
    EXPECT_FALSE(script.down.present);
}

TEST(Script, NoAnnotationInsideAQuotation) {
    const std::string body =
        "-- +migrate Up\ndo $$\n-- +migrate Down\n$$;\n/*\n-- +migrate Down\n*/\nselect '\n"
        "-- +migrate Nonsense\n';\n";
    const Script script = read_script(body);
    EXPECT_FALSE(script.down.present);
    EXPECT_NE(script.up.text.find("-- +migrate Nonsense"), std::string::npos);
}

TEST(Script, AnIndentedOrTrailingMarkIsAComment) {
    const Script script =
        read_script("-- +migrate Up\nselect 1; -- +migrate Down\n  -- +migrate Down\nselect 2;\n");
    EXPECT_FALSE(script.down.present);
}

TEST(Script, NotransactionIsForItsDirection) {
    const Script script = read_script("-- +migrate Up notransaction\nvacuum;\n-- +migrate Down\nselect 1;\n");
    EXPECT_FALSE(script.up.transactional);
    EXPECT_TRUE(script.down.transactional);
}

TEST(Script, OptionsStandInTheHead) {
    const Script script =
        read_script("-- why\n-- +migrate Requires: 1, 2.5 create_users\n-- +migrate Conflicts: 9\n"
                    "-- +migrate Tags: v1,v1.0\n-- +migrate OutOfOrder: allow\n"
                    "-- +migrate LockTimeout: 5s\n-- +migrate Up\nselect 1;\n");
    EXPECT_EQ(script.options.requirements, (std::vector<std::string>{"1", "2.5", "create_users"}));
    EXPECT_EQ(script.options.conflicts, std::vector<std::string>{"9"});
    EXPECT_EQ(script.options.tags, (std::vector<std::string>{"v1", "v1.0"}));
    EXPECT_TRUE(script.options.out_of_order_allowed);
    EXPECT_EQ(script.options.lock_timeout, "5s");
    EXPECT_TRUE(script.up.transactional);
    const Script apart =
        read_script("-- +migrate Transaction: none\n-- +migrate Up\n;\n-- +migrate Down\n;\n");
    EXPECT_FALSE(apart.up.transactional || apart.down.transactional);
}

TEST(Script, RefusesOptionsThatItDoesNotKnow) {
    expect_error("-- +migrate Require: 1\n-- +migrate Up\n", ErrorCode::invalid_script,
                 "line 1: option \"Require\" is unknown");
    expect_error("-- +migrate OutOfOrder: yes\n-- +migrate Up\n", ErrorCode::invalid_script,
                 "line 1: value \"yes\" of option OutOfOrder is unknown");
    expect_error("-- +migrate Requires:\n-- +migrate Up\n", ErrorCode::invalid_script,
                 "line 1: option Requires has no value");
    expect_error("-- +migrate Up\n-- +migrate Requires: 1\n", ErrorCode::invalid_script,
                 "line 2: option Requires: stands behind the first Up or Down");
}

TEST(Script, StatementMarksAreAccepted) {
    EXPECT_NO_THROW(
        read_script("-- +migrate Up\n-- +migrate StatementBegin\nselect 1;\n-- +migrate StatementEnd\n"));
}

TEST(Script, StatementEndEndsTheStatement) {
    const std::string text =
        "-- +migrate Up\n-- +migrate StatementBegin\nselect 1\n-- +migrate StatementEnd\nselect 2;\n";
    const Script script = read_script(text);
    EXPECT_EQ(script.up.text.find(';'), text.find("-- +migrate StatementEnd"));
    EXPECT_EQ(script.up.text.size(), text.size());
}

TEST(Script, CarriageReturnsAndByteOrderMark) {
    const Script script = read_script(
        script_text("\xef\xbb\xbf-- +migrate Up\r\nselect 1;\r\n-- +migrate Down\r\nselect 2;\r\n"));
    EXPECT_TRUE(script.up.present && script.down.present);
    EXPECT_NE(script.up.text.find("select 1;\r\n"), std::string::npos);
}

TEST(Script, OnlyCommentsIsAnEmptyUp) {
    EXPECT_TRUE(read_script("-- left empty on purpose\n").up.present);
    EXPECT_TRUE(read_script("-- +migrate Up\n-- nothing\n-- +migrate Down\n").down.present);
}

TEST(Script, RefusesWhatDoesNotAddUp) {
    expect_error("", ErrorCode::invalid_script, "the file is empty");
    expect_error(" \n\t\r\n", ErrorCode::invalid_script, "the file is empty");
    expect_error("-- +migrate Down\nselect 1;\n", ErrorCode::invalid_script, "there is no Up section");
    expect_error("\nselect 1;\n-- +migrate Up\n", ErrorCode::invalid_script,
                 "line 2: SQL stands before the first \"-- +migrate\" annotation, in no direction");
    expect_error("-- +migrate Upp\n", ErrorCode::invalid_script,
                 "line 1: annotation \"-- +migrate Upp\" is unknown");
    expect_error("-- +migrate Up now\n", ErrorCode::invalid_script,
                 "line 1: option \"now\" of annotation Up is unknown");
    expect_error("-- +migrate\n", ErrorCode::invalid_script,
                 "line 1: annotation \"-- +migrate\" says nothing");
    expect_error("-- +migrate StatementBegin\n", ErrorCode::invalid_script,
                 "line 1: annotation StatementBegin stands outside of Up and Down");
}

TEST(ScriptText, RefusesWhatIsNoText) {
    expect_error(std::string_view("select 1;\nab\0c", 14), ErrorCode::invalid_text,
                 "line 2, column 3: NUL byte");
    expect_error(std::string_view("\xff\xfes\0", 4), ErrorCode::invalid_text,
                 "the file is encoded as UTF-16");
}

TEST(Script, OptionsAloneLeaveAllOfItUp) {
    const Script script = read_script("-- +migrate Environment: dev, test\n-- +migrate Timeout: 30 s\n"
                                      "-- +migrate Transaction: none\nselect 1;\n");
    EXPECT_TRUE(script.up.present);
    EXPECT_FALSE(script.up.transactional);
    EXPECT_FALSE(script.down.present);
    EXPECT_NE(script.up.text.find("select 1;"), std::string::npos);
    EXPECT_EQ(script.options.environments, (std::vector<std::string>{"dev", "test"}));
    EXPECT_EQ(script.options.timeout, "30 s");
    EXPECT_FALSE(script.options.placeholders.has_value());
    expect_error("-- +migrate Placeholders: maybe\nselect 1;\n", ErrorCode::invalid_script,
                 "line 1: value \"maybe\" of option Placeholders is unknown");
}

} // namespace
} // namespace turnstone::core
