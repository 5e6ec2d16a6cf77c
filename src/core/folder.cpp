#include "turnstone/core/folder.hpp"

#include <algorithm>

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

std::string_view without_mark(std::string_view bytes) {
    constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
    if (bytes.starts_with(utf8_mark))
        bytes.remove_prefix(utf8_mark.size());
    return bytes;
}

struct Candidate {
    Format format;
    const char *reason;
    Files files;
};

std::string list_of_paths(const Files &files) {
    std::string paths = fmt::format("\"{}\"", files.front()->path);
    if (files.size() > 1)
        paths += fmt::format(" and {} more", files.size() - 1);
    return paths;
}

class Evidence {
  public:
    explicit Evidence(const Files &files) {
        for (const SourceFile *file : files)
            weigh(files, *file);
        judge_pairs();
    }

    [[nodiscard]] Format decide() const {
        std::vector<const Candidate *> found;
        for (const Candidate &candidate : candidates_) {
            if (!candidate.files.empty())
                found.push_back(&candidate);
        }
        if (found.size() == 1)
            return found.front()->format;
        if (found.empty() && (!plain_.empty() || !extras_.empty()))
            return Format::native;
        if (found.empty() && !repeatables_.empty())
            return Format::flyway;
        if (found.empty())
            throw Error(ErrorCode::invalid_script, "the folder holds no migration of any known format", {},
                        "Name scripts like 20240101120000_create_users.sql, or name the format.");
        std::string names;
        std::string detail;
        for (const Candidate *candidate : found) {
            names += fmt::format("{}{}",
                                 candidate == found.front()  ? ""
                                 : candidate == found.back() ? " or "
                                                             : ", ",
                                 format_name(candidate->format));
            detail +=
                fmt::format("{}{}: {} in {}.", detail.empty() ? "" : " ", format_name(candidate->format),
                            candidate->reason, list_of_paths(candidate->files));
        }
        throw Error(ErrorCode::invalid_script,
                    fmt::format("the format of the folder is not clear: it may be {}", names), detail,
                    fmt::format("Name the format, for example '{}'.", format_name(found.front()->format)));
    }

  private:
    void add(Format format, const SourceFile &file) {
        for (Candidate &candidate : candidates_) {
            if (candidate.format == format)
                candidate.files.push_back(&file);
        }
    }

    void weigh(const Files &files, const SourceFile &file) {
        const std::string_view path = file.path;
        const std::string_view name = base_name(path);
        const std::string_view in = folder_name(path);
        if (path == drizzle_journal || (name == "migration.sql" && !at_top(path) && at_top(in) &&
                                        find_file(files, fmt::format("{}/snapshot.json", in)) != nullptr))
            add(Format::drizzle, file);
        if (path == prisma_lock)
            add(Format::prisma, file);
        if (name == "up.sql" && !at_top(path) && at_top(in))
            add(Format::diesel, file);
        if (is_sql(name) && name.starts_with("R__") && name.size() > std::string_view("R__.sql").size())
            repeatables_.push_back(&file);
        else if (is_sql(name) && is_meant_for_flyway(name) && name.find("__") != std::string_view::npos)
            add(Format::flyway, file);
        if (!at_top(path) || leading_digits(name).empty()) {
            if (at_top(path) && is_sql(name) && kind_of_name(without_sql(name)))
                extras_.push_back(&file);
            return;
        }
        const std::string_view text = without_mark(file.bytes);
        bool annotated = false;
        if (is_sql(name)) {
            for (const auto &[format, has] : {std::pair{Format::native, &has_native_annotation},
                                              std::pair{Format::goose, &has_goose_annotation},
                                              std::pair{Format::dbmate, &has_dbmate_annotation},
                                              std::pair{Format::sqlx, &has_sqlx_annotation}}) {
                if (has(text)) {
                    add(format, file);
                    annotated = true;
                }
            }
        }
        if (pair_name(name))
            pairs_.push_back(&file);
        else if (is_sql(name) && !annotated)
            plain_.push_back(&file);
    }

    // golang-migrate and sqlx name pairs alike; the one has no files without a direction, the other has.
    void judge_pairs() {
        const auto sqlx = std::find_if(candidates_.begin(), candidates_.end(),
                                       [](const Candidate &c) { return c.format == Format::sqlx; });
        if (pairs_.empty() || !sqlx->files.empty())
            return;
        for (Candidate &candidate : candidates_) {
            if (candidate.format == Format::golang_migrate)
                candidate.files = pairs_;
        }
        if (!plain_.empty()) {
            sqlx->reason = "scripts without a direction beside pairs";
            sqlx->files = plain_;
        }
    }

    std::vector<Candidate> candidates_{{Format::native, "\"-- +migrate\"", {}},
                                       {Format::goose, "\"-- +goose\"", {}},
                                       {Format::dbmate, "\"-- migrate:\"", {}},
                                       {Format::golang_migrate, "pairs of up and down files", {}},
                                       {Format::flyway, "Flyway's file names", {}},
                                       {Format::drizzle, "Drizzle's own files", {}},
                                       {Format::diesel, "up.sql", {}},
                                       {Format::sqlx, "\"-- no-transaction\" at the very start", {}},
                                       {Format::prisma, "migration_lock.toml", {}}};
    Files pairs_;
    Files plain_;       // numbered and without annotations: may be of several tools
    Files repeatables_; // Flyway's and turnstone's names alike
    Files extras_;      // seeds and hooks, which only turnstone has by these names
};

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

} // namespace

Folder read_folder(const std::vector<SourceFile> &files, std::optional<Format> format) {
    const Files seen = visible(files);
    Folder folder;
    folder.format = format ? *format : Evidence(seen).decide();
    list(seen, folder);
    refuse_duplicates(folder.migrations);
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
