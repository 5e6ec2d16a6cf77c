// Owns the reading of folders on the server's disk: migrate_load().
#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/raii.hpp"
#include "turnstone/server/registry.hpp"

namespace turnstone::server {

namespace {

// The same right that pg_read_file() asks for (genfile.c).
void require_file_rights() {
    const bool allowed = pg([] { return has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES); });
    if (!allowed)
        pg([] {
            ereport(ERROR,
                    (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                     errmsg("permission denied to read files on the server"),
                     errdetail("Only roles with privileges of the \"pg_read_server_files\" role may do so."),
                     errhint("Send the scripts' texts to migrate_register() instead.")));
        });
}

std::vector<std::string> script_files(const std::string &directory) {
    std::vector<std::string> names;
    DIR *folder = pg([&] {
        DIR *opened = AllocateDir(directory.c_str());
        if (opened == nullptr)
            ereport(ERROR,
                    (errcode_for_file_access(),
                     errmsg("could not open directory \"%s\": %m", directory.c_str()),
                     errhint("The folder must be on the server's machine and readable for the server.")));
        return opened;
    });
    for (;;) {
        const dirent *entry = pg([&] { return ReadDir(folder, directory.c_str()); });
        if (entry == nullptr)
            break;
        const std::string_view name = entry->d_name;
        if (name.ends_with(".sql") && !name.starts_with('.'))
            names.emplace_back(name);
    }
    pg([&] { FreeDir(folder); });
    std::sort(names.begin(), names.end());
    return names;
}

std::string file_bytes(const std::string &path) {
    std::string bytes;
    FILE *file = pg([&] {
        FILE *opened = AllocateFile(path.c_str(), "rb");
        if (opened == nullptr)
            ereport(ERROR,
                    (errcode_for_file_access(), errmsg("could not open file \"%s\": %m", path.c_str())));
        return opened;
    });
    char block[65536];
    for (std::size_t length = 0; (length = fread(block, 1, sizeof block, file)) > 0;) {
        bytes.append(block, length);
        pg([] { CHECK_FOR_INTERRUPTS(); });
    }
    pg([&] {
        if (ferror(file))
            ereport(ERROR,
                    (errcode_for_file_access(), errmsg("could not read file \"%s\": %m", path.c_str())));
        FreeFile(file);
    });
    return bytes;
}

} // namespace

std::vector<Registered> load_directory(const std::string &directory) {
    require_file_rights();
    const std::vector<std::string> names = script_files(directory);
    if (names.empty())
        throw core::Error(core::ErrorCode::undefined,
                          fmt::format("directory \"{}\" holds no *.sql file", directory));
    std::vector<Registered> registered;
    registered.reserve(names.size());
    for (const std::string &name : names)
        registered.push_back(register_script(name, file_bytes(fmt::format("{}/{}", directory, name))));
    return registered;
}

} // namespace turnstone::server
