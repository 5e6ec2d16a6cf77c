#include "turnstone/core/sql_statements.hpp"

#include <gtest/gtest.h>

#include <string>

namespace turnstone::core {
namespace {

using Texts = std::vector<std::string>;

Texts cut(std::string_view text, bool standard_conforming_strings = true) {
    Texts texts;
    for (const SqlStatement &statement : sql_statements(text, standard_conforming_strings))
        texts.emplace_back(text.substr(statement.begin, statement.end - statement.begin));
    return texts;
}

TEST(SqlStatements, EndAtTheirSemicolons) {
    EXPECT_EQ(cut("select 1;\n-- one\nselect 2 ;"), (Texts{"select 1", "select 2 "}));
    EXPECT_EQ(cut("select 1; select 2"), (Texts{"select 1", "select 2"}));
    EXPECT_EQ(cut("'a'; \"b\""), (Texts{"'a'", "\"b\""}));
}

TEST(SqlStatements, OfNothingThereAreNone) {
    EXPECT_EQ(cut(""), Texts{});
    EXPECT_EQ(cut(" ;; /* a; b */ ; -- c\n"), Texts{});
    EXPECT_EQ(cut(";; select 1 ;;"), Texts{"select 1 "});
}

TEST(SqlStatements, AreNotCutInQuotations) {
    EXPECT_EQ(cut("do $$ begin; end $$; select ';', \"a;b\", e'\\';'; select 1 /* ; */"),
              (Texts{"do $$ begin; end $$", "select ';', \"a;b\", e'\\';'", "select 1 /* ; */"}));
    EXPECT_EQ(cut("select 'a\\'; select 2;", true), (Texts{"select 'a\\'", "select 2"}));
    EXPECT_EQ(cut("select 'a\\'; select 2;", false), Texts{"select 'a\\'; select 2;"});
}

TEST(SqlStatements, AreNotCutInParenthesesAndBodies) {
    EXPECT_EQ(cut("create rule r as on insert to t do (select 1; select 2); select 3"),
              (Texts{"create rule r as on insert to t do (select 1; select 2)", "select 3"}));
    const std::string routine = "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; "
                                "SELECT CASE WHEN true THEN 1 END; END";
    EXPECT_EQ(cut(routine + "; BEGIN; SELECT CASE 1 WHEN 1 THEN 2 END; END;"),
              (Texts{routine, "BEGIN", "SELECT CASE 1 WHEN 1 THEN 2 END", "END"}));
    EXPECT_EQ(cut("select 1); select 2"), (Texts{"select 1)", "select 2"}));
}

TEST(SqlStatements, HaveTheirWords) {
    const auto statements = sql_statements("Rollback /* now */ TO \"to\";");
    ASSERT_EQ(statements.size(), 1U);
    EXPECT_TRUE(statements[0].has_at(0, "rollback"));
    EXPECT_TRUE(statements[0].has_at(1, "to"));
    EXPECT_FALSE(statements[0].has_at(2, "to"));
    EXPECT_FALSE(statements[0].has("now"));
}

} // namespace
} // namespace turnstone::core
