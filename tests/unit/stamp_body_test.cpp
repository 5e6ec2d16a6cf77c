#include "turnstone/core/stamp_body.hpp"

#include <cctype>
#include <sstream>

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

// Tokens that stand apart in the text: a stand-in for the server's scanner.
std::vector<SqlToken> tokens(const std::string &text) {
    std::vector<SqlToken> result;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        const auto first = static_cast<unsigned char>(word.front());
        if (word.front() == '"')
            result.push_back({SqlToken::Kind::quoted, word.substr(1, word.size() - 2)});
        else if (word.front() == '\'')
            result.push_back({SqlToken::Kind::string, word.substr(1, word.size() - 2)});
        else if (std::isdigit(first) != 0)
            result.push_back({SqlToken::Kind::number, word});
        else if (std::isalpha(first) != 0)
            result.push_back({SqlToken::Kind::word, word});
        else
            result.push_back({SqlToken::Kind::symbol, word});
    }
    return result;
}

std::optional<StampBody> recognised(const std::string &text) {
    return recognise_stamp_body(tokens(text));
}

std::optional<StampBody> assigned(const std::string &value) {
    return recognised("begin new . updated_at := " + value + " ; return new ; end ;");
}

TEST(StampBody, TheUsualBody) {
    for (const char *text :
         {"begin new . updated_at = now ( ) ; return new ; end ;",
          "begin new . updated_at := now ( ) ; return new ; end",
          "declare begin new . updated_at := ( now ( ) ) ; return new ; end ;",
          "<< body >> begin new . updated_at = current_timestamp ; return new ; end body ;",
          "begin \"new\" . \"updated_at\" = pg_catalog . now ( ) ; return \"new\" ; end ;",
          "begin null ; new . updated_at = transaction_timestamp ( ) ; return new ; end ;"}) {
        const auto body = recognised(text);
        ASSERT_TRUE(body) << text;
        EXPECT_EQ(body->options, StampOptions{}) << text;
        EXPECT_EQ(body->obstacle, "") << text;
        EXPECT_EQ(body->value, StampBody::Value::timestamptz) << text;
    }
    EXPECT_EQ(recognised("begin new . \"Changed\" = now ( ) ; return new ; end ;")->options.column,
              "Changed");
}

TEST(StampBody, Clocks) {
    EXPECT_EQ(assigned("statement_timestamp ( )")->options.clock, StampClock::statement);
    EXPECT_EQ(assigned("clock_timestamp ( )")->options.clock, StampClock::wall);
    EXPECT_EQ(assigned("localtimestamp")->value, StampBody::Value::timestamp);
    EXPECT_EQ(assigned("current_date")->value, StampBody::Value::date);
    EXPECT_EQ(assigned("current_timestamp ( 3 )")->precision, 3);
    EXPECT_EQ(assigned("now ( ) :: timestamp")->value, StampBody::Value::timestamp);
    EXPECT_EQ(assigned("now ( ) :: timestamp ( 0 ) with time zone")->precision, 0);
    EXPECT_EQ(assigned("cast ( now ( ) as timestamp without time zone )")->value,
              StampBody::Value::timestamp);
    EXPECT_EQ(assigned("now ( ) :: timestamptz")->obstacle, "");
}

TEST(StampBody, Obstacles) {
    for (const char *value :
         {"now ( ) at time zone 'utc'", "( now ( ) at time zone 'utc' )", "timezone ( 'utc' , now ( ) )",
          "timezone ( 'utc' :: text , now ( ) )", "current_timestamp at time zone 'UTC' :: text"}) {
        const auto body = assigned(value);
        ASSERT_TRUE(body) << value;
        EXPECT_NE(body->obstacle, "") << value;
    }
    EXPECT_NE(assigned("current_date :: timestamptz")->obstacle, "");
}

TEST(StampBody, Conditions) {
    const std::string diesel =
        "begin if ( new is distinct from old and new . updated_at is not distinct from "
        "old . updated_at ) then new . updated_at := current_timestamp ; end if ; "
        "return new ; end ;";
    const auto body = recognised(diesel);
    ASSERT_TRUE(body);
    EXPECT_TRUE(body->options.only_changed);
    EXPECT_TRUE(body->options.unless_set);
    EXPECT_FALSE(body->needs_not_null);
    for (const char *condition :
         {"row ( new . * ) is distinct from row ( old . * )", "new . * is distinct from old . *",
          "( old is distinct from new )", "( ( old . * ) is distinct from ( new . * ) )",
          "( tg_op = 'UPDATE' ) and new is distinct from old"}) {
        for (const char *rest :
             {"end if ; return new ;", "return new ; end if ; return new ;",
              "return new ; end if ; return old ;", "return new ; else return old ; end if ;",
              "else return old ; end if ; return new ;", "return new ; else return new ; end if ;"}) {
            const std::string text = std::string("begin if ") + condition +
                                     " then new . updated_at = now ( ) ; " + rest + " end ;";
            const auto changed = recognised(text);
            if (std::string_view(condition).starts_with("( ( old")) {
                EXPECT_FALSE(changed) << text; // a row's column of its own: no spelling of a whole row
                continue;
            }
            ASSERT_TRUE(changed) << text;
            EXPECT_EQ(changed->options.when_name(), "changed") << text;
            EXPECT_TRUE(changed->compares_stamp);
        }
    }
    const auto equal =
        recognised("begin if new . updated_at = old . updated_at then new . updated_at = now ( ) ; "
                   "end if ; return new ; end ;");
    ASSERT_TRUE(equal);
    EXPECT_EQ(equal->options.when_name(), "unless_set");
    EXPECT_TRUE(equal->needs_not_null);
    const auto update = recognised("begin if tg_op = 'UPDATE' then new . updated_at = now ( ) ; end if ; "
                                   "return new ; end ;");
    ASSERT_TRUE(update);
    EXPECT_EQ(update->options.when_name(), "always");
}

TEST(StampBody, WhatDoesMoreIsNotRecognised) {
    for (const char *text :
         {"",
          "begin end ;",
          "begin return new ; end ;",
          "begin new . updated_at = now ( ) ; end ;",
          "begin new . updated_at = now ( ) ; return null ; end ;",
          "begin new . updated_at = now ( ) ; return old ; end ;",
          "begin new . updated_at = now ( ) ; new . version = new . version + 1 ; return new ; end ;",
          "begin new . updated_at = now ( ) - 1 ; return new ; end ;",
          "begin new . updated_at = now ( ) ; return new ; exception when others then return new ; end ;",
          "begin old . updated_at = now ( ) ; return new ; end ;",
          "begin new . updated_at = app . now ( ) ; return new ; end ;",
          "begin new . updated_at = \"current_timestamp\" ; return new ; end ;",
          "declare n int ; begin new . updated_at = now ( ) ; return new ; end ;",
          "begin if new . a is distinct from old . a then new . updated_at = now ( ) ; end if ; return new ; "
          "end ;",
          "begin if new . other = old . other then new . updated_at = now ( ) ; end if ; return new ; end ;",
          "begin if new is distinct from old or true then new . updated_at = now ( ) ; end if ; return new ; "
          "end ;",
          "begin if new is distinct from old then new . updated_at = now ( ) ; else return null ; end if ; "
          "return new ; end ;",
          "begin if tg_op = 'INSERT' then new . updated_at = now ( ) ; end if ; return new ; end ;",
          "begin if new . updated_at = old . updated_at then new . updated_at = now ( ) ; else return old ; "
          "end if ; "
          "return new ; end ;",
          "begin new . updated_at = now ( ) ; return new ; end ; end"})
        EXPECT_FALSE(recognised(text)) << text;
}

TEST(StampBody, Assignments) {
    EXPECT_TRUE(assigns_column(tokens("begin new . updated_at = 1 ; end"), "updated_at"));
    EXPECT_TRUE(assigns_column(tokens("begin if x then new . \"updated_at\" := 1 ; end"), "updated_at"));
    EXPECT_TRUE(assigns_column(tokens("begin select 1 into new . updated_at ; end"), "updated_at"));
    EXPECT_TRUE(assigns_column(tokens("begin new := f ( new ) ; end"), "updated_at"));
    EXPECT_FALSE(assigns_column(tokens("begin new . other = 1 ; end"), "updated_at"));
    EXPECT_FALSE(assigns_column(tokens("begin if new . updated_at = 1 then return new ; end"), "updated_at"));
    EXPECT_FALSE(assigns_column(tokens("begin return new ; end"), "updated_at"));
}

} // namespace
} // namespace turnstone::core
