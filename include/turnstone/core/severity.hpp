// How much a difference matters.
#pragma once

#include <string_view>

namespace turnstone::core {

enum class Change { added, removed, changed, renamed, recreated, reordered, unmodelled };

enum class Severity {
    critical, // rows are gone or may be lost, or a protection of the data is weaker: privileges, owners, row
              // security, constraints, triggers
    major,    // structure or behaviour
    minor,    // speed and storage
    info,     // comments, order, names that nothing runs by
};

std::string_view change_name(Change change);
std::string_view severity_name(Severity severity);

// Of one row of differences(). `gained`: the property has a value now where none was expected; `lost`: the
// other way round. Neither where both have one, or it is about the whole object.
enum class Turn { other, gained, lost };
Severity severity_of(std::string_view object_type, Change change, std::string_view property, Turn turn);

} // namespace turnstone::core
