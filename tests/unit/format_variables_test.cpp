// Variables in scripts: goose's ENVSUB, Flyway's placeholders.
#include "turnstone/core/format_variables.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {
namespace {

const Variables known{{"A", "1"}, {"ROLE_2", "app"}, {"EMPTY", ""}, {"QUOTE", "'"}, {"TWO", "a\nb"}};

std::string put_in(std::string_view line) {
    return substitute_envsub(line, known, 7);
}

void expect_error(std::string_view line, std::string_view message) {
    try {
        const std::string result = put_in(line);
        ADD_FAILURE() << "accepted: " << line << " as " << result;
    } catch (const Error &error) {
        EXPECT_EQ(error.message(), message) << line;
    }
}

TEST(Envsub, EveryDocumentedForm) {
    EXPECT_EQ(put_in("grant $ROLE_2 to x${A}y;\n"), "grant app to x1y;\n");
    EXPECT_EQ(put_in("${A:-z} ${NO:-z} ${EMPTY:-z} ${EMPTY-z} ${NO-z} ${NO-}"), "1 z z  z ");
    EXPECT_EQ(put_in("${A?must be there} ${EMPTY?x}."), "1 .");
    EXPECT_EQ(put_in("${NO:-${ALSO:-$A}}"), "1");
    EXPECT_EQ(put_in("${A:-${NO}} ${A-$NO} ${A?$NO}"), "1 1 1");
}

TEST(Envsub, WhatIsNoVariable) {
    EXPECT_EQ(put_in("costs 5$\r\n"), "costs 5$\r\n");
    EXPECT_EQ(put_in("\\$A \\\\ \\x $(A) $"), "$A \\\\ \\x $(A) $");
    EXPECT_EQ(put_in(""), "");
}

TEST(Envsub, RefusesWhatHasNoValue) {
    expect_error("$NO", "line 7: variable \"NO\" has no value");
    expect_error("${NO}", "line 7: variable \"NO\" has no value");
    expect_error("${NO?set it}", "line 7: variable \"NO\" has no value: set it");
    expect_error("${NO:-$ALSO}", "line 7: variable \"ALSO\" has no value");
    expect_error("$TWO", "line 7: the value of variable \"TWO\" holds a line feed");
    expect_error("$body$ x", "line 7: variable \"body\" has no value");
    expect_error("as $$", "line 7: \"$$\" stands where ENVSUB is on");
    expect_error("$1", "line 7: a dollar is followed by no name of a variable");
    expect_error("${A", "line 7: \"${A\" lacks its closing brace");
    expect_error("${A:-x\n", "line 7: \"${A\" lacks its closing brace");
    expect_error("${A:?x}", "line 7: \"${A:?\" begins no substitution that goose documents");
    expect_error("${A:1}", "line 7: \"${A:1\" begins no substitution that goose documents");
}

TEST(Envsub, DepthIsLimited) {
    std::string deep = "x";
    for (int i = 0; i < 100; ++i)
        deep.insert(0, "${NO:-").append("}");
    expect_error(deep, "line 7: defaults of variables are nested too deeply");
}

TEST(Envsub, OnlyBetweenOnAndOffAndOnlyInCode) {
    const std::string text = "-- +goose Up\nselect '$A';\n-- +goose ENVSUB ON\nselect '$A';\n-- costs $NO\n"
                             "-- +goose ENVSUB OFF\nselect $$ $NO $$;\n-- +goose Down\nselect $NO$ x $NO$;\n";
    const Script script = read_migration(Format::goose, text, {}, known);
    EXPECT_NE(script.up.text.find("select '$A';\n"), std::string::npos);
    EXPECT_NE(script.up.text.find("select '1';\n"), std::string::npos);
    EXPECT_NE(script.up.text.find("$$ $NO $$"), std::string::npos);
    EXPECT_NE(script.down.text.find("$NO$ x $NO$"), std::string::npos);
    for (const std::string &section : {script.up.text, script.down.text})
        EXPECT_EQ(std::count(section.begin(), section.end(), '\n'),
                  std::count(text.begin(), text.end(), '\n'));
}

// "$A$" would open a dollar quote and swallow the Down, which would then run as part of the Up.
TEST(Envsub, AnnotationsAreFoundInTheTextThatRuns) {
    const Script script = read_migration(Format::goose,
                                         "-- +goose Up\n-- +goose ENVSUB ON\nselect $A$ROLE_2;\n"
                                         "-- +goose ENVSUB OFF\nselect 2;\n-- +goose Down\nselect 3;\n",
                                         {}, known);
    EXPECT_TRUE(script.down.present);
    EXPECT_NE(script.up.text.find("select 1app;"), std::string::npos);
    EXPECT_EQ(script.up.text.find("select 3"), std::string::npos);
    const Script still_on = read_migration(
        Format::goose, "-- +goose Up\n-- +goose ENVSUB ON\nselect $A$A;\n-- +goose Down\nselect 3;\n", {},
        known);
    EXPECT_TRUE(still_on.down.present);
    const Script opened =
        read_migration(Format::goose,
                       "-- +goose Up\n-- +goose ENVSUB ON\nselect $QUOTE\n-- +goose Down\n';\n"
                       "-- +goose Down\nselect 3;\n",
                       {}, known);
    EXPECT_NE(opened.up.text.find("-- +goose Down"), std::string::npos);
    EXPECT_TRUE(opened.down.present);
}

TEST(Placeholders, ArePutInEverywhere) {
    const Variables values{{"schema", "app"}, {"flyway:user", "me"}};
    EXPECT_EQ(substitute_placeholders("create ${Schema}.t; -- ${flyway:user}\nselect '${schema}';", values),
              "create app.t; -- me\nselect 'app';");
    EXPECT_EQ(substitute_placeholders("$ { ${} ${a b} ${ ${", values), "$ { ${} ${a b} ${ ${");
    EXPECT_EQ(substitute_placeholders("", values), "");
}

TEST(Placeholders, RefuseWhatHasNoValue) {
    try {
        read_migration(Format::flyway, "a;\n${x}", {}, {});
        ADD_FAILURE();
    } catch (const Error &error) {
        EXPECT_EQ(error.message(), "line 2: placeholder \"${x}\" has no value");
    }
    EXPECT_EQ(
        read_migration(Format::flyway, "${x}", {}, {{"flyway:placeholderReplacement", "false"}}).up.text,
        "${x}");
}

TEST(Placeholders, OfNativeScriptsAreOffUnlessAskedFor) {
    const Variables values{{"x", "app"}, {"trick", "-- +migrate Down"}};
    const auto up = [&](std::string_view head, bool wanted) {
        return read_migration(Format::native, std::string(head) + "-- +migrate Up\n${x};\n", {}, values, true,
                              wanted)
            .up.text;
    };
    EXPECT_NE(up("", false).find("${x}"), std::string::npos);
    EXPECT_NE(up("", true).find("\napp;"), std::string::npos);
    EXPECT_NE(up("-- +migrate Placeholders: on\n", false).find("\napp;"), std::string::npos);
    EXPECT_NE(up("-- +migrate Placeholders: off\n", true).find("${x}"), std::string::npos);
    // put in behind the annotations, in both directions, also where the Down is a file of its own
    const Script tricked =
        read_migration(Format::native, "-- +migrate Placeholders: on\na;\n${trick}\nb;\n", "${x}", values);
    EXPECT_NE(tricked.up.text.find("\nb;"), std::string::npos);
    EXPECT_EQ(tricked.down.text, "app");
    try {
        read_migration(Format::native, "-- +migrate Up\na;\n-- +migrate Down\n\n${y}", {}, values, true,
                       true);
        ADD_FAILURE();
    } catch (const Error &error) {
        EXPECT_EQ(error.message(), "line 5: placeholder \"${y}\" has no value");
    }
}

} // namespace
} // namespace turnstone::core
