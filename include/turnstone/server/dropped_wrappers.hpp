// The notices of BEGIN and COMMIT around scripts, which are dropped.
#pragma once

#include <string>

#include "turnstone/core/script.hpp"

namespace turnstone::server {

// A notice for each script, or one for all of a folder.
class DroppedWrappers {
  public:
    enum class Notices { each, together };

    explicit DroppedWrappers(Notices notices) : notices_(notices) {}

    void add(const std::string &name, core::Direction direction);
    void tell_of_all() const;

  private:
    Notices notices_;
    int count_ = 0;
    std::string first_;
};

} // namespace turnstone::server
