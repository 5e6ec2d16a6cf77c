// The command line: commands and their options.
#pragma once

#include <functional>
#include <string>

#include "turnstone/cli/context.hpp"

namespace turnstone::cli {

// What is to be done. Without a command the text has been printed already (help, version, completion, a wrong
// option), and `code` is to be returned.
struct Arguments {
    Options options;
    std::string name;
    std::function<ExitCode(Context &)> command;
    int code = 0;
};

Arguments read_arguments(int count, char **values);

} // namespace turnstone::cli
