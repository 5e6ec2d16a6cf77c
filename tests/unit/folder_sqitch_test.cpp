#include "folders.hpp"

#include "turnstone/core/sqitch_plan.hpp"

namespace turnstone::core {
namespace {

// Written by Sqitch 1.3.1, and so are the ids below ("sqitch plan --format 'format:%H'").
constexpr const char *plan = R"(%syntax-version=1.0.0
%project=demo
%uri=https://example.org/demo

users 2026-11-21T17:51:58Z Ann <ann@x.org> # Creates the users.
posts [users] 2026-11-21T17:52:00Z Ann <ann@x.org> # Posts of users.\n\nWith more.
legacy [!gone] 2026-11-21T17:52:01Z Ann <ann@x.org> # x # y \\ z
@v1 2026-11-21T17:52:02Z Ann <ann@x.org> # First release
users [users@v1] 2026-11-21T17:52:03Z Ann <ann@x.org> # Users again
@v2.0 2026-11-21T17:52:07Z Ann <ann@x.org> # t

api/views [users posts] 2026-11-21T17:52:25Z Ann <ann@x.org> # Views
)";

std::vector<SourceFile> files_of(const std::string &plan_text, const std::vector<std::string> &scripts) {
    std::vector<SourceFile> files{{"sqitch.plan", plan_text}, {"sqitch.conf", "[core]\n\tengine = pg\n"}};
    for (const std::string &name : scripts) {
        files.push_back({"deploy/" + name + ".sql", "BEGIN;\nSELECT 'deploy " + name + "';\nCOMMIT;\n"});
        files.push_back({"revert/" + name + ".sql", "BEGIN;\nSELECT 'revert " + name + "';\nCOMMIT;\n"});
    }
    return files;
}

TEST(SqitchPlan, IdsAreSqitchsOwn) {
    const SqitchPlan read = read_sqitch_plan(plan, "sqitch.plan");
    EXPECT_EQ(read.project, "demo");
    Texts ids;
    for (const SqitchPlannedChange &change : read.changes)
        ids.push_back(change.id);
    EXPECT_EQ(ids,
              (Texts{"c877abc85133967549447ce679162b2e052adb65", "08b9e799a2f725955613742e978ede89761e47a1",
                     "d10a5ce578a4806520d430d4780fed5f7ceb9459", "565defb787333525d6930eb26dbeaefb22f1fafd",
                     "4d3aff26ed2fb0d22404170cce922a80f81fb170"}));
    EXPECT_EQ(read.changes[1].note, "Posts of users.\n\nWith more.");
    EXPECT_EQ(read.changes[2].note, "x # y \\ z");
    EXPECT_EQ(read.changes[2].tags, (Texts{"v1"}));
    EXPECT_EQ(
        read_sqitch_plan("%project=demo\nusers 2026-01-02T03:04:05Z Ann <ann@x.org>\n", "p").changes[0].id,
        "7365f9e5c04889364ae783078a7c094a20550b50");
}

TEST(SqitchPlan, WhatDoesNotAddUp) {
    const auto message = [](const std::string &text) -> std::string {
        try {
            read_sqitch_plan("%project=demo\n" + text, "sqitch.plan");
        } catch (const Error &error) {
            return error.message();
        }
        return "accepted";
    };
    EXPECT_EQ(message("users\n"), "\"sqitch.plan\", line 2: there is no date and planner");
    EXPECT_EQ(message("users [a 2026-01-02T03:04:05Z Ann <a@x>\n"),
              "\"sqitch.plan\", line 2: the list of dependencies has no end");
    EXPECT_EQ(message("@v1 2026-01-02T03:04:05Z Ann <a@x>\n"),
              "\"sqitch.plan\", line 2: tag @v1 stands before the first change");
    EXPECT_EQ(message("-users 2026-01-02T03:04:05Z Ann <a@x>\n"),
              "\"sqitch.plan\", line 2: the plan reverts a change");
    EXPECT_EQ(message("%syntax-version=2.0.0\n"), "\"sqitch.plan\", line 2: the plan's syntax is 2.0.0");
    EXPECT_THROW(read_sqitch_plan("", "sqitch.plan"), Error);
}

TEST(SqitchFolder, IsToldByItsPlan) {
    auto files = files_of(plan, {"users@v1", "users", "posts", "legacy", "api/views"});
    files.push_back({"verify/posts.sql", "BEGIN;\nSELECT 1;\nROLLBACK;\n"});
    files.push_back({"verify/users.sql", ""});
    files.push_back({"verify/users@v1.sql", ""});
    files.push_back({"deploy/left.sql", ""});
    files.push_back({"perf/a.sql", ""});
    files.push_back({"perf/deep/b.sql", ""});
    const Folder folder = read_folder(files, std::nullopt);
    EXPECT_EQ(folder.format, Format::sqitch);
    EXPECT_EQ(names_of(folder), (Texts{"users@v1", "posts", "legacy", "users", "api/views"}));
    EXPECT_EQ(versions_of(folder), (Texts{"1", "2", "3", "4", "5"}));
    EXPECT_EQ(folder.migrations[1].description, "Posts of users.");
    EXPECT_EQ(folder.migrations[1].beside.requirements, (Texts{"1"}));
    EXPECT_EQ(folder.migrations[2].beside.conflicts, (Texts{"gone"}));
    EXPECT_EQ(folder.migrations[2].beside.tags, (Texts{"v1"}));
    EXPECT_EQ(folder.migrations[3].beside.requirements, (Texts{"1"}));
    EXPECT_EQ(folder.migrations[4].beside.requirements, (Texts{"4", "2"})); // the newest of the name
    EXPECT_EQ(folder.migrations[4].foreign_id, "4d3aff26ed2fb0d22404170cce922a80f81fb170");
    EXPECT_EQ(folder.migrations[4].down_path, "revert/api/views.sql");
    EXPECT_EQ(folder.notes, (Texts{"deploy/left.sql: is not in the plan", "perf: 2 files, beside the plan"}));
    EXPECT_EQ(folder.remarks, (Texts{"\"verify/posts.sql\", line 1: the check is made by \"turnstone "
                                     "verify\" alone, as are those of 1 more"}));
    EXPECT_EQ(folder.migrations[1].verify_path, "verify/posts.sql");
    EXPECT_EQ(folder.migrations[1].verify_bytes, "BEGIN;\nSELECT 1;\nROLLBACK;\n");
    EXPECT_EQ(folder.migrations[0].verify_path, ""); // reworked: the later one's check is that of both
    EXPECT_EQ(folder.migrations[3].verify_path, "verify/users.sql");
}

TEST(SqitchFolder, BeforeItIsReworkedAChangeHasThePlainName) {
    const Folder folder = read_folder(
        files_of("%project=demo\nusers 2026-01-02T03:04:05Z Ann <a@x>\n", {"users"}), Format::sqitch);
    EXPECT_EQ(names_of(folder), (Texts{"users"}));
}

TEST(SqitchFolder, TheConfigurationSaysWhereTheFilesAre) {
    const std::string change = "%project=demo\na 2026-01-02T03:04:05Z Ann <a@x>\n";
    const Folder folder =
        read_folder({{"sqitch.conf", "[core]\n\tengine = pg\n\t# plan_file = x\n\t top_dir = ./sql\n"
                                     "\trevert_dir = \"back\"\n[deploy]\n\tverify = true\n"},
                     {"sql/sqitch.plan", change},
                     {"sql/deploy/a.sql", "SELECT 1;"},
                     {"back/a.sql", "SELECT 2;"},
                     {"lib/x.js", ""}},
                    std::nullopt);
    EXPECT_EQ(folder.format, Format::sqitch);
    EXPECT_EQ(names_of(folder), (Texts{"a"}));
    EXPECT_EQ(folder.migrations[0].down_path, "back/a.sql");
    EXPECT_EQ(folder.notes, (Texts{"lib: 1 file, beside the plan"}));
    expect_refusal({{"sqitch.conf", "[core]\nengine = mysql\n"}}, std::nullopt, ErrorCode::unsupported,
                   "\"sqitch.conf\", line 2: the engine is mysql, not pg");
    expect_refusal({{"sqitch.conf", "[core]\nextension = ddl\n"}}, std::nullopt, ErrorCode::unsupported,
                   "\"sqitch.conf\", line 2: scripts end in .ddl, not in .sql");
}

TEST(SqitchFolder, WhatDoesNotFitThePlanIsRefused) {
    const std::string head = "%project=demo\na 2026-01-02T03:04:05Z Ann <a@x>\n";
    expect_refusal(files_of(head, {}), Format::sqitch, ErrorCode::invalid_script,
                   "\"sqitch.plan\", line 2: \"deploy/a.sql\" is not there");
    expect_refusal(files_of(head + "b [c] 2026-01-02T03:04:05Z Ann <a@x>\n", {"a", "b"}), Format::sqitch,
                   ErrorCode::invalid_script,
                   "\"sqitch.plan\", line 3: \"b\" requires \"c\", which is not before it");
    expect_refusal(
        files_of(head + "a 2026-01-02T03:04:05Z Ann <a@x>\n", {"a"}), Format::sqitch,
        ErrorCode::invalid_script,
        "\"sqitch.plan\", line 3: change \"a\" stands here for the second time, without a tag between");
    expect_refusal({{"deploy/a.sql", ""}}, Format::sqitch, ErrorCode::invalid_script,
                   "there is no sqitch.plan");
    const Folder other = read_folder(
        files_of(head + "b [demo:a other:x] 2026-01-02T03:04:05Z Ann <a@x>\n", {"a", "b"}), Format::sqitch);
    EXPECT_EQ(other.migrations[1].beside.requirements, (Texts{"1"}));
    EXPECT_EQ(
        other.remarks,
        (Texts{
            "\"sqitch.plan\", line 3: that \"b\" requires \"other:x\", of another project, is not checked"}));
}

} // namespace
} // namespace turnstone::core
