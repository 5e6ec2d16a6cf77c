// Owns the grammar of turnstone.toml.
#include "turnstone/cli/project.hpp"

#include <fmt/format.h>
#define TOML_EXCEPTIONS 1
// Some of its assertions are about the text that is read: what is no TOML is to be an error, not an abort.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

#include "turnstone/cli/failure.hpp"

namespace turnstone::cli {

namespace {

class Reader {
  public:
    Reader(const std::filesystem::path &file, Project &project) : file_(file), project_(project) {}

    void read(const toml::table &root) {
        for (const auto &[key, value] : root) {
            const std::string_view name = key.str();
            if (name == "folder")
                project_.folder = text(name, value);
            else if (name == "format")
                project_.format = text(name, value);
            else if (name == "schema")
                project_.schema = text(name, value);
            else if (name == "environment")
                project_.environment = text(name, value);
            else if (name == "url")
                project_.url = text(name, value);
            else if (name == "naming")
                project_.strict_naming = naming(value);
            else if (name == "environments")
                read_environments(value);
            else
                refuse(key.source(), fmt::format("key \"{}\" is unknown", name),
                       "The keys are folder, format, schema, naming, url, environment and environments.");
        }
        if (!project_.environment.empty() && !project_.environments.contains(project_.environment))
            refuse(root["environment"].node()->source(),
                   fmt::format("environment \"{}\" is not in [environments]", project_.environment), {});
    }

  private:
    [[noreturn]] void refuse(const toml::source_region &where, const std::string &message,
                             const std::string &hint) const {
        throw Failure(
            ExitCode::usage,
            fmt::format("{}:{}:{}: {}", file_.string(), where.begin.line, where.begin.column, message), {},
            hint);
    }

    [[nodiscard]] std::string text(std::string_view key, const toml::node &value) const {
        if (const auto found = value.value_exact<std::string>())
            return *found;
        refuse(value.source(), fmt::format("\"{}\" is no text", key), "Write it in quotation marks.");
    }

    [[nodiscard]] bool naming(const toml::node &value) const {
        const std::string rule = text("naming", value);
        if (rule != "strict" && rule != "warn")
            refuse(value.source(), fmt::format("naming \"{}\" is unknown", rule),
                   "It is \"strict\" or \"warn\".");
        return rule == "strict";
    }

    void read_environments(const toml::node &node) {
        const toml::table *environments = node.as_table();
        if (environments == nullptr)
            refuse(node.source(), "environments is no table", "Write [environments.production].");
        for (const auto &[key, value] : *environments) {
            const toml::table *keys = value.as_table();
            if (keys == nullptr)
                refuse(value.source(), fmt::format("environment \"{}\" is no table", key.str()),
                       fmt::format("Write [environments.{}].", key.str()));
            Environment &environment = project_.environments[std::string(key.str())];
            for (const auto &[name, setting] : *keys) {
                if (name.str() == "url")
                    environment.url = text("url", setting);
                else if (name.str() == "folder")
                    environment.folder = text("folder", setting);
                else
                    refuse(name.source(), fmt::format("key \"{}\" is unknown", name.str()),
                           "The keys of an environment are url and folder.");
            }
        }
    }

    const std::filesystem::path &file_;
    Project &project_;
};

bool may_be_in_name(char letter) {
    return letter == '_' || (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= 'a' && letter <= 'z');
}

} // namespace

std::optional<std::filesystem::path> find_project_file(std::filesystem::path directory) {
    for (;;) {
        std::error_code ignored;
        if (std::filesystem::is_regular_file(directory / project_file_name, ignored))
            return directory / project_file_name;
        if (!directory.has_relative_path())
            return std::nullopt;
        directory = directory.parent_path();
    }
}

Project read_project(std::string_view text, const std::filesystem::path &file) {
    Project project;
    project.file = file;
    try {
        Reader(file, project).read(toml::parse(text));
    } catch (const toml::parse_error &error) {
        throw Failure(ExitCode::usage, fmt::format("{}:{}:{}: {}", file.string(), error.source().begin.line,
                                                   error.source().begin.column, error.description()));
    }
    return project;
}

std::string with_variables(std::string_view text, const char *(*variable)(const char *name)) {
    std::string whole;
    while (!text.empty()) {
        const std::size_t begin = text.find("${");
        whole += text.substr(0, begin);
        if (begin == std::string_view::npos)
            break;
        text.remove_prefix(begin + 2);
        const std::size_t end = text.find('}');
        const std::string_view inside = text.substr(0, end);
        const std::size_t divider = inside.find(":-");
        const std::string name(inside.substr(0, divider));
        if (end == std::string_view::npos || name.empty() ||
            !std::all_of(name.begin(), name.end(), may_be_in_name))
            throw Failure(ExitCode::usage, fmt::format("\"${{{}\" is no variable", inside), {},
                          "Write ${NAME} or ${NAME:-default}.");
        const char *value = variable(name.c_str());
        if (value != nullptr && *value != '\0')
            whole += value;
        else if (divider != std::string_view::npos)
            whole += inside.substr(divider + 2);
        else
            throw Failure(ExitCode::usage, fmt::format("environment variable {} is not set", name), {},
                          fmt::format("{} names it.", project_file_name));
        text.remove_prefix(end + 1);
    }
    return whole;
}

} // namespace turnstone::cli
