// Owns the reading of a folder from this machine's disk: the same files as the server's migrate_load() reads.
#include "turnstone/cli/local_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "turnstone/core/folder_entry.hpp"

#include "turnstone/cli/failure.hpp"

namespace turnstone::cli {

namespace {

namespace fs = std::filesystem;

// More than any tool's layout has; a link that leads back to its own folder ends here.
constexpr int deepest_folder = 8;

[[noreturn]] void refuse(const fs::path &path) {
    throw Failure(ExitCode::failed,
                  fmt::format("could not read \"{}\": {}", path.string(), std::strerror(errno)));
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0)
            close(number_);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    [[nodiscard]] int number() const { return number_; }

  private:
    int number_;
};

// By the folder's descriptor: the way to it is not looked up for every file anew.
std::string bytes_of(int folder, const char *name, const fs::path &directory) {
    const Descriptor file(openat(folder, name, O_RDONLY | O_CLOEXEC));
    if (file.number() < 0)
        refuse(directory / name);
    std::string bytes;
    struct stat status {};
    if (fstat(file.number(), &status) == 0 && status.st_size > 0)
        bytes.resize(static_cast<std::size_t>(status.st_size));
    const std::size_t told = bytes.size();
    std::size_t filled = 0;
    while (told == 0 || filled < told) {
        if (filled == bytes.size()) // a file that tells no size
            bytes.resize(filled + 4096);
        const ssize_t length = read(file.number(), bytes.data() + filled, bytes.size() - filled);
        if (length < 0)
            refuse(directory / name);
        if (length == 0)
            break;
        filled += static_cast<std::size_t>(length);
    }
    bytes.resize(filled);
    return bytes;
}

bool is_folder(int folder, const dirent &entry) {
    if (entry.d_type != DT_UNKNOWN && entry.d_type != DT_LNK)
        return entry.d_type == DT_DIR;
    struct stat status {};
    return fstatat(folder, entry.d_name, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

void walk(const fs::path &directory, const std::string &prefix, int depth,
          const std::function<void(const FoundFile &)> &visit) {
    const std::unique_ptr<DIR, int (*)(DIR *)> entries(opendir(directory.c_str()), closedir);
    if (!entries)
        throw Failure(
            ExitCode::failed,
            fmt::format("could not open folder \"{}\": {}", directory.string(), std::strerror(errno)), {},
            "Name the folder with --folder, or in turnstone.toml.");
    const int folder = dirfd(entries.get());
    errno = 0;
    while (const dirent *entry = readdir(entries.get())) {
        const std::string name = entry->d_name;
        if (name.starts_with('.'))
            continue;
        if (is_folder(folder, *entry)) {
            if (depth < deepest_folder)
                walk(directory / name, prefix + name + '/', depth + 1, visit);
        } else if (const core::FileUse use = core::use_of_file(name); use != core::FileUse::none)
            visit({directory, folder, entry->d_name, prefix + name, use});
        errno = 0;
    }
    if (errno != 0)
        refuse(directory);
}

} // namespace

const core::FolderMigration *LocalFolder::find(std::string_view name) const {
    const auto found =
        std::find_if(folder.migrations.begin(), folder.migrations.end(),
                     [&](const core::FolderMigration &migration) { return migration.name == name; });
    return found == folder.migrations.end() ? nullptr : &*found;
}

std::string LocalFolder::path_of(const core::FolderMigration &migration, bool down) const {
    const bool other = (down && !migration.down_path.empty()) || migration.up_path.empty();
    return (directory / (other ? migration.down_path : migration.up_path)).lexically_normal().string();
}

void walk_folder(const fs::path &directory, const std::function<void(const FoundFile &)> &visit) {
    walk(directory, "", 0, visit);
}

std::vector<core::SourceFile> read_files(const fs::path &directory) {
    std::vector<core::SourceFile> files;
    walk_folder(directory, [&](const FoundFile &file) {
        files.push_back({file.path, file.use == core::FileUse::bytes
                                        ? bytes_of(file.folder, file.name, file.directory)
                                        : std::string()});
    });
    return files;
}

LocalFolder read_local_folder(const fs::path &directory, const std::string &format) {
    std::optional<core::Format> wanted;
    if (!format.empty() && format != "auto") {
        wanted = core::parse_format(format);
        if (!wanted)
            throw Failure(ExitCode::usage, fmt::format("format \"{}\" is unknown", format), {},
                          "docs/client.md lists the formats; \"auto\" finds it out.");
    }
    LocalFolder local;
    local.directory = directory;
    const std::vector<core::SourceFile> files = read_files(directory);
    if (files.empty()) {
        // An empty folder is no error: a project begins with one.
        local.folder.format = wanted.value_or(core::Format::native);
        return local;
    }
    local.folder = core::read_folder(files, wanted);
    local.checksums.reserve(local.folder.migrations.size());
    for (const core::FolderMigration &migration : local.folder.migrations)
        local.checksums.push_back(core::registered_checksum(migration));
    return local;
}

} // namespace turnstone::cli
