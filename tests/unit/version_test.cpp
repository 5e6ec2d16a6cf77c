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

} // namespace
} // namespace turnstone::core
