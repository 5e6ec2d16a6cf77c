#include "turnstone/core/script_dependencies.hpp"

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

TEST(ScriptDependencies, AreOneText) {
    ScriptOptions all;
    all.requirements = {"1", "users"};
    all.tags = {"v1"};
    EXPECT_EQ(dependencies_text(all), "1\x1fusers\x1e\x1ev1");
    EXPECT_EQ(dependencies_text({}), "\x1e\x1e");
}

TEST(ScriptDependencies, WhatTheScriptItselfDoesNotSay) {
    ScriptOptions all;
    all.requirements = {"1", "users"};
    all.conflicts = {"old"};
    all.tags = {"v1"};
    ScriptOptions own;
    own.requirements = {"users"};
    ScriptOptions beside;
    beside.requirements = {"1"};
    beside.conflicts = {"old"};
    beside.tags = {"v1"};
    EXPECT_EQ(dependencies_beside(dependencies_text(all), own), beside);
    EXPECT_EQ(dependencies_beside({}, own), ScriptOptions{});
}

} // namespace
} // namespace turnstone::core
