// Folders whose scripts lie side by side: turnstone's own, goose, dbmate, golang-migrate, sqlx. And what all
// layouts share about names.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/script_name.hpp"

namespace turnstone::core {

namespace {

constexpr const char *name_hint = "Name it like 20240101120000_create_users.sql.";

} // namespace

FolderMigration single(const SourceFile &file, Version version, std::string description) {
    FolderMigration migration;
    migration.version = std::move(version);
    migration.name = base_name(file.path);
    migration.description = std::move(description);
    migration.up_path = file.path;
    migration.up_bytes = file.bytes;
    return migration;
}

Files top_level(const Files &files, Folder &folder) {
    Files top;
    for (const SourceFile *file : files) {
        if (at_top(file->path))
            top.push_back(file);
        else
            pass_over(folder, file->path, "lies in a folder of its own");
    }
    return top;
}

void sort_by_version(std::vector<FolderMigration> &migrations) {
    std::stable_sort(
        migrations.begin(), migrations.end(),
        [](const FolderMigration &a, const FolderMigration &b) { return *a.version < *b.version; });
}

void require_rising_versions(const Folder &folder, std::string_view tool) {
    const auto &all = folder.migrations;
    const auto fall = std::adjacent_find(
        all.begin(), all.end(), [](const auto &a, const auto &b) { return *b.version < *a.version; });
    if (fall != all.end())
        throw Error(ErrorCode::invalid_script,
                    fmt::format("{} runs \"{}\" before \"{}\", and its version is the newer one", tool,
                                fall->up_path, std::next(fall)->up_path),
                    "turnstone goes by the versions, number by number.",
                    "Give them versions that rise in that order, for example by leading zeros.");
}

void Pairs::add(const SourceFile &file, const Version &version, Direction direction,
                std::string description) {
    FolderMigration &migration = migrations_[version];
    const bool up = direction == Direction::up;
    std::string &path = up ? migration.up_path : migration.down_path;
    if (!path.empty())
        throw duplicate_error(version.text(), path, file.path);
    path = file.path;
    (up ? migration.up_bytes : migration.down_bytes) = file.bytes;
    if (!up && !migration.up_path.empty())
        return; // the up file names the two
    migration.version = version;
    migration.name = base_name(file.path);
    migration.description = std::move(description);
}

void Pairs::move_to(Folder &folder) {
    for (auto &[version, migration] : migrations_) {
        if (migration.up_path.empty())
            pass_over(folder, migration.down_path, "has no up file, so there is nothing that it undoes");
        else
            folder.migrations.push_back(std::move(migration));
    }
    migrations_.clear();
}

std::string_view program_language(std::string_view path) {
    struct Language {
        const char *ending;
        const char *name;
    };
    for (const Language language :
         {Language{".go", "Go"}, Language{".js", "JavaScript"}, Language{".cjs", "JavaScript"},
          Language{".mjs", "JavaScript"}, Language{".ts", "TypeScript"}, Language{".cts", "TypeScript"},
          Language{".mts", "TypeScript"}, Language{".py", "Python"}, Language{".rb", "Ruby"}}) {
        if (path.ends_with(language.ending))
            return language.name;
    }
    return {};
}

bool passes_over_other_files(Folder &folder, const SourceFile &file, std::string_view tool) {
    const std::string_view language = program_language(file.path);
    if (!language.empty())
        pass_over(folder, file.path,
                  fmt::format("is a program in {}, which only {} can run", language, tool));
    else if (!is_sql(file.path))
        pass_over(folder, file.path, "is no SQL script");
    else
        return false;
    return true;
}

std::string_view base_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

std::string_view folder_name(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

bool at_top(std::string_view path) {
    return path.find('/') == std::string_view::npos;
}

bool is_sql(std::string_view path) {
    return path.size() >= 4 && same_in_any_case(path.substr(path.size() - 4), ".sql");
}

const SourceFile *find_file(const Files &files, std::string_view path) {
    const auto found =
        std::lower_bound(files.begin(), files.end(), path,
                         [](const SourceFile *file, std::string_view wanted) { return file->path < wanted; });
    return found != files.end() && (*found)->path == path ? *found : nullptr;
}

std::string_view leading_digits(std::string_view name) {
    return name.substr(0, std::min(name.find_first_not_of("0123456789"), name.size()));
}

std::string description_of(std::string_view words) {
    words.remove_prefix(std::min(words.find_first_not_of("_- ."), words.size()));
    std::string description(words);
    std::replace(description.begin(), description.end(), '_', ' ');
    return description;
}

std::string_view without_sql(std::string_view name) {
    return is_sql(name) ? name.substr(0, name.size() - 4) : name;
}

Error name_error(std::string_view path, std::string why, std::string hint) {
    return {ErrorCode::invalid_name, fmt::format("\"{}\" is no name of a migration script", path),
            std::move(why), std::move(hint)};
}

Error duplicate_error(std::string_view version, std::string_view one, std::string_view other) {
    return {ErrorCode::duplicate,
            fmt::format("version {} has two scripts: \"{}\" and \"{}\"", version, one, other),
            {},
            "Give one of them a version of its own."};
}

Error file_error(std::string_view path, int line, std::string why, std::string hint) {
    return {
        ErrorCode::invalid_script, fmt::format("\"{}\", line {}: {}", path, line, why), {}, std::move(hint)};
}

Error unsupported_error(std::string_view path, int line, std::string why, std::string hint) {
    return {ErrorCode::unsupported, fmt::format("\"{}\", line {}: {}", path, line, why), {}, std::move(hint)};
}

void remark(Folder &folder, std::string_view path, int line, std::string_view what) {
    folder.remarks.push_back(fmt::format("\"{}\", line {}: {}", path, line, what));
}

void pass_over(Folder &folder, std::string_view path, std::string_view why) {
    folder.notes.push_back(fmt::format("{}: {}", path, why));
}

void pass_over_folders(Folder &folder, const Files &files, std::string_view why) {
    std::map<std::string_view, int> counts;
    for (const SourceFile *file : files)
        ++counts[std::string_view(file->path).substr(0, file->path.find('/'))];
    for (const auto &[name, count] : counts)
        pass_over(folder, name, fmt::format("{} file{}, {}", count, count == 1 ? "" : "s", why));
}

std::optional<PairName> pair_name(std::string_view name) {
    const std::string_view digits = leading_digits(name);
    if (digits.empty() || !name.substr(digits.size()).starts_with('_'))
        return std::nullopt;
    const std::size_t up = name.rfind(".up.");
    const std::size_t down = name.rfind(".down.");
    if (up == std::string_view::npos && down == std::string_view::npos)
        return std::nullopt;
    const bool is_up = down == std::string_view::npos || (up != std::string_view::npos && up > down);
    const std::size_t end = is_up ? up : down;
    return PairName{digits, name.substr(digits.size(), end - digits.size()),
                    is_up ? Direction::up : Direction::down};
}

void list_native(const Files &files, Folder &folder) {
    for (const SourceFile *file : top_level(files, folder)) {
        if (!is_sql(file->path)) {
            pass_over(folder, file->path, "is no SQL script");
            continue;
        }
        ScriptName name = parse_script_name(file->path);
        folder.migrations.push_back(single(*file, std::move(name.version), std::move(name.description)));
        folder.migrations.back().kind = name.kind;
    }
    sort_by_version(folder.migrations);
}

void list_goose(const Files &files, Folder &folder) {
    for (const SourceFile *file : top_level(files, folder)) {
        const std::string_view path = file->path;
        if (passes_over_other_files(folder, *file, "goose"))
            continue;
        const std::size_t underscore = path.find('_');
        const std::string_view number = path.substr(0, std::min(underscore, path.size()));
        if (underscore == std::string_view::npos || !all_digits(number))
            throw name_error(path, "goose wants a number up to the first underscore.", name_hint);
        auto version = Version::parse(number);
        if (version->sort_key() == "{0}")
            throw name_error(path, "goose's versions begin with 1.", name_hint);
        folder.migrations.push_back(
            single(*file, *version, description_of(without_sql(path).substr(underscore))));
    }
    sort_by_version(folder.migrations);
}

// In the order of the files' names, which is also dbmate's.
void list_dbmate(const Files &files, Folder &folder) {
    for (const SourceFile *file : top_level(files, folder)) {
        const std::string_view path = file->path;
        const std::string_view digits = leading_digits(path);
        if (!path.ends_with(".sql"))
            pass_over(folder, path, "is no SQL script");
        else if (digits.empty())
            pass_over(folder, path, "begins with no version, so dbmate does not see it");
        else
            folder.migrations.push_back(single(*file, *Version::parse(digits),
                                               description_of(without_sql(path).substr(digits.size()))));
    }
}

void list_golang_migrate(const Files &files, Folder &folder) {
    Pairs pairs;
    for (const SourceFile *file : top_level(files, folder)) {
        const auto pair = pair_name(file->path);
        if (pair)
            pairs.add(*file, *Version::parse(pair->digits), pair->direction, description_of(pair->words));
        else
            pass_over(folder, file->path,
                      "is not named like 1_name.up.sql, so golang-migrate does not see it");
    }
    for (auto &[version, migration] : pairs.take()) {
        if (migration.up_path.empty())
            pass_over(folder, migration.down_path, "has no up file; its Up does nothing");
        folder.migrations.push_back(std::move(migration));
    }
}

void list_sqlx(const Files &files, Folder &folder) {
    Pairs pairs;
    for (const SourceFile *file : top_level(files, folder)) {
        const std::string_view path = file->path;
        const std::size_t underscore = path.find('_');
        if (underscore == std::string_view::npos || !path.ends_with(".sql")) {
            pass_over(folder, path, "is not named like 1_name.sql, so sqlx does not see it");
            continue;
        }
        const auto version = Version::parse(path.substr(0, underscore));
        if (!version || !all_digits(path.substr(0, underscore)) || version->sort_key() == "{0}")
            throw name_error(path, "sqlx wants a number above 0 up to the first underscore.", name_hint);
        std::string_view stem = without_sql(path);
        Direction direction = Direction::up;
        if (path.ends_with(".up.sql") || path.ends_with(".down.sql")) {
            direction = path.ends_with(".up.sql") ? Direction::up : Direction::down;
            stem = stem.substr(0, stem.rfind('.'));
        }
        pairs.add(*file, *version, direction,
                  stem.size() > underscore ? description_of(stem.substr(underscore)) : std::string{});
    }
    pairs.move_to(folder);
}

void list_supabase(const Files &files, Folder &folder) {
    const bool is_project = find_file(files, supabase_configuration) != nullptr;
    Files outside;
    for (const SourceFile *file : files) {
        std::string_view name = file->path;
        if (is_project && !name.starts_with("migrations/")) {
            if (!at_top(name))
                outside.push_back(file);
            else if (name == "seed.sql")
                pass_over(folder, name, "is a seed: register it as S__seed.sql");
            else if (name != supabase_configuration)
                pass_over(folder, name, "lies outside of migrations");
            continue;
        }
        name.remove_prefix(is_project ? std::string_view("migrations/").size() : 0);
        const std::string_view digits = leading_digits(name);
        if (!at_top(name) || digits.empty() || !name.substr(digits.size()).starts_with('_') ||
            !name.ends_with(".sql"))
            pass_over(folder, file->path,
                      "is not named like 20240101120000_name.sql, so Supabase does not see it");
        else
            folder.migrations.push_back(single(*file, *Version::parse(digits),
                                               description_of(without_sql(name).substr(digits.size()))));
    }
    pass_over_folders(folder, outside, "outside of migrations");
    require_rising_versions(folder, "Supabase");
}

void list_plain(const Files &files, Folder &folder) {
    for (const SourceFile *file : top_level(files, folder)) {
        if (passes_over_other_files(folder, *file, "the tool that it is of"))
            continue;
        ScriptName name = parse_script_name(file->path);
        folder.migrations.push_back(single(*file, std::move(name.version), std::move(name.description)));
        folder.migrations.back().kind = name.kind;
    }
    sort_by_version(folder.migrations);
}

} // namespace turnstone::core
