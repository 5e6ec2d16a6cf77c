// Owns `import`: another tool's folder written anew as one of turnstone's own.
#include <fcntl.h>
#include <map>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/error.hpp"
#include "turnstone/core/native_script.hpp"

#include "turnstone/cli/commands.hpp"

namespace turnstone::cli {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct Imported {
    std::string from;
    fs::path to;
    std::string text;
};

// Everything is converted before anything is written: whatever cannot be said is told at once, and all of it.
std::vector<Imported> convert(const LocalFolder &local, const fs::path &destination) {
    std::vector<Imported> files;
    std::map<std::string, std::string> taken;
    std::string faults;
    for (const core::FolderMigration &migration : local.folder.migrations) {
        const std::string from = local.path_of(migration);
        try {
            core::NativeFile file = core::native_file(local.folder, migration);
            if (const auto [other, fresh] = taken.emplace(file.name, from); !fresh)
                faults += fmt::format("\n  {}: it would be \"{}\", as {} is", from, file.name, other->second);
            files.push_back({from, destination / file.name, std::move(file.text)});
        } catch (const core::Error &error) {
            faults += fmt::format("\n  {}: {}", from, error.message());
            for (const std::string &more : {error.detail(), error.hint()})
                faults += more.empty() ? "" : "\n    " + more;
        }
    }
    if (!faults.empty())
        throw Failure(ExitCode::malformed, "the folder cannot be imported; nothing is written" + faults);
    return files;
}

void require_none_exists(const std::vector<Imported> &files) {
    std::error_code ignored;
    for (const Imported &file : files) {
        if (fs::exists(fs::symlink_status(file.to, ignored)))
            throw Failure(ExitCode::failed,
                          fmt::format("\"{}\" exists; nothing is written", file.to.string()), {},
                          "Name a folder that is empty.");
    }
}

// Some tools' marks are comments, which stay in the scripts.
bool is_known_as_native(const std::vector<Imported> &files) {
    std::vector<core::SourceFile> sources;
    sources.reserve(files.size());
    for (const Imported &file : files)
        sources.push_back({file.to.filename().string(), file.text});
    try {
        return sources.empty() || core::read_folder(sources, std::nullopt).format == core::Format::native;
    } catch (const core::Error &) { // not clear
        return false;
    }
}

// Never over another file, though one appear meanwhile.
void write(const Imported &file) {
    const int descriptor = open(file.to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    std::size_t written = 0;
    bool done = descriptor >= 0;
    while (done && written < file.text.size()) {
        const ssize_t length = ::write(descriptor, file.text.data() + written, file.text.size() - written);
        done = length > 0;
        written += done ? static_cast<std::size_t>(length) : 0;
    }
    const std::error_code reason(errno, std::generic_category());
    if (descriptor >= 0 && close(descriptor) != 0)
        done = false;
    if (!done)
        throw Failure(ExitCode::failed,
                      fmt::format("could not write \"{}\": {}", file.to.string(), reason.message()));
}

} // namespace

ExitCode import_folder(Context &context) {
    const fs::path destination = context.options.target;
    const LocalFolder local = read_local_folder(context.options.name, context.options.format);
    const auto &folder = local.folder;
    for (const auto *list : {&folder.notes, &folder.remarks}) {
        for (const std::string &one : *list)
            context.output.note(list == &folder.notes ? "passed over: " + one : one);
    }
    const std::vector<Imported> files = convert(local, destination);
    require_none_exists(files);
    if (!is_known_as_native(files))
        context.output.note(
            fmt::format("comments in the scripts look like those of another tool: name the format "
                        "of \"{}\", by --format native or in {}",
                        destination.string(), project_file_name));
    if (!context.options.dry_run) {
        std::error_code error;
        fs::create_directories(destination, error);
        if (error)
            throw Failure(ExitCode::failed, fmt::format("could not make folder \"{}\": {}",
                                                        destination.string(), error.message()));
        for (const Imported &file : files)
            write(file);
    }
    ordered_json written = ordered_json::array();
    for (const Imported &file : files) {
        written.push_back({{"from", file.from}, {"to", file.to.string()}});
        if (!context.output.quiet)
            context.output.line(fmt::format("{} -> {}", file.from, file.to.string()));
    }
    context.output.line(
        fmt::format("{} {} of format {}{}", files.size(), files.size() == 1 ? "migration" : "migrations",
                    core::format_name(folder.format), context.options.dry_run ? "; nothing is written" : ""));
    context.output.document({{"format", core::format_name(folder.format)},
                             {"dry_run", context.options.dry_run},
                             {"files", written},
                             {"passed_over", folder.notes},
                             {"remarks", folder.remarks}});
    return ExitCode::done;
}

} // namespace turnstone::cli
