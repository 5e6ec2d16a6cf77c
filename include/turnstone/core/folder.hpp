// A folder of migrations, of whichever tool: which files make up which migration, in the tool's own order.
// What the scripts say is format.hpp's; who reads the files from a disk is the caller's.
#pragma once

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
    // Where in its file the migration begins: above 1 where a file holds several. The bytes have their file's
    // lines all the same, but for the Downs of Alembic.
    int up_line = 1;
    int down_line = 1;
    // What the tool says of it beside its script: Sqitch's plan has requirements, conflicts and tags.
    ScriptOptions beside;
    // What its own journal knows it by, where that is neither in the name nor to be had from the bytes:
    // Sqitch's change_id, Drizzle's created_at (when it was generated, in ms), Atlas's hash of the file,
    // graphile-migrate's hash, Alembic's revision.
    std::string foreign_id;
    // Sqitch's check that the change is there; run by the client alone, and not registered.
    std::string verify_path;
    std::string verify_bytes;
};

struct Folder {
    Format format = Format::native;
    std::vector<FolderMigration> migrations; // in the tool's own order; repeatable ones last
    std::vector<std::string> notes;          // "path: why it was passed over"
    std::vector<std::string> remarks;        // "path, line 3: what is said there and will not be done"
};

// What a file of this name (without its folder) is to read_folder(): nothing, a name to be told of, or bytes.
enum class FileUse { none, name, bytes };
FileUse use_of_file(std::string_view name);

// Chooses the format by evidence where none is given. Throws invalid_script where the evidence is for several
// formats or for none, and where what the tool keeps beside the scripts does not fit them (a sum, a plan);
// invalid_name for a name that the format refuses, duplicate where two files claim one version, unsupported
// for what would change the schema and cannot be done. Files and folders that begin with a dot are passed
// over in silence.
Folder read_folder(const std::vector<SourceFile> &files, std::optional<Format> format);

// A text of which the first line is line `line` of its file.
std::string at_line(std::string_view text, int line);

// read_migration() with what the folder says beside the script.
Script read_migration(Format format, const FolderMigration &migration, const Variables &variables,
                      bool standard_conforming_strings = true);

} // namespace turnstone::core
