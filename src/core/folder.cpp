#include "turnstone/core/folder.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

namespace {

// Without what the owner's other tools hide; in the order of paths, whatever order the disk gave them in.
Files visible(const std::vector<SourceFile> &all) {
    Files files;
    for (const SourceFile &file : all) {
        if (std::any_of(file.path.begin(), file.path.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
            std::string shown = file.path;
            std::replace_if(
                shown.begin(), shown.end(),
                [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
            throw name_error(shown, "It holds a control character.", "Rename the file.");
        }
        if (!file.path.empty() && !file.path.starts_with('.') && file.path.find("/.") == std::string::npos)
            files.push_back(&file);
    }
    std::sort(files.begin(), files.end(),
              [](const SourceFile *a, const SourceFile *b) { return a->path < b->path; });
    return files;
}

void list(const Files &files, Folder &folder) {
    switch (folder.format) {
    case Format::native:
        return list_native(files, folder);
    case Format::goose:
        return list_goose(files, folder);
    case Format::dbmate:
        return list_dbmate(files, folder);
    case Format::golang_migrate:
        return list_golang_migrate(files, folder);
    case Format::flyway:
        return list_flyway(files, folder);
    case Format::drizzle:
        return list_drizzle(files, folder);
    case Format::diesel:
        return list_diesel(files, folder);
    case Format::prisma:
        return list_prisma(files, folder);
    case Format::sqlx:
        return list_sqlx(files, folder);
    case Format::sqitch:
        return list_sqitch(files, folder);
    case Format::liquibase:
        return list_liquibase(files, folder);
    case Format::atlas:
        return list_atlas(files, folder);
    case Format::graphile_migrate:
        return list_graphile_migrate(files, folder);
    case Format::node_pg_migrate:
        return list_node_pg_migrate(files, folder);
    case Format::supabase:
        return list_supabase(files, folder);
    case Format::postgrator:
        return list_postgrator(files, folder);
    case Format::knex:
        return list_knex(files, folder);
    case Format::alembic:
        return list_alembic(files, folder);
    case Format::dump:
        return list_dump(files, folder);
    case Format::plain:
        return list_plain(files, folder);
    }
}

void refuse_duplicates(const std::vector<FolderMigration> &migrations) {
    std::vector<const FolderMigration *> sorted;
    for (const FolderMigration &migration : migrations) {
        if (migration.version)
            sorted.push_back(&migration);
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const FolderMigration *a, const FolderMigration *b) {
        return a->kind != b->kind ? a->kind < b->kind : *a->version < *b->version;
    });
    const auto twin =
        std::adjacent_find(sorted.begin(), sorted.end(), [](const FolderMigration *a, const auto *b) {
            return a->kind == b->kind && *a->version == *b->version;
        });
    if (twin != sorted.end())
        throw duplicate_error((*twin)->version->text(), (*twin)->up_path, (*std::next(twin))->up_path);
}

// Where one file holds several migrations, a name may be in it twice.
void refuse_equal_names(const std::vector<FolderMigration> &migrations) {
    std::set<std::string_view> names;
    for (const FolderMigration &migration : migrations) {
        if (!names.insert(migration.name).second)
            throw Error(ErrorCode::duplicate, fmt::format("two migrations are named \"{}\"", migration.name));
    }
}

} // namespace

std::string_view without_mark(std::string_view bytes) {
    constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
    if (bytes.starts_with(utf8_mark))
        bytes.remove_prefix(utf8_mark.size());
    return bytes;
}

FileUse use_of_file(std::string_view name) {
    if (name == sqitch_plan || name == atlas_sum)
        return FileUse::bytes;
    for (const char *ending : {".sql", ".SQL", ".json", ".toml", ".conf"}) {
        if (name.ends_with(ending))
            return FileUse::bytes;
    }
    for (const char *ending : {".xml", ".yaml", ".yml"}) {
        if (name.ends_with(ending))
            return FileUse::name;
    }
    return program_language(name).empty() ? FileUse::none : FileUse::name;
}

std::string at_line(std::string_view text, int line) {
    return std::string(static_cast<std::size_t>(line - 1), '\n').append(text);
}

Folder read_folder(const std::vector<SourceFile> &files, std::optional<Format> format) {
    const Files seen = visible(files);
    Folder folder;
    folder.format = format ? *format : format_by_evidence(seen);
    list(seen, folder);
    refuse_duplicates(folder.migrations);
    refuse_equal_names(folder.migrations);
    for (const FolderMigration &migration : folder.migrations) {
        if (!migration.down_path.empty() && without_mark(migration.down_bytes).empty())
            pass_over(folder, migration.down_path, "is empty, so there is no Down");
    }
    return folder;
}

Script read_migration(Format format, const FolderMigration &migration, const Variables &variables,
                      bool standard_conforming_strings) {
    Script script = read_migration(format, migration.up_bytes, migration.down_bytes, variables,
                                   standard_conforming_strings);
    script.up.transactional = script.up.transactional && migration.up_transactional;
    script.down.transactional = script.down.transactional && migration.down_transactional;
    return script;
}

} // namespace turnstone::core
