// What is told of where an object comes from: one row for the object and for each part, and one for each
// property that was changed later or that others have granted.
#pragma once

#include <string>
#include <vector>

#include "turnstone/core/origin.hpp"

namespace turnstone::core {

struct BlameRow {
    enum class What { made, changed, removed };
    What what = What::made;
    ObjectKey object;     // or the part, under the name that it is shown with
    std::string property; // empty for the whole
    Origin origin;
};

const char *blame_name(BlameRow::What what);

// Of the object with all its parts, or of one part only (null for all): the object first, then columns in
// their order, then the other parts.
std::vector<BlameRow> blame_rows(const ObjectKey &key, const SchemaObject &object, const Origins &origins,
                                 const Part *only = nullptr);

} // namespace turnstone::core
