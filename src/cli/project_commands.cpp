// Owns the commands that begin a project or a script: init, new.
#include <chrono>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/script_name.hpp"

#include "turnstone/cli/commands.hpp"
#include "turnstone/cli/new_script.hpp"

namespace turnstone::cli {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char *project_template =
    R"(# What the command-line client of turnstone knows of this project; docs/client.md has all keys.
folder = "migrations"
# format = "auto"           # native, goose, dbmate, golang-migrate, flyway, drizzle, diesel, sqlx, prisma
# naming = "strict"         # refuse names that are not YYYYMMDDHHMMSS_verb_description.sql
# environment = "dev"       # that of commands without --env, where DATABASE_URL is not set

# [environments.dev]
# url = "postgres:///app_dev"

# [environments.production]
# url = "${PRODUCTION_DATABASE_URL}"
)";

// Never over a file that is there.
void write_new_file(const fs::path &path, std::string_view text) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        throw Failure(ExitCode::failed,
                      fmt::format("could not make \"{}\": {}", path.string(), std::strerror(errno)));
    const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (close(file) != 0 || !written)
        throw Failure(ExitCode::failed, fmt::format("could not write \"{}\"", path.string()));
}

void make_folder(const fs::path &folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw Failure(ExitCode::failed,
                      fmt::format("could not make folder \"{}\": {}", folder.string(), error.message()));
}

std::string superusers(Connection &connection) {
    const Result names = connection.query("select pg_catalog.string_agg(rolname, ', ' order by rolname) from "
                                          "pg_catalog.pg_roles where rolsuper and rolcanlogin");
    return std::string(names.text(0, 0));
}

// What the server's refusal means for whoever reads it.
[[noreturn]] void explain(Connection &connection, const ServerError &error, const std::string &database,
                          const std::string &statement) {
    if (error.sqlstate() == "42501")
        throw Failure(
            ExitCode::failed,
            fmt::format("role \"{}\" may not create the extension in database \"{}\"",
                        PQuser(connection.raw()), database),
            error.what(),
            fmt::format("A superuser ({}) says there, once: {};", superusers(connection), statement));
    if (error.sqlstate() == "0A000" || error.sqlstate() == "58P01" || error.sqlstate() == "22023")
        throw Failure(ExitCode::failed, "the server does not have turnstone installed", error.what(),
                      "Whoever runs the server installs it there: \"make install\" in turnstone's folder.");
    throw error;
}

std::vector<std::string> make_project_files(Context &context) {
    std::vector<std::string> made;
    std::error_code ignored;
    if (context.project().file.empty()) {
        write_new_file(project_file_name, project_template);
        made.emplace_back(project_file_name);
    }
    const fs::path folder = context.folder_path();
    if (!fs::is_directory(folder, ignored)) {
        make_folder(folder);
        made.push_back(folder.string() + "/");
    }
    return made;
}

std::string now_in_digits() {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    gmtime_r(&now, &parts);
    char digits[16];
    std::strftime(digits, sizeof digits, "%Y%m%d%H%M%S", &parts);
    return digits;
}

} // namespace

ExitCode init(Context &context) {
    const std::vector<std::string> made =
        context.options.files ? make_project_files(context) : std::vector<std::string>{};
    for (const std::string &file : made)
        context.output.line(fmt::format("made {}", file));
    Connection connection(context.address());
    const std::string database = PQdb(connection.raw());
    const Result found =
        connection.query("select extversion from pg_catalog.pg_extension where extname = 'turnstone'");
    const bool there = found.rows() > 0;
    if (!there) {
        const std::string &schema = context.project().schema;
        const std::string statement =
            schema.empty() ? "CREATE EXTENSION turnstone"
                           : fmt::format("CREATE EXTENSION turnstone SCHEMA {}", connection.quoted(schema));
        try {
            connection.command(statement.c_str());
        } catch (const ServerError &error) {
            explain(connection, error, database, statement);
        }
    }
    const Server server(context.address());
    context.output.line(fmt::format("the extension turnstone {} is {} database \"{}\"",
                                    server.extension_version(), there ? "in" : "created in", database));
    context.output.document({{"database", database},
                             {"version", server.extension_version()},
                             {"created", !there},
                             {"files", made}});
    return ExitCode::done;
}

ExitCode new_migration(Context &context) {
    const auto &options = context.options;
    std::error_code ignored;
    if (!fs::is_directory(context.folder_path(), ignored))
        make_folder(context.folder_path());
    const LocalFolder &local = context.folder();
    NewScript script;
    script.words = options.name;
    script.numbering = options.timestamp    ? Numbering::timestamp
                       : options.sequential ? Numbering::sequential
                                            : Numbering::automatic;
    script.repeatable = options.repeatable;
    script.seed = options.seed;
    script.transactional = !options.no_transaction;
    script.now = now_in_digits();
    const std::vector<NewFile> files = new_files(local.folder, script);
    const std::string &name = files.front().path;
    if (local.folder.format == core::Format::native) {
        (void)core::parse_script_name(name); // what core refuses nobody could register
        const std::string fault = core::naming_fault(name);
        if (!fault.empty() && context.project().strict_naming)
            throw Failure(ExitCode::usage, fmt::format("\"{}\" is not named by the rule", name), fault,
                          "The rule is YYYYMMDDHHMMSS_verb_description.sql.");
        if (!fault.empty() && options.verbosity > 0)
            context.output.note(fmt::format("{}: {}", name, fault));
    }
    ordered_json made = ordered_json::array();
    for (const NewFile &file : files) {
        const fs::path path = local.directory / file.path;
        write_new_file(path, file.text);
        context.output.line(path.string());
        made.push_back(path.string());
    }
    context.output.document({{"files", made}});
    return ExitCode::done;
}

} // namespace turnstone::cli
