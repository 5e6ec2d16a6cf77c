// Flyway's file names: V versioned, U undo, R repeatable, B baseline; callbacks; a ".conf" beside a script.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

namespace {

constexpr const char *name_hint =
    "Flyway's names are V1.2__description.sql, U1.2__description.sql, B1.2__description.sql and "
    "R__description.sql, with two underscores.";

struct FlywayName {
    char prefix = 0;
    std::optional<Version> version;
    std::string description;
};

FlywayName parse(std::string_view path) {
    const std::string_view name = base_name(path);
    const std::string_view stem = without_sql(name).substr(1);
    const std::size_t separator = stem.find("__");
    std::string number(stem.substr(0, separator));
    FlywayName parsed;
    parsed.prefix = name.front();
    if (separator != std::string_view::npos) {
        parsed.description = stem.substr(separator + 2);
        std::replace(parsed.description.begin(), parsed.description.end(), '_', ' ');
    }
    if (parsed.prefix >= 'a')
        throw name_error(path, "Flyway's prefixes are capital letters.", name_hint);
    if (parsed.prefix == 'R')
        return parsed; // is_meant_for_flyway() has seen to the rest
    std::replace(number.begin(), number.end(), '_', '.');
    parsed.version = Version::parse(number);
    if (!parsed.version)
        throw name_error(path, fmt::format("\"{}\" is no version.", stem.substr(0, separator)), name_hint);
    return parsed;
}

bool is_callback(std::string_view name) {
    return name.starts_with("before") || name.starts_with("after") || name.starts_with("createSchema");
}

// The script's own configuration. Returns whether it is to run in a transaction.
bool read_configuration(const Files &files, const SourceFile &script, Folder &folder) {
    const SourceFile *configuration = find_file(files, script.path + ".conf");
    if (configuration == nullptr)
        return true;
    bool transactional = true;
    std::string_view rest = configuration->bytes;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos || line.starts_with('#'))
            continue;
        const std::string_view key = trimmed(line.substr(0, equals));
        const std::string value = lower_case(trimmed(line.substr(equals + 1)));
        const bool harmless = (key == "executeInTransaction" && (value == "true" || value == "false")) ||
                              (key == "encoding" && (value == "utf-8" || value == "utf8")) ||
                              (key == "placeholderReplacement" &&
                               (value == "true" || script.bytes.find("${") == std::string::npos)) ||
                              (key == "shouldExecute" && value == "true");
        if (key == "executeInTransaction")
            transactional = value != "false";
        if (harmless)
            continue;
        if (key != "executeInTransaction" && key != "encoding" && key != "placeholderReplacement" &&
            key != "shouldExecute") {
            pass_over(folder, configuration->path, fmt::format("setting {} is not known", key));
            continue;
        }
        throw Error(ErrorCode::unsupported, fmt::format("\"{}\" asks for {}", configuration->path, line), {},
                    key == "placeholderReplacement"
                        ? "Set the variable \"flyway:placeholderReplacement\" to \"false\" for the whole "
                          "folder instead, and take the line out."
                        : "Take the line out, and change the script or the folder accordingly.");
    }
    return transactional;
}

class Listing {
  public:
    Listing(const Files &files, Folder &folder) : files_(files), folder_(folder) {}

    void run() {
        for (const SourceFile *file : files_)
            add(*file);
        pair_undo_scripts();
        sort();
    }

  private:
    void add(const SourceFile &file) {
        const std::string_view name = base_name(file.path);
        if (lower_case(name).ends_with(".sql.conf")) { // read beside its script
            if (find_file(files_, file.path.substr(0, file.path.size() - 5)) == nullptr)
                pass_over(folder_, file.path, "has no script beside it");
            return;
        }
        if (!is_sql(name))
            return pass_over(folder_, file.path, "is no SQL script");
        if (is_callback(name))
            return pass_over(folder_, file.path, "is a callback of Flyway, which is not run");
        if (!is_meant_for_flyway(name))
            return pass_over(folder_, file.path, "is not named like a migration of Flyway");
        FlywayName parsed = parse(file.path);
        const bool transactional = read_configuration(files_, file, folder_);
        if (parsed.prefix == 'U') {
            const auto [twin, added] = undo_.try_emplace(*parsed.version, Undo{&file, transactional});
            if (!added)
                throw duplicate_error(parsed.version->text(), twin->second.file->path, file.path);
            return;
        }
        FolderMigration migration;
        migration.kind = parsed.prefix == 'R'   ? MigrationKind::repeatable
                         : parsed.prefix == 'B' ? MigrationKind::baseline
                                                : MigrationKind::versioned;
        migration.version = std::move(parsed.version);
        migration.name = name;
        migration.description = std::move(parsed.description);
        migration.up_path = file.path;
        migration.up_bytes = file.bytes;
        migration.up_transactional = transactional;
        folder_.migrations.push_back(std::move(migration));
    }

    void pair_undo_scripts() {
        for (FolderMigration &migration : folder_.migrations) {
            if (migration.kind != MigrationKind::versioned)
                continue;
            const auto undo = undo_.find(*migration.version);
            if (undo == undo_.end())
                continue;
            migration.down_path = undo->second.file->path;
            migration.down_bytes = undo->second.file->bytes;
            migration.down_transactional = undo->second.transactional;
            undo->second.paired = true;
        }
        for (const auto &[version, undo] : undo_) {
            if (!undo.paired)
                pass_over(folder_, undo.file->path, fmt::format("there is no V{} to undo", version.text()));
        }
    }

    // By version, a baseline before the script of its own version; repeatable ones behind, by description.
    void sort() {
        auto &all = folder_.migrations;
        const auto repeatable = std::stable_partition(
            all.begin(), all.end(), [](const FolderMigration &m) { return m.version.has_value(); });
        std::stable_sort(all.begin(), repeatable, [](const FolderMigration &a, const FolderMigration &b) {
            const auto order = *a.version <=> *b.version;
            return order != 0 ? order < 0 : a.kind > b.kind;
        });
        std::stable_sort(repeatable, all.end(), [](const FolderMigration &a, const FolderMigration &b) {
            return a.description < b.description;
        });
        const auto twin = std::adjacent_find(repeatable, all.end(), [](const auto &a, const auto &b) {
            return a.description == b.description;
        });
        if (twin != all.end())
            throw Error(ErrorCode::duplicate,
                        fmt::format("two repeatable scripts are described as \"{}\": \"{}\" and \"{}\"",
                                    twin->description, twin->up_path, std::next(twin)->up_path),
                        {}, "Rename one of them.");
    }

    struct Undo {
        const SourceFile *file;
        bool transactional;
        bool paired = false;
    };

    const Files &files_;
    Folder &folder_;
    std::map<Version, Undo> undo_;
};

} // namespace

// Flyway itself passes over a misspelt name in silence; V1_x.sql must not get lost like that.
bool is_meant_for_flyway(std::string_view name) {
    if (name.size() < 2)
        return false;
    const std::string_view stem = without_sql(name);
    const bool separated = stem.find("__") != std::string_view::npos;
    switch (name.front()) {
    case 'R':
        return stem.starts_with("R__") && stem.size() > 3;
    case 'r':
        return stem.starts_with("r__") && stem.size() > 3;
    case 'V':
    case 'U':
    case 'B':
        return (name[1] >= '0' && name[1] <= '9') || name.substr(1).starts_with("__");
    case 'v':
    case 'u':
    case 'b':
        return separated && name[1] >= '0' && name[1] <= '9';
    default:
        return false;
    }
}

void list_flyway(const Files &files, Folder &folder) {
    Listing(files, folder).run();
}

} // namespace turnstone::core
