// Owns the reading of folders on the server's disk: migrate_load().
#include <algorithm>
#include <sys/stat.h>

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

// More than any tool's layout has; a link that leads back to its own folder ends here.
constexpr int deepest_folder = 8;

std::vector<std::string> entries_of(const std::string &directory) {
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
    while (const dirent *entry = pg([&] { return ReadDir(folder, directory.c_str()); })) {
        const std::string_view name = entry->d_name;
        if (!name.starts_with('.'))
            names.emplace_back(name);
    }
    pg([&] { FreeDir(folder); });
    std::sort(names.begin(), names.end());
    return names;
}

bool is_directory(const std::string &path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
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

void read_files(const std::string &directory, const std::string &prefix, int depth,
                std::vector<core::SourceFile> &files) {
    for (const std::string &name : entries_of(directory)) {
        const std::string path = fmt::format("{}/{}", directory, name);
        if (is_directory(path)) {
            if (depth < deepest_folder)
                read_files(path, prefix + name + '/', depth + 1, files);
        } else if (const core::FileUse use = core::use_of_file(name); use != core::FileUse::none)
            files.push_back({prefix + name, use == core::FileUse::bytes ? file_bytes(path) : std::string()});
    }
}

} // namespace

std::vector<Registered> load_directory(const std::string &directory, const std::string &format) {
    std::optional<core::Format> wanted;
    if (format != "auto") {
        wanted = core::parse_format(format);
        if (!wanted)
            throw core::Error(core::ErrorCode::undefined, fmt::format("format \"{}\" is unknown", format), {},
                              fmt::format("The formats are auto, {}.", core::format_names()));
    }
    require_file_rights();
    std::vector<core::SourceFile> files;
    read_files(directory, "", 0, files);
    if (std::none_of(files.begin(), files.end(), [](const auto &file) { return file.path.ends_with("sql"); }))
        throw core::Error(core::ErrorCode::undefined,
                          fmt::format("directory \"{}\" holds no *.sql file", directory));
    const core::Folder folder = core::read_folder(files, wanted);
    // All are read and checked, and any error undoes the whole call.
    return register_folder(folder);
}

} // namespace turnstone::server
