// The formats without annotations for directions: golang-migrate, Flyway, diesel, sqlx, Drizzle.
#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/format.hpp"

namespace turnstone::core {
namespace {

TEST(PlainFormats, UpAndDownAreWholeFiles) {
    for (const Format format : {Format::golang_migrate, Format::flyway, Format::diesel, Format::sqlx}) {
        const Script script = read_migration(format, "\xef\xbb\xbf-- +goose Up\r\na;", "b;\n", {});
        EXPECT_FALSE(script.annotated);
        ASSERT_TRUE(script.up.present && script.down.present);
        EXPECT_EQ(script.up.text, "-- +goose Up\r\na;");
        EXPECT_EQ(script.down.text, "b;\n");
        EXPECT_TRUE(script.up.transactional && script.down.transactional);
        EXPECT_FALSE(read_migration(format, "a;", {}, {}).down.present);
    }
}

TEST(PlainFormats, OnlyDieselRefusesAnEmptyFile) {
    for (const Format format : {Format::golang_migrate, Format::flyway, Format::sqlx, Format::drizzle})
        EXPECT_TRUE(read_migration(format, "", {}, {}).up.present);
    EXPECT_THROW(read_migration(Format::diesel, "", {}, {}), Error);
}

TEST(PlainFormats, ErrorsOfTheDownSaySo) {
    try {
        read_migration(Format::golang_migrate, "a;", std::string_view("b\0", 2), {});
        ADD_FAILURE();
    } catch (const Error &error) {
        EXPECT_EQ(error.message(), "down file: line 1, column 2: NUL byte");
        EXPECT_EQ(error.code(), ErrorCode::invalid_text);
        EXPECT_FALSE(error.hint().empty());
    }
}

TEST(Sqlx, NoTransactionIsTheFirstLineOfItsFile) {
    const Script script = read_migration(Format::sqlx, "-- no-transaction\nvacuum;\n", "a;\n", {});
    EXPECT_FALSE(script.up.transactional);
    EXPECT_TRUE(script.down.transactional);
    EXPECT_FALSE(
        read_migration(Format::sqlx, "a;", "\xef\xbb\xbf-- no-transaction\r\nb;", {}).down.transactional);
    EXPECT_TRUE(read_migration(Format::sqlx, "\n-- no-transaction\n", {}, {}).up.transactional);
}

TEST(Drizzle, BreakpointsEndStatements) {
    const std::string text = "create table a ()--> statement-breakpoint\ncreate table b ();\n"
                             "--> statement-breakpoint\ncreate table c ();--> statement-breakpoint select 1;";
    const Script script = read_migration(Format::drizzle, text, {}, {});
    ASSERT_EQ(script.up.text.size(), text.size());
    EXPECT_EQ(script.up.text, "create table a ();" + std::string(23, ' ') + "\ncreate table b ();\n;" +
                                  std::string(23, ' ') + "\ncreate table c ();;" + std::string(23, ' ') +
                                  " select 1;");
    EXPECT_FALSE(script.down.present);
}

TEST(Drizzle, NoBreakpointInsideAQuotation) {
    for (const char *text : {"select '--> statement-breakpoint';", "do $$\n--> statement-breakpoint\n$$;",
                             "/* --> statement-breakpoint */ select 1;"})
        EXPECT_EQ(read_migration(Format::drizzle, text, {}, {}).up.text, text);
    const std::string commented = "-- done --> statement-breakpoint\nselect 1;";
    EXPECT_EQ(read_migration(Format::drizzle, commented, {}, {}).up.text.find("select 1;"),
              commented.find("select 1;"));
}

TEST(Drizzle, NoTextGetsLostBehindABreakpointInAComment) {
    try {
        read_migration(Format::drizzle, "a;\n-- done --> statement-breakpoint select 1;", {}, {});
        ADD_FAILURE();
    } catch (const Error &error) {
        EXPECT_EQ(error.message(), "line 2: text stands behind a statement-breakpoint that is in a comment");
    }
}

} // namespace
} // namespace turnstone::core
