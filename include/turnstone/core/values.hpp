// The difference of the properties of one thing in two states.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/severity.hpp"

namespace turnstone::core {

// What is called otherwise in the actual state, by what it was called in the expected one.
using Renames = std::map<std::string, std::string>;

// How a key of a map is shown. "privileges" of a role: "privileges of bob"; "toast options" of a name: "toast
// option fillfactor".
std::string property_of_key(std::string_view property, const std::string &key);

struct ComparedValues {
    const std::string &expected; // JSON objects, as Part::properties
    const std::string &actual;
    const std::string &expected_meanings; // both empty where they cannot be compared
    const std::string &actual_meanings;
    const Renames &roles;   // unquoted and quoted
    const Renames &objects; // that do not belong to another
    const Renames &parts;   // of this object, quoted
    // Of the object, or of that which this is a part of; empty where it has none. By today's names.
    const std::string &old_owner;
    const std::string &new_owner;
    // The names of parts of this object in either state, unquoted: that one is missing from an order is told
    // by itself. And of those that are other ones now, whose place in the order means nothing.
    const std::set<std::string> &known_parts;
    const std::set<std::string> &remade_parts;
    std::function<bool(const std::string &property, const std::string &expected, const std::string &actual)>
        equivalent; // may be empty
};

struct ValueDifference {
    Change change = Change::changed;
    std::string property;
    std::string expected;
    std::string actual;
    Turn turn = Turn::other;
};

std::vector<ValueDifference> differing_values(const ComparedValues &values);

} // namespace turnstone::core
