// What a script depends on, as one text: its requirements, conflicts and tags, wherever they are said.
#pragma once

#include <string>

#include "turnstone/core/script.hpp"

namespace turnstone::core {

// The three lists, divided by 0x1e, their items by 0x1f.
std::string dependencies_text(const ScriptOptions &options);

// What of it is not in the script itself: what its tool had said beside it.
ScriptOptions dependencies_beside(const std::string &text, const ScriptOptions &own);

} // namespace turnstone::core
