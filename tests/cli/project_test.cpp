// turnstone.toml, and the variables in its URLs.
#include <cstring>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "turnstone/cli/failure.hpp"
#include "turnstone/cli/project.hpp"

namespace turnstone::cli {
namespace {

std::string refusal_of(const std::string &text) {
    try {
        (void)read_project(text, "turnstone.toml");
    } catch (const Failure &failure) {
        EXPECT_EQ(failure.code(), ExitCode::usage);
        return failure.what();
    }
    return "accepted";
}

TEST(Project, ReadsEveryKey) {
    const Project project = read_project(R"(
folder = "db/migrations"
format = "goose"
schema = "tools"
naming = "strict"
environment = "dev"
[environments.dev]
url = "postgres:///dev"
[environments.production]
url = "${URL}"
folder = "other"
)",
                                         "sub/turnstone.toml");
    EXPECT_EQ(project.folder, "db/migrations");
    EXPECT_EQ(project.format, "goose");
    EXPECT_EQ(project.schema, "tools");
    EXPECT_TRUE(project.strict_naming);
    EXPECT_EQ(project.environment, "dev");
    EXPECT_EQ(project.environments.at("dev").url, "postgres:///dev");
    EXPECT_EQ(project.environments.at("production").folder, "other");
    EXPECT_EQ(project.root(), "sub");
}

TEST(Project, NamesThePlaceOfWhatIsWrong) {
    EXPECT_EQ(refusal_of("folder = \"a\"\nfoldr = \"b\"\n"), "turnstone.toml:2:1: key \"foldr\" is unknown");
    EXPECT_EQ(refusal_of("folder = 3\n"), "turnstone.toml:1:10: \"folder\" is no text");
    EXPECT_EQ(refusal_of("[environments.dev]\nurls = \"x\"\n"),
              "turnstone.toml:2:1: key \"urls\" is unknown");
    EXPECT_EQ(refusal_of("environment = \"dev\"\n"),
              "turnstone.toml:1:15: environment \"dev\" is not in [environments]");
    EXPECT_EQ(refusal_of("naming = \"loose\"\n"), "turnstone.toml:1:10: naming \"loose\" is unknown");
    EXPECT_NE(refusal_of("folder = \n").find("turnstone.toml:1:"), std::string::npos);
    EXPECT_NE(refusal_of("x = [1, }]\n").find("turnstone.toml:1:"), std::string::npos);
}

const char *variable(const char *name) {
    if (std::strcmp(name, "HOST") == 0)
        return "db.example";
    return std::strcmp(name, "EMPTY") == 0 ? "" : nullptr;
}

TEST(Project, PutsVariablesIn) {
    EXPECT_EQ(with_variables("postgres://${HOST}/app", variable), "postgres://db.example/app");
    EXPECT_EQ(with_variables("${HOST}${HOST}", variable), "db.exampledb.example");
    EXPECT_EQ(with_variables("a$b{c}", variable), "a$b{c}");
    EXPECT_EQ(with_variables("${NONE:-x}${EMPTY:-y}", variable), "xy");
    EXPECT_EQ(with_variables("", variable), "");
    EXPECT_THROW((void)with_variables("${NONE}", variable), Failure);
    EXPECT_THROW((void)with_variables("${HOST", variable), Failure);
    EXPECT_THROW((void)with_variables("${}", variable), Failure);
    EXPECT_THROW((void)with_variables("${HO ST}", variable), Failure);
}

TEST(Project, IsFoundUpwards) {
    namespace fs = std::filesystem;
    const fs::path top = fs::temp_directory_path() / ("turnstone-project-" + std::to_string(getpid()));
    fs::create_directories(top / "a" / "b");
    EXPECT_EQ(find_project_file(top / "a" / "b"), std::nullopt);
    std::ofstream(top / "turnstone.toml") << "folder = \"m\"\n";
    EXPECT_EQ(find_project_file(top / "a" / "b"), top / "turnstone.toml");
    std::ofstream(top / "a" / "turnstone.toml") << "folder = \"m\"\n";
    EXPECT_EQ(find_project_file(top / "a" / "b"), top / "a" / "turnstone.toml");
    fs::remove_all(top);
}

} // namespace
} // namespace turnstone::cli
