// What is checked of a script before it is registered.
#pragma once

#include "turnstone/core/script.hpp"
#include "turnstone/core/script_name.hpp"

#include "turnstone/server/dropped_wrappers.hpp"

namespace turnstone::server {

// Seeds and hooks are no migrations: nothing undoes them, and nothing depends on them.
bool is_extra(core::MigrationKind kind);

// Parses both directions, so that a broken script is refused before it is registered.
void check_script(const core::ScriptName &identity, const core::Script &script, DroppedWrappers &wrappers);

} // namespace turnstone::server
