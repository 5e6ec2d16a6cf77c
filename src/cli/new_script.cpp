// Owns the names and templates of new scripts.
#include "turnstone/cli/new_script.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/cli/failure.hpp"

namespace turnstone::cli {

namespace {

constexpr std::size_t stamp_length = 14;

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

std::string leading_digits(std::string_view text) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    return {text.begin(), end};
}

// Decimal numbers of any length, one more; as wide as before, where that is enough.
std::string successor(std::string number) {
    for (auto digit = number.rbegin(); digit != number.rend(); ++digit) {
        if (*digit != '9') {
            ++*digit;
            return number;
        }
        *digit = '0';
    }
    return "1" + number;
}

std::string without_zeros(const std::string &number) {
    const std::size_t first = number.find_first_not_of('0');
    return first == std::string::npos ? "" : number.substr(first);
}

bool is_above(const std::string &left, const std::string &right) {
    const std::string a = without_zeros(left);
    const std::string b = without_zeros(right);
    return a.size() != b.size() ? a.size() > b.size() : a > b;
}

// The first part of the newest version; as it is written in the file's name.
std::string newest_number(const core::Folder &folder) {
    std::string newest;
    for (const core::FolderMigration &migration : folder.migrations) {
        if (!migration.version)
            continue;
        std::string number = leading_digits(migration.version->text());
        if (newest.empty() || is_above(number, newest))
            newest = std::move(number);
    }
    return newest;
}

std::string next_version(const core::Folder &folder, const NewScript &script) {
    const std::string newest = newest_number(folder);
    const bool numbered = !newest.empty() && newest.size() < stamp_length;
    const bool sequential =
        script.numbering == Numbering::sequential || (script.numbering == Numbering::automatic && numbered);
    if (sequential)
        return newest.empty() ? "0001" : successor(newest);
    // Two within one second, or a clock that is behind another one's.
    return is_above(script.now, newest) ? script.now : successor(newest);
}

std::string native_text(const NewScript &script) {
    if (script.repeatable)
        return "CREATE OR REPLACE VIEW ...;\n";
    if (script.seed)
        return "INSERT INTO ... ON CONFLICT DO NOTHING;\n";
    const char *option = script.transactional ? "" : " notransaction";
    return fmt::format("-- +migrate Up{0}\n\n\n-- +migrate Down{0}\n\n", option);
}

} // namespace

std::string words_of_name(std::string_view typed) {
    std::string words;
    for (const char letter : typed) {
        const bool upper = letter >= 'A' && letter <= 'Z';
        if (upper || is_digit(letter) || (letter >= 'a' && letter <= 'z'))
            words += static_cast<char>(upper ? letter - 'A' + 'a' : letter);
        else if (!words.empty() && words.back() != '_')
            words += '_';
    }
    while (words.ends_with('_'))
        words.pop_back();
    if (words.empty())
        throw Failure(ExitCode::usage, fmt::format("\"{}\" is no name for a migration", typed), {},
                      "Write a verb and what it is about, like create_users.");
    return words;
}

std::vector<NewFile> new_files(const core::Folder &folder, const NewScript &script) {
    const std::string words = words_of_name(script.words);
    const core::Format format = folder.format;
    if (format != core::Format::native &&
        (script.seed || (script.repeatable && format != core::Format::flyway)))
        throw Failure(ExitCode::usage,
                      fmt::format("a folder of {} has no such scripts", core::format_name(format)));
    if (script.seed)
        return {{fmt::format("S__{}.sql", words), native_text(script)}};
    if (script.repeatable)
        return {{fmt::format("R__{}.sql", words), native_text(script)}};
    const std::string version = next_version(folder, script);
    const char *alone = script.transactional ? "" : " transaction:false";
    switch (format) {
    case core::Format::native:
        return {{fmt::format("{}_{}.sql", version, words), native_text(script)}};
    case core::Format::goose:
        return {{fmt::format("{}_{}.sql", version, words),
                 fmt::format("{}-- +goose Up\n\n\n-- +goose Down\n\n",
                             script.transactional ? "" : "-- +goose NO TRANSACTION\n")}};
    case core::Format::dbmate:
        return {{fmt::format("{}_{}.sql", version, words),
                 fmt::format("-- migrate:up{0}\n\n\n-- migrate:down{0}\n\n", alone)}};
    case core::Format::golang_migrate:
    case core::Format::sqlx:
        return {{fmt::format("{}_{}.up.sql", version, words),
                 format == core::Format::sqlx && !script.transactional ? "-- no-transaction\n" : ""},
                {fmt::format("{}_{}.down.sql", version, words), ""}};
    case core::Format::flyway:
        return {{fmt::format("V{}__{}.sql", version, words), ""}};
    default:
        throw Failure(ExitCode::usage,
                      fmt::format("new scripts of {} are made by its own tool", core::format_name(format)));
    }
}

} // namespace turnstone::cli
