// What a script's file name says: version and description.
#pragma once

#include <string>
#include <string_view>

#include "turnstone/core/version.hpp"

namespace turnstone::core {

struct ScriptName {
    std::string name;        // the file's own name, without any directory
    Version version;         // the number it begins with
    std::string description; // the words behind it, underscores as spaces
};

// "20240101120000_create_users.sql", "0007_add_index.sql", "1.2__x.sql"; "R__views.sql" is repeatable. A
// directory in front is dropped. Throws invalid_name with a hint where there is no version, or where the name
// could not be shown safely (control characters).
ScriptName parse_script_name(std::string_view path);

// What is wrong with a file's name by the strict rule (YYYYMMDDHHMMSS_verb_description.sql, in lower case;
// R__words.sql for repeatable ones), as a sentence; empty for nothing.
std::string naming_fault(std::string_view name);

} // namespace turnstone::core
