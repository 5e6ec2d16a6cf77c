#include "turnstone/core/sql_lines.hpp"

#include <gtest/gtest.h>

#include <string>

namespace turnstone::core {
namespace {

// One character a line: P begins plainly and has code, p begins plainly without, q begins inside a quotation.
std::string shape(std::string_view text, bool standard_strings = true) {
    std::string shape;
    for (const SqlLine &line : sql_lines(text, standard_strings))
        shape += !line.plain ? 'q' : line.has_code ? 'P' : 'p';
    return shape;
}

TEST(SqlLines, CoverTheTextExactly) {
    const std::string text = "a\n\nb\r\n'c\n'";
    std::size_t expected = 0;
    int number = 1;
    for (const SqlLine &line : sql_lines(text)) {
        EXPECT_EQ(line.begin, expected);
        EXPECT_EQ(line.number, number++);
        expected = line.end;
    }
    EXPECT_EQ(expected, text.size());
    EXPECT_TRUE(sql_lines("").empty());
    EXPECT_EQ(sql_lines("a\n").size(), 1U);
}

TEST(SqlLines, CommentsAreNoCode) {
    EXPECT_EQ(shape("-- x\nselect 1; -- y\n\n/* z */\n"), "pPpp");
}

TEST(SqlLines, Strings) {
    EXPECT_EQ(shape("select 'a\nb''\nc'\n;"), "PqqP");
    EXPECT_EQ(shape("select 'a\\'\n;"), "PP");         // a backslash is a backslash
    EXPECT_EQ(shape("select 'a\\'\n';", false), "Pq"); // unless the server's setting says otherwise
    EXPECT_EQ(shape("select E'a\\'\n';\n;"), "PqP");
    EXPECT_EQ(shape("select e'\\\\'\n;"), "PP");
    EXPECT_EQ(shape("select fade'a\\'\n;"), "PP"); // the e is part of a name
    EXPECT_EQ(shape("select U&'a\\'\n;"), "PP");
    EXPECT_EQ(shape("select E'a'\n'b\\'\n'\n;"), "PPqP"); // a string that goes on keeps its kind
    EXPECT_EQ(shape("select 'a' -- '\n;"), "PP");
}

TEST(SqlLines, ACarriageReturnEndsALineComment) {
    EXPECT_EQ(shape("-- x\rselect '\n--\n';"), "Pqq");
    const std::string text = "-- x\rselect";
    EXPECT_EQ(first_code(text, 0), text.find("select"));
}

TEST(SqlLines, QuotedNames) {
    EXPECT_EQ(shape("select \"a\n--\"\n;"), "PqP");
    EXPECT_EQ(shape("select \"a\"\"'\"\n;"), "PP");
    EXPECT_EQ(shape("select U&\"\\0061'\"\n;"), "PP");
}

TEST(SqlLines, DollarQuotes) {
    EXPECT_EQ(shape("do $$\n-- +migrate Down\n$$;\n;"), "PqqP");
    EXPECT_EQ(shape("do $a$\n$b$ $$ '\n$a$;\n;"), "PqqP");
    EXPECT_EQ(shape("do $ä1$\n$ä1$;\n;"), "PqP");
    EXPECT_EQ(shape("select a$b$\n;"), "PP"); // a name may hold dollars
    EXPECT_EQ(shape("select $1, $2\n;"), "PP");
    EXPECT_EQ(shape("select $1$\n;"), "PP");
}

TEST(SqlLines, BlockCommentsNest) {
    EXPECT_EQ(shape("/* a /* b\n*/ c\n*/ select\n;"), "pqqP");
    EXPECT_EQ(shape("/* ' */\n;"), "pP");
    EXPECT_EQ(shape("/*/ */\n;"), "pP");
    EXPECT_EQ(shape("select 1 /* x */ -- /*\n;"), "PP");
}

TEST(SqlLines, UnterminatedQuotationsEndWithTheText) {
    for (const char *text : {"'a\n", "\"a\n", "$$a\n", "/* a\n", "E'\\", "$", "-", "/", "E'", "e", "'\\"})
        EXPECT_FALSE(sql_lines(text).empty()) << text;
}

TEST(FirstCode, PassesOverBlanksCommentsAndSemicolons) {
    const std::string text = " ; -- x\n/* a /* b */ ; */ ; select";
    EXPECT_EQ(first_code(text, 0), text.find("select"));
    EXPECT_EQ(first_code("  ", 0), 2U);
    EXPECT_EQ(first_code("/* open", 0), 7U);
    EXPECT_EQ(first_code("- 1", 0), 0U);
}

} // namespace
} // namespace turnstone::core
