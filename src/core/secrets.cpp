// Owns the rules by which a literal is taken for a secret.
#include "turnstone/core/secrets.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace turnstone::core {

namespace {

constexpr std::string_view mask = "'***'";
constexpr std::string_view telling_words[] = {"pass", "secret", "token", "credential", "key"};

std::string lower(std::string_view text) {
    std::string folded(text);
    std::transform(folded.begin(), folded.end(), folded.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return folded;
}

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// Of an option, a setting or the key word before a literal. A mere "key" is an option of foreign columns.
bool names_a_secret(const std::string &name) {
    const std::string word = lower(name);
    return word != "key" && std::any_of(std::begin(telling_words), std::end(telling_words),
                                        [&](std::string_view telling) { return holds(word, telling); });
}

bool is_connection_with_password(const std::string &literal) {
    const std::string text = lower(literal);
    return holds(text, "pass") || (holds(text, "://") && holds(text, "@"));
}

bool is_name(const SqlToken &token) {
    return token.kind == SqlToken::Kind::word || token.kind == SqlToken::Kind::quoted;
}

bool is_word(const SqlToken &token, std::string_view word) {
    return token.kind == SqlToken::Kind::word && token.text == word;
}

// Walks over the tokens of one or more statements.
class Judge {
  public:
    explicit Judge(const std::vector<PlacedToken> &tokens) : tokens_(tokens) {}

    // To be asked in order.
    bool is_secret(std::size_t at) {
        const SqlToken &token = tokens_[at].token;
        if (token.kind == SqlToken::Kind::symbol && token.text == ";")
            in_user_mapping_ = false;
        if (is_word(token, "mapping") && at > 0 && is_word(before(at, 1), "user"))
            in_user_mapping_ = true;
        if (token.kind != SqlToken::Kind::string || at == 0)
            return false;
        const SqlToken &last = before(at, 1);
        const bool assigned = last.text == "=" || is_word(last, "to");
        if (assigned)
            return at > 1 && is_name(before(at, 2)) &&
                   (names_a_secret(before(at, 2).text) || is_connection_with_password(token.text));
        if (!is_name(last))
            return false;
        if (in_user_mapping_ && lower(last.text) != "user")
            return true;
        return names_a_secret(last.text) ||
               (is_word(last, "connection") && is_connection_with_password(token.text));
    }

  private:
    [[nodiscard]] const SqlToken &before(std::size_t at, std::size_t count) const {
        return tokens_[at - count].token;
    }

    const std::vector<PlacedToken> &tokens_;
    bool in_user_mapping_ = false;
};

} // namespace

bool may_hold_secrets(std::string_view text) {
    constexpr std::array<std::string_view, 2> others = {"connection", "mapping"};
    const std::string folded = lower(text);
    const auto is_held = [&](std::string_view word) { return holds(folded, word); };
    return std::any_of(std::begin(telling_words), std::end(telling_words), is_held) ||
           std::any_of(others.begin(), others.end(), is_held) || holds(folded, "conninfo");
}

namespace {

struct Extent {
    std::size_t begin;
    std::size_t end;
};

std::vector<Extent> secrets_in(std::string_view text, const std::vector<PlacedToken> &tokens) {
    std::vector<Extent> secrets;
    Judge judge(tokens);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (!judge.is_secret(i))
            continue;
        // A literal may go on behind a line feed: it ends where the next token begins.
        std::size_t end = i + 1 < tokens.size() ? tokens[i + 1].offset : text.size();
        while (end > tokens[i].offset && std::isspace(static_cast<unsigned char>(text[end - 1])) != 0)
            --end;
        secrets.push_back({tokens[i].offset, end});
    }
    return secrets;
}

} // namespace

std::string without_secrets(std::string_view text, const std::vector<PlacedToken> &tokens) {
    std::string kept;
    std::size_t copied = 0;
    for (const Extent &secret : secrets_in(text, tokens)) {
        kept += text.substr(copied, secret.begin - copied);
        kept += mask;
        copied = secret.end;
    }
    kept += text.substr(copied);
    return kept;
}

std::string with_hidden_secrets(std::string_view text, const std::vector<PlacedToken> &tokens) {
    std::string hidden(text);
    for (const Extent &secret : secrets_in(text, tokens))
        std::replace_if(
            hidden.begin() + static_cast<std::ptrdiff_t>(secret.begin),
            hidden.begin() + static_cast<std::ptrdiff_t>(secret.end), [](char c) { return c != '\n'; }, '*');
    return hidden;
}

} // namespace turnstone::core
