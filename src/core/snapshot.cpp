#include "turnstone/core/snapshot.hpp"

#include <algorithm>

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

void compare_properties(const ObjectKey &key, const ObjectState &expected, const ObjectState &actual,
                        std::vector<Difference> &found) {
    const json before = json::parse(expected.properties, nullptr, false);
    const json after = json::parse(actual.properties, nullptr, false);
    if (before.is_discarded() || after.is_discarded()) { // a database without an encoding may hold any bytes
        found.push_back({Change::changed, key, "properties", expected.properties, actual.properties});
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

// Those properties that differ between before and after are taken from after.
std::string merged_properties(const ObjectState &recorded, const ObjectState &before,
                              const ObjectState &after) {
    json merged = json::parse(recorded.properties, nullptr, false);
    const json left = json::parse(before.properties, nullptr, false);
    const json right = json::parse(after.properties, nullptr, false);
    if (merged.is_discarded() || left.is_discarded() || right.is_discarded())
        return after.properties;
    json all = left;
    all.update(right);
    for (const auto &[property, unused] : all.items()) {
        if (!right.contains(property))
            merged.erase(property);
        else if (!left.contains(property) || left[property] != right[property])
            merged[property] = right[property];
    }
    return merged.dump();
}

bool came_with_parent(const ObjectState &object, const Snapshot &other, const Snapshot &own) {
    return own.contains(object.parent) && !other.contains(object.parent);
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
    auto left = expected.begin();
    auto right = actual.begin();
    while (left != expected.end() || right != actual.end()) {
        if (right == actual.end() || (left != expected.end() && left->first < right->first)) {
            if (!came_with_parent(left->second, actual, expected))
                found.push_back({Change::removed, left->first, {}, {}, {}});
            ++left;
        } else if (left == expected.end() || right->first < left->first) {
            if (!came_with_parent(right->second, expected, actual))
                found.push_back({Change::added, right->first, {}, {}, {}});
            ++right;
        } else {
            if (left->second.properties != right->second.properties)
                compare_properties(left->first, left->second, right->second, found);
            ++left;
            ++right;
        }
    }
    return found;
}

Snapshot advanced(const Snapshot &recorded, const Snapshot &before, const Snapshot &after) {
    Snapshot result = recorded;
    for (const auto &[key, state] : before) {
        if (!after.contains(key))
            result.erase(key);
    }
    for (const auto &[key, state] : after) {
        const auto old = before.find(key);
        const auto known = result.find(key);
        if (old == before.end())
            result.insert_or_assign(key, state);
        else if (old->second.properties != state.properties && known != result.end())
            known->second.properties = merged_properties(known->second, old->second, state);
    }
    return result;
}

SnapshotDelta delta(const Snapshot &before, const Snapshot &after) {
    SnapshotDelta delta;
    for (const auto &[key, state] : before) {
        if (!after.contains(key))
            delta.removed.push_back(key);
    }
    for (const auto &object : after) {
        const auto old = before.find(object.first);
        if (old == before.end() || old->second.properties != object.second.properties ||
            old->second.parent != object.second.parent)
            delta.written.push_back(&object);
    }
    return delta;
}

} // namespace turnstone::core
