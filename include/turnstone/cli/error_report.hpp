// Errors for people: the file's own path, line and column first, as compilers do, then the line with a caret.
#pragma once

#include <exception>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "turnstone/cli/failure.hpp"
#include "turnstone/cli/local_folder.hpp"
#include "turnstone/cli/output.hpp"

namespace turnstone::cli {

// Where in which script an error is, as the server's texts say it.
struct ScriptPlaceInError {
    std::string name;
    bool down = false;
    int statement = 0; // 0: not known
    int line = 0;
    int column = 0;
    std::string excerpt; // two lines: the script's, and the caret
};

// The first place that an error's context tells of; `rest` is the context without it.
std::optional<ScriptPlaceInError> place_in_context(const std::string &context, std::string &rest);

// Of messages that begin with `script "name": line 3, column 4: `, or without line and column; `rest` is what
// stands behind that.
std::optional<ScriptPlaceInError> place_in_message(const std::string &message, std::string &rest);

// Tells of the failure on stderr, or as {"error": ...} on stdout, and returns its exit code. `folder` may be
// null.
ExitCode report_failure(const Output &output, const std::exception &failure, const LocalFolder *folder);

} // namespace turnstone::cli
