#include "turnstone/core/secrets.hpp"

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

using Kind = SqlToken::Kind;

TEST(Secrets, AreMaskedOrHiddenInTheirPlace) {
    const std::string text = "CREATE ROLE r PASSWORD 'a\nb' LOGIN";
    const std::vector<PlacedToken> tokens{{{Kind::word, "create"}, 0},  {{Kind::word, "role"}, 7},
                                          {{Kind::word, "r"}, 12},      {{Kind::word, "password"}, 14},
                                          {{Kind::string, "a\nb"}, 23}, {{Kind::word, "login"}, 29}};
    EXPECT_TRUE(may_hold_secrets(text));
    EXPECT_EQ(without_secrets(text, tokens), "CREATE ROLE r PASSWORD '***' LOGIN");
    EXPECT_EQ(with_hidden_secrets(text, tokens), "CREATE ROLE r PASSWORD **\n** LOGIN");
}

} // namespace
} // namespace turnstone::core
