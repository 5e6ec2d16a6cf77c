// The project's folder of migrations on this machine's disk, read by core.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "turnstone/core/folder.hpp"

namespace turnstone::cli {

struct LocalFolder {
    std::filesystem::path directory; // as people are shown it
    core::Folder folder;
    std::vector<std::string> checksums; // of each migration, in the folder's order

    // By the name under which it is registered; null for none.
    [[nodiscard]] const core::FolderMigration *find(std::string_view name) const;
    // The file of one of its directions, as people are shown it.
    [[nodiscard]] std::string path_of(const core::FolderMigration &migration, bool down = false) const;
};

// A file that a format's reader may look at.
struct FoundFile {
    const std::filesystem::path &directory; // that it lies in
    int folder;                             // the same, open
    const char *name;
    std::string path; // from the project's folder on
    core::FileUse use;
};

// Throws Failure for a folder that cannot be read.
void walk_folder(const std::filesystem::path &directory, const std::function<void(const FoundFile &)> &visit);

// All the files that a format's reader may look at. Throws Failure for a folder that cannot be read.
std::vector<core::SourceFile> read_files(const std::filesystem::path &directory);

// Throws core::Error for what core refuses, Failure(usage) for a format that nobody knows.
LocalFolder read_local_folder(const std::filesystem::path &directory, const std::string &format);

} // namespace turnstone::cli
