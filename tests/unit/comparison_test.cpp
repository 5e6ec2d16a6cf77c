#include "turnstone/core/comparison.hpp"

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

const ObjectKey table{"public.t", "table"};

Snapshot of(const std::string &properties, std::vector<Part> parts = {}) {
    return {{table, {properties, {}, std::move(parts)}}};
}

std::string shown(const std::vector<Difference> &differences) {
    std::string text;
    for (const Difference &difference : differences)
        text += std::string(change_name(difference.change)) + ' ' + difference.object.identity + ' ' +
                difference.property + " [" + difference.expected + "] [" + difference.actual + "]\n";
    return text;
}

TEST(Differences, NameEachChangedProperty) {
    EXPECT_EQ(
        shown(differences(of("{}", {{"table column", "c", R"({"not null":true,"type":"integer"})", {}}}),
                          of("{}", {{"table column", "c", R"({"default":"1","type":"bigint"})", {}}}))),
        "changed public.t.c default [] [1]\n"
        "changed public.t.c not null [true] []\n"
        "changed public.t.c type [integer] [bigint]\n");
}

TEST(Differences, WhatCameOrWentWithItsObjectIsNotListed) {
    const Snapshot both = of("{}", {{"table column", "c", "{}", {}}});
    EXPECT_EQ(shown(differences({}, both)), "added public.t  [] []\n");
    EXPECT_EQ(shown(differences(both, {})), "removed public.t  [] []\n");
    EXPECT_EQ(shown(differences(of("{}"), both)), "added public.t.c  [] []\n");
}

TEST(Differences, OrderIsThatOfTheElementsInBoth) {
    const Snapshot before = of(R"({"order":["a","b","c"]})");
    EXPECT_TRUE(differences(before, of(R"({"order":["a","c","d"]})")).empty());
    EXPECT_EQ(shown(differences(before, of(R"({"order":["b","a"]})"))),
              "changed public.t order [a, b] [b, a]\n");
}

TEST(Differences, BytesThatAreNoJsonAreStillCompared) {
    EXPECT_EQ(differences(of("{\"comment\": \"\xff\"}"), of("{\"comment\": \"\xfe\"}")).size(), 1U);
}

} // namespace
} // namespace turnstone::core
