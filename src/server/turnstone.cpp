// The library's entry: magic block and _PG_init, nothing else.
#include "turnstone/server/guard.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/touched.hpp"
#include "turnstone/server/watch_shared.hpp"

extern "C" {
TURNSTONE_MODULE_MAGIC;
PGDLLEXPORT void _PG_init(void);
}

void _PG_init(void) {
    (void)turnstone::server::entry([] {
        turnstone::server::pg([] {
            turnstone::server::define_settings();
            turnstone::server::install_touch_hooks();
        });
        turnstone::server::install_hooks();
        return static_cast<Datum>(0);
    });
}
