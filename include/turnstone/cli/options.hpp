// What the command line says, read and not yet acted upon.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace turnstone::cli {

struct Options {
    // of every command
    std::string database;
    std::string host;
    std::string port;
    std::string user;
    std::string environment;
    std::string folder;
    std::string format;
    std::string project_file;
    bool json = false;
    bool quiet = false;
    int verbosity = 0;
    bool no_colour = false;

    // of some
    std::string target;
    std::string name;
    std::string version;
    std::string state;
    std::string reason;
    std::vector<std::string> schemas;
    bool atomic = false;
    bool detach = false;
    bool dry_run = false;
    bool down = false;
    bool yes = false;
    bool force = false;
    bool files = false;
    bool no_load = false;
    bool no_drift = false;
    bool accept = false;
    bool timestamp = false;
    bool sequential = false;
    bool repeatable = false;
    bool seed = false;
    bool no_transaction = false;
    std::optional<int> statement;
    int count = 20;
    std::string run;
};

} // namespace turnstone::cli
