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
    constexpr std::string_view repeatable_prefix = "R__";
    if (stem.starts_with(repeatable_prefix) && stem.size() > repeatable_prefix.size()) {
        std::string words(stem.substr(repeatable_prefix.size()));
        std::replace(words.begin(), words.end(), '_', ' ');
        return {std::string(name), Version::repeatable(stem), std::move(words)};
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
    return {std::string(name), *version, std::move(description)};
}

} // namespace turnstone::core
