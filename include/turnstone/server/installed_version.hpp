// Whether the library and the extension's SQL objects in this database are of one version.
#pragma once

namespace turnstone::server {

// An error where they are not: behind an installation without ALTER EXTENSION UPDATE, or in a session that
// has loaded the library of before an update. To be called inside pg().
void require_own_version();
// For what must not fail a statement of the user's: false, behind a warning. To be called inside pg().
bool warn_unless_own_version();

} // namespace turnstone::server
