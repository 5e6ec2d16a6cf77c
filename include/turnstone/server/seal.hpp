// Sealing: DDL that does not come through the engine is warned of or refused.
#pragma once

namespace turnstone::server {

// Whether migrate_seal() has sealed anything.
bool is_sealed();

} // namespace turnstone::server
