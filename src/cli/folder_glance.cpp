// Owns the cache of folders that were read: a file for each below $XDG_CACHE_HOME/turnstone. It is believed
// by git's rule for its index: every file has the size, the times and the number that it had before it was
// read, and none was touched so shortly before that it could have changed again without showing it.
#include "turnstone/cli/folder_glance.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <fmt/format.h>

#include "turnstone/core/digest.hpp"

namespace turnstone::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t unsure_for = 2 * second; // the coarsest clock of a file system in use

std::int64_t nanoseconds(const timespec &time) {
    return time.tv_sec * second + time.tv_nsec;
}

// The clocks of other machines are not ours.
bool is_on_this_machine(const fs::path &directory) {
    struct statfs system {};
    if (statfs(directory.c_str(), &system) != 0)
        return false;
    for (const std::uint32_t other :
         {0x6969U /* NFS */, 0x517bU /* SMB */, 0xff534d42U /* CIFS */, 0xfe534d42U /* SMB 2 */,
          0x65735546U /* FUSE */, 0x01021997U /* 9P */}) {
        if (static_cast<std::uint32_t>(system.f_type) == other)
            return false;
    }
    return true;
}

bool is_plain(const std::string &text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// Which files there are, and what tells that one is no longer what it was.
struct Stamps {
    std::string text;
    std::int64_t newest = 0;
};

std::optional<Stamps> stamps_of(const fs::path &directory) {
    std::vector<std::string> lines;
    Stamps stamps;
    bool complete = true;
    walk_folder(directory, [&](const FoundFile &file) {
        struct stat status {};
        complete = complete && fstatat(file.folder, file.name, &status, 0) == 0 && is_plain(file.path);
        const std::int64_t modified = nanoseconds(status.st_mtim);
        const std::int64_t changed = nanoseconds(status.st_ctim);
        stamps.newest = std::max({stamps.newest, modified, changed});
        lines.push_back(fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", file.path, status.st_size, modified, changed,
                                    status.st_ino, status.st_dev));
    });
    if (!complete || lines.empty())
        return std::nullopt;
    std::sort(lines.begin(), lines.end());
    for (const std::string &line : lines)
        stamps.text += line;
    return stamps;
}

// Empty where there is to be none.
fs::path cache_folder() {
    const auto variable = [](const char *name) {
        const char *value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
    if (variable("TURNSTONE_CACHE") == "off")
        return {};
    const fs::path base = variable("XDG_CACHE_HOME");
    if (base.is_absolute())
        return base / "turnstone";
    const fs::path home = variable("HOME");
    return home.is_absolute() ? home / ".cache" / "turnstone" : fs::path();
}

class Cache {
  public:
    Cache(const fs::path &directory, const std::string &format) {
        std::error_code error;
        const fs::path whole = fs::canonical(directory, error);
        const fs::path folder = cache_folder();
        if (error || folder.empty() || !is_plain(whole.string()) || !is_plain(format) ||
            !is_on_this_machine(directory))
            return;
        head_ = fmt::format("turnstone folder 1 {}\n{}\n{}\n", TURNSTONE_VERSION, whole.string(), format);
        file_ = folder / core::sha256_hex(head_);
    }

    [[nodiscard]] bool is_in_use() const { return !file_.empty(); }

    [[nodiscard]] std::optional<FolderGlance> find(const Stamps &stamps) const {
        std::ifstream stream(file_, std::ios::binary | std::ios::ate);
        if (!stream)
            return std::nullopt;
        const std::streamoff size = stream.tellg();
        if (size <= 0)
            return std::nullopt;
        std::string text(static_cast<std::size_t>(size), '\0');
        stream.seekg(0);
        stream.read(text.data(), static_cast<std::streamsize>(text.size()));
        const std::string wanted = head_ + stamps.text + "\n";
        if (!stream || !text.starts_with(wanted) || !text.ends_with("\nend\n"))
            return std::nullopt;
        return entries_of(std::string_view(text).substr(wanted.size()));
    }

    // Whatever prevents it: then there is none.
    void keep(const Stamps &stamps, const LocalFolder &local) const {
        std::string text = head_ + stamps.text + "\n";
        for (std::size_t i = 0; i < local.folder.migrations.size(); ++i) {
            const core::FolderMigration &migration = local.folder.migrations[i];
            // What is said beside the scripts, and what is to be told of them, is read anew every time.
            if (!is_plain(migration.name) || !is_plain(migration.foreign_id) ||
                migration.beside != core::ScriptOptions{})
                return;
            text += fmt::format("{}\t{}\t{}\n", migration.name, local.checksums[i], migration.foreign_id);
        }
        if (!local.folder.notes.empty() || !local.folder.remarks.empty())
            return;
        text += "end\n";
        std::error_code ignored;
        fs::create_directories(file_.parent_path(), ignored);
        const fs::path draft = fmt::format("{}.{}", file_.string(), getpid());
        std::ofstream stream(draft, std::ios::binary | std::ios::trunc);
        stream << text;
        stream.close();
        if (stream)
            fs::rename(draft, file_, ignored);
        if (!stream || ignored)
            fs::remove(draft, ignored);
    }

  private:
    static std::optional<FolderGlance> entries_of(std::string_view text) {
        FolderGlance glance;
        while (text != "end\n") {
            const std::size_t feed = text.find('\n');
            const std::string_view line = text.substr(0, feed);
            const std::size_t first = line.find('\t');
            const std::size_t second_tab = line.find('\t', first + 1);
            if (feed == std::string_view::npos || first == std::string_view::npos ||
                second_tab == std::string_view::npos)
                return std::nullopt;
            glance.entries.push_back({std::string(line.substr(0, first)),
                                      std::string(line.substr(first + 1, second_tab - first - 1)),
                                      std::string(line.substr(second_tab + 1))});
            text.remove_prefix(feed + 1);
        }
        return glance;
    }

    std::string head_;
    fs::path file_;
};

} // namespace

FolderReading glance_or_read(const fs::path &directory, const std::string &format) {
    const Cache cache(directory, format);
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    std::optional<Stamps> stamps; // as they are before the reading: what changes during it shows later
    if (cache.is_in_use())
        stamps = stamps_of(directory);
    FolderReading reading;
    if (stamps)
        reading.glance = cache.find(*stamps);
    if (reading.glance)
        return reading;
    reading.folder = read_local_folder(directory, format);
    if (stamps && stamps->newest < nanoseconds(now) - unsure_for)
        cache.keep(*stamps, *reading.folder);
    return reading;
}

} // namespace turnstone::cli
