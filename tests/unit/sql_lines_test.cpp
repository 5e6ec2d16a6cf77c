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

TEST(SqlLines, DataOfCopyAreNoSql) {
    EXPECT_EQ(shape("copy t from stdin;\n'\n--\n\\.\n-- x\n"), "Pqqqp");
    EXPECT_EQ(shape("COPY \"t\" (a, b)\r\nFROM STDIN WITH (FORMAT csv);\r\n'\r\n\\.\r\n;"), "PPqqP");
    EXPECT_EQ(shape("copy t from stdin; -- x\n'\n\\.\n;"), "PqqP");
    EXPECT_EQ(shape("copy/**/t from/*\n*/stdin;\n'\n\\.\n;"), "PqqqP");
    EXPECT_EQ(shape("copy a from stdin; copy b from stdin;\n'\n\\.\n'\n\\.\n;"), "PqqqqP");
    EXPECT_EQ(shape("copy t from stdin;\n'\n"), "Pq"); // no end: all is data
    EXPECT_EQ(shape("copy t from stdin;"), "P");
    EXPECT_EQ(shape("select 1; copy t from stdin;\n\\.\n\n"), "Pqp");
}

TEST(SqlLines, OtherCopiesHaveNoData) {
    for (const char *statement :
         {"copy t to stdout;", "copy t from 'stdin';", "copy t from program 'x';",
          "copy (select from stdin) to 'x';", "select * from stdin;", "copy t from stdin",
          "'copy' t from stdin;", "select copy from stdin;", "copy t from \"stdin\";",
          "$$copy t from stdin;$$", "-- copy t from stdin;"})
        EXPECT_EQ(shape(std::string(statement) + "\nselect '\n';"), statement[0] == '-' ? "pPq" : "PPq")
            << statement;
}

TEST(PsqlParts, BlanksForDataAndForWhatPgDumpWrites) {
    const std::string text =
        "\\restrict a1\ncopy t from stdin;\n1\t\xc3\xa4\n\\.\nselect '\\x';\n\\unrestrict a1\n";
    const PsqlParts parts = psql_parts(text);
    EXPECT_EQ(parts.sql, "            \ncopy t from stdin;\n    \n  \nselect '\\x';\n              \n");
    ASSERT_EQ(parts.data.size(), 1U);
    EXPECT_TRUE(parts.data[0].terminated);
    EXPECT_EQ(text.substr(parts.data[0].begin, parts.data[0].end - parts.data[0].begin), "1\t\xc3\xa4\n");
    EXPECT_TRUE(parts.commands.empty());
}

TEST(PsqlParts, EmptyAndEndlessData) {
    const PsqlParts parts = psql_parts("copy t from stdin;\n\\.\ncopy t from stdin;\n1\n");
    ASSERT_EQ(parts.data.size(), 2U);
    EXPECT_EQ(parts.data[0].begin, parts.data[0].end);
    EXPECT_FALSE(parts.data[1].terminated);
    EXPECT_TRUE(psql_parts("").sql.empty());
    EXPECT_TRUE(psql_parts("copy t from stdin;").data.empty()); // no line behind it
}

TEST(PsqlParts, MetaCommandsGoOnToTheEndOfTheirLine) {
    const std::string text = "\\set x 'it\nselect 1 \\gset\nselect '\\i';\n\\\nselect 1\\; select 2;\n\\.\n";
    std::string names;
    for (const MetaCommand &command : psql_parts(text).commands) {
        names += command.name + ' ';
        EXPECT_EQ(text.substr(command.offset, command.name.size()), command.name);
        EXPECT_TRUE(meta_command_hint(command.name).ends_with('.'));
    }
    EXPECT_EQ(names, "\\set \\gset \\ \\; \\. ");
    EXPECT_NE(meta_command_hint("\\copy"), meta_command_hint("\\unknown"));
}

} // namespace
} // namespace turnstone::core
