// What people see: widths, durations, progress; and which files travel.
#include <gtest/gtest.h>

#include "turnstone/cli/completion.hpp"
#include "turnstone/cli/output.hpp"
#include "turnstone/cli/progress.hpp"
#include "turnstone/cli/upload.hpp"
#include "turnstone/core/folder_entry.hpp"

namespace turnstone::cli {
namespace {

TEST(Output, CountsCharacters) {
    EXPECT_EQ(width_of("abc"), 3U);
    EXPECT_EQ(width_of("äöü"), 3U);
    EXPECT_EQ(shortened("abcdef", 6), "abcdef");
    EXPECT_EQ(shortened("abcdef", 4), "abc…");
    EXPECT_EQ(shortened("äöüß", 3), "äö…");
    EXPECT_EQ(shortened("abc", 0), "");
}

TEST(Output, WritesDurationsForPeople) {
    EXPECT_EQ(duration_text(0.44), "0.4 ms");
    EXPECT_EQ(duration_text(12.3), "12 ms");
    EXPECT_EQ(duration_text(3210), "3.2 s");
    EXPECT_EQ(duration_text(250000), "4 min 10 s");
    EXPECT_EQ(duration_text(7260000), "2 h 1 min");
}

TEST(Output, WritesArrays) {
    EXPECT_EQ(array_literal({}), "{}");
    EXPECT_EQ(array_literal({"a", "b,\"c\\"}), R"({"a","b,\"c\\"})");
}

RunProgress index_build() {
    RunProgress progress;
    progress.run = "7";
    progress.state = "running";
    progress.migration = "2_index.sql";
    progress.position = 2;
    progress.migrations = 4;
    progress.statement = 1;
    progress.statements = 1;
    progress.command = "create index concurrently\n i on t (a)";
    progress.phase = "building index";
    progress.percent = 50.4;
    progress.elapsed = 61;
    progress.remaining = 59.6;
    return progress;
}

TEST(Progress, ShowsAnIndexBuild) {
    EXPECT_EQ(progress_line(index_build(), 110),
              "[#######-------------] 2/4  2_index.sql  statement 1/1  building index  50 %  1:01  ETA 1:00");
    RunProgress blocked = index_build();
    blocked.phase.clear();
    blocked.percent.reset();
    blocked.remaining.reset();
    blocked.blocked_by = "4711";
    EXPECT_EQ(progress_line(blocked, 130), "[#####---------------] 2/4  2_index.sql  statement 1/1  create "
                                           "index concurrently  i on t (a)  waits for process "
                                           "4711  1:01");
}

TEST(Progress, IsNeverWiderThanTheTerminal) {
    for (std::size_t width = 1; width < 130; ++width)
        EXPECT_LE(width_of(progress_line(index_build(), width)), width);
    RunProgress empty;
    for (std::size_t width = 1; width < 130; ++width)
        EXPECT_LE(width_of(progress_line(empty, width)), width);
    RunProgress queued = index_build();
    queued.state = "queued";
    EXPECT_EQ(progress_line(queued, 80), "run 7 waits for another run to end");
}

TEST(Upload, OnlyWhatDiffersTravels) {
    LocalFolder local;
    local.folder = core::read_folder(
        {{"1_a.sql", "select 1"}, {"2_b.sql", "select 2"}, {"3_c.sql", "select 3"}, {"4_d.sql", "select 4"}},
        {});
    for (const core::FolderMigration &migration : local.folder.migrations)
        local.checksums.push_back(core::registered_checksum(migration));
    const auto sum = [&](std::size_t i) { return local.checksums.at(i); };
    const Comparison comparison = compare(local, {{"1", "1_a.sql", sum(0), false},
                                                  {"2", "2_b.sql", "other", false},
                                                  {"4", "4_d.sql", sum(3), true},
                                                  {"9", "9_z.sql", "x", false}});
    EXPECT_EQ(comparison.same, 1U);
    ASSERT_EQ(comparison.unknown.size(), 1U);
    EXPECT_EQ(comparison.unknown.front()->name, "3_c.sql");
    ASSERT_EQ(comparison.edited.size(), 2U);
    EXPECT_EQ(comparison.edited.front()->name, "2_b.sql");
    EXPECT_EQ(comparison.edited.back()->name, "4_d.sql");
    ASSERT_EQ(comparison.without_file.size(), 1U);
    EXPECT_EQ(comparison.without_file.front().name, "9_z.sql");
    EXPECT_FALSE(comparison.is_equal());
}

TEST(Completion, HasEveryCommandAndOption) {
    const std::vector<CompletionCommand> commands{{"up", "it's up", {{"--atomic", "all", false}}},
                                                  {"load", "send", {}}};
    for (const char *shell : {"bash", "zsh", "fish"}) {
        const std::string script =
            completion_script(shell, commands, {{"--json", "JSON", false}, {"--folder", "where", true}});
        for (const char *word : {"up", "load", "atomic", "json", "folder"})
            EXPECT_NE(script.find(word), std::string::npos) << shell << " " << word;
    }
}

} // namespace
} // namespace turnstone::cli
