// Any bytes as the client's turnstone.toml, and as the words of a new script: a Project or a Failure with the
// exit code of wrong use comes out.
#include <string>

#include "input.hpp"
#include "turnstone/cli/failure.hpp"
#include "turnstone/cli/new_script.hpp"
#include "turnstone/cli/project.hpp"
#include "turnstone/core/script_name.hpp"

using namespace turnstone::cli;
using turnstone::fuzz::require;

namespace {

const char *variable(const char *name) {
    return std::string_view(name) == "A" ? "${A}" : nullptr;
}

template <class Body>
void endure(const Body &body) {
    try {
        body();
    } catch (const Failure &failure) {
        require(failure.code() == ExitCode::usage && *failure.what() != '\0');
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    endure([&] {
        const Project project = read_project(text, "turnstone.toml");
        require(project.environment.empty() || project.environments.contains(project.environment));
    });
    endure([&] { with_variables(text, variable); });
    endure([&] {
        turnstone::core::Folder folder;
        folder.format = turnstone::core::Format::native;
        NewScript script;
        script.words = words_of_name(text);
        script.now = "20260102030405";
        for (const NewFile &file : new_files(folder, script))
            turnstone::core::parse_script_name(file.path);
    });
    return 0;
}
