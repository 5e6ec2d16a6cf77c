// Writing into a table that is not the engine's own, without lending its triggers anybody's rights.
#pragma once

#include <string>

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

// Throws insufficient_privilege where the current role has not this right on the table.
void require_right(Oid table, const std::string &name, AclMode right);

// The owner of a table for as long as this lives, and able to do nothing but what its triggers may do: theirs
// are not to run with the rights of whoever migrates.
class AsOwner {
  public:
    AsOwner(Oid table, const std::string &name);
    AsOwner(const AsOwner &) = delete;
    AsOwner &operator=(const AsOwner &) = delete;
    ~AsOwner();

  private:
    Oid caller_ = InvalidOid;
    int security_ = 0;
};

} // namespace turnstone::server
