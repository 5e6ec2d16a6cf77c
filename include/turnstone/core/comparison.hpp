// The difference of two states of a schema.
#pragma once

#include <string>
#include <vector>

#include "turnstone/core/snapshot.hpp"

namespace turnstone::core {

enum class Change { added, removed, changed };

const char *change_name(Change change);

struct Difference {
    Change change = Change::changed;
    ObjectKey object;     // or the part of one, under the name that it is shown with
    std::string property; // empty for added and removed objects
    std::string expected; // as text; empty where there is none
    std::string actual;
};

// What `actual` has that `expected` has not, and the other way round, in the order of identities. What came
// or went with its object is not listed beside it.
std::vector<Difference> differences(const Snapshot &expected, const Snapshot &actual);

} // namespace turnstone::core
