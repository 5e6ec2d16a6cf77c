// dbmate's blocks: pairs of "-- migrate:up" and "-- migrate:down".
#include <optional>

#include <fmt/format.h>

#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

constexpr const char *blocks_hint =
    "dbmate's blocks begin with \"-- migrate:up\" and \"-- migrate:down\", in "
    "this order, each with \"transaction:false\" behind it if need be.";

struct Directive {
    Direction direction;
    std::vector<std::string_view> options;
};

std::optional<Directive> directive_of(std::string_view line) {
    if (!line.starts_with("--"))
        return std::nullopt;
    std::vector<std::string_view> words = words_of(line.substr(2));
    if (words.empty() || (words.front() != "migrate:up" && words.front() != "migrate:down"))
        return std::nullopt;
    const Direction direction = words.front() == "migrate:up" ? Direction::up : Direction::down;
    words.erase(words.begin());
    return Directive{direction, std::move(words)};
}

class Reader {
  public:
    Reader(std::string_view text, bool standard_strings)
        : text_(text), lines_(sql_lines(text, standard_strings)), sections_(text.size()) {}

    Script run() {
        int first_code_line = 0;
        for (const SqlLine &line : lines_) {
            const std::string_view content = text_.substr(line.begin, line.end - line.begin);
            const auto directive = line.plain ? directive_of(content) : std::nullopt;
            if (directive)
                apply(line.number, content, *directive);
            else if (sections_.begun())
                sections_.add(content);
            else {
                if (line.has_code && first_code_line == 0)
                    first_code_line = line.number;
                sections_.add_blank(content);
            }
        }
        if (!sections_.has(Direction::up))
            throw Error(ErrorCode::invalid_script, "there is no \"-- migrate:up\" block", {}, blocks_hint);
        if (first_code_line != 0)
            throw script_error(first_code_line, "SQL stands before the first \"-- migrate:up\" block",
                               blocks_hint);
        if (open_up_line_ != 0)
            throw no_down();
        Script script = sections_.take();
        script.up.transactional = up_transactional_;
        script.down.transactional = down_transactional_;
        return script;
    }

  private:
    [[nodiscard]] Error no_down() const {
        return script_error(open_up_line_, "this \"-- migrate:up\" block has no \"-- migrate:down\" block",
                            "dbmate wants one for each; it may be empty.");
    }

    void apply(int line, std::string_view content, const Directive &directive) {
        const bool up = directive.direction == Direction::up;
        if (up && open_up_line_ != 0)
            throw no_down();
        if (!up && open_up_line_ == 0)
            throw script_error(line, "this \"-- migrate:down\" block follows no \"-- migrate:up\" block",
                               blocks_hint);
        open_up_line_ = up ? line : 0;
        // dbmate sends each block by itself: one that is not closed by a semicolon ends all the same.
        sections_.begin(directive.direction);
        sections_.add_separator(content);
        for (const std::string_view option : directive.options)
            read_option(line, option, up ? up_transactional_ : down_transactional_);
    }

    // dbmate passes over whatever it does not know, a misspelt transaction option too; that one is refused
    // here, for the file then does not do what it says.
    static void read_option(int line, std::string_view option, bool &transactional) {
        if (option == "transaction:false")
            transactional = false;
        else if (option.starts_with("transaction") && option.find_first_of(":=") != std::string_view::npos &&
                 option != "transaction:true")
            throw script_error(line, fmt::format("option \"{}\" says nothing to dbmate", option),
                               "Write transaction:false, without blanks.");
    }

    std::string_view text_;
    std::vector<SqlLine> lines_;
    Sections sections_;
    bool up_transactional_ = true; // false as soon as one of its blocks says so
    bool down_transactional_ = true;
    int open_up_line_ = 0; // of the Up whose Down has not come yet
};

} // namespace

Script read_dbmate(std::string_view text, bool standard_conforming_strings) {
    return Reader(text, standard_conforming_strings).run();
}

bool has_dbmate_annotation(std::string_view text) {
    return any_plain_line(text, "migrate:", [](std::string_view line) { return !!directive_of(line); });
}

} // namespace turnstone::core
