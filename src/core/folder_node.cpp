// The folders of tools of Node.js: node-pg-migrate, postgrator, and SQL files beside programs of knex.
#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

namespace {

// By what node-pg-migrate sorts: a time in ms, written as such or as a date in UTC; or any number.
std::int64_t node_pg_migrate_time(std::string_view digits) {
    if (digits.size() == 17) {
        if (const auto time = milliseconds_of_stamp(digits))
            return *time;
    }
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

bool is_program_of_node(std::string_view path) {
    const std::string_view language = program_language(path);
    return language == "JavaScript" || language == "TypeScript";
}

std::string_view without_ending(std::string_view name) {
    return name.substr(0, name.rfind('.'));
}

} // namespace

std::optional<PostgratorName> postgrator_name(std::string_view name) {
    const std::string_view digits = leading_digits(name);
    if (digits.empty() || !name.ends_with(".sql"))
        return std::nullopt;
    std::string_view rest = name.substr(digits.size());
    rest.remove_suffix(3); // leaves a dot at the end
    for (const auto &[word, direction] : {std::pair{std::string_view(".do."), Direction::up},
                                          std::pair{std::string_view(".undo."), Direction::down}}) {
        if (rest.starts_with(word)) {
            rest.remove_prefix(word.size());
            return PostgratorName{digits, rest.substr(0, rest.find('.')), direction};
        }
    }
    return std::nullopt;
}

void list_node_pg_migrate(const Files &files, Folder &folder) {
    constexpr const char *hint = "Name it like 1700000000000_create-users.sql.";
    Pairs pairs;
    for (const SourceFile *file : top_level(files, folder)) {
        if (passes_over_other_files(folder, *file, "node-pg-migrate"))
            continue;
        std::string_view stem = without_sql(file->path);
        const std::string_view digits = leading_digits(stem);
        if (digits.empty() || (digits.size() < stem.size() && stem[digits.size()] != '_'))
            throw name_error(file->path, "node-pg-migrate wants a number up to the first underscore.", hint);
        Direction direction = Direction::up;
        if (stem.ends_with(".up") || stem.ends_with(".down")) {
            direction = stem.ends_with(".up") ? Direction::up : Direction::down;
            stem = without_ending(stem);
        }
        pairs.add(*file, *Version::parse(digits), direction, description_of(stem.substr(digits.size())));
    }
    pairs.move_to(folder);
    const auto by_time = [](const FolderMigration &a, const FolderMigration &b) {
        return node_pg_migrate_time(a.version->text()) < node_pg_migrate_time(b.version->text());
    };
    std::stable_sort(folder.migrations.begin(), folder.migrations.end(), by_time);
    require_rising_versions(folder, "node-pg-migrate");
}

void list_postgrator(const Files &files, Folder &folder) {
    Pairs pairs;
    for (const SourceFile *file : top_level(files, folder)) {
        const auto name = postgrator_name(file->path);
        if (!name && passes_over_other_files(folder, *file, "postgrator"))
            continue;
        const auto version = name ? Version::parse(name->digits) : std::nullopt;
        if (!version)
            pass_over(folder, file->path,
                      "is not named like 001.do.words.sql, so postgrator does not see it");
        else if (version->sort_key() == "{0}")
            pass_over(folder, file->path, "postgrator's versions begin with 1");
        else
            pairs.add(*file, *version, name->direction, description_of(name->words));
    }
    pairs.move_to(folder);
}

// knex knows a migration by the name of its program, which runs the SQL beside it: "x.js" and "x.up.sql".
void list_knex(const Files &files, Folder &folder) {
    std::map<std::string_view, const SourceFile *> programs; // by their names without ending
    std::set<const SourceFile *> used;
    Pairs pairs;
    const Files top = top_level(files, folder);
    for (const SourceFile *file : top) {
        if (is_program_of_node(file->path))
            programs.emplace(without_ending(file->path), file);
    }
    for (const SourceFile *file : top) {
        if (is_program_of_node(file->path))
            continue;
        if (passes_over_other_files(folder, *file, "knex"))
            continue;
        std::string_view stem = without_sql(file->path);
        Direction direction = Direction::up;
        for (const std::string_view ending : {".up", "-up", ".down", "-down"}) {
            if (stem.ends_with(ending)) {
                direction = ending.ends_with("up") ? Direction::up : Direction::down;
                stem.remove_suffix(ending.size());
                break;
            }
        }
        const std::string_view digits = leading_digits(stem);
        const auto version = Version::parse(digits);
        if (!version)
            throw name_error(file->path, "It begins with no number.",
                             "Name it like 20240101120000_users.up.sql.");
        pairs.add(*file, *version, direction, description_of(stem.substr(digits.size())));
        const auto program = programs.find(stem);
        if (program == programs.end() && !programs.empty())
            remark(folder, file->path, 1,
                   "there is no program of this name beside it, so knex does not see it");
        else if (program != programs.end())
            used.insert(program->second);
    }
    pairs.move_to(folder);
    for (FolderMigration &migration : folder.migrations) {
        const std::string_view stem = without_sql(migration.up_path);
        const std::size_t ending = stem.ends_with(".up") || stem.ends_with("-up") ? 3 : 0;
        const auto program = programs.find(stem.substr(0, stem.size() - ending));
        if (program != programs.end())
            migration.foreign_id = program->second->path;
    }
    for (const SourceFile *file : top) {
        if (is_program_of_node(file->path) && !used.contains(file))
            passes_over_other_files(folder, *file, "knex");
    }
}

} // namespace turnstone::core
