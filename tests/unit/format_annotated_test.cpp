// The formats with annotations of their own: goose and dbmate. And what all formats have in common.
#include "turnstone/core/format.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {
namespace {

constexpr Format every_format[] = {Format::native, Format::goose,   Format::dbmate, Format::golang_migrate,
                                   Format::flyway, Format::drizzle, Format::diesel, Format::sqlx};

void expect_error(Format format, std::string_view up, ErrorCode code, std::string_view message,
                  std::string_view down = {}) {
    try {
        read_migration(format, up, down, {});
        ADD_FAILURE() << "accepted: " << up;
    } catch (const Error &error) {
        EXPECT_EQ(error.code(), code) << up;
        EXPECT_EQ(error.message(), message) << up;
    }
}

Script read(Format format, std::string_view text) {
    return read_migration(format, text, {}, {});
}

// Where a section has something, the file has the same in the same place; marks of its own it may have.
void expect_same_places(const std::string &section, std::string_view text) {
    ASSERT_EQ(section.size(), text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        EXPECT_TRUE(section[i] == ' ' || section[i] == ';' || section[i] == text[i]) << i << " of " << text;
        EXPECT_EQ(section[i] == '\n', text[i] == '\n');
    }
}

bool holds(const std::string &text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(Format, NamesAreReadBack) {
    for (const Format format : every_format)
        EXPECT_EQ(parse_format(format_name(format)), format);
    EXPECT_EQ(parse_format("golang_migrate"), Format::golang_migrate);
    EXPECT_EQ(parse_format("Goose"), Format::goose);
    EXPECT_EQ(parse_format("auto"), std::nullopt);
    EXPECT_EQ(parse_format(""), std::nullopt);
}

TEST(Format, EveryOneRefusesWhatIsNoText) {
    for (const Format format : every_format) {
        expect_error(format, std::string_view("a\nb\0", 4), ErrorCode::invalid_text,
                     "line 2, column 2: NUL byte");
        expect_error(format, std::string_view("\xff\xfes\0", 4), ErrorCode::invalid_text,
                     "the file is encoded as UTF-16");
    }
}

TEST(Format, NativeIsReadScript) {
    const Script script = read(Format::native, "-- +migrate Up notransaction\na;\n-- +migrate Down\nb;\n");
    EXPECT_FALSE(script.up.transactional);
    EXPECT_TRUE(holds(script.down.text, "b;"));
    const Script plain = read_migration(Format::native, "a;\n", "b;\n", {});
    EXPECT_FALSE(plain.annotated);
    EXPECT_EQ(plain.down.text, "b;\n");
}

TEST(Format, ADownIsInOnePlaceOnly) {
    expect_error(Format::native, "-- +migrate Up\n-- +migrate Down\n", ErrorCode::invalid_script,
                 "there is a Down in the script and another one beside it", "b;");
    expect_error(Format::native, "a;", ErrorCode::invalid_script,
                 "down file: the file holds annotations, and is itself the Down", "-- +migrate Up\nb;");
    for (const Format format : {Format::drizzle, Format::goose, Format::dbmate}) {
        const char *up = format == Format::goose    ? "-- +goose Up\n"
                         : format == Format::dbmate ? "-- migrate:up\n-- migrate:down\n"
                                                    : "a;";
        EXPECT_THROW(read_migration(format, up, "b;", {}), Error);
    }
}

TEST(Goose, CutsUpAndDownAndKeepsEveryOffset) {
    const std::string text = "-- head\n\n-- +goose Up\nselect 1;\n-- a comment\n-- +goose Down\nselect 2;";
    const Script script = read(Format::goose, text);
    EXPECT_TRUE(script.annotated);
    expect_same_places(script.up.text, text);
    expect_same_places(script.down.text, text);
    EXPECT_TRUE(holds(script.up.text, "select 1;"));
    EXPECT_FALSE(holds(script.up.text, "select 2;"));
    EXPECT_TRUE(holds(script.down.text, "select 2;"));
    EXPECT_FALSE(holds(script.down.text, "select 1;"));
    EXPECT_TRUE(script.up.transactional && script.down.transactional);
}

TEST(Goose, DownMayBeMissing) {
    const Script script = read(Format::goose, "-- +goose Up\nselect 1;\n");
    EXPECT_FALSE(script.down.present);
    EXPECT_TRUE(script.down.text.empty());
}

TEST(Goose, AnyCaseAndSpacingOfAnnotations) {
    const Script script = read(
        Format::goose, "--+goose up\r\na;\r\n--   +goose   DOWN  \r\nb;\r\n-- +goose no Transaction\r\n");
    EXPECT_TRUE(holds(script.up.text, "a;\r\n"));
    EXPECT_TRUE(holds(script.down.text, "b;"));
    EXPECT_FALSE(script.up.transactional || script.down.transactional);
}

TEST(Goose, ByteOrderMark) {
    EXPECT_EQ(read(Format::goose, "\xef\xbb\xbf-- +goose Up\na;\n").up.text.find("a;"), 13U);
}

TEST(Goose, StatementEndEndsAStatementWithoutSemicolon) {
    const std::string text =
        "-- +goose Up\n-- +goose StatementBegin\ncreate function f() returns int language "
        "sql as $$ select 1; $$\n-- +goose StatementEnd\nselect 2;\n";
    const Script script = read(Format::goose, text);
    expect_same_places(script.up.text, text);
    EXPECT_EQ(script.up.text[text.find("-- +goose StatementEnd")], ';');
}

TEST(Goose, NoAnnotationInsideAQuotation) {
    const std::string text =
        "-- +goose Up\ndo $$\n-- +goose Down\n$$;\n/*\n-- +goose Nonsense\n*/\nselect '\n"
        "  -- +goose Down\n';\n";
    const Script script = read(Format::goose, text);
    EXPECT_FALSE(script.down.present);
    EXPECT_TRUE(holds(script.up.text, "-- +goose Down"));
    EXPECT_TRUE(holds(read(Format::goose, "-- +goose Up\nselect 1; -- +goose Down\n").up.text, "Down"));
}

TEST(Goose, BackslashesWithoutStandardStrings) {
    const std::string text = "-- +goose Up\nselect '\\'\n-- +goose Down\n';\n";
    EXPECT_TRUE(read_migration(Format::goose, text, {}, {}, true).down.present);
    EXPECT_FALSE(read_migration(Format::goose, text, {}, {}, false).down.present);
}

TEST(Goose, RefusesWhatDoesNotAddUp) {
    const auto refuses = [](std::string_view text, std::string_view message) {
        expect_error(Format::goose, text, ErrorCode::invalid_script, message);
    };
    refuses("", "there is no \"-- +goose Up\" annotation");
    refuses("-- nothing\n", "there is no \"-- +goose Up\" annotation");
    refuses("\nselect 1;\n-- +goose Up\n", "line 2: SQL stands before the \"-- +goose Up\" annotation");
    refuses("-- +goose Up\n-- +goose Up\n", "line 2: there is a second \"-- +goose Up\" annotation");
    refuses("-- +goose Up\n-- +goose Down\n-- +goose Down\n",
            "line 3: there is a second \"-- +goose Down\" annotation");
    refuses("-- +goose Up\n-- +goose Down\n-- +goose Up\n",
            "line 3: there is a second \"-- +goose Up\" annotation");
    refuses("-- +goose Down\n", "line 1: annotation Down stands before Up");
    refuses("-- +goose Up\n  -- +goose Down\n", "line 2: an annotation of goose is indented");
    refuses("-- +goose Up\n-- +goose Dwon\n", "line 2: annotation \"-- +goose Dwon\" is unknown");
    refuses("-- +goose Up\n-- +goose\n", "line 2: annotation \"-- +goose\" says nothing");
    refuses("-- +goose StatementBegin\n", "line 1: StatementBegin stands outside of Up and Down");
    refuses("-- +goose Up\n-- +goose StatementEnd\n", "line 2: StatementEnd has no StatementBegin");
    refuses("-- +goose Up\n-- +goose StatementBegin\nselect 1;\n",
            "line 2: StatementBegin has no StatementEnd");
    refuses("-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementBegin\n",
            "line 3: StatementBegin stands inside of another one");
    refuses("-- +goose Up\n-- +goose StatementBegin\n-- +goose Down\n",
            "line 3: a section begins between StatementBegin and StatementEnd");
}

TEST(Dbmate, CutsUpAndDownAndKeepsEveryOffset) {
    const std::string text = "-- head\n--migrate:up\nselect 1;\n--   migrate:down\t\r\nselect 2;\n";
    const Script script = read(Format::dbmate, text);
    expect_same_places(script.up.text, text);
    expect_same_places(script.down.text, text);
    EXPECT_TRUE(holds(script.up.text, "select 1;"));
    EXPECT_FALSE(holds(script.up.text, "select 2;"));
    EXPECT_TRUE(holds(script.down.text, "select 2;"));
}

TEST(Dbmate, OptionsAreForTheirDirection) {
    const Script script = read(Format::dbmate, "-- migrate:up transaction:false other:x words behind\na;\n"
                                               "-- migrate:down transaction:true\nb;\n");
    EXPECT_FALSE(script.up.transactional);
    EXPECT_TRUE(script.down.transactional);
}

TEST(Dbmate, SeveralSectionsAddUpAndEachEndsItsStatement) {
    const std::string text = "-- migrate:up\na\n-- migrate:down\nb\n-- migrate:up transaction:false\nc\n"
                             "-- migrate:down\nd\n";
    const Script script = read(Format::dbmate, text);
    expect_same_places(script.up.text, text);
    EXPECT_EQ(script.up.text[text.find("-- migrate:up transaction")], ';');
    EXPECT_TRUE(holds(script.up.text, "a\n") && holds(script.up.text, "c\n"));
    EXPECT_TRUE(holds(script.down.text, "b\n") && holds(script.down.text, "d\n"));
    EXPECT_FALSE(script.up.transactional);
    EXPECT_TRUE(script.down.transactional);
}

TEST(Dbmate, OnlyDirectivesAreDirectives) {
    const Script script =
        read(Format::dbmate, "-- migrate:up\n-- migrate:upwards\n -- migrate:down\nselect '\n"
                             "-- migrate:down\n';\n-- migrate:down\n");
    EXPECT_TRUE(holds(script.up.text, "-- migrate:down\n';"));
    EXPECT_EQ(script.down.text.find_first_not_of(" \n;"), std::string::npos);
}

TEST(Dbmate, RefusesWhatDoesNotAddUp) {
    const auto refuses = [](std::string_view text, std::string_view message) {
        expect_error(Format::dbmate, text, ErrorCode::invalid_script, message);
    };
    refuses("", "there is no \"-- migrate:up\" block");
    refuses("select 1;\n", "there is no \"-- migrate:up\" block");
    refuses("\nselect 1;\n-- migrate:up\n-- migrate:down\n",
            "line 2: SQL stands before the first \"-- migrate:up\" block");
    refuses("-- migrate:up\n", "line 1: this \"-- migrate:up\" block has no \"-- migrate:down\" block");
    refuses("-- migrate:up\n-- migrate:up\n-- migrate:down\n",
            "line 1: this \"-- migrate:up\" block has no \"-- migrate:down\" block");
    refuses("-- migrate:down\n-- migrate:up\n",
            "line 1: this \"-- migrate:down\" block follows no \"-- migrate:up\" block");
    refuses("-- migrate:up\n-- migrate:down\n-- migrate:down\n",
            "line 3: this \"-- migrate:down\" block follows no \"-- migrate:up\" block");
    refuses("-- migrate:up transaction: false\n-- migrate:down\n",
            "line 1: option \"transaction:\" says nothing to dbmate");
    refuses("-- migrate:up transaction:False\n-- migrate:down\n",
            "line 1: option \"transaction:False\" says nothing to dbmate");
}

} // namespace
} // namespace turnstone::core
