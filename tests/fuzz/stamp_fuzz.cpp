// Any words as the tokens of a trigger function's body, as the arguments of a trigger, and as a statement
// that may hold secrets: what is recognised can be written down and read again, and nothing is masked in a
// text that the first glance passes over.
#include <algorithm>
#include <cctype>
#include <string>

#include "input.hpp"
#include "turnstone/core/error.hpp"
#include "turnstone/core/secrets.hpp"
#include "turnstone/core/stamp_body.hpp"

using namespace turnstone::core;
using turnstone::fuzz::require;

namespace {

SqlToken::Kind kind_of(char first) {
    if (first == '"')
        return SqlToken::Kind::quoted;
    if (first == '\'')
        return SqlToken::Kind::string;
    if (std::isdigit(static_cast<unsigned char>(first)) != 0)
        return SqlToken::Kind::number;
    return std::isalpha(static_cast<unsigned char>(first)) != 0 ? SqlToken::Kind::word
                                                                : SqlToken::Kind::symbol;
}

// Words that stand apart, in place of the server's scanner.
std::vector<PlacedToken> placed_tokens(std::string_view text) {
    std::vector<PlacedToken> tokens;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
        if (end > at) {
            std::string word(text.substr(at, end - at));
            const SqlToken::Kind kind = kind_of(word.front());
            if (kind == SqlToken::Kind::quoted || kind == SqlToken::Kind::string)
                word.erase(0, 1);
            if (word.size() > 1 && (word.back() == '"' || word.back() == '\'') &&
                kind != SqlToken::Kind::symbol)
                word.pop_back();
            tokens.push_back({{kind, std::move(word)}, at});
        }
        at = end + 1;
    }
    return tokens;
}

void check_body(const std::vector<PlacedToken> &placed) {
    std::vector<SqlToken> tokens;
    for (const PlacedToken &one : placed)
        tokens.push_back(one.token);
    if (const auto body = recognise_stamp_body(tokens)) {
        require(!body->options.column.empty());
        require(assigns_column(tokens, body->options.column));
        require(StampOptions::parse(body->options.arguments()) == body->options);
    }
}

void check_options(const std::vector<PlacedToken> &placed) {
    std::vector<std::string> arguments;
    for (const PlacedToken &one : placed)
        arguments.push_back(one.token.text);
    try {
        const StampOptions options = StampOptions::parse(arguments);
        require(StampOptions::parse(options.arguments()) == options);
    } catch (const Error &error) {
        require(error.code() == ErrorCode::invalid_argument);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    turnstone::fuzz::Input input(data, size);
    const std::string_view pattern = input.line();
    const std::string_view text = input.rest();
    const auto tokens = placed_tokens(text);
    check_body(tokens);
    check_options(tokens);
    require(may_hold_secrets(text) || without_secrets(text, tokens) == text);
    matches_pattern(pattern, text);
    require(matches_pattern("*", text) && matches_pattern("*" + std::string(text), text));
    return 0;
}
