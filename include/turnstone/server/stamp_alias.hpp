// Aliases of turnstone_set_updated_at(): functions of other names, that existing scripts call, with options
// of their own.
#pragma once

#include <optional>
#include <string>

#include "turnstone/core/stamp_options.hpp"

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// What triggers of this function do that say nothing else.
core::StampOptions alias_options(Oid function);

struct Alias {
    std::string function; // qualified
    std::string status;   // created or replaced
};

// Makes a function of that name, or takes the place of one whose body stamps a column in a usual way. What is
// not given is as that body does it.
struct AliasRequest {
    std::string name;
    std::optional<std::string> column;
    std::optional<std::string> clock;
    std::optional<std::string> when;
    std::optional<std::string> unit;
};
Alias make_alias(const AliasRequest &request);

} // namespace turnstone::server
