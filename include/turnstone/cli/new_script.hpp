// A new script: its name and what stands in it, by the folder's format and by what it holds already.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/folder.hpp"

namespace turnstone::cli {

enum class Numbering { automatic, timestamp, sequential };

struct NewScript {
    std::string words; // "create users", as it was typed
    Numbering numbering = Numbering::automatic;
    bool repeatable = false;
    bool seed = false;
    bool transactional = true;
    std::string now; // 14 digits, in UTC
};

struct NewFile {
    std::string path; // below the folder
    std::string text;
};

// "Create Users!" is create_users. Throws Failure(usage) where no letter or digit is left.
std::string words_of_name(std::string_view typed);

// The files to be made: one, or two where the format keeps the Down in a file of its own. The version is
// above all that the folder has: a time stamp, or the next number where the folder has numbers. Throws
// Failure(usage) for a format that is written by its own tool.
std::vector<NewFile> new_files(const core::Folder &folder, const NewScript &script);

} // namespace turnstone::cli
