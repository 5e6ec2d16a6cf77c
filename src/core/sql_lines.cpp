#include "turnstone/core/sql_lines.hpp"

#include <algorithm>

namespace turnstone::core {

namespace {

bool is_identifier_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

bool is_keyword(std::string_view word, std::string_view keyword) { // `keyword` in small letters
    return std::equal(word.begin(), word.end(), keyword.begin(), keyword.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// Looks at the words of each statement, outside of quotations: is it a COPY ... FROM STDIN?
class CopyWatch {
  public:
    void word(std::string_view word) {
        if (depth_ > 0)
            return;
        if (state_ == State::begin)
            state_ = is_keyword(word, "copy") ? State::copy : State::other;
        else if (state_ == State::copy && is_keyword(word, "from"))
            state_ = State::from;
        else if (state_ == State::from)
            state_ = is_keyword(word, "stdin") ? State::from_stdin : State::other;
    }

    void quotation() {
        if (depth_ == 0 && (state_ == State::begin || state_ == State::from))
            state_ = State::other;
    }

    // Any other character. Returns whether it ends a COPY ... FROM STDIN.
    bool character(char c) {
        if (c == '(' || c == ')')
            depth_ += c == '(' ? 1 : -1;
        if (c != ';' || depth_ > 0)
            return false;
        const bool ends = state_ == State::from_stdin;
        state_ = State::begin;
        depth_ = 0;
        return ends;
    }

  private:
    enum class State { begin, other, copy, from, from_stdin };

    State state_ = State::begin;
    int depth_ = 0; // of parentheses
};

// One pass over the text. Each skip_* starts on the first byte of its token and ends behind the last one; all
// bytes go through advance(), which keeps the lines.
class Skimmer {
  public:
    // `words`, if given, takes what stands outside of quotations and comments; `parts` what psql alone reads.
    Skimmer(std::string_view text, bool standard_strings, std::vector<std::string_view> *words = nullptr,
            PsqlParts *parts = nullptr)
        : text_(text), standard_strings_(standard_strings), words_(words), parts_(parts) {}

    // Takes where the needle stands.
    void look_for(std::string_view needle, std::vector<std::size_t> &found) {
        needle_ = needle;
        found_ = &found;
    }

    std::vector<SqlLine> run() {
        if (text_.empty())
            return {};
        lines_.push_back(SqlLine{});
        while (!at_end()) {
            if (awaited_data_ > 0 && lines_.back().begin == at_)
                skip_copy_data();
            else if (found_ != nullptr && text_.substr(at_).starts_with(needle_))
                skip_needle();
            else
                skip_token();
        }
        if (!text_.ends_with('\n'))
            lines_.back().end = text_.size();
        else
            lines_.pop_back();
        return std::move(lines_);
    }

  private:
    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void advance(bool quoted, bool code) {
        if (code && !is_blank(text_[at_]))
            lines_.back().has_code = true;
        const char c = text_[at_++];
        if (c == '\n')
            begin_line(!quoted);
    }

    void begin_line(bool plain) {
        lines_.back().end = at_;
        SqlLine next;
        next.number = lines_.back().number + 1;
        next.begin = at_;
        next.plain = plain;
        lines_.push_back(next);
    }

    void skip_token() {
        const char c = peek();
        if (c == '\'' || c == '"' || c == '$')
            copy_.quotation();
        if (c == '-' && peek(1) == '-')
            skip_line_comment();
        else if (c == '/' && peek(1) == '*')
            skip_block_comment();
        else if (c == '\'')
            skip_string(!standard_strings_);
        else if ((c == 'e' || c == 'E') && peek(1) == '\'') {
            copy_.quotation();
            advance(false, true);
            skip_string(true);
        } else if (c == '"')
            skip_quoted_name();
        else if (c == '$' && dollar_tag_length() > 0)
            skip_dollar_quote();
        else if (is_identifier_start(c))
            skip_identifier();
        else if (c == '\\')
            skip_meta_command();
        else {
            if (copy_.character(c) && words_ == nullptr) // a routine's body, where none can run, is no script
                ++awaited_data_;
            keep_word(at_, at_ + (is_blank(c) ? 0 : 1));
            advance(false, true);
        }
    }

    void keep_word(std::size_t begin, std::size_t end) {
        if (words_ != nullptr && end > begin)
            words_->push_back(text_.substr(begin, end - begin));
    }

    void skip_line_comment() {
        while (!at_end() && peek() != '\n' && peek() != '\r') // scan.l: non_newline
            advance(false, false);
    }

    void skip_block_comment() { // these nest
        int depth = 0;
        do {
            if (peek() == '/' && peek(1) == '*') {
                ++depth;
                advance(true, false);
            } else if (peek() == '*' && peek(1) == '/') {
                --depth;
                advance(true, false);
            }
            advance(depth > 0, false);
        } while (depth > 0 && !at_end());
    }

    void skip_string(bool escapes) {
        advance(true, true);
        while (!at_end()) {
            const char c = peek();
            if (c == '\\' && escapes && at_ + 1 < text_.size()) {
                advance(true, true);
                advance(true, true);
                continue;
            }
            advance(true, true);
            if (c != '\'')
                continue;
            if (peek() == '\'')
                advance(true, true);
            else if (!(escapes && skip_to_continuation()))
                return;
        }
    }

    // A string goes on behind white space that holds a line feed (scan.l: quotecontinue), and keeps its kind.
    // For plain strings this need not be known: the next quote begins a string of the same kind anyway.
    bool skip_to_continuation() {
        bool line_feed = false;
        std::size_t ahead = 0;
        while (at_ + ahead < text_.size()) {
            const char c = peek(ahead);
            if (c == '-' && peek(ahead + 1) == '-') {
                while (at_ + ahead < text_.size() && peek(ahead) != '\n' && peek(ahead) != '\r')
                    ++ahead;
            } else if (is_blank(c)) {
                line_feed = line_feed || c == '\n' || c == '\r';
                ++ahead;
            } else
                break;
        }
        if (!line_feed || peek(ahead) != '\'')
            return false;
        for (; ahead > 0; --ahead)
            advance(false, false);
        advance(true, true);
        return true;
    }

    void skip_quoted_name() {
        advance(true, true);
        while (!at_end()) {
            const bool closing = peek() == '"';
            advance(!closing, true);
            if (closing)
                return; // a doubled quote opens the name again at once
        }
    }

    // Of "$tag$" at the present place, both dollars included; 0 where there is none.
    [[nodiscard]] std::size_t dollar_tag_length() const {
        std::size_t length = 1;
        if (is_identifier_start(peek(length)))
            for (; is_identifier_start(peek(length)) || is_digit(peek(length)); ++length)
                ;
        return peek(length) == '$' ? length + 1 : 0;
    }

    void skip_dollar_quote() {
        const std::string_view tag = text_.substr(at_, dollar_tag_length());
        const std::size_t close = text_.find(tag, at_ + tag.size());
        const std::size_t stop = close == std::string_view::npos ? text_.size() : close + tag.size();
        while (at_ < stop)
            advance(true, true);
    }

    void skip_identifier() { // may hold dollars, which then quote nothing
        const std::size_t begin = at_;
        while (!at_end() && (is_identifier_start(peek()) || is_digit(peek()) || peek() == '$'))
            advance(false, true);
        copy_.word(text_.substr(begin, at_ - begin));
        keep_word(begin, at_);
    }

    void skip_needle() {
        found_->push_back(at_);
        for (const std::size_t end = at_ + needle_.size(); at_ < end;)
            advance(false, true);
    }

    void skip_meta_command() {
        const std::size_t begin = at_;
        std::size_t end = std::min(text_.find_first_of("\r\n", begin), text_.size());
        if (peek(1) == ';') // a semicolon that sends nothing
            end = begin + 2;
        const std::string_view line = text_.substr(begin, end - begin);
        const std::string_view name = line.substr(0, line.find_first_of(" \t;", 2));
        if (parts_ != nullptr && (name == "\\restrict" || name == "\\unrestrict"))
            blank(begin, end);
        else if (parts_ != nullptr)
            parts_->commands.push_back({begin, std::string(name)});
        while (at_ < end)
            advance(false, true);
    }

    // As psql does: from the next line on, up to a line that is "\.".
    void skip_copy_data() {
        --awaited_data_;
        CopyData data{at_, text_.size(), false};
        while (!at_end() && !data.terminated) {
            lines_.back().plain = false;
            const std::size_t begin = at_;
            const std::size_t feed = text_.find('\n', at_);
            at_ = feed == std::string_view::npos ? text_.size() : feed + 1;
            std::string_view line = text_.substr(begin, at_ - begin);
            while (line.ends_with('\n') || line.ends_with('\r'))
                line.remove_suffix(1);
            if (line == "\\.") {
                data.end = begin;
                data.terminated = true;
            }
            if (feed != std::string_view::npos)
                begin_line(true);
        }
        if (parts_ != nullptr) {
            blank(data.begin, at_);
            parts_->data.push_back(data);
        }
    }

    void blank(std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if (parts_->sql[i] != '\n')
                parts_->sql[i] = ' ';
        }
    }

    std::string_view text_;
    bool standard_strings_;
    std::vector<std::string_view> *words_;
    PsqlParts *parts_;
    std::string_view needle_;
    std::vector<std::size_t> *found_ = nullptr;
    CopyWatch copy_;
    int awaited_data_ = 0; // of statements of the present line
    std::size_t at_ = 0;
    std::vector<SqlLine> lines_;
};

} // namespace

std::vector<SqlLine> sql_lines(std::string_view text, bool standard_conforming_strings) {
    return Skimmer(text, standard_conforming_strings).run();
}

std::vector<std::string_view> sql_words(std::string_view text, bool standard_conforming_strings) {
    std::vector<std::string_view> words;
    (void)Skimmer(text, standard_conforming_strings, &words).run();
    return words;
}

std::vector<std::size_t> plain_occurrences(std::string_view text, std::string_view needle,
                                           bool standard_conforming_strings) {
    std::vector<std::size_t> found;
    if (needle.empty())
        return found;
    Skimmer skimmer(text, standard_conforming_strings);
    skimmer.look_for(needle, found);
    (void)skimmer.run();
    return found;
}

PsqlParts psql_parts(std::string_view text, bool standard_conforming_strings) {
    PsqlParts parts;
    parts.sql = text;
    (void)Skimmer(text, standard_conforming_strings, nullptr, &parts).run();
    return parts;
}

std::string meta_command_hint(std::string_view name) {
    const auto is_one_of = [&](std::initializer_list<const char *> names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (is_one_of({"\\i", "\\ir", "\\include", "\\include_relative"}))
        return "Put the text of that file here, or make it a script of its own that runs before.";
    if (is_one_of({"\\set", "\\unset", "\\getenv", "\\prompt"}))
        return "Take the line out; for a value that is put in, write ${name} and give it one with "
               "migrate_set_variable().";
    if (name == "\\copy")
        return "Write COPY ... FROM STDIN with the data on the lines behind it and a line \"\\.\" at their "
               "end, "
               "or INSERT statements.";
    if (name == "\\.")
        return "It ends the data of a COPY ... FROM STDIN, and there is none before it.";
    if (is_one_of({"\\if", "\\elif", "\\else", "\\endif", "\\gset", "\\gexec", "\\aset"}))
        return "Write a DO block: IF, SELECT ... INTO and EXECUTE of PL/pgSQL do the same in the server.";
    if (is_one_of({"\\g", "\\gx", "\\;"}))
        return "End the statement with a semicolon.";
    if (is_one_of({"\\c", "\\connect"}))
        return "A migration is for one database: take the line out, and run it where it is meant to run.";
    if (is_one_of({"\\echo", "\\qecho", "\\warn", "\\timing", "\\pset", "\\x", "\\t", "\\a", "\\o", "\\q",
                   "\\encoding", "\\errverbose", "\\conninfo"}))
        return "Take the line out: it means something to psql only.";
    return "Write out what it stands for: the server reads the script, not psql.";
}

std::size_t first_code(std::string_view text, std::size_t offset) {
    const auto at = [&](std::size_t place) { return place < text.size() ? text[place] : '\0'; };
    while (offset < text.size()) {
        if (is_blank(at(offset)) || at(offset) == ';')
            ++offset;
        else if (at(offset) == '-' && at(offset + 1) == '-')
            offset = std::min(text.find_first_of("\r\n", offset), text.size());
        else if (at(offset) == '/' && at(offset + 1) == '*') {
            int depth = 0;
            do {
                const bool opens = at(offset) == '/' && at(offset + 1) == '*';
                const bool closes = at(offset) == '*' && at(offset + 1) == '/';
                depth += opens ? 1 : closes ? -1 : 0;
                offset += opens || closes ? 2 : 1;
            } while (depth > 0 && offset < text.size());
        } else
            break;
    }
    return std::min(offset, text.size());
}

} // namespace turnstone::core
