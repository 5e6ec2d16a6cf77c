// Owns the completion scripts: made from the commands as they are, so that none is forgotten.
#include "turnstone/cli/completion.hpp"

#include <fmt/format.h>

namespace turnstone::cli {

namespace {

std::string words_of(const std::vector<CompletionWord> &options) {
    std::string words;
    for (const CompletionWord &option : options)
        words += (words.empty() ? "" : " ") + option.word;
    return words;
}

// In single quotation marks of a POSIX shell, or of fish, which knows the same.
std::string quoted(std::string_view text) {
    std::string whole = "'";
    for (const char letter : text) {
        if (letter == '\'')
            whole += "'\\''";
        else
            whole += letter;
    }
    return whole + "'";
}

std::string for_bash(const std::vector<CompletionCommand> &commands,
                     const std::vector<CompletionWord> &options) {
    std::string names;
    std::string cases;
    for (const CompletionCommand &command : commands) {
        names += (names.empty() ? "" : " ") + command.name;
        cases += fmt::format("    {}) words=\"{}\" ;;\n", command.name, words_of(command.options));
    }
    std::string with_value;
    for (const CompletionWord &option : options) {
        if (option.takes_value)
            with_value += (with_value.empty() ? "" : "|") + option.word;
    }
    return fmt::format(R"(# bash completion of turnstone: source <(turnstone completion bash)
_turnstone() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command= words= i
    local options="{}"
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${{COMP_WORDS[i]}} in
        {}) ((i++)) ;;
        -*) ;;
        *) command=${{COMP_WORDS[i]}}; break ;;
        esac
    done
    case $previous in
    --folder|load) compopt -o filenames; COMPREPLY=($(compgen -d -- "$word")); return ;;
    --config) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
    esac
    case $command in
    "") words="{}" ;;
{}    esac
    [ "$command" = completion ] && words="bash zsh fish"
    [ "$command" = mark ] && words="$words applied pending"
    case $word in -*) words="$words $options" ;; esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -F _turnstone turnstone
)",
                       words_of(options), with_value, names, cases);
}

std::string for_zsh(const std::vector<CompletionCommand> &commands,
                    const std::vector<CompletionWord> &options) {
    std::string names;
    std::string cases;
    for (const CompletionCommand &command : commands) {
        names += fmt::format("        {}\n", quoted(command.name + ":" + command.description));
        if (command.name != "completion" && command.name != "load")
            cases += fmt::format("    {}) options=({}) ;;\n", command.name, words_of(command.options));
    }
    return fmt::format(R"(#compdef turnstone
# zsh completion of turnstone: turnstone completion zsh > "${{fpath[1]}}/_turnstone"
_turnstone() {{
    local -a commands options
    commands=(
{})
    local word command=
    for word in ${{words[2,CURRENT-1]}}; do
        [[ $word == -* ]] || {{ command=$word; break }}
    done
    case $command in
    "") [[ $PREFIX == -* ]] || {{ _describe command commands; return }} ;;
    completion) compadd bash zsh fish; return ;;
    load) [[ $PREFIX == -* ]] || {{ _files -/; return }} ;;
{}    esac
    compadd -- $options {}
}}
compdef _turnstone turnstone
)",
                       names, cases, words_of(options));
}

std::string for_fish(const std::vector<CompletionCommand> &commands,
                     const std::vector<CompletionWord> &options) {
    std::string text = "# fish completion of turnstone: turnstone completion fish > "
                       "~/.config/fish/completions/turnstone.fish\n"
                       "complete -c turnstone -f\n";
    const auto option_line = [](const CompletionWord &option) {
        const bool is_long = option.word.starts_with("--");
        return fmt::format(" {} {}{} -d {}", is_long ? "-l" : "-s", option.word.substr(is_long ? 2 : 1),
                           option.takes_value ? " -r" : "", quoted(option.description));
    };
    for (const CompletionWord &option : options)
        text += fmt::format("complete -c turnstone{}\n", option_line(option));
    for (const CompletionCommand &command : commands) {
        text += fmt::format("complete -c turnstone -n __fish_use_subcommand -a {} -d {}\n", command.name,
                            quoted(command.description));
        for (const CompletionWord &option : command.options)
            text += fmt::format("complete -c turnstone -n '__fish_seen_subcommand_from {}'{}\n", command.name,
                                option_line(option));
    }
    text += "complete -c turnstone -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'\n"
            "complete -c turnstone -n '__fish_seen_subcommand_from load' -a '(__fish_complete_directories)'\n"
            "complete -c turnstone -l folder -r -a '(__fish_complete_directories)'\n";
    return text;
}

} // namespace

std::string completion_script(std::string_view shell, const std::vector<CompletionCommand> &commands,
                              const std::vector<CompletionWord> &options) {
    if (shell == "zsh")
        return for_zsh(commands, options);
    if (shell == "fish")
        return for_fish(commands, options);
    return for_bash(commands, options);
}

} // namespace turnstone::cli
