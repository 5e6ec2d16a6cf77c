// From the folder to the server: which files it lacks, and their way there.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "turnstone/cli/folder_glance.hpp"
#include "turnstone/cli/local_folder.hpp"
#include "turnstone/cli/server.hpp"

namespace turnstone::cli {

struct RegisteredScript {
    std::string version;
    std::string name;
    std::string checksum;
    bool stale = false; // the same text would be registered anew
    std::string foreign_id{};
    std::string dependencies{}; // requirements, conflicts and tags as JSON; empty for none
};

// What the server has, in one round trip.
std::vector<RegisteredScript> registered_scripts(Server &server);

struct Comparison {
    std::vector<const core::FolderMigration *> unknown; // no script of that name is registered
    std::vector<const core::FolderMigration *> edited;  // one is, with another text
    std::vector<RegisteredScript> without_file;         // registered, and not in the folder
    std::size_t same = 0;

    [[nodiscard]] bool is_equal() const { return unknown.empty() && edited.empty(); }
};

// Whether there is nothing to send.
bool has_all(const FolderGlance &glance, const std::vector<RegisteredScript> &registered);
Comparison compare(const LocalFolder &local, const std::vector<RegisteredScript> &registered);

struct Uploaded {
    std::string version;
    std::string name;
    std::string status; // registered, updated, reformatted, changed, unchanged
};

// Sends what the server lacks, in the caller's transaction and in the folder's order, all in one go.
std::vector<Uploaded> upload(Server &server, const LocalFolder &local, const Comparison &comparison);

} // namespace turnstone::cli
