// A migration of another tool's folder as a file of turnstone's own format: its name and its text. What runs
// is the same, statement by statement; what the format cannot say is an error, never left out.
#pragma once

#include <string>

#include "turnstone/core/folder.hpp"

namespace turnstone::core {

struct NativeFile {
    std::string name;
    std::string text;
};

// Throws core::Error for what cannot be read, or cannot be said in a native script.
NativeFile native_file(const Folder &folder, const FolderMigration &migration);

} // namespace turnstone::core
