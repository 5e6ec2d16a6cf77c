// What sets the state of migrations without running them: baseline, mark, repair, tag.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace turnstone::server {

struct Marked {
    std::string version;
    std::string name;
    std::string state; // as core::state_name(), behind the event
};

std::vector<Marked> baseline(const std::string &version, const std::optional<std::string> &reason);
// `statement`: sets a single step of a migration that is partial, done or to be run again.
std::vector<Marked> mark(const std::string &version, const std::string &state,
                         const std::optional<std::string> &reason,
                         std::optional<int> statement = std::nullopt);
// `bytes`: the new text, in UTF-8; none accepts the registered one.
std::vector<Marked> repair(const std::string &version, const std::optional<std::string> &bytes,
                           const std::optional<std::string> &reason);
// No version: the newest applied one.
std::vector<Marked> tag(const std::string &tag, const std::optional<std::string> &version);

} // namespace turnstone::server
