// Folders with a folder for each migration, or with a journal: Drizzle's two layouts, Prisma's and diesel's.
#include <algorithm>
#include <chrono>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

namespace {

using nlohmann::json;

Error journal_error(std::string_view why) {
    return {ErrorCode::invalid_script,
            fmt::format("\"{}\": {}", drizzle_journal, why),
            {},
            "Restore the file that drizzle-kit wrote."};
}

struct JournalEntry {
    std::string tag;
    std::int64_t index = 0;
    std::optional<std::int64_t> when;
};

std::vector<JournalEntry> read_journal(const SourceFile &file) {
    const json journal = json::parse(file.bytes, nullptr, false);
    if (!journal.is_object() || !journal.contains("entries") || !journal["entries"].is_array())
        throw journal_error("it is no journal of Drizzle");
    if (journal.contains("dialect") && journal["dialect"] != "postgresql" && journal["dialect"] != "pg")
        throw Error(ErrorCode::unsupported,
                    fmt::format("\"{}\": its dialect is {}, not postgresql", drizzle_journal,
                                journal["dialect"].dump(-1, ' ', true, json::error_handler_t::replace)));
    std::vector<JournalEntry> entries;
    for (const json &item : journal["entries"]) {
        if (!item.is_object() || !item.contains("tag") || !item["tag"].is_string())
            throw journal_error(fmt::format("entry {} has no tag", entries.size() + 1));
        JournalEntry entry;
        entry.tag = item["tag"].get<std::string>();
        entry.index = static_cast<std::int64_t>(entries.size());
        if (item.contains("idx") && item["idx"].is_number_integer())
            entry.index = item["idx"].get<std::int64_t>();
        if (item.contains("when") && item["when"].is_number_integer())
            entry.when = item["when"].get<std::int64_t>();
        if (entry.index < 0)
            throw journal_error(fmt::format("entry \"{}\" has a negative idx", entry.tag));
        entries.push_back(std::move(entry));
    }
    return entries;
}

// What tells Drizzle's entries apart and never changes is their number. Where tags begin with that number, or
// with none, it is the version; where they begin with a time, the time is.
bool tags_are_numbered(const std::vector<JournalEntry> &entries) {
    const auto digits = Version::parse(leading_digits(entries.front().tag));
    return !digits || *digits == Version::parse(std::to_string(entries.front().index));
}

void list_journal(const Files &files, const SourceFile &journal, Folder &folder) {
    const std::vector<JournalEntry> entries = read_journal(journal);
    std::vector<std::string> listed;
    for (const JournalEntry &entry : entries) {
        const std::string path = entry.tag + ".sql";
        const SourceFile *script = find_file(files, path);
        if (script == nullptr)
            throw Error(ErrorCode::invalid_script,
                        fmt::format("\"{}\" names \"{}\", which is not there", drizzle_journal, path), {},
                        "Restore the file, or take its entry out.");
        const std::string_view digits = leading_digits(entry.tag);
        const auto version =
            Version::parse(tags_are_numbered(entries) ? std::to_string(entry.index) : std::string(digits));
        if (!version)
            throw name_error(path, "Its tag begins with no time, unlike those of other entries.",
                             "Rename it, here and in the journal.");
        FolderMigration migration;
        migration.version = version;
        migration.name = base_name(path);
        migration.description = description_of(std::string_view(entry.tag).substr(digits.size()));
        migration.up_path = path;
        migration.up_bytes = script->bytes;
        if (entry.when)
            migration.foreign_id = std::to_string(*entry.when);
        folder.migrations.push_back(std::move(migration));
        listed.push_back(path);
    }
    std::sort(listed.begin(), listed.end());
    const auto twin = std::adjacent_find(listed.begin(), listed.end());
    if (twin != listed.end())
        throw Error(ErrorCode::duplicate, fmt::format("\"{}\" names \"{}\" twice", drizzle_journal, *twin));
    for (const SourceFile *file : files) {
        if (std::binary_search(listed.begin(), listed.end(), file->path) || file->path.starts_with("meta/"))
            continue;
        pass_over(folder, file->path,
                  is_sql(file->path) ? "is not in meta/_journal.json, so Drizzle does not see it"
                                     : "is no SQL script");
    }
}

// The files of each folder at the top.
std::map<std::string, Files, std::less<>> by_folder(const Files &files, Folder &folder) {
    std::map<std::string, Files, std::less<>> folders;
    for (const SourceFile *file : files) {
        const std::string_view in = folder_name(file->path);
        if (in.empty())
            pass_over(folder, file->path, "lies beside the folders of the migrations");
        else if (!at_top(in))
            pass_over(folder, file->path, "lies too deep");
        else
            folders[std::string(in)].push_back(file);
    }
    return folders;
}

// A migration.sql in each folder, whose name begins with a time. `beside`: a file of the tool's own in each
// of them; empty for none.
void list_timed_folders(const Files &files, std::string_view beside, Folder &folder) {
    for (const auto &[name, inside] : by_folder(files, folder)) {
        const SourceFile *script = find_file(inside, name + "/migration.sql");
        for (const SourceFile *file : inside) {
            if (file != script && (beside.empty() || base_name(file->path) != beside))
                pass_over(folder, file->path,
                          beside.empty() ? "is not migration.sql"
                                         : fmt::format("is neither migration.sql nor {}", beside));
        }
        if (script == nullptr)
            continue;
        const std::string_view digits = leading_digits(name);
        const auto version = Version::parse(digits);
        if (!version)
            throw name_error(script->path, "The folder's name begins with no time.",
                             "Name it like 20240101120000_create_users.");
        FolderMigration migration;
        migration.version = version;
        migration.name = name;
        migration.description = description_of(std::string_view(name).substr(digits.size()));
        migration.up_path = script->path;
        migration.up_bytes = script->bytes;
        if (const auto time = milliseconds_of_stamp(digits); time && !beside.empty())
            migration.foreign_id = std::to_string(*time);
        folder.migrations.push_back(std::move(migration));
    }
}

// Only the one key that matters, at the top of the file; the rest is the application's own.
bool runs_in_transaction(const SourceFile &metadata) {
    std::string_view rest = metadata.bytes;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        line = trimmed(line.substr(0, line.find('#')));
        if (line.starts_with('['))
            break;
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos || trimmed(line.substr(0, equals)) != "run_in_transaction")
            continue;
        const std::string_view value = trimmed(line.substr(equals + 1));
        if (value != "true" && value != "false")
            throw Error(ErrorCode::invalid_script,
                        fmt::format("\"{}\": run_in_transaction is {}, neither true nor false", metadata.path,
                                    value.empty() ? "empty" : value));
        return value == "true";
    }
    return true;
}

} // namespace

std::optional<std::int64_t> milliseconds_of_stamp(std::string_view digits) {
    constexpr std::size_t with_milliseconds = 17;
    if (digits.size() != 14 && digits.size() != with_milliseconds)
        return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t length) {
        int value = 0;
        for (const char c : digits.substr(at, length))
            value = value * 10 + (c - '0');
        return value;
    };
    using namespace std::chrono;
    const year_month_day date{year(number(0, 4)), month(static_cast<unsigned>(number(4, 2))),
                              day(static_cast<unsigned>(number(6, 2)))};
    if (!date.ok())
        return std::nullopt;
    return milliseconds(sys_days(date).time_since_epoch() + hours(number(8, 2)) + minutes(number(10, 2)) +
                        seconds(number(12, 2)) +
                        std::chrono::milliseconds(digits.size() == with_milliseconds ? number(14, 3) : 0))
        .count();
}

void list_drizzle(const Files &files, Folder &folder) {
    const SourceFile *journal = find_file(files, drizzle_journal);
    const auto in_folder = std::find_if(files.begin(), files.end(), [](const SourceFile *file) {
        return file->path.ends_with("/migration.sql");
    });
    if (journal == nullptr)
        return list_timed_folders(files, "snapshot.json", folder);
    if (in_folder != files.end())
        throw Error(ErrorCode::invalid_script, "the folder has both of Drizzle's layouts",
                    fmt::format("There are \"{}\" and \"{}\".", journal->path, (*in_folder)->path),
                    "Finish the conversion with drizzle-kit up.");
    pass_over(folder, drizzle_journal, "gives the order and is no migration");
    list_journal(files, *journal, folder);
}

// In the order of the folders' names, which is Prisma's. The lock file says for which database they are.
void list_prisma(const Files &files, Folder &folder) {
    Files others;
    for (const SourceFile *file : files) {
        if (file->path != prisma_lock) {
            others.push_back(file);
            continue;
        }
        std::string_view provider = file->bytes;
        provider.remove_prefix(std::min(provider.find("provider"), provider.size()));
        provider = provider.substr(0, provider.find('\n'));
        if (!provider.empty() && provider.find("\"postgresql\"") == std::string_view::npos &&
            provider.find("\"postgres\"") == std::string_view::npos)
            throw Error(ErrorCode::unsupported,
                        fmt::format("\"{}\": {} is not postgresql", file->path, trimmed(provider)));
    }
    list_timed_folders(others, {}, folder);
}

// In the order of the versions as text, which is diesel's; folder names with dashes sort otherwise.
void list_diesel(const Files &files, Folder &folder) {
    for (const auto &[name, inside] : by_folder(files, folder)) {
        const SourceFile *up = find_file(inside, name + "/up.sql");
        const SourceFile *down = find_file(inside, name + "/down.sql");
        const SourceFile *metadata = find_file(inside, name + "/metadata.toml");
        for (const SourceFile *file : inside) {
            if (file != up && file != down && file != metadata)
                pass_over(folder, file->path, "is neither up.sql, down.sql nor metadata.toml");
        }
        if (up == nullptr && down == nullptr)
            continue;
        if (up == nullptr)
            throw Error(ErrorCode::invalid_script, fmt::format("\"{}\" has no up.sql beside it", down->path));
        std::string digits = name.substr(0, name.find('_'));
        std::erase(digits, '-');
        FolderMigration migration;
        migration.version = Version::parse(digits);
        if (!migration.version)
            throw name_error(up->path, "The folder's name begins with no version.",
                             "Name it like 2024-01-01-120000_create_users.");
        migration.name = name;
        migration.description =
            description_of(std::string_view(name).substr(std::min(name.find('_'), name.size())));
        migration.up_path = up->path;
        migration.up_bytes = up->bytes;
        if (down != nullptr) {
            migration.down_path = down->path;
            migration.down_bytes = down->bytes;
        }
        if (metadata != nullptr)
            migration.up_transactional = migration.down_transactional = runs_in_transaction(*metadata);
        folder.migrations.push_back(std::move(migration));
    }
    std::stable_sort(folder.migrations.begin(), folder.migrations.end(),
                     [](const FolderMigration &a, const FolderMigration &b) {
                         return a.version->text() < b.version->text();
                     });
}

} // namespace turnstone::core
