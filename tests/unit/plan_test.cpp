#include "turnstone/core/plan.hpp"

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {
namespace {

MigrationFacts registered(const char *version) {
    MigrationFacts facts;
    facts.version = *Version::parse(version);
    facts.name = std::string(version) + "_x.sql";
    facts.registered = true;
    facts.has_down = true;
    facts.checksum = "abc";
    return facts;
}

MigrationFacts applied(const char *version, std::int64_t journal_id) {
    MigrationFacts facts = registered(version);
    facts.in_journal = true;
    facts.applied = true;
    facts.journal_id = journal_id;
    facts.applied_checksum = "abc";
    return facts;
}

std::string versions(const Plan &migrations) {
    std::string list;
    for (const MigrationFacts *migration : migrations)
        list += migration->version.text() + ' ';
    return list;
}

void expect_refusal(const History &history, int steps, ErrorCode code, std::string_view part) {
    try {
        const auto plan = steps == 0 ? history.pending() : history.to_roll_back(steps);
        ADD_FAILURE() << plan.size();
    } catch (const Error &error) {
        EXPECT_EQ(error.code(), code);
        EXPECT_NE(error.message().find(part), std::string::npos) << error.message();
    }
}

TEST(History, PendingIsASetDifferenceInTheOrderOfVersions) {
    const History history({registered("10"), applied("9", 1), registered("2"), registered("100")});
    EXPECT_EQ(versions(history.pending()), "2 10 100 ");
    EXPECT_EQ(versions(history.late(history.pending())), "2 ");
    EXPECT_EQ(history.newest_applied()->version.text(), "9");
}

TEST(History, ARolledBackOneIsPendingAgain) {
    MigrationFacts undone = registered("5");
    undone.in_journal = true;
    const History history({applied("1", 1), undone});
    EXPECT_EQ(versions(history.pending()), "5 ");
    EXPECT_EQ(history.state(history.migrations()[1]), MigrationState::rolled_back);
}

TEST(History, States) {
    MigrationFacts gone = applied("4", 4);
    gone.registered = false;
    MigrationFacts edited = applied("3", 3);
    edited.checksum = "def";
    const History history({registered("1"), applied("2", 2), edited, gone, registered("5")});
    std::string states;
    for (const MigrationFacts &migration : history.migrations())
        states += std::string(state_name(history.state(migration))) + ' ';
    EXPECT_EQ(states, "out_of_order applied changed missing pending ");
}

TEST(History, CandidatesOfARollbackMayHaveObstacles) {
    MigrationFacts no_down = applied("2", 2);
    no_down.has_down = false;
    MigrationFacts needs = applied("4", 1); // the first that was applied
    needs.requirements = {"3"};
    const History history({applied("1", 4), no_down, applied("3", 3), needs});
    const Plan plan = history.rollback_candidates("-3");
    EXPECT_EQ(versions(plan), "1 3 2 ");
    EXPECT_FALSE(history.obstacle(*plan[0], plan).has_value());
    EXPECT_EQ(history.obstacle(*plan[1], plan)->why, "\"4_x.sql\" requires it");
    EXPECT_EQ(history.obstacle(*plan[2], plan)->why, "it has no Down section");
    EXPECT_EQ(versions(history.rollback_candidates("base")), "1 3 2 4 ");
    EXPECT_FALSE(history.obstacle(*plan[1], history.rollback_candidates("base")).has_value());
    EXPECT_THROW((void)history.to_roll_back(2), Error);
    EXPECT_EQ(versions(history.to_roll_back(1)), "1 ");
}

TEST(History, WhatIsMeantForElsewhereIsSkipped) {
    MigrationFacts other = registered("2");
    other.elsewhere = true;
    MigrationFacts stays = applied("3", 3);
    stays.elsewhere = true;
    MigrationFacts view = applied("4", 4);
    view.version = Version::repeatable("R__view");
    view.checksum = "def";
    view.elsewhere = true;
    const History history({registered("1"), other, stays, view});
    EXPECT_EQ(versions(history.pending()), "1 ");
    EXPECT_EQ(versions(history.late(history.pending())), "1 ");
    EXPECT_EQ(history.state(history.migrations()[1]), MigrationState::skipped);
    EXPECT_EQ(history.state(history.migrations()[2]), MigrationState::applied);
    EXPECT_EQ(history.state(history.migrations()[3]), MigrationState::changed);
    EXPECT_EQ(versions(history.to_roll_back(1)), "3 ");
    MigrationFacts needs = registered("5");
    needs.requirements = {"2"};
    expect_refusal(History({other, needs}), 0, ErrorCode::wrong_state, "requires \"2_x.sql\"");
}

TEST(History, RollsBackInTheReverseOrderOfApplication) {
    const History history({applied("1", 5), applied("2", 3), applied("3", 4)});
    EXPECT_EQ(versions(history.to_roll_back(2)), "1 3 ");
    EXPECT_EQ(versions(history.to_roll_back(99)), "1 3 2 ");
    EXPECT_EQ(versions(history.to_roll_back(0)), "");
}

TEST(History, RefusesBeforeAnythingRuns) {
    MigrationFacts without_down = applied("1", 1);
    without_down.has_down = false;
    expect_refusal(History({without_down, applied("2", 2)}), 2, ErrorCode::wrong_state, "\"1_x.sql\"");
    MigrationFacts edited = applied("1", 1);
    edited.checksum = "def";
    expect_refusal(History({edited}), 0, ErrorCode::wrong_state, "\"1_x.sql\"");
    expect_refusal(History({edited}), 1, ErrorCode::wrong_state, "\"1_x.sql\"");
    MigrationFacts gone = applied("1", 1);
    gone.registered = false;
    expect_refusal(History({gone}), 1, ErrorCode::wrong_state, "no longer registered");
}

TEST(History, LateArrivalsAreNamed) {
    const History history({registered("1"), registered("2"), applied("3", 1)});
    const Error error = late_arrivals(history.late(history.pending()), *history.newest_applied());
    EXPECT_EQ(error.code(), ErrorCode::out_of_order);
    EXPECT_EQ(
        error.message(),
        "out of order: \"1_x.sql\", \"2_x.sql\" are older than the newest applied migration \"3_x.sql\"");
}

TEST(History, FindsByVersionTagNameAndBeginning) {
    MigrationFacts tagged = registered("20240102");
    tagged.name = "20240102_create_users.sql";
    tagged.tags = {"v1", "2"};
    const History history({registered("20240101"), tagged, registered("20250101"), registered("2.0")});
    EXPECT_EQ(history.find("20240102").version.text(), "20240102");
    EXPECT_EQ(history.find("v1").version.text(), "20240102");
    EXPECT_EQ(history.find("create_users").version.text(), "20240102");
    EXPECT_EQ(history.find("20240102_create_users").version.text(), "20240102");
    EXPECT_EQ(history.find("2025").version.text(), "20250101");
    EXPECT_EQ(history.find("2").version.text(), "2.0"); // a version before a tag, a tag before a beginning
    EXPECT_THROW((void)history.find("202"), Error);
    EXPECT_THROW((void)history.find("users"), Error);
    EXPECT_THROW((void)history.find(""), Error);
}

TEST(History, Targets) {
    const History history({registered("1"), applied("2", 1), registered("3"), registered("4")});
    EXPECT_EQ(versions(history.pending("head")), "1 3 4 ");
    EXPECT_EQ(versions(history.pending("3")), "1 3 ");
    EXPECT_EQ(versions(history.pending("+1")), "1 ");
    EXPECT_EQ(versions(history.pending("+99")), "1 3 4 ");
    EXPECT_EQ(versions(history.pending("+0")), "");
    for (const char *target : {"+", "+-1", "+x", "+99999999999", "-1", "base"})
        EXPECT_THROW((void)history.pending(target), Error) << target;
}

TEST(History, RollsBackToATarget) {
    const History history({applied("1", 5), applied("2", 6), applied("3", 7), registered("4")});
    EXPECT_EQ(versions(history.to_roll_back_to("1")), "3 2 ");
    EXPECT_EQ(versions(history.to_roll_back_to("-2")), "3 2 ");
    EXPECT_EQ(versions(history.to_roll_back_to("base")), "3 2 1 ");
    EXPECT_EQ(versions(history.to_roll_back_to("3")), "");
    EXPECT_THROW((void)history.to_roll_back_to("4"), Error);
}

TEST(History, BaselinesAreNotRolledBack) {
    MigrationFacts taken = applied("1", 1);
    taken.baseline = true;
    const History history({taken, applied("2", 2)});
    EXPECT_EQ(history.state(history.migrations()[0]), MigrationState::baseline);
    EXPECT_EQ(versions(history.to_roll_back_to("base")), "2 ");
    expect_refusal(history, 2, ErrorCode::wrong_state, "baseline");
}

TEST(History, Requirements) {
    MigrationFacts needy = registered("5");
    needy.requirements = {"7"};
    expect_refusal(History({needy}), 0, ErrorCode::wrong_state, "which is not registered");
    expect_refusal(History({needy, registered("7")}), 0, ErrorCode::wrong_state, "not applied before it");
    EXPECT_EQ(versions(History({needy, applied("7", 1)}).pending()), "5 ");
    needy.requirements = {"4"};
    EXPECT_EQ(versions(History({needy, registered("4")}).pending()), "4 5 ");
    needy.requirements = {"5"};
    expect_refusal(History({needy}), 0, ErrorCode::wrong_state, "not applied before it");

    MigrationFacts staying = applied("9", 1);
    staying.requirements = {"8_x"};
    expect_refusal(History({applied("8", 2), staying}), 1, ErrorCode::wrong_state, "\"9_x.sql\" requires it");
    EXPECT_EQ(versions(History({applied("8", 2), staying}).to_roll_back(2)), "8 9 ");
}

TEST(History, Conflicts) {
    MigrationFacts hostile = registered("5");
    hostile.conflicts = {"6", "7"};
    EXPECT_EQ(versions(History({hostile}).pending()), "5 ");
    expect_refusal(History({hostile, registered("7")}), 0, ErrorCode::wrong_state,
                   "conflicts with \"7_x.sql\"");
    expect_refusal(History({hostile, applied("6", 1)}), 0, ErrorCode::wrong_state,
                   "conflicts with \"6_x.sql\"");
}

TEST(History, AScriptMayAllowItselfToBeLate) {
    MigrationFacts late = registered("1");
    late.out_of_order_allowed = true;
    const History history({late, applied("2", 1)});
    EXPECT_TRUE(history.late(history.pending()).empty());
}

std::string states(const History &history) {
    std::string states;
    for (const MigrationFacts &migration : history.migrations())
        states += migration.version.text() + ' ' + state_name(history.state(migration)) + ", ";
    return states;
}

MigrationFacts baseline_script(const char *version) {
    MigrationFacts facts = registered("1");
    facts.version = Version::from_text(version);
    facts.name = std::string(version) + "__x.sql";
    facts.has_down = false;
    return facts;
}

MigrationFacts applied_baseline_script(const char *version, std::int64_t journal_id) {
    MigrationFacts facts = baseline_script(version);
    facts.in_journal = facts.applied = true;
    facts.journal_id = journal_id;
    facts.applied_checksum = facts.checksum;
    return facts;
}

TEST(BaselineScripts, TheNewestRunsInPlaceOfWhatItSumsUp) {
    const History history(
        {registered("1"), registered("2"), registered("3"), baseline_script("B1"), baseline_script("B2")});
    EXPECT_EQ(versions(history.pending()), "B2 3 ");
    EXPECT_EQ(states(history), "B1 skipped, 1 skipped, B2 pending, 2 skipped, 3 pending, ");
    EXPECT_EQ(versions(history.pending("+1")), "B2 ");
    EXPECT_EQ(versions(history.pending("2")), "B2 ");
    EXPECT_EQ(versions(history.pending("B2")), "B2 ");
    EXPECT_EQ(versions(history.pending("1")), "B1 ");
    EXPECT_EQ(versions(history.unapplied(*Version::parse("2"))), "B2 ");
    EXPECT_EQ(versions(History({registered("1"), registered("2"), baseline_script("B2")}).pending("1")),
              "1 ");
}

TEST(BaselineScripts, AreIgnoredWhereSomethingIsApplied) {
    const History history({applied("1", 1), registered("2"), registered("3"), baseline_script("B2")});
    EXPECT_EQ(versions(history.pending()), "2 3 ");
    EXPECT_EQ(states(history), "1 applied, B2 skipped, 2 pending, 3 pending, ");
    EXPECT_EQ(versions(history.pending("B2")), "");
    MigrationFacts open = registered("1");
    open.partial = true;
    EXPECT_EQ(versions(History({open, registered("2"), baseline_script("B2")}).pending()), "1 2 ");
    MigrationFacts undone = registered("1");
    undone.in_journal = true; // nothing is applied any more
    EXPECT_EQ(versions(History({undone, registered("2"), baseline_script("B2")}).pending()), "B2 ");
}

TEST(BaselineScripts, SumUpWhatIsRegisteredLaterToo) {
    const History history({registered("1"), registered("2"), applied_baseline_script("B2", 1),
                           baseline_script("B1"), baseline_script("B4"), applied("3", 2), registered("2.5"),
                           registered("4")});
    EXPECT_EQ(versions(history.pending()), "2.5 4 ");
    EXPECT_EQ(versions(history.late(history.pending())), "2.5 ");
    EXPECT_EQ(versions(history.pending("1")), "");
    EXPECT_EQ(states(history), "B1 skipped, 1 baseline, B2 applied, 2 baseline, 2.5 out_of_order, "
                               "3 applied, B4 skipped, 4 pending, ");
}

TEST(BaselineScripts, OneThatHasBegunIsFinished) {
    MigrationFacts open = baseline_script("B2");
    open.partial = true;
    const History history({registered("1"), open, registered("3"), baseline_script("B3")});
    EXPECT_EQ(versions(history.pending()), "B2 3 ");
    EXPECT_EQ(states(history), "1 skipped, B2 partial, B3 skipped, 3 pending, ");
    EXPECT_EQ(versions(history.pending("1")), "");
}

TEST(BaselineScripts, OfOtherEnvironmentsDoNotCount) {
    MigrationFacts other = baseline_script("B3");
    other.elsewhere = true;
    EXPECT_EQ(versions(History({registered("1"), baseline_script("B2"), other, registered("3")}).pending()),
              "B2 3 ");
}

TEST(BaselineScripts, HaveNoWayBack) {
    const History history(
        {registered("1"), registered("2"), applied_baseline_script("B2", 1), applied("3", 2)});
    EXPECT_EQ(versions(history.to_roll_back_to("base")), "3 ");
    EXPECT_EQ(versions(history.to_roll_back_to("B2")), "3 ");
    EXPECT_EQ(versions(history.to_roll_back_to("2")), "3 ");
    EXPECT_THROW((void)history.to_roll_back_to("1"), Error);
    expect_refusal(history, 2, ErrorCode::wrong_state, "\"B2__x.sql\" cannot be rolled back");
}

TEST(BaselineScripts, StandForWhatOthersRequire) {
    MigrationFacts needy = registered("3");
    needy.requirements = {"1"};
    EXPECT_EQ(versions(History({registered("1"), baseline_script("B2"), needy}).pending()), "B2 3 ");
    EXPECT_EQ(versions(History({registered("1"), applied_baseline_script("B2", 1), needy}).pending()), "3 ");
    needy.requirements = {"2"}; // of which the baseline script alone is left
    EXPECT_EQ(versions(History({baseline_script("B2"), needy}).pending()), "B2 3 ");
    MigrationFacts hostile = registered("3");
    hostile.conflicts = {"1"};
    expect_refusal(History({registered("1"), baseline_script("B2"), hostile}), 0, ErrorCode::wrong_state,
                   "conflicts with \"1_x.sql\"");
    MigrationFacts early = baseline_script("B2");
    early.requirements = {"3"};
    expect_refusal(History({early, registered("3")}), 0, ErrorCode::wrong_state, "not applied before it");
}

MigrationFacts repeatable(const char *name, std::vector<std::string> requirements = {}) {
    MigrationFacts facts = registered("1");
    facts.version = Version::repeatable(name);
    facts.name = std::string(name) + ".sql";
    facts.has_down = false;
    facts.requirements = std::move(requirements);
    return facts;
}

TEST(History, RepeatableOnesRunAgainWhenTheyChange) {
    MigrationFacts same = repeatable("R__same");
    same.applied = same.in_journal = true;
    same.applied_checksum = same.checksum;
    MigrationFacts edited = repeatable("R__edited");
    edited.applied = edited.in_journal = true;
    edited.applied_checksum = "old";
    const History history({same, edited, repeatable("R__fresh"), registered("5"), applied("9", 1)});
    EXPECT_EQ(versions(history.pending()), "5 R__edited R__fresh ");
    EXPECT_EQ(versions(history.late(history.pending())), "5 ");
    EXPECT_EQ(versions(history.pending("9")), "5 "); // a version as target leaves them out
    EXPECT_EQ(history.newest_applied()->version.text(), "9");
    EXPECT_EQ(versions(history.to_roll_back(5)), "9 ");
}

TEST(History, RepeatableOnesRunBehindWhatTheyRequire) {
    const History history(
        {repeatable("R__a", {"c"}), repeatable("R__b"), repeatable("R__c", {"1"}), registered("1")});
    EXPECT_EQ(versions(history.pending()), "1 R__b R__c R__a ");
    expect_refusal(History({repeatable("R__a", {"b"}), repeatable("R__b", {"a"})}), 0, ErrorCode::wrong_state,
                   "require each other");
}

} // namespace
} // namespace turnstone::core
