#include "turnstone/core/version.hpp"

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

Version version(const char *text) {
    return *Version::parse(text);
}

TEST(Version, OrdersByNumberPartByPart) {
    EXPECT_LT(version("9"), version("10"));
    EXPECT_LT(version("1.9"), version("1.10"));
    EXPECT_LT(version("1"), version("1.1"));
    EXPECT_LT(version("1.1"), version("2"));
    EXPECT_LT(version("20240101120000"), version("20240101120001"));
    EXPECT_LT(version("0"), version("1"));
}

TEST(Version, OrdersNumbersThatFitNoInteger) {
    EXPECT_LT(version("99999999999999999999999999999"), version("100000000000000000000000000000"));
}

TEST(Version, LeadingZerosAndTrailingZeroPartsMeanNothing) {
    EXPECT_EQ(version("0001"), version("1"));
    EXPECT_EQ(version("1.0.0"), version("1"));
    EXPECT_EQ(version("000"), version("0"));
    EXPECT_NE(version("10"), version("1"));
}

TEST(Version, SortKeyIsTheSameForEqualVersions) {
    EXPECT_EQ(version("01.010").sort_key(), "{1,10}");
    EXPECT_EQ(version("1.0").sort_key(), version("1").sort_key());
    EXPECT_EQ(version("0").sort_key(), "{0}");
    EXPECT_EQ(version("1.0.2").sort_key(), "{1,0,2}");
}

TEST(Version, KeepsItsText) {
    EXPECT_EQ(version("007.10").text(), "007.10");
}

TEST(Version, RefusesWhatIsNoVersion) {
    for (const char *text : {"", ".", "1.", ".1", "1..2", "a", "1a", "-1", "+1", " 1", "1 ", "1,2"})
        EXPECT_FALSE(Version::parse(text)) << text;
}

TEST(Version, RepeatableOnesComeLastInTheOrderOfNames) {
    EXPECT_LT(version("99999999999999999999"), Version::repeatable("R__a"));
    EXPECT_LT(Version::repeatable("R__a"), Version::repeatable("R__b"));
    EXPECT_EQ(Version::from_text("R__a"), Version::repeatable("R__a"));
    EXPECT_EQ(Version::from_text("1.0"), version("1"));
    EXPECT_TRUE(Version::repeatable("R__a").sort_key().empty());
}

TEST(Version, BaselinesStandBeforeTheirNumber) {
    const Version baseline = Version::baseline(version("02.0"));
    EXPECT_EQ(baseline.text(), "B2");
    EXPECT_EQ(Version::baseline(version("1.0.10")).text(), "B1.0.10");
    EXPECT_EQ(Version::baseline(version("0")).text(), "B0");
    EXPECT_EQ(Version::from_text("B02"), baseline);
    EXPECT_TRUE(Version::from_text("B2").is_baseline());
    EXPECT_FALSE(baseline.is_repeatable());
    EXPECT_TRUE(baseline.sort_key().empty());
    EXPECT_NE(baseline, version("2"));
    EXPECT_LT(baseline, version("2"));
    EXPECT_LT(version("1.9"), baseline);
    EXPECT_LT(baseline, Version::baseline(version("10")));
    EXPECT_LT(baseline, Version::repeatable("R__a"));
    for (const char *text : {"B", "Bx", "B2x", "b2", "B2.", "B.2", "R__B2"})
        EXPECT_FALSE(Version::from_text(text).is_baseline()) << text;
}

TEST(Version, WhatABaselineSumsUp) {
    for (const char *text : {"0", "1", "2", "002", "2.0", "1.99999999999999999999"})
        EXPECT_TRUE(is_summed_up(text, "B2")) << text;
    for (const char *text : {"2.0.1", "3", "10", "B1", "B2", "R__a", "S__a", "before_run"})
        EXPECT_FALSE(is_summed_up(text, "B2")) << text;
    EXPECT_TRUE(is_summed_up("1.9", "B1.10"));
    EXPECT_FALSE(is_summed_up("1.11", "B1.10"));
    EXPECT_TRUE(is_summed_up("1", "B1.0.1"));
}

} // namespace
} // namespace turnstone::core
