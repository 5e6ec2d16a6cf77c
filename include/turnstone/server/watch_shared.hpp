// The optional half of watching: hooks that see what event triggers do not.
#pragma once

namespace turnstone::server {

// Once, from _PG_init. The hooks do nothing while turnstone.watch_shared is off.
void install_hooks();

// Whether sessions load the library when they begin, so that the hooks see all that they do.
bool is_preloaded();

} // namespace turnstone::server
