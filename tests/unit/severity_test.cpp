#include "turnstone/core/severity.hpp"

#include <string>

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

std::string severity(std::string_view type, Change change, std::string_view property = "",
                     Turn turn = Turn::other) {
    return std::string(severity_name(severity_of(type, change, property, turn)));
}

std::string changed(std::string_view type, std::string_view property, Turn turn = Turn::other) {
    return severity(type, Change::changed, property, turn);
}

TEST(Severity, WhatMayLoseRowsIsCritical) {
    for (const char *type :
         {"schema", "table", "table column", "composite type column", "materialized view", "sequence"})
        EXPECT_EQ(severity(type, Change::removed), "critical") << type;
    for (const char *type : {"table", "table column", "materialized view", "sequence"})
        EXPECT_EQ(severity(type, Change::recreated), "critical") << type;
    EXPECT_EQ(changed("table", "persistence", Turn::gained), "critical");
    EXPECT_EQ(changed("table", "partition of", Turn::lost), "critical");
    EXPECT_EQ(changed("table", "partition of", Turn::gained), "major");
}

TEST(Severity, WhatProtectedRowsIsCritical) {
    for (const char *property : {"owner", "privileges of bob", "row security", "forced row security"})
        EXPECT_EQ(changed("table", property), "critical") << property;
    for (const char *option : {"option security_invoker", "option security_barrier", "option check_option"})
        EXPECT_EQ(changed("view", option), "critical") << option;
    for (const char *property : {"security definer", "leakproof", "setting search_path"})
        EXPECT_EQ(changed("function", property), "critical") << property;
    for (const char *property : {"using", "check", "roles", "command", "permissive"})
        EXPECT_EQ(changed("policy", property), "critical") << property;
    EXPECT_EQ(severity("policy", Change::added), "critical"); // it may let more rows through
    for (const char *type :
         {"table constraint", "domain constraint", "trigger", "rule", "event trigger", "policy"})
        EXPECT_EQ(severity(type, Change::removed), "critical") << type;
    for (const char *type : {"trigger", "rule", "event trigger"})
        EXPECT_EQ(changed(type, "enabled", Turn::gained), "critical") << type;
    EXPECT_EQ(changed("table constraint", "validated"), "critical");
    EXPECT_EQ(changed("table column", "not null", Turn::lost), "critical");
    EXPECT_EQ(changed("table column", "not null", Turn::gained), "major");
    EXPECT_EQ(changed("default acl", "privileges of bob"), "critical");
}

TEST(Severity, StructureAndBehaviourAreMajor) {
    EXPECT_EQ(severity("table", Change::added), "major");
    EXPECT_EQ(severity("table", Change::renamed, "name"), "major");
    EXPECT_EQ(severity("table", Change::renamed, "schema"), "major");
    EXPECT_EQ(severity("trigger", Change::renamed, "name"), "major"); // they fire in the order of names
    EXPECT_EQ(severity("view", Change::removed), "major");
    EXPECT_EQ(severity("index", Change::removed), "major"); // it may have been unique
    EXPECT_EQ(severity("enum label", Change::added), "major");
    EXPECT_EQ(severity("type", Change::reordered, "labels"), "major");
    EXPECT_EQ(severity("large object", Change::unmodelled), "info");
    EXPECT_EQ(changed("table column", "type"), "major");
    EXPECT_EQ(changed("function", "body"), "major");
    EXPECT_EQ(changed("function", "setting work_mem"), "major");
    EXPECT_EQ(changed("index", "valid"), "major");
    EXPECT_EQ(changed("extension", "version"), "major");
}

TEST(Severity, SpeedAndStorageAreMinor) {
    EXPECT_EQ(severity("index", Change::added), "minor");
    EXPECT_EQ(severity("statistics object", Change::removed), "minor");
    for (const char *property : {"storage", "compression", "statistics", "option n_distinct"})
        EXPECT_EQ(changed("table column", property), "minor") << property;
    for (const char *property :
         {"tablespace", "access method", "option fillfactor", "toast option autovacuum_enabled"})
        EXPECT_EQ(changed("table", property), "minor") << property;
    for (const char *property : {"cost", "rows", "parallel", "support"})
        EXPECT_EQ(changed("function", property), "minor") << property;
    EXPECT_EQ(changed("sequence", "cache"), "minor");
}

TEST(Severity, WhatNothingRunsByIsInfo) {
    EXPECT_EQ(changed("table", "comment", Turn::gained), "info");
    EXPECT_EQ(changed("policy", "comment"), "info");
    EXPECT_EQ(severity("table", Change::reordered, "column order"), "info");
    EXPECT_EQ(severity("index", Change::renamed, "name"), "info");
    EXPECT_EQ(severity("policy", Change::renamed, "name"), "info");
}

TEST(Severity, EveryChangeHasAName) {
    for (const Change change : {Change::added, Change::removed, Change::changed, Change::renamed,
                                Change::recreated, Change::reordered, Change::unmodelled})
        EXPECT_NE(change_name(change), "?");
}

} // namespace
} // namespace turnstone::core
