// What a folder held when it was read last. While no file of it has changed since, that is enough to see that
// the server has all of it: the files need not be opened.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/cli/local_folder.hpp"

namespace turnstone::cli {

struct FolderGlance {
    struct Entry {
        std::string name;
        std::string checksum;
        std::string foreign_id;
    };
    std::vector<Entry> entries;
};

// One of the two.
struct FolderReading {
    std::optional<FolderGlance> glance;
    std::optional<LocalFolder> folder;
};

// A glance, if the cache has one that holds; otherwise the folder is read, and the cache told what it holds.
FolderReading glance_or_read(const std::filesystem::path &directory, const std::string &format);

} // namespace turnstone::cli
