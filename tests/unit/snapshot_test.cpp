#include "turnstone/core/snapshot.hpp"

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

const ObjectKey table{"public.t", "table"};
const ObjectKey column{"public.t.c", "table column"};

std::string shown(const std::vector<Difference> &differences) {
    std::string text;
    for (const Difference &difference : differences)
        text += std::string(change_name(difference.change)) + ' ' + difference.object.identity + ' ' +
                difference.property + " [" + difference.expected + "] [" + difference.actual + "]\n";
    return text;
}

TEST(Differences, NoneBetweenEqualStates) {
    const Snapshot state{{table, {{}, "{}"}}, {column, {table, R"({"type": "integer"})"}}};
    EXPECT_TRUE(differences(state, state).empty());
}

TEST(Differences, NameEachChangedProperty) {
    const Snapshot before{{column, {table, R"({"type": "integer", "not null": true})"}}};
    const Snapshot after{{column, {table, R"({"type": "bigint", "default": "1"})"}}};
    EXPECT_EQ(shown(differences(before, after)), "changed public.t.c default [] [1]\n"
                                                 "changed public.t.c not null [true] []\n"
                                                 "changed public.t.c type [integer] [bigint]\n");
}

TEST(Differences, WhatCameOrWentWithItsParentIsNotListed) {
    const Snapshot none;
    const Snapshot both{{table, {{}, "{}"}}, {column, {table, "{}"}}};
    EXPECT_EQ(shown(differences(none, both)), "added public.t  [] []\n");
    EXPECT_EQ(shown(differences(both, none)), "removed public.t  [] []\n");
    const Snapshot only_table{{table, {{}, "{}"}}};
    EXPECT_EQ(shown(differences(only_table, both)), "added public.t.c  [] []\n");
}

TEST(Differences, OneNameInTwoKindsIsTwoObjects) {
    const Snapshot before{{{"public.x", "table"}, {{}, "{}"}}};
    const Snapshot after{{{"public.x", "view"}, {{}, "{}"}}};
    EXPECT_EQ(differences(before, after).size(), 2U);
}

TEST(Differences, OrderIsThatOfTheElementsInBoth) {
    const Snapshot before{{table, {{}, R"({"order": ["a", "b", "c"]})"}}};
    const Snapshot dropped{{table, {{}, R"({"order": ["a", "c", "d"]})"}}};
    const Snapshot moved{{table, {{}, R"({"order": ["b", "a"]})"}}};
    EXPECT_TRUE(differences(before, dropped).empty());
    EXPECT_EQ(shown(differences(before, moved)), "changed public.t order [a, b] [b, a]\n");
}

TEST(Differences, BytesThatAreNoJsonAreStillCompared) {
    const Snapshot before{{table, {{}, "{\"comment\": \"\xff\"}"}}};
    const Snapshot after{{table, {{}, "{\"comment\": \"\xfe\"}"}}};
    EXPECT_EQ(differences(before, after).size(), 1U);
    EXPECT_TRUE(differences(before, before).empty());
}

TEST(Advanced, TakesWhatTheRunChangedAndNothingElse) {
    const ObjectKey other{"public.u", "table"};
    const ObjectKey made{"public.v", "table"};
    const Snapshot recorded{{table, {{}, R"({"options": "a", "owner": "ann", "comment": "c"})"}},
                            {other, {{}, "{}"}}};
    // Somebody changed the owner, dropped u and made x; the run then changed the options, dropped the
    // comment, made v.
    const ObjectKey foreign{"public.x", "table"};
    const Snapshot before{{table, {{}, R"({"options": "a", "owner": "eve", "comment": "c"})"}},
                          {foreign, {{}, "{}"}}};
    const Snapshot after{{table, {{}, R"({"options": "b", "owner": "eve"})"}},
                         {foreign, {{}, R"({"owner": "eve"})"}},
                         {made, {{}, "{}"}}};
    EXPECT_EQ(shown(differences(advanced(recorded, before, after), after)),
              "changed public.t owner [ann] [eve]\n"
              "removed public.u  [] []\n"
              "added public.x  [] []\n");
    EXPECT_TRUE(differences(advanced(before, before, after), after).empty());
    EXPECT_TRUE(differences(advanced({}, {}, after), after).empty());
}

TEST(Advanced, WhatTheRunDroppedIsGone) {
    const Snapshot both{{table, {{}, "{}"}}, {column, {table, "{}"}}};
    EXPECT_TRUE(advanced(both, both, {}).empty());
}

TEST(Delta, TurnsOneStateIntoTheOther) {
    const Snapshot before{{table, {{}, "{}"}}, {column, {table, "{}"}}};
    const Snapshot after{{table, {{}, R"({"a": 1})"}}, {{"public.u", "table"}, {{}, "{}"}}};
    const SnapshotDelta found = delta(before, after);
    ASSERT_EQ(found.removed.size(), 1U);
    EXPECT_EQ(found.removed[0], column);
    EXPECT_EQ(found.written.size(), 2U);
    EXPECT_TRUE(delta(after, after).written.empty());
}

} // namespace
} // namespace turnstone::core
