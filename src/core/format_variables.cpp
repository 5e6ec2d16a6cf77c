#include "turnstone/core/format_variables.hpp"

#include <fmt/format.h>

#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

namespace {

constexpr int deepest_default = 32; // "${A:-${B:-...}}": each level is a call
constexpr const char *envsub_hint = "Give the variable a value, or write a default: ${NAME:-default}. Around "
                                    "text whose dollars are its own, write \"-- +goose ENVSUB OFF\" and "
                                    "\"-- +goose ENVSUB ON\".";

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Lines must stay lines: every message below this one names them.
std::string_view one_line(std::string_view name, const std::string &value, int line) {
    if (value.find('\n') != std::string::npos || value.find('\0') != std::string::npos)
        throw script_error(line, fmt::format("the value of variable \"{}\" holds a line feed", name),
                           "Values must be of one line.");
    return value;
}

class Envsub {
  public:
    Envsub(std::string_view line, const Variables &variables, int number)
        : line_(line), variables_(variables), number_(number) {}

    std::string run() { return text({}, 0); }

  private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < line_.size() ? line_[at_ + ahead] : '\0';
    }
    [[nodiscard]] bool at_line_end() const {
        return at_ >= line_.size() || line_[at_] == '\n' || line_.substr(at_) == "\r\n";
    }

    // Up to `stop`, or, without one, up to the end.
    std::string text(std::string_view stop, int depth) {
        if (depth > deepest_default)
            throw script_error(number_, "defaults of variables are nested too deeply", envsub_hint);
        std::string result;
        while (at_ < line_.size() && (stop.empty() || (line_[at_] != stop.front() && !at_line_end()))) {
            const char c = peek();
            if (c == '\\' && (peek(1) == '\\' || peek(1) == '$')) {
                result += peek(1) == '$' ? "$" : "\\\\";
                at_ += 2;
            } else if (c == '$')
                result += dollar(depth);
            else {
                result += c;
                ++at_;
            }
        }
        return result;
    }

    std::string dollar(int depth) {
        ++at_;
        if (at_line_end())
            return "$";
        if (peek() == '(') // left alone, as goose leaves the shell's $( )
            return "$";
        if (peek() == '$')
            throw script_error(number_, "\"$$\" stands where ENVSUB is on",
                               "goose would make it a single dollar. Put \"-- +goose ENVSUB OFF\" before "
                               "the dollar quote.");
        const bool braced = peek() == '{';
        at_ += braced ? 1 : 0;
        const std::string_view name = identifier();
        if (name.empty())
            throw script_error(number_, "a dollar is followed by no name of a variable", envsub_hint);
        return braced ? brace(name, depth) : value(name);
    }

    std::string_view identifier() {
        const std::size_t begin = at_;
        while (is_letter(peek()) || (at_ > begin && peek() >= '0' && peek() <= '9'))
            ++at_;
        return line_.substr(begin, at_ - begin);
    }

    std::string value(std::string_view name) {
        if (unused_)
            return {};
        const auto found = variables_.find(name);
        if (found == variables_.end())
            throw script_error(number_, fmt::format("variable \"{}\" has no value", name), envsub_hint);
        return std::string(one_line(name, found->second, number_));
    }

    // A default or a message: what it names need not be there where it is not used.
    std::string operand(int depth, bool used) {
        const bool outer = unused_;
        unused_ = unused_ || !used;
        std::string result = text("}", depth + 1);
        unused_ = outer;
        return result;
    }

    std::string brace(std::string_view name, int depth) {
        const auto found = variables_.find(name);
        const bool known = found != variables_.end();
        const std::size_t operation_at = at_;
        std::string result;
        if (peek() == '}')
            result = value(name);
        else if (peek() == ':' && peek(1) == '-') {
            at_ += 2;
            const bool given = known && !found->second.empty();
            const std::string fallback = operand(depth, !given);
            result = given ? value(name) : fallback;
        } else if (peek() == '-') {
            ++at_;
            const std::string fallback = operand(depth, !known);
            result = known ? value(name) : fallback;
        } else if (peek() == '?') {
            ++at_;
            const std::string message = operand(depth, !known);
            if (!known && !unused_)
                throw script_error(number_, fmt::format("variable \"{}\" has no value: {}", name, message),
                                   envsub_hint);
            result = value(name);
        } else if (!at_line_end())
            throw script_error(number_,
                               fmt::format("\"${{{}{}\" begins no substitution that goose documents", name,
                                           trimmed(line_.substr(operation_at, 2))),
                               "There are $NAME, ${NAME}, ${NAME:-default}, ${NAME-default} and "
                               "${NAME?message}.");
        if (peek() != '}')
            throw script_error(number_, fmt::format("\"${{{}\" lacks its closing brace", name), envsub_hint);
        ++at_;
        return result;
    }

    std::string_view line_;
    const Variables &variables_;
    int number_;
    std::size_t at_ = 0;
    bool unused_ = false; // inside of a default that another value stands for
};

const std::string *find_in_any_case(const Variables &variables, std::string_view name) {
    for (const auto &[known, value] : variables) {
        if (lower_case(known) == lower_case(name))
            return &value;
    }
    return nullptr;
}

} // namespace

std::string substitute_envsub(std::string_view line, const Variables &variables, int number) {
    return Envsub(line, variables, number).run();
}

namespace {

// What to do with ${name} where it has no value.
enum class Unknown { refuse, leave };

std::string substitute(std::string_view text, const Variables &variables, Unknown unknown,
                       std::string_view hint) {
    constexpr std::string_view name_characters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-";
    std::string result;
    int line = 1;
    std::size_t done = 0;
    const auto copy_to = [&](std::size_t end) {
        for (; done < end; ++done) {
            line += text[done] == '\n' ? 1 : 0;
            result += text[done];
        }
    };
    for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at)) {
        copy_to(at);
        const std::size_t close = text.find_first_not_of(name_characters, at + 2);
        at += 2;
        if (close == std::string_view::npos || close == at || text[close] != '}')
            continue;
        const std::string_view name = text.substr(at, close - at);
        const std::string *value = find_in_any_case(variables, name);
        if (value == nullptr && unknown == Unknown::leave)
            continue;
        if (value == nullptr)
            throw script_error(line, fmt::format("placeholder \"${{{}}}\" has no value", name),
                               std::string(hint));
        result += one_line(name, *value, line);
        at = done = close + 1;
    }
    copy_to(text.size());
    return result;
}

} // namespace

std::string substitute_placeholders(std::string_view text, const Variables &variables,
                                    std::string_view hint) {
    return substitute(text, variables, Unknown::refuse, hint);
}

std::string substitute_known(std::string_view text, const Variables &variables) {
    return substitute(text, variables, Unknown::leave, {});
}

std::string substitute_graphile(std::string_view text, const Variables &variables) {
    constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::string result;
    int line = 1;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        std::size_t end = 1;
        if (rest[0] == ':' && rest.size() > 1 && capitals.find(rest[1]) != std::string_view::npos) {
            while (end < rest.size() && (is_letter(rest[end]) || (rest[end] >= '0' && rest[end] <= '9')))
                ++end;
            const std::string_view name = rest.substr(1, end - 1);
            const auto found = variables.find(name);
            if (found != variables.end()) {
                result += one_line(name, found->second, line);
                at += end;
                continue;
            }
            if (name == "DATABASE_NAME" || name == "DATABASE_OWNER")
                throw script_error(line, fmt::format("placeholder \":{}\" has no value", name),
                                   fmt::format("Give it one with migrate_set_variable('{}', ...).", name));
        }
        line += rest[0] == '\n' ? 1 : 0;
        result += rest.substr(0, end);
        at += end;
    }
    return result;
}

} // namespace turnstone::core
