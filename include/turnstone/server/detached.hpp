// Detached runs: migrate_submit(), migrate_wait(), migrate_cancel().
#pragma once

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// Main function of the background worker that a detached run is, inside entry().
void run_submitted(Datum segment_handle);

} // namespace turnstone::server
