// The recorded objects that a name means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/origin.hpp"

namespace turnstone::server {

struct RecordedMatch {
    core::ObjectKey key;
    core::SchemaObject object;
    core::Origins origins;
    std::optional<core::Part> part; // where the name is that of a part
};

// As blame() of blame.hpp reads names. Empty for none. Everything is UTF-8.
std::vector<RecordedMatch> recorded_under(const std::string &name);

} // namespace turnstone::server
