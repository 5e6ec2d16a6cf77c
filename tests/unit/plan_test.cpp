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

std::string versions(const std::vector<const MigrationFacts *> &migrations) {
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
    EXPECT_EQ(versions(history.late()), "2 ");
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
    const Error error = late_arrivals(history.late(), *history.newest_applied());
    EXPECT_EQ(error.code(), ErrorCode::out_of_order);
    EXPECT_EQ(
        error.message(),
        "out of order: \"1_x.sql\", \"2_x.sql\" are older than the newest applied migration \"3_x.sql\"");
}

} // namespace
} // namespace turnstone::core
