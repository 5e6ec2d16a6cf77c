// Owns the order of precedence: command line, environment variables, turnstone.toml, what is usual.
#include "turnstone/cli/context.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include <fmt/format.h>

#include "turnstone/cli/terminal.hpp"

namespace turnstone::cli {

namespace {

namespace fs = std::filesystem;

const char *variable(const char *name) {
    return std::getenv(name);
}

Project project_for(const Options &options) {
    std::optional<fs::path> file;
    if (!options.project_file.empty())
        file = options.project_file;
    else
        file = find_project_file(fs::current_path());
    if (!file)
        return {};
    std::ifstream stream(*file, std::ios::binary);
    if (!stream)
        throw Failure(ExitCode::usage, fmt::format("could not read \"{}\"", file->string()));
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    // Shown as it is seen from here, where that is shorter.
    std::error_code error;
    const fs::path near = fs::relative(*file, error);
    return read_project(text, error || near.empty() ? *file : near);
}

} // namespace

Context::Context(const Options &given, const Output &to)
    : options(given), output(to), project_(project_for(given)) {}

std::string Context::environment() const {
    return options.environment.empty() ? project_.environment : options.environment;
}

const Environment *Context::found_environment() const {
    const std::string name = environment();
    if (name.empty())
        return nullptr;
    const auto found = project_.environments.find(name);
    if (found == project_.environments.end()) {
        std::string known;
        for (const auto &[other, ignored] : project_.environments)
            known += fmt::format("{}{}", known.empty() ? "" : ", ", other);
        throw Failure(ExitCode::usage, fmt::format("environment \"{}\" is unknown", name), {},
                      known.empty() ? fmt::format("{} has none.", project_file_name)
                                    : fmt::format("{} has {}.", project_file_name, known));
    }
    return &found->second;
}

Address Context::address() {
    if (address_)
        return *address_;
    Address address{options.database, options.host, options.port, options.user, {}};
    const bool environment_named = !options.environment.empty();
    if (address.database.empty() && environment_named)
        address.database = with_variables(found_environment()->url, variable);
    if (address.database.empty() && !environment_named) {
        const char *url = variable("DATABASE_URL");
        if (url != nullptr && *url != '\0')
            address.database = url;
        else if (const Environment *found = found_environment(); found != nullptr && !found->url.empty())
            address.database = with_variables(found->url, variable);
        else if (!project_.url.empty())
            address.database = with_variables(project_.url, variable);
    }
    address_ = address;
    return address;
}

Server &Context::server() {
    if (!server_) {
        try {
            server_ = std::make_unique<Server>(address());
        } catch (const PasswordNeeded &) {
            if (isatty(STDIN_FILENO) == 0)
                throw;
            address_->password = read_password("Password: ");
            server_ = std::make_unique<Server>(*address_);
        }
        server_->connection().on_notice([this](const Notice &notice) { hear(notice); });
    }
    return *server_;
}

void Context::hear(const Notice &notice) const {
    const bool warning = notice.severity == "WARNING";
    std::string text =
        output.painted_note(warning ? "warning: " : "notice: ", Colour::yellow) + notice.message;
    if (!notice.detail.empty())
        text += "\n  " + notice.detail;
    if (!notice.hint.empty())
        text += "\n  " + notice.hint;
    output.note(text);
}

fs::path Context::folder_path() const {
    if (!options.folder.empty())
        return options.folder;
    const auto below_root = [&](const std::string &folder) {
        return project_.root().empty() ? fs::path(folder) : project_.root() / folder;
    };
    // A database that is named on the command line needs no environment.
    const std::string name = environment();
    const auto found = project_.environments.find(name);
    if (found != project_.environments.end() && !found->second.folder.empty())
        return below_root(found->second.folder);
    if (!project_.folder.empty())
        return below_root(project_.folder);
    for (const char *usual : {"migrations", "db/migrations"}) {
        std::error_code ignored;
        if (fs::is_directory(below_root(usual), ignored))
            return below_root(usual);
    }
    return below_root("migrations");
}

std::string Context::folder_format() const {
    return options.format.empty() ? project_.format : options.format;
}

const LocalFolder &Context::folder() {
    end_reading();
    if (!folder_)
        take(read_local_folder(folder_path(), folder_format()));
    return *folder_;
}

void Context::take(LocalFolder folder) {
    folder_ = std::make_unique<LocalFolder>(std::move(folder));
    for (const std::string &note : folder_->folder.notes)
        output.note(fmt::format("passed over: {}", note));
    for (const std::string &remark : folder_->folder.remarks)
        output.note(remark);
}

void Context::begin_reading_folder(bool glance_will_do) {
    if (folder_ || glance_ || reading_.valid())
        return;
    reading_ = std::async(
        std::launch::async,
        [glance_will_do](const fs::path &path, const std::string &format) {
            return glance_will_do ? glance_or_read(path, format)
                                  : FolderReading{std::nullopt, read_local_folder(path, format)};
        },
        folder_path(), folder_format());
}

void Context::end_reading() {
    if (!reading_.valid())
        return;
    FolderReading reading = reading_.get();
    glance_ = std::move(reading.glance);
    if (reading.folder)
        take(std::move(*reading.folder));
}

const FolderGlance *Context::glance() {
    end_reading();
    return glance_ && !folder_ ? &*glance_ : nullptr;
}

const LocalFolder *Context::folder_read() {
    if (glance_ && !folder_) {
        try {
            take(read_local_folder(folder_path(), folder_format()));
        } catch (const std::exception &) { // there is an error to tell of already
            return nullptr;
        }
    }
    return folder_.get();
}

const LocalFolder *Context::folder_if_any() {
    std::error_code ignored;
    if (options.folder.empty() && project_.folder.empty() && !fs::is_directory(folder_path(), ignored))
        return nullptr;
    return &folder();
}

} // namespace turnstone::cli
