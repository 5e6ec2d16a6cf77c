// Of all that differs, what only follows from something else that differs.
#pragma once

#include <vector>

#include "turnstone/core/comparison.hpp"
#include "turnstone/core/pairing.hpp"

namespace turnstone::core {

// A difference, with what it is about.
struct Finding {
    Difference row;
    const PairedObject *object = nullptr;
    const PairedPart *part = nullptr; // null for the object itself
    Turn turn = Turn::other;
};

// Leaves one row for each thing that somebody did. The objects are all those that were compared.
void drop_echoes(std::vector<Finding> &findings, const std::vector<PairedObject> &objects);

} // namespace turnstone::core
