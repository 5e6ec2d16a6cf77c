#include "turnstone/core/script_dependencies.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace turnstone::core {

namespace {

std::vector<std::string> parts_of(const std::string &text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(separator, start), text.size());
        parts.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return parts;
}

} // namespace

std::string dependencies_text(const ScriptOptions &options) {
    return fmt::format("{}\x1e{}\x1e{}", fmt::join(options.requirements, "\x1f"),
                       fmt::join(options.conflicts, "\x1f"), fmt::join(options.tags, "\x1f"));
}

ScriptOptions dependencies_beside(const std::string &text, const ScriptOptions &own) {
    ScriptOptions beside;
    const std::vector<std::string> lists = parts_of(text, '\x1e');
    const auto add = [&](std::vector<std::string> &to, std::size_t list,
                         const std::vector<std::string> &known) {
        for (const std::string &item : parts_of(lists.size() > list ? lists[list] : std::string(), '\x1f')) {
            if (!item.empty() && std::find(known.begin(), known.end(), item) == known.end())
                to.push_back(item);
        }
    };
    add(beside.requirements, 0, own.requirements);
    add(beside.conflicts, 1, own.conflicts);
    add(beside.tags, 2, own.tags);
    return beside;
}

} // namespace turnstone::core
