#include "turnstone/core/script_name.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

namespace turnstone::core {

namespace {

constexpr std::string_view version_characters = "0123456789.";

std::string printable(std::string_view text) {
    std::string shown;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
            shown += c;
    }
    return shown;
}

[[noreturn]] void refuse(std::string_view name, std::string_view why) {
    throw Error(ErrorCode::invalid_name,
                fmt::format("\"{}\" is no name of a migration script", printable(name)), std::string(why),
                "Name it like 20240101120000_create_users.sql: version, verb, description.");
}

} // namespace

const char *kind_name(MigrationKind kind) {
    switch (kind) {
    case MigrationKind::versioned:
        break;
    case MigrationKind::repeatable:
        return "repeatable";
    case MigrationKind::baseline:
        return "baseline";
    case MigrationKind::seed:
        return "seed";
    case MigrationKind::hook:
        return "hook";
    }
    return "versioned";
}

std::optional<MigrationKind> parse_kind(std::string_view name) {
    for (const MigrationKind kind : {MigrationKind::versioned, MigrationKind::repeatable,
                                     MigrationKind::baseline, MigrationKind::seed, MigrationKind::hook}) {
        if (name == kind_name(kind))
            return kind;
    }
    return std::nullopt;
}

std::optional<MigrationKind> kind_of_name(std::string_view stem) {
    if (stem.starts_with("S__") && stem.size() > 3)
        return MigrationKind::seed;
    if (std::find(hook_names.begin(), hook_names.end(), stem) != hook_names.end())
        return MigrationKind::hook;
    return std::nullopt;
}

ScriptName parse_script_name(std::string_view path) {
    const std::size_t slash = path.find_last_of("/\\");
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    if (name.empty())
        refuse(path, "The name is empty.");
    if (std::any_of(name.begin(), name.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
        refuse(name, "It holds a control character.");

    std::string_view stem = name;
    if (stem.ends_with(".sql") || stem.ends_with(".SQL"))
        stem.remove_suffix(4);
    const bool repeatable = stem.starts_with("R__") && stem.size() > 3;
    const auto other_kind = kind_of_name(stem);
    if (repeatable || other_kind) {
        std::string words(stem.substr(other_kind == MigrationKind::hook ? 0 : 3));
        std::replace(words.begin(), words.end(), '_', ' ');
        return {std::string(name), Version::repeatable(stem), std::move(words),
                other_kind.value_or(MigrationKind::repeatable)};
    }
    const std::size_t end = std::min(stem.find_first_not_of(version_characters), stem.size());
    std::string_view digits = stem.substr(0, end);
    std::string_view rest = stem.substr(end);
    while (digits.ends_with('.')) // "7.add_index.sql"
        digits.remove_suffix(1);
    const auto version = Version::parse(digits);
    if (!version)
        refuse(name, "It does not begin with a version, which is digits, in parts divided by dots.");
    if (!rest.empty() && stem[end] != '_' && stem[end] != '-' && stem[end] != ' ' &&
        stem[digits.size()] != '.')
        refuse(name, fmt::format("Its version {} runs into the description.", digits));

    std::string description(rest);
    std::replace(description.begin(), description.end(), '_', ' ');
    const std::size_t first = description.find_first_not_of(" -");
    description = first == std::string::npos ? std::string{} : description.substr(first);
    return {std::string(name), *version, std::move(description), MigrationKind::versioned};
}

std::string naming_fault(std::string_view name) {
    constexpr std::size_t stamp_length = 14;
    constexpr std::string_view word_characters = "abcdefghijklmnopqrstuvwxyz0123456789_";
    const auto in_words = [&](std::string_view words) {
        return !words.empty() && words.find_first_not_of(word_characters) == std::string_view::npos &&
               words.front() >= 'a' && words.find("__") == std::string_view::npos && !words.ends_with('_');
    };
    if (!name.ends_with(".sql"))
        return "It does not end in .sql.";
    name.remove_suffix(4);
    if (kind_of_name(name) == MigrationKind::hook)
        return {};
    const bool seed = kind_of_name(name) == MigrationKind::seed;
    if (seed || name.starts_with("R__")) {
        std::string_view words = name.substr(3);
        if (seed) // a number before the words sets the order
            words.remove_prefix(std::min(words.find_first_not_of("0123456789_"), words.size()));
        return in_words(words) ? "" : "Its words are not lower-case words divided by single underscores.";
    }
    if (std::min(name.find_first_not_of("0123456789"), name.size()) != stamp_length)
        return "It does not begin with the 14 digits of a time stamp, YYYYMMDDHHMMSS.";
    const std::string_view number = name.substr(0, stamp_length);
    if (number.substr(4, 2) < "01" || number.substr(4, 2) > "12" || number.substr(6, 2) < "01" ||
        number.substr(6, 2) > "31" || number.substr(8, 2) > "23" || number.substr(10, 2) > "59" ||
        number.substr(12, 2) > "59")
        return "Its 14 digits are no time, YYYYMMDDHHMMSS.";
    const std::string_view words = name.substr(stamp_length);
    if (!words.starts_with('_') || !in_words(words.substr(1)) || words.find('_', 1) == std::string_view::npos)
        return "Its time stamp is not followed by a verb and a description, as in _create_users.";
    return {};
}

} // namespace turnstone::core
