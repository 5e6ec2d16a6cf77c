// Owns the grammar of the bodies that are known: a recursive descent over tokens, one function a rule. A rule
// that does not match leaves the place where it was.
#include "turnstone/core/stamp_body.hpp"

#include <charconv>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace turnstone::core {

namespace {

using Kind = SqlToken::Kind;

class Reader {
  public:
    explicit Reader(const std::vector<SqlToken> &tokens) : tokens_(tokens) {}

    std::optional<StampBody> body() {
        if (accept({"<<"}) && !(name() && accept({">>"})))
            return std::nullopt;
        (void)accept({"declare"});
        if (!accept({"begin"}) || !statements() || !accept({"end"}))
            return std::nullopt;
        if (!at({";"}) && !done())
            (void)name();
        (void)accept({";"});
        if (!done() || body_.options.column.empty())
            return std::nullopt;
        return body_;
    }

  private:
    // assignment; return new; -- or one of them under a condition
    bool statements() {
        body_.options.column.clear();
        (void)accept({"null", ";"});
        if (assignment())
            return accept({"return", "new", ";"});
        if (!accept({"if"}) || !condition() || !accept({"then"}) || !assignment())
            return false;
        if (!condition_column_.empty() && condition_column_ != body_.options.column)
            return false;
        if (accept({"end", "if", ";"}))
            return accept({"return", "new", ";"});
        const bool returned = accept({"return", "new", ";"});
        // Rows that are not stamped: as they are to be, or as they were, which is the same.
        if (accept({"else"})) {
            const bool other = accept({"return", "new", ";"}) || returns_old();
            if (!other || !accept({"end", "if", ";"}))
                return false;
            return returned ? (done_or_end() || accept({"return", "new", ";"}))
                            : accept({"return", "new", ";"});
        }
        if (!returned || !accept({"end", "if", ";"}))
            return false;
        return accept({"return", "new", ";"}) || returns_old();
    }

    // Only where the condition says that the old row is the new one.
    bool returns_old() {
        return body_.options.only_changed && !body_.options.unless_set && accept({"return", "old", ";"});
    }

    bool done_or_end() { return at({"end"}); }

    bool assignment() {
        const std::size_t start = place_;
        std::string column;
        if (accept({"new", "."}) && name(&column) && (accept({":="}) || accept({"="})) && clock() &&
            accept({";"})) {
            body_.options.column = column;
            return true;
        }
        place_ = start;
        return false;
    }

    // ---------------------------------------------------------------- the present time
    bool clock() {
        if (!clock_value())
            return false;
        while (accept({"::"})) {
            if (!cast_type())
                return false;
        }
        if (accept({"at", "time", "zone"})) {
            if (!zone())
                return false;
            body_.obstacle = "it writes the time of another zone than the session's";
            while (accept({"::"})) {
                if (!cast_type())
                    return false;
            }
        }
        return true;
    }

    bool clock_value() {
        const std::size_t start = place_;
        if (accept({"("})) {
            if (clock() && accept({")"}))
                return true;
            place_ = start;
            return false;
        }
        if (accept({"cast", "("}))
            return clock() && accept({"as"}) && cast_type() && accept({")"});
        (void)accept({"pg_catalog", "."});
        if (accept({"timezone", "("})) {
            if (!zone() || !accept({","}) || !clock() || !accept({")"}))
                return false;
            body_.obstacle = "it writes the time of another zone than the session's";
            return true;
        }
        const struct {
            std::initializer_list<std::string_view> words;
            StampClock clock;
            StampBody::Value value;
            bool with_precision;
        } clocks[] = {
            {{"now", "(", ")"}, StampClock::transaction, StampBody::Value::timestamptz, false},
            {{"transaction_timestamp", "(", ")"},
             StampClock::transaction,
             StampBody::Value::timestamptz,
             false},
            {{"statement_timestamp", "(", ")"}, StampClock::statement, StampBody::Value::timestamptz, false},
            {{"clock_timestamp", "(", ")"}, StampClock::wall, StampBody::Value::timestamptz, false},
            {{"current_timestamp"}, StampClock::transaction, StampBody::Value::timestamptz, true},
            {{"localtimestamp"}, StampClock::transaction, StampBody::Value::timestamp, true},
            {{"current_date"}, StampClock::transaction, StampBody::Value::date, false},
        };
        for (const auto &known : clocks) {
            if (!accept(known.words))
                continue;
            body_.options.clock = known.clock;
            body_.value = known.value;
            return !known.with_precision || precision();
        }
        place_ = start;
        return false;
    }

    // ( digits ), or nothing
    bool precision() {
        if (!accept({"("}))
            return true;
        if (done() || tokens_[place_].kind != Kind::number)
            return false;
        const std::string &text = tokens_[place_++].text;
        int digits = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), digits).ec != std::errc{})
            return false;
        if (!body_.precision || digits < *body_.precision)
            body_.precision = digits;
        return accept({")"});
    }

    bool cast_type() {
        (void)accept({"pg_catalog", "."});
        if (accept({"timestamptz"})) {
            return casts_to(StampBody::Value::timestamptz) && precision();
        }
        if (accept({"timestamp"})) {
            if (!precision())
                return false;
            if (accept({"with", "time", "zone"}))
                return casts_to(StampBody::Value::timestamptz);
            (void)accept({"without", "time", "zone"});
            return casts_to(StampBody::Value::timestamp);
        }
        if (accept({"date"}))
            return casts_to(StampBody::Value::date);
        return false;
    }

    // A step back from a coarser type gives another value.
    bool casts_to(StampBody::Value value) {
        if (value < body_.value)
            body_.obstacle = "it casts the time to a coarser type and back";
        body_.value = value;
        return true;
    }

    bool zone() {
        if (done() || tokens_[place_].kind != Kind::string)
            return false;
        ++place_;
        if (accept({"::"}))
            return accept({"text"});
        return true;
    }

    // ------------------------------------------------------------------ conditions
    bool condition() {
        const std::size_t start = place_;
        if (accept({"("})) {
            if (condition() && accept({")"}) && !at({"and"}))
                return true;
            place_ = start;
            condition_column_.clear();
            body_.options.only_changed = body_.options.unless_set = false;
        }
        if (!term())
            return false;
        while (accept({"and"})) {
            if (!term())
                return false;
        }
        return true;
    }

    bool term() {
        const std::size_t start = place_;
        if (accept({"("})) {
            if (term() && accept({")"}))
                return true;
            place_ = start;
        }
        if (accept({"tg_op", "="})) {
            if (done() || tokens_[place_].kind != Kind::string || tokens_[place_].text != "UPDATE")
                return false;
            ++place_;
            return true;
        }
        if (rows_differ()) {
            body_.options.only_changed = true;
            return true;
        }
        place_ = start;
        return stamp_is_the_same();
    }

    // NEW, NEW.*, ROW(NEW.*)
    bool whole_row(std::string_view row) {
        const std::size_t start = place_;
        if (accept({"row", "(", row, ".", "*", ")"}))
            return true;
        place_ = start;
        if (!accept({row}))
            return false;
        if (at({"."}))
            return accept({".", "*"});
        return true;
    }

    bool rows_differ() {
        const std::size_t start = place_;
        for (const auto &[left, right] : {std::pair{"new", "old"}, std::pair{"old", "new"}}) {
            place_ = start;
            if (whole_row(left) && accept({"is", "distinct", "from"}) && whole_row(right)) {
                body_.compares_stamp = true;
                return true;
            }
        }
        place_ = start;
        return false;
    }

    bool stamp_is_the_same() {
        const std::size_t start = place_;
        for (const auto &[left, right] : {std::pair{"new", "old"}, std::pair{"old", "new"}}) {
            place_ = start;
            std::string first;
            std::string second;
            if (!accept({left, "."}) || !name(&first))
                continue;
            const bool strict = at({"="});
            if (!accept({"="}) && !accept({"is", "not", "distinct", "from"}))
                continue;
            if (!accept({right, "."}) || !name(&second) || first != second ||
                (!condition_column_.empty() && condition_column_ != first))
                continue;
            body_.needs_not_null = body_.needs_not_null || strict;
            body_.options.unless_set = true;
            condition_column_ = first;
            return true;
        }
        place_ = start;
        return false;
    }

    // ---------------------------------------------------------------------- tokens
    [[nodiscard]] bool done() const { return place_ >= tokens_.size(); }

    [[nodiscard]] bool at(std::initializer_list<std::string_view> words) const {
        std::size_t place = place_;
        for (const std::string_view word : words) {
            if (place >= tokens_.size())
                return false;
            const SqlToken &token = tokens_[place++];
            // A key word stands for itself; a quoted identifier only for a name, in the places of names.
            const bool plain = token.kind == Kind::word || token.kind == Kind::symbol;
            const bool quoted_name = token.kind == Kind::quoted && may_be_quoted(word);
            if (!(plain || quoted_name) || token.text != word)
                return false;
        }
        return true;
    }

    static bool may_be_quoted(std::string_view word) {
        return word == "new" || word == "old" || word == "now" || word == "pg_catalog" ||
               word == "clock_timestamp" || word == "statement_timestamp" ||
               word == "transaction_timestamp" || word == "timezone";
    }

    bool accept(std::initializer_list<std::string_view> words) {
        if (!at(words))
            return false;
        place_ += words.size();
        return true;
    }

    bool name(std::string *text = nullptr) {
        if (done() || (tokens_[place_].kind != Kind::word && tokens_[place_].kind != Kind::quoted))
            return false;
        if (text != nullptr)
            *text = tokens_[place_].text;
        ++place_;
        return true;
    }

    const std::vector<SqlToken> &tokens_;
    std::size_t place_ = 0;
    StampBody body_;
    std::string condition_column_; // whose old and new value a condition compares
};

bool is(const SqlToken &token, Kind kind, std::string_view text) {
    return token.kind == kind && token.text == text;
}

bool begins_statement(const SqlToken &before) {
    return is(before, Kind::symbol, ";") || is(before, Kind::symbol, ">>") ||
           is(before, Kind::word, "begin") || is(before, Kind::word, "then") ||
           is(before, Kind::word, "else") || is(before, Kind::word, "loop");
}

} // namespace

std::optional<StampBody> recognise_stamp_body(const std::vector<SqlToken> &tokens) {
    return Reader(tokens).body();
}

bool assigns_column(const std::vector<SqlToken> &tokens, const std::string &column) {
    const auto is_name = [&](std::size_t place, std::string_view text) {
        return place < tokens.size() &&
               (tokens[place].kind == Kind::word || tokens[place].kind == Kind::quoted) &&
               tokens[place].text == text;
    };
    const auto is_symbol = [&](std::size_t place, std::string_view text) {
        return place < tokens.size() && is(tokens[place], Kind::symbol, text);
    };
    for (std::size_t place = 1; place < tokens.size(); ++place) {
        if (!is_name(place, "new"))
            continue;
        const bool into = is(tokens[place - 1], Kind::word, "into");
        if (!begins_statement(tokens[place - 1]) && !into)
            continue;
        const bool one_column = is_symbol(place + 1, ".");
        if (one_column && !is_name(place + 2, column))
            continue;
        const std::size_t next = place + (one_column ? 3 : 1);
        if (into || is_symbol(next, ":=") || is_symbol(next, "="))
            return true;
    }
    return false;
}

} // namespace turnstone::core
