// Owns the use of the server's scanner. PL/pgSQL's own parser is not to be had without linking its library.
#include "turnstone/server/plpgsql_tokens.hpp"

#include "turnstone/server/raii.hpp"

namespace turnstone::server {

namespace {

// parser/scanner.h: the scanner's tokens are numbered from here, in this order, in every parser built upon
// it.
enum ScannerToken {
    identifier = 258,
    unicode_identifier,
    float_number,
    plain_string,
    unicode_string,
    bit_string,
    hex_string,
    an_operator,
    integer_number,
    parameter,
    typecast,
    dot_dot,
    colon_equals,
    equals_greater,
    less_equals,
    greater_equals,
    not_equals,
};

int no_keyword(const void *, size_t) {
    return 0;
}

// A list in which no word is found: the scanner compares a word's length with the longest first.
constexpr uint16 no_offsets[] = {0};
constexpr ScanKeywordList no_keywords = {"", no_offsets, no_keyword, 0, 0};

struct FlatToken {
    int code;
    int location;
    const char *text; // null for signs
    int number;
};

struct FlatTokens {
    FlatToken *tokens;
    int count;
};

// In a leaf: scans the whole text.
FlatTokens scan(const char *text) {
    core_yy_extra_type extra;
    core_YYSTYPE value;
    YYLTYPE location = 0;
    int room = 64;
    FlatTokens flat{static_cast<FlatToken *>(palloc(sizeof(FlatToken) * static_cast<Size>(room))), 0};
    core_yyscan_t scanner = scanner_init(text, &extra, &no_keywords, ScanKeywordTokens);
    compat::silence_scanner(extra);
    for (int code = core_yylex(&value, &location, scanner); code != 0;
         code = core_yylex(&value, &location, scanner)) {
        if (flat.count == room) {
            room *= 2;
            flat.tokens =
                static_cast<FlatToken *>(repalloc(flat.tokens, sizeof(FlatToken) * static_cast<Size>(room)));
        }
        const bool has_number = code == integer_number || code == parameter;
        const bool has_text = code >= identifier && code <= an_operator;
        flat.tokens[flat.count++] = {code, location, has_text ? pstrdup(value.str) : nullptr,
                                     has_number ? value.ival : 0};
    }
    scanner_finish(scanner);
    return flat;
}

core::SqlToken token_of(const FlatToken &flat, const std::string &body) {
    using Kind = core::SqlToken::Kind;
    switch (flat.code) {
    case identifier:
        return {body[static_cast<std::size_t>(flat.location)] == '"' ? Kind::quoted : Kind::word, flat.text};
    case unicode_identifier:
        return {Kind::quoted, flat.text};
    case plain_string:
    case unicode_string:
    case bit_string:
    case hex_string:
        return {Kind::string, flat.text};
    case float_number:
        return {Kind::number, flat.text};
    case integer_number:
        return {Kind::number, std::to_string(flat.number)};
    case an_operator:
        return {Kind::symbol, flat.text};
    case parameter:
        return {Kind::symbol, "$" + std::to_string(flat.number)};
    case typecast:
        return {Kind::symbol, "::"};
    case dot_dot:
        return {Kind::symbol, ".."};
    case colon_equals:
        return {Kind::symbol, ":="};
    case equals_greater:
        return {Kind::symbol, "=>"};
    case less_equals:
        return {Kind::symbol, "<="};
    case greater_equals:
        return {Kind::symbol, ">="};
    case not_equals:
        return {Kind::symbol, "<>"};
    default:
        return {Kind::symbol, std::string(1, static_cast<char>(flat.code))};
    }
}

} // namespace

namespace {

std::vector<core::PlacedToken> tokens_in(const FlatTokens &flat, const std::string &text) {
    std::vector<core::PlacedToken> tokens;
    tokens.reserve(static_cast<std::size_t>(flat.count));
    for (int i = 0; i < flat.count; ++i)
        tokens.push_back({token_of(flat.tokens[i], text), static_cast<std::size_t>(flat.tokens[i].location)});
    return tokens;
}

} // namespace

std::optional<std::vector<core::PlacedToken>> placed_tokens(const std::string &text) {
    const MemoryScope memory;
    try {
        SubTransaction attempt;
        const FlatTokens flat = pg([&] { return scan(text.c_str()); });
        attempt.commit();
        return tokens_in(flat, text);
    } catch (const PgError &error) {
        if (error.data()->sqlerrcode == ERRCODE_QUERY_CANCELED)
            throw;
        return std::nullopt;
    }
}

std::optional<std::vector<core::PlacedToken>> placed_tokens_behind_error(const std::string &text) {
    const MemoryScope memory;
    try {
        return tokens_in(pg([&] { return scan(text.c_str()); }), text);
    } catch (const PgError &error) { // it holds nothing but memory
        FreeErrorData(error.data());
        return std::nullopt;
    }
}

std::optional<std::vector<core::SqlToken>> plpgsql_tokens(const std::string &body) {
    auto placed = placed_tokens(body);
    if (!placed)
        return std::nullopt;
    std::vector<core::SqlToken> tokens;
    tokens.reserve(placed->size());
    for (core::PlacedToken &one : *placed)
        tokens.push_back(std::move(one.token));
    return tokens;
}

} // namespace turnstone::server
