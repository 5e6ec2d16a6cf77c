// goose's annotations: one Up, then an optional Down, each for the rest of the file.
#include <optional>

#include <fmt/format.h>

#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/format_variables.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

constexpr std::string_view marker = "+goose";
constexpr const char *annotations_hint = "goose's annotations are \"-- +goose\" and one of Up, Down, "
                                         "StatementBegin, StatementEnd, NO TRANSACTION, "
                                         "ENVSUB ON, ENVSUB OFF; each stands at the start of its line.";

bool is_annotation(std::string_view line) {
    const std::string_view content = trimmed(line);
    return content.starts_with("--") && lower_case(content).find(marker) != std::string::npos;
}

std::string without(std::string text, std::string_view part) {
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at))
        text.erase(at, part.size());
    return text;
}

// Goes on lexing where put-in values have made the text another one than sql_lines() has seen.
class Resumed {
  public:
    [[nodiscard]] bool plain() const { return since_plain_.empty(); }
    void feed(std::string_view lines) {
        since_plain_ += lines;
        if (sql_lines(since_plain_ + 'x', standard_strings_).back().plain)
            since_plain_.clear();
    }
    explicit Resumed(bool standard_strings) : standard_strings_(standard_strings) {}

  private:
    bool standard_strings_;
    std::string since_plain_; // all from the start of the last plain line
};

class Reader {
  public:
    Reader(std::string_view text, const Variables &variables, bool standard_strings)
        : text_(text), variables_(variables), standard_strings_(standard_strings),
          lines_(sql_lines(text, standard_strings)), sections_(text.size()) {}

    Script run() {
        std::size_t last_plain = 0; // where its line begins
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const SqlLine line = lines_[i];
            const std::string_view content = text_.substr(line.begin, line.end - line.begin);
            const bool plain = resumed_ ? resumed_->plain() : line.plain;
            if (plain)
                last_plain = line.begin;
            if (plain && is_annotation(content)) {
                apply(line, content);
                if (resumed_ && !envsub_)
                    lex_again(i + 1);
            } else if (!sections_.begun()) {
                if (line.has_code)
                    throw script_error(line.number, "SQL stands before the \"-- +goose Up\" annotation",
                                       annotations_hint);
                sections_.add_blank(content);
            } else
                add(line, content, last_plain, plain);
        }
        if (!sections_.has(Direction::up))
            throw Error(ErrorCode::invalid_script, "there is no \"-- +goose Up\" annotation", {},
                        annotations_hint);
        if (statement_line_ != 0)
            throw script_error(statement_line_, "StatementBegin has no StatementEnd", annotations_hint);
        Script script = sections_.take();
        script.up.transactional = script.down.transactional = transactional_;
        return script;
    }

  private:
    void add(const SqlLine &line, std::string_view content, std::size_t last_plain, bool plain) {
        const bool comment = plain && trimmed(content).starts_with("--");
        const std::string put_in =
            envsub_ && !comment ? substitute_envsub(content, variables_, line.number) : std::string(content);
        sections_.put(put_in, content);
        if (!resumed_ && put_in != content) {
            resumed_.emplace(standard_strings_);
            resumed_->feed(text_.substr(last_plain, line.begin - last_plain));
        }
        if (resumed_)
            resumed_->feed(put_in);
    }

    // Nothing is put in from here on, and the line before was plain: the text may be looked at as a whole.
    void lex_again(std::size_t first) {
        resumed_.reset();
        if (first >= lines_.size())
            return;
        const std::size_t begin = lines_[first].begin;
        for (const SqlLine &line : sql_lines(text_.substr(begin), standard_strings_)) {
            lines_[first].plain = line.plain;
            lines_[first++].has_code = line.has_code;
        }
    }

    void apply(const SqlLine &line, std::string_view content) {
        if (content.find_first_of(" \t") == 0)
            throw script_error(line.number, "an annotation of goose is indented", annotations_hint);
        const std::string rest = without(without(lower_case(content), "--"), marker);
        const std::string_view command = trimmed(rest);
        const auto refuse_unless = [&](bool fits, const char *why) {
            if (!fits)
                throw script_error(line.number, why, annotations_hint);
        };
        if (command == "statementend") {
            refuse_unless(statement_line_ != 0, "StatementEnd has no StatementBegin");
            statement_line_ = 0;
            sections_.add_separator(content); // goose needs no semicolon before it
            return;
        }
        if (command == "up" || command == "down") {
            refuse_unless(statement_line_ == 0, "a section begins between StatementBegin and StatementEnd");
            const Direction direction = command == "up" ? Direction::up : Direction::down;
            refuse_unless(!sections_.has(direction), command == "up"
                                                         ? "there is a second \"-- +goose Up\" annotation"
                                                         : "there is a second \"-- +goose Down\" annotation");
            refuse_unless(direction == Direction::up || sections_.has(Direction::up),
                          "annotation Down stands before Up");
            sections_.begin(direction);
        } else if (command == "statementbegin") {
            refuse_unless(sections_.begun(), "StatementBegin stands outside of Up and Down");
            refuse_unless(statement_line_ == 0, "StatementBegin stands inside of another one");
            statement_line_ = line.number;
        } else if (command == "no transaction")
            transactional_ = false;
        else if (command == "envsub on" || command == "envsub off")
            envsub_ = command == "envsub on";
        else if (command.empty())
            throw script_error(line.number, "annotation \"-- +goose\" says nothing", annotations_hint);
        else
            throw script_error(line.number, fmt::format("annotation \"{}\" is unknown", trimmed(content)),
                               annotations_hint);
        sections_.add_blank(content);
    }

    std::string_view text_;
    const Variables &variables_;
    bool standard_strings_;
    std::vector<SqlLine> lines_;
    Sections sections_;
    std::optional<Resumed> resumed_;
    bool transactional_ = true;
    bool envsub_ = false;
    int statement_line_ = 0; // of the open StatementBegin
};

} // namespace

Script read_goose(std::string_view text, const Variables &variables, bool standard_conforming_strings) {
    return Reader(text, variables, standard_conforming_strings).run();
}

bool has_goose_annotation(std::string_view text) {
    return any_plain_line(text, marker, is_annotation);
}

} // namespace turnstone::core
