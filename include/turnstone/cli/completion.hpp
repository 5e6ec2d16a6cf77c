// Completion scripts of shells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace turnstone::cli {

struct CompletionWord {
    std::string word; // --json
    std::string description;
    bool takes_value = false;
};

struct CompletionCommand {
    std::string name;
    std::string description;
    std::vector<CompletionWord> options;
};

// `shell`: bash, zsh or fish.
std::string completion_script(std::string_view shell, const std::vector<CompletionCommand> &commands,
                              const std::vector<CompletionWord> &options);

} // namespace turnstone::cli
