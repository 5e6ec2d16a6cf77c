// turnstone.toml: where the project's migrations lie, and the databases that they are for.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace turnstone::cli {

struct Environment {
    std::string url;    // with ${VARIABLES} as they stand in the file
    std::string folder; // empty: the project's
};

struct Project {
    std::filesystem::path file; // empty where there is none
    std::string folder;         // as written
    std::string format = "auto";
    std::string schema;      // in which `init` creates the extension; empty for the first of search_path
    std::string environment; // that of commands without --env
    std::string url;         // of a project without environments
    bool strict_naming = false;
    std::map<std::string, Environment, std::less<>> environments;

    [[nodiscard]] std::filesystem::path root() const { return file.parent_path(); }
};

inline constexpr const char *project_file_name = "turnstone.toml";

// The file of that name in the directory or the nearest one above it.
std::optional<std::filesystem::path> find_project_file(std::filesystem::path directory);

// Throws Failure(usage), with the file's line, for what is no such file, and for a key that nobody knows.
Project read_project(std::string_view text, const std::filesystem::path &file);

// ${NAME} and ${NAME:-default} replaced by the environment's variables; throws Failure(usage) for one that is
// not set.
std::string with_variables(std::string_view text, const char *(*variable)(const char *name));

} // namespace turnstone::cli
