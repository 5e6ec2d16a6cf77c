#include "turnstone/core/comparison.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

namespace turnstone::core {

namespace {

using nlohmann::json;

std::string shown(const json &value) {
    if (value.is_null())
        return {};
    if (value.is_array()) {
        std::string list;
        for (const json &element : value)
            list += (list.empty() ? "" : ", ") + shown(element);
        return list;
    }
    return value.is_string() ? value.get<std::string>() : value.dump();
}

// An array is an order of things (the columns of a table) that are objects of their own: only the order of
// those in both is compared, since the others are reported by themselves.
json common_elements(const json &of, const json &other) {
    json common = json::array();
    for (const json &element : of) {
        if (std::find(other.begin(), other.end(), element) != other.end())
            common.push_back(element);
    }
    return common;
}

void compare_properties(const ObjectKey &key, const std::string &expected, const std::string &actual,
                        std::vector<Difference> &found) {
    const json before = json::parse(expected, nullptr, false);
    const json after = json::parse(actual, nullptr, false);
    if (before.is_discarded() || after.is_discarded()) { // a database without an encoding may hold any bytes
        found.push_back({Change::changed, key, "properties", expected, actual});
        return;
    }
    json all = before;
    all.update(after); // the keys of both
    for (const auto &[property, unused] : all.items()) {
        json left = before.value(property, json());
        json right = after.value(property, json());
        if (left.is_array() && right.is_array()) {
            const json whole_left = left;
            left = common_elements(left, right);
            right = common_elements(right, whole_left);
        }
        if (left != right)
            found.push_back({Change::changed, key, property, shown(left), shown(right)});
    }
}

void compare_objects(const ObjectKey &key, const SchemaObject &expected, const SchemaObject &actual,
                     std::vector<Difference> &found) {
    if (expected.properties != actual.properties)
        compare_properties(key, expected.properties, actual.properties, found);
    std::map<std::pair<std::string, std::string>, std::pair<const Part *, const Part *>> pairs;
    for (const Part &part : expected.parts)
        pairs[{part.type, part.name}].first = &part;
    for (const Part &part : actual.parts)
        pairs[{part.type, part.name}].second = &part;
    for (const auto &[unused, pair] : pairs) {
        const Part &any = pair.first != nullptr ? *pair.first : *pair.second;
        const ObjectKey shown{part_identity(key, any), any.type};
        if (pair.second == nullptr)
            found.push_back({Change::removed, shown, {}, {}, {}});
        else if (pair.first == nullptr)
            found.push_back({Change::added, shown, {}, {}, {}});
        else if (pair.first->properties != pair.second->properties)
            compare_properties(shown, pair.first->properties, pair.second->properties, found);
    }
}

} // namespace

const char *change_name(Change change) {
    switch (change) {
    case Change::added:
        return "added";
    case Change::removed:
        return "removed";
    case Change::changed:
        return "changed";
    }
    return "?";
}

std::vector<Difference> differences(const Snapshot &expected, const Snapshot &actual) {
    std::vector<Difference> found;
    for (const auto &[key, object] : expected) {
        const auto other = actual.find(key);
        if (other == actual.end())
            found.push_back({Change::removed, key, {}, {}, {}});
        else
            compare_objects(key, object, other->second, found);
    }
    for (const auto &[key, object] : actual) {
        if (!expected.contains(key))
            found.push_back({Change::added, key, {}, {}, {}});
    }
    std::stable_sort(found.begin(), found.end(), [](const Difference &left, const Difference &right) {
        return left.object < right.object;
    });
    return found;
}

} // namespace turnstone::core
