// Whether a script is the one whose checksum another tool's journal keeps.
#pragma once

#include <optional>

#include "turnstone/core/foreign_history.hpp"
#include "turnstone/core/foreign_identity.hpp"

namespace turnstone::core {

// None where the tool keeps no checksum, or one that cannot be told from the script alone (Liquibase's, and a
// Flyway script with placeholders).
std::optional<bool> has_foreign_checksum(ForeignTool tool, const ForeignRow &row, const OwnScript &script);

} // namespace turnstone::core
