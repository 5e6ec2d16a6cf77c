// Liquibase's formatted SQL: what its comments say, and the cut of one changeset into Up and Down. The text
// of a changeset is its whole file with the other changesets blanked, so its properties are there.
#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/format_variables.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

constexpr const char *changeset_hint = "A changeset begins with a line \"--changeset author:id\".";
constexpr const char *contexts_hint =
    "turnstone runs a script in the environments that it names: write a list of names.";

bool is_blank_character(char c) {
    return blank_characters.find(c) != std::string_view::npos;
}

// A word, or what is between double or single quotes; taken off the text.
std::string take_word(std::string_view &text, std::string_view ends) {
    const char quote = text.empty() ? '\0' : text.front();
    if (quote == '"' || quote == '\'') {
        const std::size_t close = std::min(text.find(quote, 1), text.size());
        std::string word(text.substr(1, close - 1));
        text.remove_prefix(std::min(close + 1, text.size()));
        return word;
    }
    const std::size_t end = std::min(text.find_first_of(ends), text.size());
    std::string word(text.substr(0, end));
    text.remove_prefix(end);
    return word;
}

std::vector<std::pair<std::string, std::string>> attributes_of(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> attributes;
    for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
        std::string key = lower_case(take_word(text, ": \t"));
        std::string value;
        if (text.starts_with(':')) {
            text.remove_prefix(1);
            value = take_word(text, " \t");
        } else if (key.empty() && !text.empty())
            text.remove_prefix(1);
        attributes.emplace_back(std::move(key), std::move(value));
    }
    return attributes;
}

Variables properties_of(std::string_view text, const Variables &given) {
    Variables all = given;
    for (const TextLine &line : lines_of(text)) {
        const auto words = liquibase_comment(line.text, "property");
        if (!words)
            continue;
        std::string name;
        std::string value;
        bool ours = true;
        for (auto &[key, of_key] : attributes_of(*words)) {
            if (key == "name")
                name = of_key;
            else if (key == "value")
                value = of_key;
            else if (key == "dbms")
                ours = liquibase_is_for_postgresql(of_key);
        }
        if (ours && !name.empty())
            all.emplace(std::move(name), std::move(value)); // the first one counts
    }
    return all;
}

// "dev, test" and "dev or test". Throws for what is more than a list.
std::vector<std::string> environments_of(const LiquibaseChangeset &changeset, int line) {
    std::vector<std::string> environments;
    for (const char *key : {"context", "contextfilter", "contexts"}) {
        std::string list = changeset.attribute(key);
        std::replace(list.begin(), list.end(), ',', ' ');
        for (const std::string_view word : words_of(list)) {
            if (same_in_any_case(word, "or"))
                continue;
            if (same_in_any_case(word, "and") || same_in_any_case(word, "not") ||
                word.find_first_of("!()@") != std::string_view::npos)
                throw Error(ErrorCode::unsupported,
                            fmt::format("line {}: context \"{}\" is more than a list", line,
                                        changeset.attribute(key)),
                            {}, contexts_hint);
            environments.emplace_back(word);
        }
    }
    return environments;
}

// Where statements end besides at semicolons. Liquibase's own default are lines "/" and "GO".
class Delimiter {
  public:
    Delimiter(const std::string &given, bool splits) : splits_(splits) {
        // Liquibase takes it for a regular expression: of several, the first one counts, and line ends around
        // it mean that it has a line of its own.
        std::string_view words = std::string_view(given).substr(0, given.find('|'));
        for (bool again = true; again;) {
            again = false;
            for (const std::string_view token : {"^", "\\n", "\\r", "\\s", "*", "+", "?", "$"}) {
                const bool before = words.starts_with(token);
                if (!before && !words.ends_with(token))
                    continue;
                before ? words.remove_prefix(token.size()) : words.remove_suffix(token.size());
                whole_line_ = whole_line_ || before;
                again = true;
            }
        }
        mark_ = words;
        whole_line_ = whole_line_ || mark_ == "/" || same_in_any_case(mark_, "go");
    }

    // The line with a semicolon in the delimiter's place.
    [[nodiscard]] std::string apply(std::string_view line) const {
        std::string result(line);
        const std::string_view words = trimmed(line);
        if (!splits_ || words.empty() || mark_ == ";")
            return result;
        const std::size_t end = static_cast<std::size_t>(words.data() - line.data()) + words.size();
        const auto put_in = [&](std::size_t size) {
            result.replace(end - size, size, size, ' ');
            result[end - size] = ';';
        };
        if (mark_.empty() ? words == "/" || same_in_any_case(words, "go")
                          : whole_line_ && same_in_any_case(words, mark_))
            put_in(words.size());
        else if (!mark_.empty() && !whole_line_ && words.ends_with(mark_))
            put_in(mark_.size());
        return result;
    }

  private:
    std::string mark_;
    bool splits_;
    bool whole_line_ = false;
};

class Reader {
  public:
    Reader(std::string_view text, bool standard_strings)
        : text_(text), lines_(sql_lines(text, standard_strings)), sections_(text.size()) {}

    Script run() {
        for (std::size_t i = 0; i < lines_.size(); ++i)
            read_line(i);
        if (!begun_)
            throw Error(ErrorCode::invalid_script, "there is no changeset", {}, changeset_hint);
        Script script = sections_.take();
        script.options.environments = environments_;
        script.up.transactional = script.down.transactional = transactional_;
        return script;
    }

  private:
    [[nodiscard]] std::string_view content_of(std::size_t i) const {
        return text_.substr(lines_[i].begin, lines_[i].end - lines_[i].begin);
    }

    void read_line(std::size_t i) {
        const std::string_view content = content_of(i);
        if (in_rollback_)
            return read_block(content, 0);
        const auto changeset =
            lines_[i].plain ? liquibase_changeset(content, lines_[i].number) : std::nullopt;
        if (changeset)
            return begin(*changeset, lines_[i].number, content);
        if (!begun_)
            return sections_.add_blank(content);
        std::string_view block = trimmed(content);
        if (lines_[i].plain && take_prefix(block, "/*") &&
            take_prefix(block = trimmed(block), "liquibase rollback"))
            return read_block(content, static_cast<std::size_t>(block.data() - content.data()));
        const auto rollback = lines_[i].plain ? liquibase_comment(content, "rollback") : std::nullopt;
        if (rollback)
            return read_rollback(content, *rollback);
        const bool ends_plain = i + 1 == lines_.size() || lines_[i + 1].plain;
        sections_.begin(Direction::up);
        sections_.put(ends_plain ? up_delimiter_.apply(content) : std::string(content), content);
    }

    void begin(const LiquibaseChangeset &changeset, int line, std::string_view content) {
        if (begun_)
            throw script_error(line, "this is the second changeset of one migration", changeset_hint);
        begun_ = true;
        environments_ = environments_of(changeset, line);
        transactional_ = !same_in_any_case(changeset.attribute("runintransaction"), "false");
        up_delimiter_ = Delimiter(changeset.attribute("enddelimiter"),
                                  !same_in_any_case(changeset.attribute("splitstatements"), "false"));
        down_delimiter_ =
            Delimiter(changeset.attribute("rollbackenddelimiter"),
                      !same_in_any_case(changeset.attribute("rollbacksplitstatements"), "false"));
        sections_.begin(Direction::up);
        sections_.add_blank(content);
    }

    // "--rollback words": the words are SQL, but for those that say that there is nothing to do.
    void read_rollback(std::string_view content, std::string_view words) {
        const std::string_view said = trimmed(words);
        sections_.begin(Direction::down);
        if (said.empty() || same_in_any_case(said, "empty") || same_in_any_case(said, "not required"))
            return sections_.add_blank(content);
        add_down(content, static_cast<std::size_t>(words.data() - content.data()), content.size());
    }

    // Of "/* liquibase rollback ... */": what of it is in this line, from `begin` on.
    void read_block(std::string_view content, std::size_t begin) {
        sections_.begin(Direction::down);
        const std::size_t close = content.find("*/", begin);
        in_rollback_ = close == std::string_view::npos;
        add_down(content, begin, in_rollback_ ? content.size() : close);
    }

    void add_down(std::string_view content, std::size_t begin, std::size_t end) {
        std::string line(content);
        for (std::size_t i = 0; i < line.size(); ++i) {
            if ((i < begin || i >= end) && line[i] != '\n')
                line[i] = ' ';
        }
        sections_.put(down_delimiter_.apply(line), content);
    }

    std::string_view text_;
    std::vector<SqlLine> lines_;
    Sections sections_;
    std::vector<std::string> environments_;
    Delimiter up_delimiter_{{}, true};
    Delimiter down_delimiter_{{}, true};
    bool transactional_ = true;
    bool begun_ = false;
    bool in_rollback_ = false; // in a block of that kind
};

} // namespace

std::string LiquibaseChangeset::attribute(std::string_view key) const {
    const auto found =
        std::find_if(attributes.begin(), attributes.end(), [&](const auto &a) { return a.first == key; });
    return found == attributes.end() ? std::string{} : found->second;
}

std::optional<std::string_view> liquibase_comment(std::string_view line, std::string_view keyword) {
    line = trimmed(line);
    if (!line.starts_with("--"))
        return std::nullopt;
    line = trimmed(line.substr(2));
    if (!take_prefix(line, keyword) ||
        (!line.empty() && !is_blank_character(line.front()) && line.front() != ':'))
        return std::nullopt;
    if (line.starts_with(':'))
        line.remove_prefix(1);
    return line;
}

std::optional<LiquibaseChangeset> liquibase_changeset(std::string_view line, int number) {
    const auto words = liquibase_comment(line, "changeset");
    if (!words)
        return std::nullopt;
    std::string_view rest = trimmed(*words);
    LiquibaseChangeset changeset;
    changeset.author = trimmed(take_word(rest, ":"));
    rest = trimmed(rest);
    if (!rest.starts_with(':') || changeset.author.empty())
        throw script_error(number, "the changeset has no author and id", changeset_hint);
    rest = trimmed(rest.substr(1));
    changeset.id = take_word(rest, " \t");
    if (changeset.id.empty())
        throw script_error(number, "the changeset has no id", changeset_hint);
    changeset.attributes = attributes_of(rest);
    return changeset;
}

bool liquibase_is_for_postgresql(std::string_view dbms) {
    std::string list = lower_case(dbms);
    std::replace(list.begin(), list.end(), ',', ' ');
    bool any_wanted = false;
    bool wanted = false;
    for (const std::string_view word : words_of(list)) {
        if (word == "!postgresql" || word == "none")
            return false;
        any_wanted = any_wanted || !word.starts_with('!');
        wanted = wanted || word == "postgresql" || word == "all";
    }
    return wanted || !any_wanted;
}

bool has_liquibase_head(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blank_characters);
    if (first == std::string_view::npos)
        return false;
    const std::size_t begin = text.rfind('\n', first) + 1; // of the first line that is not blank
    const std::vector<TextLine> lines = lines_of(text.substr(begin, text.find('\n', first) - begin));
    const auto words = liquibase_comment(lines.front().text, "liquibase");
    std::string_view rest = words ? trimmed(*words) : std::string_view{};
    return take_prefix(rest, "formatted") && take_prefix(rest = trimmed(rest), "sql");
}

std::string liquibase_without_ignored_lines(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    bool in_range = false;
    std::size_t left = 0; // lines still to be ignored, by number
    for (const TextLine &line : lines_of(text)) {
        const std::size_t end = std::min(text.find('\n', line.begin), text.size() - 1);
        const std::string_view whole = text.substr(line.begin, end - line.begin + 1);
        const auto words = left > 0 ? std::nullopt : liquibase_comment(line.text, "ignorelines");
        if (!words && !in_range && left == 0) {
            kept += whole;
            continue;
        }
        for (const char c : whole)
            kept += c == '\n' ? '\n' : ' ';
        left -= left > 0 ? 1 : 0;
        const std::string_view value = words ? trimmed(*words) : std::string_view{};
        if (!words)
            continue;
        if (same_in_any_case(value, "start") || same_in_any_case(value, "end"))
            in_range = same_in_any_case(value, "start");
        else if (all_digits(value) && value.size() < 6)
            left = std::stoul(std::string(value));
        else
            throw script_error(line.number, fmt::format("\"{}\" is no number of lines", value),
                               "It is \"--ignoreLines:start\", \"--ignoreLines:end\" or a number of lines.");
    }
    return kept;
}

Script read_liquibase(std::string_view text, const Variables &variables, bool standard_conforming_strings) {
    Script script = Reader(text, standard_conforming_strings).run();
    const Variables all = properties_of(text, variables);
    script.up.text = substitute_known(script.up.text, all);
    script.down.text = substitute_known(script.down.text, all);
    return script;
}

} // namespace turnstone::core
