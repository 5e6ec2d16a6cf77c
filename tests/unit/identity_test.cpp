#include "turnstone/core/identity.hpp"

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

TEST(Identity, NamesLoseTheirQuotes) {
    EXPECT_EQ(unquoted("plain"), "plain");
    EXPECT_EQ(unquoted(R"("Two ""words""")"), R"(Two "words")");
    EXPECT_EQ(unquoted(R"(")"), R"(")");
    EXPECT_EQ(unquoted(R"("")"), "");
}

TEST(Identity, IsCutAtTheFirstDotOutsideOfQuotes) {
    EXPECT_EQ(qualified_name("public.t").schema, "public");
    EXPECT_EQ(qualified_name("public.t").name, "t");
    EXPECT_EQ(qualified_name(R"("a.b"."c.d")").schema, R"("a.b")");
    EXPECT_EQ(qualified_name(R"("a.b"."c.d")").name, R"("c.d")");
    EXPECT_EQ(qualified_name("alone").schema, "");
    EXPECT_EQ(qualified_name("alone").name, "alone");
    EXPECT_EQ(qualified_name("(public.a AS public.b)").schema, "");
    EXPECT_EQ(qualified_name(R"("never closed)").schema, "");
}

TEST(Identity, OwnNameHasNoArguments) {
    EXPECT_EQ(own_name("public.f(pg_catalog.int4,public.t)"), "f");
    EXPECT_EQ(own_name("public.\"f(x)\"(integer)"), "\"f(x)\"");
    EXPECT_EQ(own_name("public.t"), "t");
    EXPECT_EQ(own_name("public"), "public");
}

TEST(Identity, NamesInSqlAreThoseOutsideOfStrings) {
    EXPECT_EQ(names_in(R"(CHECK (("Odd ""name""" > 'it''s x') AND a1))"),
              (std::vector<std::string>{"CHECK", R"(Odd "name")", "AND", "a1"}));
    EXPECT_TRUE(mentions("(lower(name))", "name"));
    EXPECT_FALSE(mentions("(lower(names))", "name"));
    EXPECT_FALSE(mentions("(lower('name'))", "name"));
    EXPECT_TRUE(mentions("(ü > 1)", "ü"));
    EXPECT_TRUE(names_in("").empty());
    EXPECT_TRUE(names_in("'never closed").empty());
}

} // namespace
} // namespace turnstone::core
