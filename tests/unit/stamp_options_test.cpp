#include "turnstone/core/stamp_options.hpp"

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {
namespace {

std::string message_of(const std::vector<std::string> &arguments) {
    try {
        StampOptions::parse(arguments);
    } catch (const Error &error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
        return error.message();
    }
    return {};
}

TEST(StampOptions, DefaultsAreNoArguments) {
    EXPECT_EQ(StampOptions::parse({}), StampOptions{});
    EXPECT_TRUE(StampOptions{}.arguments().empty());
}

TEST(StampOptions, TheFirstArgumentMayBeTheColumn) {
    EXPECT_EQ(StampOptions::parse({"changed_at"}).column, "changed_at");
    const StampOptions options = StampOptions::parse({"Changed on", "clock=wall"});
    EXPECT_EQ(options.column, "Changed on");
    EXPECT_EQ(options.clock, StampClock::wall);
}

TEST(StampOptions, ByNameInAnyOrder) {
    const StampOptions options = StampOptions::parse(
        {"unit=milliseconds", "when=changed", "column=a=b", "clock=statement", "policy=p"});
    EXPECT_EQ(options.column, "a=b");
    EXPECT_EQ(options.clock, StampClock::statement);
    EXPECT_TRUE(options.only_changed);
    EXPECT_FALSE(options.unless_set);
    EXPECT_EQ(options.unit, StampUnit::milliseconds);
    EXPECT_EQ(options.policy, "p");
}

TEST(StampOptions, WhatIsWrittenIsReadAgain) {
    for (const char *when : {"always", "changed", "unless_set", "changed,unless_set"}) {
        for (const char *clock : {"transaction", "statement", "wall"}) {
            for (const char *unit : {"", "seconds", "milliseconds"}) {
                StampOptions options;
                options.column = "touched=at";
                options.policy = "all";
                options.set_when(when);
                options.set_clock(clock);
                if (*unit != '\0')
                    options.set_unit(unit);
                EXPECT_EQ(options.when_name(), when);
                EXPECT_EQ(options.clock_name(), clock);
                EXPECT_EQ(options.unit_name(), unit);
                EXPECT_EQ(StampOptions::parse(options.arguments()), options);
            }
        }
    }
}

TEST(StampOptions, AnAliasGivesOtherDefaults) {
    const StampOptions alias = StampOptions::parse({"modified", "when=changed"});
    EXPECT_EQ(StampOptions::parse({}, alias), alias);
    EXPECT_EQ(StampOptions::parse({"when=always"}, alias), StampOptions::parse({"modified"}));
}

TEST(StampOptions, Refusals) {
    EXPECT_EQ(message_of({"a", "b"}), "argument \"b\" of turnstone_set_updated_at() has no name");
    EXPECT_EQ(message_of({"colum=a"}), "turnstone_set_updated_at() has no argument \"colum\"");
    EXPECT_EQ(message_of({"a", "column=b"}),
              "argument \"column\" of turnstone_set_updated_at() is given twice");
    EXPECT_EQ(message_of({"clock=sun"}), "invalid value for \"clock\": \"sun\"");
    EXPECT_EQ(message_of({"when="}), "invalid value for \"when\": \"\"");
    EXPECT_EQ(message_of({"unit=days"}), "invalid value for \"unit\": \"days\"");
}

TEST(StampPolicy, Patterns) {
    EXPECT_TRUE(matches_pattern("", ""));
    EXPECT_TRUE(matches_pattern("*", ""));
    EXPECT_TRUE(matches_pattern("*", "anything"));
    EXPECT_TRUE(matches_pattern("a*c*e", "abcde"));
    EXPECT_TRUE(matches_pattern("*log", "catalog log"));
    EXPECT_TRUE(matches_pattern("a_b", "a_b"));
    EXPECT_FALSE(matches_pattern("a_b", "axb"));
    EXPECT_FALSE(matches_pattern("a*b", "abc"));
    EXPECT_FALSE(matches_pattern("", "a"));
    EXPECT_FALSE(matches_pattern("a", ""));
}

TEST(StampPolicy, Covers) {
    StampPolicy policy{"p", {}, {}, {}};
    EXPECT_TRUE(policy.covers("any", "table"));
    policy.schemas = {"app", "tenant_*"};
    EXPECT_TRUE(policy.covers("app", "t"));
    EXPECT_TRUE(policy.covers("tenant_7", "t"));
    EXPECT_FALSE(policy.covers("public", "t"));
    policy.exclude = {"*_log", "app.cache"};
    EXPECT_FALSE(policy.covers("app", "audit_log"));
    EXPECT_FALSE(policy.covers("app", "cache"));
    EXPECT_TRUE(policy.covers("tenant_7", "cache"));
}

} // namespace
} // namespace turnstone::core
