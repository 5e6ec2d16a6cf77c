#include "turnstone/core/foreign_history.hpp"

#include <gtest/gtest.h>

#include "turnstone/core/foreign_identity.hpp"

namespace turnstone::core {
namespace {

constexpr const char *file = "CREATE TABLE t(id int);\n";
using State = ForeignRow::State;

OwnScript script(std::string version, std::string name, std::string bytes = file) {
    OwnScript one;
    one.version = std::move(version);
    one.name = std::move(name);
    one.bytes = std::move(bytes);
    return one;
}

ForeignRow row(std::string id, std::string name = {}, std::string checksum = {},
               State state = State::applied) {
    ForeignRow one;
    one.id = std::move(id);
    one.name = std::move(name);
    one.checksum = std::move(checksum);
    one.state = state;
    return one;
}

// "exact, pending, missing file": the verdicts as one text.
std::string verdicts(ForeignTool tool, const std::vector<ForeignRow> &rows,
                     const std::vector<OwnScript> &scripts) {
    std::string text;
    for (const Adoption &one : match_history(tool, rows, scripts))
        text += (text.empty() ? "" : ", ") + std::string(verdict_name(one.verdict));
    return text;
}

TEST(ForeignHistory, NamesOfTools) {
    EXPECT_EQ(parse_tool("Golang_Migrate"), ForeignTool::golang_migrate);
    EXPECT_EQ(parse_tool("rails"), ForeignTool::dbmate);
    EXPECT_EQ(parse_tool("nothing"), std::nullopt);
    for (const ForeignTool tool : {ForeignTool::alembic, ForeignTool::flyway, ForeignTool::supabase})
        EXPECT_EQ(parse_tool(tool_name(tool)), tool);
}

TEST(ForeignHistory, FlywayByVersionAndCrc) {
    std::vector<OwnScript> scripts{
        script("1", "V1__t.sql"), script("2.0", "V2.0__u.sql", "SELECT 2;"),
        script("3", "V3__v.sql"), script("4", "V4__w.sql"),
        script("5", "V5__x.sql"), script("R__view.sql", "R__view.sql", "SELECT ${a};")};
    scripts.back().kind = MigrationKind::repeatable;
    EXPECT_EQ(
        verdicts(ForeignTool::flyway,
                 {row("1", "V1__t.sql", "-66220931"), row("2", "V2.0__u.sql", "12"), row("3", "V3__v.sql"),
                  row("3", "U3__v.sql", {}, State::reverted), row("4", "V4__w.sql", "1", State::failed),
                  row("", "sql/R__view.sql", "77"), row("9", "V9__gone.sql", "1")},
                 scripts),
        "exact, changed file, reverted, failed, pending, named, missing file");
}

TEST(ForeignHistory, FlywayBaselineCoversWhatIsBelow) {
    EXPECT_EQ(verdicts(ForeignTool::flyway, {row("2", "<< Flyway Baseline >>", {}, State::baseline)},
                       {script("1", "V1__t.sql"), script("2", "V2__u.sql"), script("3", "V3__v.sql")}),
              "assumed, assumed, pending");
}

TEST(ForeignHistory, ANewerRowSpeaksForTheVersion) {
    EXPECT_EQ(verdicts(ForeignTool::goose, {row("1"), row("1", {}, {}, State::reverted), row("1")},
                       {script("001", "001_t.sql")}),
              "named");
}

TEST(ForeignHistory, GolangMigrateKeepsAMarkOnly) {
    const std::vector<OwnScript> scripts{script("1", "1_a.up.sql"), script("2", "2_b.up.sql"),
                                         script("3", "3_c.up.sql")};
    EXPECT_EQ(verdicts(ForeignTool::golang_migrate, {row("2")}, scripts), "assumed, assumed, pending");
    EXPECT_EQ(verdicts(ForeignTool::golang_migrate, {row("2", {}, {}, State::failed)}, scripts),
              "assumed, failed, pending");
    EXPECT_EQ(verdicts(ForeignTool::golang_migrate, {}, scripts), "pending, pending, pending");
}

TEST(ForeignHistory, DbmateByNumber) {
    EXPECT_EQ(verdicts(ForeignTool::dbmate, {row("20240101000000"), row("20240103000000")},
                       {script("20240101000000", "20240101000000_a.sql"),
                        script("20240102000000", "20240102000000_b.sql")}),
              "named, pending, missing file");
}

TEST(ForeignHistory, DrizzleByNameHashOrTime) {
    const std::string hash = sha256_hex(file);
    auto timed = script("1", "0001_b.sql", "SELECT 1;");
    timed.foreign_id = "1700000000000";
    EXPECT_EQ(verdicts(ForeignTool::drizzle,
                       {row("1600000000000", {}, hash), row("1700000000000", {}, "00ff")},
                       {script("0", "0000_a.sql"), timed, script("2", "0002_c.sql", "SELECT 3;")}),
              "exact, changed file, pending");
    EXPECT_EQ(verdicts(ForeignTool::drizzle, {row("1", "20240101000000_a", hash)},
                       {script("20240101000000", "20240101000000_a")}),
              "exact");
}

// Two scripts of the same text are two scripts.
TEST(ForeignHistory, DrizzleRowsSpeakForOneScriptEach) {
    const std::string hash = sha256_hex(file);
    EXPECT_EQ(verdicts(ForeignTool::drizzle, {row("1", {}, hash)},
                       {script("0", "0000_a.sql"), script("1", "0001_b.sql")}),
              "exact, pending");
    EXPECT_EQ(verdicts(ForeignTool::drizzle, {row("1", {}, hash), row("2", {}, hash), row("3", {}, hash)},
                       {script("0", "0000_a.sql"), script("1", "0001_b.sql")}),
              "exact, exact, missing file");
}

TEST(ForeignHistory, LiquibaseByPathIdAndAuthor) {
    auto known = script("1", "app.sql::1::ann");
    known.foreign_id = "app.sql::1::ann";
    EXPECT_EQ(verdicts(ForeignTool::liquibase, {row("app.sql::1::ann"), row("app.sql::1::bob")}, {known}),
              "named, missing file");
    EXPECT_EQ(verdicts(ForeignTool::liquibase, {row("db/app.sql::1::ann")}, {known}), "named");
}

TEST(ForeignHistory, PrismaTakesBothKindsOfLineEnds) {
    const std::string hash = sha256_hex("CREATE TABLE t(id int);\r\n");
    EXPECT_EQ(
        verdicts(ForeignTool::prisma,
                 {row("20240101000000_a", {}, hash), row("20240102000000_b", {}, hash, State::failed),
                  row("20240103000000_c", {}, "x", State::reverted), row("20240103000000_c", {}, "y")},
                 {script("20240101000000", "20240101000000_a"), script("20240102000000", "20240102000000_b"),
                  script("20240103000000", "20240103000000_c")}),
        "exact, failed, changed file");
}

TEST(ForeignHistory, ByFileName) {
    EXPECT_EQ(verdicts(ForeignTool::sql_migrate, {row("1_a.sql")},
                       {script("1", "1_a.sql"), script("2", "2_b.sql")}),
              "named, pending");
    EXPECT_EQ(verdicts(ForeignTool::node_pg_migrate, {row("1700000000000_a")},
                       {script("1700000000000", "1700000000000_a.sql")}),
              "named");
    EXPECT_EQ(verdicts(ForeignTool::knex, {row("20240101_a.cjs")}, {script("20240101", "20240101_a.sql")}),
              "named");
}

TEST(ForeignHistory, SqitchByIdThenByName) {
    auto known = script("1", "users");
    known.foreign_id = "7365f9e5c04889364ae783078a7c094a20550b50";
    EXPECT_EQ(verdicts(ForeignTool::sqitch, {row(known.foreign_id, "users", sha1_hex(file))}, {known}),
              "exact");
    EXPECT_EQ(verdicts(ForeignTool::sqitch, {row("another", "users", sha1_hex("edited"))}, {known}),
              "changed file");
}

TEST(ForeignHistory, AlembicHeadsCoverWhatIsBelow) {
    std::vector<OwnScript> scripts{script("1", "1_a.sql"), script("2", "2_b.sql"), script("3", "3_c.sql")};
    scripts[1].foreign_id = "ae1027a6acf";
    EXPECT_EQ(verdicts(ForeignTool::alembic, {row("ae1027a6acf")}, scripts), "assumed, named, pending");
}

TEST(ForeignHistory, GraphileAndAtlasByTheirChainedHash) {
    auto known = script("1", "000001.sql");
    known.foreign_id = "sha1:f2d1e4ccc4e27919391f5a6ce4973935a8ea8438";
    EXPECT_EQ(verdicts(ForeignTool::graphile_migrate, {row("000001.sql", {}, known.foreign_id)}, {known}),
              "exact");
    EXPECT_EQ(verdicts(ForeignTool::graphile_migrate, {row("000001.sql", {}, "sha1:00")}, {known}),
              "changed file");
    known.foreign_id = "wYymD13wThCy4bjMW2hmpFXaEqFw3VLLtLjp4oXKCFA=";
    EXPECT_EQ(verdicts(ForeignTool::atlas, {row("1", {}, known.foreign_id)}, {known}), "exact");
    EXPECT_EQ(verdicts(ForeignTool::atlas, {row("1", {}, known.foreign_id, State::partial)}, {known}),
              "partial");
}

TEST(ForeignHistory, SupabaseKeepsTheStatements) {
    EXPECT_EQ(
        verdicts(ForeignTool::supabase, {row("1", "a", "CREATE TABLE t(id int)")}, {script("1", "1_a.sql")}),
        "exact");
    EXPECT_EQ(verdicts(ForeignTool::supabase, {row("1", "a", "SELECT 1\x1fSELECT 2")},
                       {script("1", "1_a.sql", "SELECT 2;SELECT 1;")}),
              "changed file");
}

TEST(ForeignHistory, WhatTurnstoneHasIsLeftAlone) {
    auto own = script("1", "1_a.sql");
    own.in_journal = true;
    EXPECT_EQ(verdicts(ForeignTool::dbmate, {row("1")}, {own}), "adopted");
}

} // namespace
} // namespace turnstone::core
