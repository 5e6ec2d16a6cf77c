// A folder of migrations, of whichever tool: which files make up which migration, in the tool's own order.
// What the scripts say is format.hpp's; who reads the files from a disk is the caller's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/format.hpp"
#include "turnstone/core/script_name.hpp"
#include "turnstone/core/version.hpp"

namespace turnstone::core {

struct SourceFile {
    std::string path; // relative to the folder, with '/'
    std::string bytes;
};

struct FolderMigration {
    MigrationKind kind = MigrationKind::versioned;
    std::optional<Version> version; // none for repeatable ones
    // What people are shown: the name of the file, of the up file of a pair, or of the folder. Unique.
    std::string name;
    std::string description;
    std::string up_path;   // empty where there is only a Down (golang-migrate)
    std::string down_path; // empty unless the Down is a file of its own
    std::string up_bytes;
    std::string down_bytes;
    // False where a file beside the script takes the transaction away (diesel's metadata.toml, Flyway's
    // .conf).
    bool up_transactional = true;
    bool down_transactional = true;
    // Drizzle's created_at, by which its own journal knows a migration: when it was generated, in ms.
    std::optional<std::int64_t> generated_at_ms;
};

struct Folder {
    Format format = Format::native;
    std::vector<FolderMigration> migrations; // in the tool's own order; repeatable ones last
    std::vector<std::string> notes;          // "path: why it was passed over"
};

// Chooses the format by evidence where none is given. Throws invalid_script where the evidence is for several
// formats or for none, invalid_name for a name that the format refuses, duplicate where two files claim one
// version. Files and folders that begin with a dot are passed over in silence.
Folder read_folder(const std::vector<SourceFile> &files, std::optional<Format> format);

// read_migration() with what the folder says beside the script.
Script read_migration(Format format, const FolderMigration &migration, const Variables &variables,
                      bool standard_conforming_strings = true);

} // namespace turnstone::core
