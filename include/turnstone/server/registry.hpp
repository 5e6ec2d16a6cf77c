// The registered scripts: turnstone.migration.
#pragma once

#include <string>
#include <vector>

#include "turnstone/core/script.hpp"

namespace turnstone::server {

struct Registered {
    std::string version;
    std::string name;
    std::string status; // registered, unchanged, updated, reformatted
};

// Registers one script. `bytes` are the file's, in UTF-8. Refuses a script that cannot be read or parsed, a
// version or name that another script has, and an edit of an applied script that changes more than comments
// and white space.
Registered register_script(const std::string &path, const std::string &bytes);

// Every *.sql file of a folder on the server, in the order of names. The caller needs pg_read_server_files.
std::vector<Registered> load_directory(const std::string &directory);

// Forgets a script that is not applied.
void unregister_script(const std::string &version);

// Puts another text in the place of a registered one, whatever its state.
void replace_script(const std::string &version, const std::string &bytes);

// The sections of a registered script, in the server's encoding.
core::Script registered_script(const std::string &version);

} // namespace turnstone::server
