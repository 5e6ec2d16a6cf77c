#include "turnstone/core/script.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/sql_lines.hpp"
#include "turnstone/core/text_position.hpp"

namespace turnstone::core {

namespace {

constexpr std::string_view marker = "+migrate";
constexpr const char *annotations_hint = "The annotations are \"-- +migrate Up\" and \"-- +migrate Down\", "
                                         "each with \"notransaction\" behind it if "
                                         "need be.";

constexpr const char *options_hint =
    "The options are Requires, Conflicts, Tags, Environment (each a list), OutOfOrder: allow, Transaction: "
    "auto or none, Placeholders: on or off, LockTimeout and Timeout.";

// The words behind "-- +migrate", or nothing where the line is no annotation.
std::optional<std::vector<std::string_view>> annotation_of(std::string_view line) {
    if (!line.starts_with("--"))
        return std::nullopt;
    std::vector<std::string_view> words = words_of(line.substr(2));
    if (words.empty() || words.front() != marker)
        return std::nullopt;
    words.erase(words.begin());
    return words;
}

[[noreturn]] void refuse(int line, std::string message, std::string hint = annotations_hint) {
    throw Error(ErrorCode::invalid_script, fmt::format("line {}: {}", line, message), {}, std::move(hint));
}

// The values behind "Key:", which may be divided by commas as well.
std::vector<std::string> list_of(const std::vector<std::string_view> &words) {
    std::vector<std::string> values;
    for (std::size_t i = 1; i < words.size(); ++i) {
        std::size_t start = 0;
        while (start <= words[i].size()) {
            const std::size_t comma = std::min(words[i].find(',', start), words[i].size());
            if (comma > start)
                values.emplace_back(words[i].substr(start, comma - start));
            start = comma + 1;
        }
    }
    return values;
}

std::string blanked(std::string_view text) {
    std::string blank(text);
    for (char &c : blank) {
        if (c != '\n')
            c = ' ';
    }
    return blank;
}

class Reader {
  public:
    Reader(std::string_view text, bool standard_strings)
        : text_(text), lines_(sql_lines(text, standard_strings)) {}

    Script run() {
        bool any_content = false;
        for (const SqlLine &line : lines_) {
            const std::string_view content = text_.substr(line.begin, line.end - line.begin);
            any_content = any_content || !words_of(content).empty();
            const auto annotation = line.plain ? annotation_of(content) : std::nullopt;
            if (annotation)
                apply(line, *annotation);
            else if (current_ != nullptr)
                current_->text.replace(line.begin, content.size(), content);
            else if (line.has_code && first_code_line_ == 0)
                first_code_line_ = line.number;
        }
        if (!any_content)
            throw Error(ErrorCode::invalid_script, "the file is empty", {},
                        "If nothing is to be done, say so in a comment.");
        if (!script_.annotated || only_options_) {
            script_.up.present = true;
            script_.up.transactional = !no_transaction_;
            script_.up.text = text_;
        } else if (first_code_line_ != 0)
            refuse(first_code_line_,
                   "SQL stands before the first \"-- +migrate\" annotation, in no direction");
        else if (!script_.up.present)
            throw Error(ErrorCode::invalid_script, "there is no Up section", {},
                        "Begin the part that migrates up with a line \"-- +migrate Up\".");
        return std::move(script_);
    }

  private:
    void apply(const SqlLine &at, const std::vector<std::string_view> &words) {
        const int line = at.number;
        if (words.empty())
            refuse(line, "annotation \"-- +migrate\" says nothing");
        script_.annotated = true;
        const std::string_view command = words.front();
        only_options_ = only_options_ && command.ends_with(':');
        if (command.ends_with(':')) {
            if (current_ != nullptr)
                refuse(line, fmt::format("option {} stands behind the first Up or Down", command),
                       "Options stand in the head of the script.");
            set_option(line, command.substr(0, command.size() - 1), list_of(words));
        } else if (command == "Up" || command == "Down") {
            current_ = command == "Up" ? &script_.up : &script_.down;
            if (!current_->present)
                current_->text = blanked(text_);
            current_->present = true;
            current_->transactional = current_->transactional && !no_transaction_;
            for (std::size_t i = 1; i < words.size(); ++i) {
                if (words[i] != "notransaction")
                    refuse(line, fmt::format("option \"{}\" of annotation {} is unknown", words[i], command));
                current_->transactional = false;
            }
        } else if (command == "StatementBegin" || command == "StatementEnd") {
            if (words.size() > 1)
                refuse(line, fmt::format("annotation {} takes no option", command));
            if (current_ == nullptr)
                refuse(line, fmt::format("annotation {} stands outside of Up and Down", command));
            if (command == "StatementEnd")
                current_->text[at.begin] = ';'; // it ends the statement, with or without a semicolon
        } else
            refuse(line, fmt::format("annotation \"-- +migrate {}\" is unknown", command));
    }

    void set_option(int line, std::string_view key, std::vector<std::string> values) {
        if (values.empty())
            refuse(line, fmt::format("option {} has no value", key), options_hint);
        const std::string value = fmt::format("{}", fmt::join(values, " ")); // of those that are no list
        ScriptOptions &options = script_.options;
        if (key == "Requires")
            options.requirements.insert(options.requirements.end(), values.begin(), values.end());
        else if (key == "Conflicts")
            options.conflicts.insert(options.conflicts.end(), values.begin(), values.end());
        else if (key == "Tags")
            options.tags.insert(options.tags.end(), values.begin(), values.end());
        else if (key == "Environment")
            options.environments.insert(options.environments.end(), values.begin(), values.end());
        else if (key == "OutOfOrder" && value == "allow")
            options.out_of_order_allowed = true;
        else if (key == "Transaction" && (value == "auto" || value == "none"))
            no_transaction_ = value == "none";
        else if (key == "LockTimeout")
            options.lock_timeout = value;
        else if (key == "Timeout")
            options.timeout = value;
        else if (key == "Placeholders" && (value == "on" || value == "off"))
            options.placeholders = value == "on";
        else if (key == "OutOfOrder" || key == "Transaction" || key == "Placeholders")
            refuse(line, fmt::format("value \"{}\" of option {} is unknown", value, key), options_hint);
        else
            refuse(line, fmt::format("option \"{}\" is unknown", key), options_hint);
    }

    std::string_view text_;
    std::vector<SqlLine> lines_;
    Script script_;
    bool no_transaction_ = false;
    bool only_options_ = true; // no annotation of a direction
    ScriptSection *current_ = nullptr;
    int first_code_line_ = 0;
};

} // namespace

const char *direction_name(Direction direction) {
    return direction == Direction::up ? "up" : "down";
}

std::string_view script_text(std::string_view bytes) {
    constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
    if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff"))
        throw Error(ErrorCode::invalid_text, "the file is encoded as UTF-16", {}, "Save the file as UTF-8.");
    if (bytes.starts_with(utf8_mark))
        bytes.remove_prefix(utf8_mark.size());
    const std::size_t nul = bytes.find('\0');
    if (nul != std::string_view::npos) {
        const TextPosition position = locate(bytes, nul);
        throw Error(ErrorCode::invalid_text,
                    fmt::format("line {}, column {}: NUL byte", position.line, position.column),
                    "A NUL byte can be in no SQL text.", "Check that the file is complete and is a text.");
    }
    return bytes;
}

Script read_script(std::string_view text, bool standard_conforming_strings) {
    return Reader(text, standard_conforming_strings).run();
}

} // namespace turnstone::core
