// Bodies of PL/pgSQL trigger functions that keep an updated_at column, recognised by their tokens. The tokens
// come from the server's own scanner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/stamp_options.hpp"

namespace turnstone::core {

struct SqlToken {
    enum class Kind {
        word,   // an identifier or key word; folded to lower case
        quoted, // a quoted identifier
        number,
        string,
        symbol, // an operator or a sign, as it is written
    };
    Kind kind;
    std::string text;
};

struct StampBody {
    enum class Value { timestamptz, timestamp, date };

    StampOptions options; // column, clock and when
    Value value = Value::timestamptz;
    std::optional<int> precision; // of the value, in digits: current_timestamp(3)
    // "NEW.c = OLD.c" is not true of nulls
    bool needs_not_null = false;
    // It compares whole rows, stamp included
    bool compares_stamp = false;
    // Why turnstone_set_updated_at() cannot take its place although it sets a column to the time; empty where
    // it can.
    std::string obstacle;
};

// What the body does, if it does nothing but set one column of NEW to the present time.
std::optional<StampBody> recognise_stamp_body(const std::vector<SqlToken> &tokens);

// Whether the body assigns to a column of NEW, or to NEW as a whole.
bool assigns_column(const std::vector<SqlToken> &tokens, const std::string &column);

} // namespace turnstone::core
