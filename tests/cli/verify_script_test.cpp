#include "turnstone/cli/verify_script.hpp"

#include <gtest/gtest.h>

namespace turnstone::cli {
namespace {

// "statement select 1, rollback": the steps in words.
std::string steps_of(std::string_view text) {
    std::string steps;
    for (const VerifyStep &step : read_verify_script(text, true)) {
        if (!steps.empty())
            steps += ", ";
        steps += step.kind == VerifyStep::Kind::begin ? "begin"
                 : step.kind == VerifyStep::Kind::rollback
                     ? "rollback"
                     : std::string(text.substr(step.begin, step.end - step.begin));
    }
    return steps;
}

std::string refusal_of(std::string_view text) {
    try {
        (void)read_verify_script(text, true);
    } catch (const VerifyRefused &refused) {
        EXPECT_NE(refused.hint(), "");
        return std::to_string(refused.offset()) + ": " + refused.what();
    }
    return "accepted";
}

TEST(VerifyScript, OfSqitchBeginsAndRollsBack) {
    EXPECT_EQ(steps_of("-- Verify users\nBEGIN;\nSELECT 1 FROM users;\nROLLBACK;\n"),
              "begin, SELECT 1 FROM users, rollback");
    EXPECT_EQ(steps_of("start transaction isolation level serializable; select 1; abort work;"),
              "begin, select 1, rollback");
    EXPECT_EQ(steps_of(""), "");
}

TEST(VerifyScript, SavepointsAreWithinIt) {
    EXPECT_EQ(steps_of("savepoint a; rollback to a; rollback work to savepoint a; release a"),
              "savepoint a, rollback to a, rollback work to savepoint a, release a");
}

TEST(VerifyScript, NeverCommits) {
    EXPECT_EQ(steps_of("begin; select 1; commit;"), "begin, select 1");
    EXPECT_EQ(steps_of("begin; select 1; END"), "begin, select 1");
    EXPECT_EQ(refusal_of("select 1; commit; select 2"), "10: a verify script cannot commit");
    EXPECT_EQ(refusal_of("/* a */ End; begin"), "8: a verify script cannot commit");
    EXPECT_EQ(refusal_of("prepare transaction 'a'"), "0: a verify script cannot have prepared transactions");
    EXPECT_EQ(refusal_of("commit prepared 'a'"), "0: a verify script cannot have prepared transactions");
    EXPECT_EQ(refusal_of("rollback prepared 'a'"), "0: a verify script cannot have prepared transactions");
    EXPECT_EQ(steps_of("prepare p as select 1; do 'begin commit; end'"),
              "prepare p as select 1, do 'begin commit; end'");
}

TEST(VerifyScript, HasNothingOfPsql) {
    EXPECT_EQ(refusal_of("select 1;\n\\set ON_ERROR_STOP 1\n"), "10: psql's \\set is not carried out");
    EXPECT_EQ(refusal_of("copy users to stdout"), "0: a verify script cannot copy from or to the client");
    EXPECT_EQ(refusal_of("copy users from stdin;\n1\n\\.\n"),
              "0: a verify script cannot copy from or to the client");
    EXPECT_EQ(steps_of("copy users to '/tmp/a'"), "copy users to '/tmp/a'");
}

} // namespace
} // namespace turnstone::cli
