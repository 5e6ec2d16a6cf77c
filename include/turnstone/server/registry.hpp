// The registered scripts: turnstone.migration.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/folder.hpp"
#include "turnstone/core/script.hpp"

namespace turnstone::server {

struct Registered {
    std::string version;
    std::string name;
    std::string status; // registered, unchanged, updated, reformatted, changed
};

// The bytes of one migration, in UTF-8, and whose rules they are read by.
struct Source {
    core::Format format = core::Format::native;
    std::string up;
    std::string down; // empty unless the Down is a text of its own
    bool up_transactional = true;
    bool down_transactional = true;
    bool placeholders = false; // put in where a native script's head says nothing of them
    std::string foreign_id{};  // as core::FolderMigration has it
};

// Registers one script under its file's name, a migration, a seed or a hook. Refuses a script that cannot be
// read or parsed, a version or name that another script has, and an edit of an applied script that changes
// more than comments and white space (of a repeatable one, a seed and a hook it accepts any: they will be run
// again).
Registered register_script(const std::string &path, const Source &source);

// Every migration of a folder on the server, all or none. `format`: a core::Format's name, or "auto". The
// caller needs pg_read_server_files.
std::vector<Registered> load_directory(const std::string &directory, const std::string &format);

// Registers one migration of a folder that has been read, here or by a client.
Registered register_entry(core::Format format, const core::FolderMigration &migration);

// Registers the migrations of a folder that has been read.
std::vector<Registered> register_folder(const core::Folder &folder);

// Forgets a script that is not applied.
void unregister_script(const std::string &version);

// Puts another text in the place of a registered one, whatever its state.
void replace_script(const std::string &version, const std::string &up);

// The sections of a registered script, in the server's encoding.
core::Script registered_script(const std::string &version);

// Of a text that the journal has kept of a version, whose own text may be another one now, or none.
core::Script script_that_ran(const std::string &version, const std::string &bytes, core::Direction direction);

struct RegisteredScript {
    std::string version;
    std::string name;
    std::string checksum;
    core::Script script;
};

// Those of the versions that are registered.
std::vector<RegisteredScript> registered_scripts(const std::vector<std::string> &versions);

// No value removes the variable.
void set_variable(const std::string &name, const std::optional<std::string> &value);

} // namespace turnstone::server
