// Owns the writing of turnstone's own format.
#include "turnstone/core/native_script.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/folder_entry.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

namespace {

// Flyway's placeholders are written as the native ones are, so they stay what they are.
const Variables placeholders_left_alone{{"flyway:placeholderReplacement", "false"}};

[[noreturn]] void refuse(std::string why, std::string hint) {
    throw Error(ErrorCode::unsupported, std::move(why), {}, std::move(hint));
}

std::string words_for_a_name(std::string_view description) {
    std::string words;
    for (const char c : description) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
        if (plain)
            words += c;
        else if (!words.empty() && words.back() != '_')
            words += '_';
    }
    while (words.ends_with('_') || words.ends_with('.'))
        words.pop_back();
    return words;
}

std::string_view without_sql_ending(std::string_view name) {
    if (name.ends_with(".sql"))
        name.remove_suffix(4);
    return name;
}

std::string native_name(const Folder &folder, const FolderMigration &migration) {
    // Sqitch's changes are known by their names; what else is said of them is prose.
    std::string words =
        words_for_a_name(folder.format == Format::sqitch ? migration.name : migration.description);
    if (words.empty() && migration.kind == MigrationKind::repeatable)
        words = words_for_a_name(without_sql_ending(migration.name));
    switch (migration.kind) {
    case MigrationKind::versioned: {
        const std::string version = registered_version(migration).text();
        return words.empty() ? version + ".sql" : fmt::format("{}_{}.sql", version, words);
    }
    case MigrationKind::repeatable:
        return fmt::format("R__{}.sql", words);
    case MigrationKind::baseline:
        refuse("turnstone's own format has no baseline scripts",
               "Apply it where nothing is applied yet, or register the folder in its own format.");
    case MigrationKind::seed:
    case MigrationKind::hook:
        break;
    }
    return migration.name;
}

// Whole lines, without the blank ones before and behind, which stood for the other direction, and without the
// semicolons by which readers end what stood before an annotation.
std::string_view without_blank_ends(std::string_view text) {
    const std::size_t first = text.find_first_not_of(std::string(blank_characters) + ';');
    if (first == std::string_view::npos)
        return {};
    // Behind a semicolon of the script's own the line goes on.
    std::size_t begin = text.substr(0, first).find_last_of("\n;") + 1;
    if (begin > 0 && text[begin - 1] == ';')
        begin = first;
    return text.substr(begin, text.find_last_not_of(blank_characters) + 1 - begin);
}

// What other migrations are named by in the folder, as what they are named by from now on.
std::vector<std::string> by_version(const Folder &folder, const std::vector<std::string> &names) {
    std::vector<std::string> versions;
    for (const std::string &name : names) {
        const auto found = std::find_if(
            folder.migrations.begin(), folder.migrations.end(),
            [&](const FolderMigration &other) { return other.name == name || other.name == name + ".sql"; });
        versions.push_back(found == folder.migrations.end() ? name : registered_version(*found).text());
    }
    return versions;
}

void append(std::vector<std::string> &to, const std::vector<std::string> &more) {
    for (const std::string &one : more) {
        if (std::find(to.begin(), to.end(), one) == to.end())
            to.push_back(one);
    }
}

ScriptOptions options_of(const Folder &folder, const FolderMigration &migration, const Script &script) {
    ScriptOptions options = script.options;
    append(options.requirements, migration.beside.requirements);
    append(options.conflicts, migration.beside.conflicts);
    append(options.tags, migration.beside.tags);
    options.requirements = by_version(folder, options.requirements);
    options.conflicts = by_version(folder, options.conflicts);
    const auto has = [&](const ScriptSection &section) {
        return section.text.find("${") != std::string::npos;
    };
    if (!options.placeholders && (has(script.up) || has(script.down)))
        options.placeholders = folder.format == Format::flyway;
    return options;
}

std::string head_of(const ScriptOptions &options) {
    std::string head;
    const auto say = [&](std::string_view key, std::string_view value) {
        if (!value.empty())
            head += fmt::format("-- +migrate {}: {}\n", key, value);
    };
    say("Requires", fmt::format("{}", fmt::join(options.requirements, ", ")));
    say("Conflicts", fmt::format("{}", fmt::join(options.conflicts, ", ")));
    say("Tags", fmt::format("{}", fmt::join(options.tags, ", ")));
    say("OutOfOrder", options.out_of_order_allowed ? "allow" : "");
    say("Environment", fmt::format("{}", fmt::join(options.environments, ", ")));
    say("LockTimeout", options.lock_timeout);
    say("Timeout", options.timeout);
    if (options.placeholders)
        say("Placeholders", *options.placeholders ? "on" : "off");
    return head;
}

std::string section_of(std::string_view direction, const ScriptSection &section) {
    const std::string_view body = without_blank_ends(section.text);
    return fmt::format("-- +migrate {}{}\n{}{}", direction, section.transactional ? "" : " notransaction",
                       body, body.empty() ? "" : "\n");
}

bool says_the_same(const ScriptSection &one, const ScriptSection &other) {
    return without_blank_ends(one.text) == without_blank_ends(other.text) &&
           one.transactional == other.transactional;
}

} // namespace

NativeFile native_file(const Folder &folder, const FolderMigration &migration) {
    const Script script = read_migration(folder.format, migration, placeholders_left_alone);
    const ScriptOptions options = options_of(folder, migration, script);
    NativeFile file{native_name(folder, migration), head_of(options) + section_of("Up", script.up)};
    if (script.down.present)
        file.text += section_of("Down", script.down);
    // A line that only turnstone takes for an annotation, data of a COPY without an end: whatever would make
    // another script of it.
    bool same = false;
    try {
        const Script read = read_script(file.text);
        same = read.options == options && says_the_same(read.up, script.up) &&
               read.down.present == script.down.present &&
               (!script.down.present || says_the_same(read.down, script.down));
    } catch (const Error &) { // the same as another script
    }
    if (!same)
        refuse("between the annotations of turnstone's own format it would not be the same script",
               "Look for a quotation, a comment or the data of a COPY that has no end, and for lines that "
               "begin with "
               "\"-- +migrate\".");
    return file;
}

} // namespace turnstone::core
