// Where an error is, as the server's texts say it.
#include <gtest/gtest.h>

#include "turnstone/cli/error_report.hpp"

namespace turnstone::cli {
namespace {

TEST(ErrorReport, ReadsThePlaceInAContext) {
    std::string rest;
    const auto place = place_in_context(
        "migration \"2_b.sql\" (down), statement 2, line 4, column 12:\n    4 |     SELECT x;\n"
        "      |            ^\n6 of 10 migrations had been applied before.",
        rest);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->name, "2_b.sql");
    EXPECT_TRUE(place->down);
    EXPECT_EQ(place->statement, 2);
    EXPECT_EQ(place->line, 4);
    EXPECT_EQ(place->column, 12);
    EXPECT_EQ(place->excerpt, "    4 |     SELECT x;\n      |            ^");
    EXPECT_EQ(rest, "6 of 10 migrations had been applied before.");
}

TEST(ErrorReport, KeepsWhatStandsBeforeThePlace) {
    std::string rest;
    const auto place = place_in_context(
        "PL/pgSQL function f() line 3 at RAISE\nseed \"S__a.sql\", line 1, column 1:\n    1 | x\n      | ^",
        rest);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->name, "S__a.sql");
    EXPECT_FALSE(place->down);
    EXPECT_EQ(place->statement, 0);
    EXPECT_EQ(rest, "PL/pgSQL function f() line 3 at RAISE");
    EXPECT_FALSE(place_in_context("nothing of the kind", rest));
    EXPECT_FALSE(place_in_context("", rest));
}

TEST(ErrorReport, ReadsThePlaceInAMessage) {
    std::string rest;
    auto place = place_in_message("script \"a.sql\": line 3, column 7: NUL byte", rest);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->line, 3);
    EXPECT_EQ(place->column, 7);
    EXPECT_EQ(rest, "NUL byte");
    place = place_in_message("script \"a.sql\": down file: line 2: odd", rest);
    ASSERT_TRUE(place);
    EXPECT_TRUE(place->down);
    EXPECT_EQ(place->line, 2);
    EXPECT_EQ(rest, "odd");
    place = place_in_message("script \"a.sql\" was edited after it had been applied", rest);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->line, 0);
    EXPECT_EQ(rest, "script \"a.sql\" was edited after it had been applied");
    EXPECT_FALSE(place_in_message("relation \"a.sql\" does not exist", rest));
}

} // namespace
} // namespace turnstone::cli
