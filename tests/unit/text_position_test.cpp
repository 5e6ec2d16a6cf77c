#include "turnstone/core/text_position.hpp"

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

TEST(TextPosition, CountsLinesAndCharacters) {
    const std::string text = "ab\ncd\n";
    EXPECT_EQ(locate(text, 0).line, 1);
    EXPECT_EQ(locate(text, 0).column, 1);
    EXPECT_EQ(locate(text, 4).line, 2);
    EXPECT_EQ(locate(text, 4).column, 2);
    EXPECT_EQ(locate(text, 6).line, 3);
    EXPECT_EQ(locate(text, 100).line, 3);
}

TEST(TextPosition, CountsCharactersNotBytes) {
    const std::string text = "häader x";
    EXPECT_EQ(locate(text, text.find('x')).column, 8);
    EXPECT_EQ(offset_of_character(text, 8), text.find('x'));
    EXPECT_EQ(offset_of_character(text, 1), 0U);
    EXPECT_EQ(offset_of_character(text, 99), text.size());
}

TEST(TextPosition, ExcerptHasACaretBelowTheCharacter) {
    EXPECT_EQ(excerpt("select 1;\nselect f(x);\n", 17), "    2 | select f(x);\n      |        ^");
    EXPECT_EQ(excerpt("", 0), "    1 | \n      | ^");
}

TEST(TextPosition, ExcerptKeepsTabsAndDropsCarriageReturns) {
    EXPECT_EQ(excerpt("\tselect x\r\n", 8), "    1 | \tselect x\n      | \t       ^");
}

TEST(TextPosition, ExcerptCutsLongLines) {
    const std::string text = std::string(500, 'a') + 'b' + std::string(500, 'c');
    const std::string shown = excerpt(text, 500);
    const std::size_t feed = shown.find('\n');
    EXPECT_LT(feed, 130U);
    EXPECT_EQ(shown.substr(0, 11), "    1 | ...");
    // The caret stands below the b.
    EXPECT_EQ(shown.substr(feed + 1).find('^'), shown.find('b'));
}

TEST(TextPosition, SurvivesABrokenCharacterAtTheEnd) {
    const std::string text = "ab\xf0";
    EXPECT_EQ(locate(text, 3).column, 4);
    EXPECT_NO_THROW(excerpt(text, 3));
}

} // namespace
} // namespace turnstone::core
