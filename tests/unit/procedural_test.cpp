#include "turnstone/core/procedural.hpp"

#include <gtest/gtest.h>

#include "turnstone/core/sql_lines.hpp"

namespace {

using turnstone::core::transaction_control;
using turnstone::core::TransactionControl;

TEST(Procedural, CommandsWhereAStatementBegins) {
    EXPECT_EQ(transaction_control("BEGIN COMMIT; END"), TransactionControl::certain);
    EXPECT_EQ(transaction_control("begin\n  insert into t values (1);\n  rollback ;\nend"),
              TransactionControl::certain);
    EXPECT_EQ(transaction_control("BEGIN IF a THEN COMMIT AND CHAIN; END IF; END"),
              TransactionControl::certain);
    EXPECT_EQ(transaction_control("BEGIN LOOP COMMIT; END LOOP; END"), TransactionControl::certain);
    EXPECT_EQ(transaction_control("BEGIN IF a THEN b := 1; ELSE COMMIT; END IF; END"),
              TransactionControl::certain);
    EXPECT_EQ(transaction_control("<<block>> BEGIN <<inner>> COMMIT; END"), TransactionControl::certain);
}

TEST(Procedural, WordsElsewhereAreNoCommands) {
    EXPECT_EQ(transaction_control("BEGIN RAISE NOTICE 'commit;'; END"), TransactionControl::none);
    EXPECT_EQ(transaction_control("BEGIN -- COMMIT;\n NULL; END"), TransactionControl::none);
    EXPECT_EQ(transaction_control("BEGIN /* ; COMMIT; */ NULL; END"), TransactionControl::none);
    EXPECT_EQ(transaction_control("BEGIN UPDATE t SET commit = 1; \"commit\" := 2; END"),
              TransactionControl::none);
    EXPECT_EQ(transaction_control("BEGIN commit := true; END"), TransactionControl::none);
    EXPECT_EQ(transaction_control(""), TransactionControl::none);
}

TEST(Procedural, CallsMayCommit) {
    EXPECT_EQ(transaction_control("BEGIN CALL p(); END"), TransactionControl::perhaps);
    EXPECT_EQ(transaction_control("BEGIN CALL p(); COMMIT; END"), TransactionControl::certain);
    EXPECT_EQ(transaction_control("BEGIN SELECT call FROM t; END"), TransactionControl::none);
}

TEST(SqlWords, AreWhatStandsOutsideOfQuotations) {
    const std::vector<std::string_view> expected{"a", "=", "b", ";", "c$1", "(", ")"};
    EXPECT_EQ(turnstone::core::sql_words("a = 'x' b; -- c\nc$1 $$ d $$ (\"e\")"), expected);
}

} // namespace
