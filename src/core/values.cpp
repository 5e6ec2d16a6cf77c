// How two values of one property are compared:
//  - equal, or the same to the server (equal meanings): no difference;
//  - a map (privileges by role, options by name): one difference a key;
//  - an order (of columns, labels, parents): only that of the elements which are in both. An element that is
//    missing is told by the part of that name, or where there is none, by the whole;
//  - names of roles are those that the roles have now; "roles" is a set;
//  - privileges follow the owner, as ALTER ... OWNER moves them;
//  - texts that differ: `equivalent` is asked.
#include "turnstone/core/values.hpp"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include "turnstone/core/identity.hpp"

namespace turnstone::core {

namespace {

using nlohmann::json;

json parsed(const std::string &text) {
    return text.empty() ? json::object() : json::parse(text, nullptr, false);
}

std::string shown(const json &value) {
    std::string list;
    switch (value.type()) {
    case json::value_t::null:
        return {};
    case json::value_t::string:
        return value.get<std::string>();
    case json::value_t::array:
        for (const json &element : value)
            list += (list.empty() ? "" : ", ") + shown(element);
        return list;
    case json::value_t::object:
        for (const auto &[key, element] : value.items())
            list += (list.empty() ? "" : ", ") + key + ": " + shown(element);
        return list;
    default:
        return value.dump();
    }
}

std::string renamed(const Renames &renames, const std::string &name) {
    const auto found = renames.find(name);
    return found == renames.end() ? name : found->second;
}

Turn turn_of(const json &expected, const json &actual) {
    const auto is_none = [](const json &value) { return value.is_null() || value == false; };
    if (is_none(expected) == is_none(actual))
        return Turn::other;
    return is_none(expected) ? Turn::gained : Turn::lost;
}

json with_role_names(const json &map, const Renames &roles) {
    json now = json::object();
    for (const auto &[role, value] : map.items())
        now[renamed(roles, role)] = value;
    return now;
}

// "SELECT, UPDATE*" and "INSERT, UPDATE": "INSERT, SELECT, UPDATE*".
std::string united_privileges(const std::string &first, const std::string &second) {
    std::map<std::string, bool> grantable;
    for (std::string_view list : {std::string_view(first), std::string_view(second)}) {
        while (!list.empty()) {
            const std::size_t end = std::min(list.find(", "), list.size());
            std::string_view privilege = list.substr(0, end);
            const bool starred = privilege.ends_with('*');
            if (starred)
                privilege.remove_suffix(1);
            bool &grant = grantable[std::string(privilege)];
            grant = grant || starred;
            list.remove_prefix(std::min(end + 2, list.size()));
        }
    }
    std::string united;
    for (const auto &[privilege, starred] : grantable)
        united += (united.empty() ? "" : ", ") + privilege + (starred ? "*" : "");
    return united;
}

// What the old owner had, the new one has: that is what the server makes of it.
json after_change_of_owner(json privileges, const std::string &from, const std::string &to) {
    const auto held = privileges.find(from);
    if (held == privileges.end() || !held->is_string())
        return privileges;
    const std::string moved = held->get<std::string>();
    privileges.erase(held);
    const auto other = privileges.find(to);
    privileges[to] = other != privileges.end() && other->is_string()
                         ? united_privileges(moved, other->get<std::string>())
                         : moved;
    return privileges;
}

// A role as the map calls it: its keys may be quoted.
std::string key_of(const json &map, const std::string &name) {
    for (const auto &[key, unused] : map.items()) {
        if (unquoted(key) == name)
            return key;
    }
    return name;
}

class Comparer {
  public:
    explicit Comparer(const ComparedValues &values)
        : values_(values), before_(parsed(values.expected)), after_(parsed(values.actual)),
          old_meanings_(parsed(values.expected_meanings)), new_meanings_(parsed(values.actual_meanings)) {}

    std::vector<ValueDifference> run() {
        if (!before_.is_object() ||
            !after_.is_object()) { // a database without an encoding may hold any bytes
            found_.push_back({Change::changed, "properties", values_.expected, values_.actual, Turn::other});
            return std::move(found_);
        }
        json all = before_;
        all.update(after_); // the keys of both
        for (const auto &[property, unused] : all.items()) {
            const json left = before_.value(property, json());
            const json right = after_.value(property, json());
            if (left != right && !same_meaning(property))
                compare(property, now_called(property, left), right);
        }
        return std::move(found_);
    }

  private:
    [[nodiscard]] bool same_meaning(const std::string &property) const {
        return old_meanings_.is_object() && new_meanings_.is_object() && old_meanings_.contains(property) &&
               new_meanings_.contains(property) && old_meanings_[property] == new_meanings_[property];
    }

    // The expected value, with the names that things have now.
    [[nodiscard]] json now_called(const std::string &property, const json &expected) const {
        if (property == "owner" && expected.is_string())
            return renamed(values_.roles, expected.get<std::string>());
        if (property == "privileges" && expected.is_object())
            return with_role_names(expected, values_.roles);
        if (!expected.is_array())
            return expected;
        json now = json::array();
        for (const json &element : expected)
            now.push_back(element.is_string() ? json(name_now(property, element.get<std::string>()))
                                              : element);
        return now;
    }

    [[nodiscard]] std::string name_now(const std::string &property, const std::string &name) const {
        if (property == "roles")
            return renamed(values_.roles, name);
        for (const auto &[from, to] : values_.parts) { // quoted or not, as it is written here
            if (from == name)
                return to;
            if (unquoted(from) == name)
                return unquoted(to);
        }
        return renamed(values_.objects, name);
    }

    void compare(const std::string &property, json expected, const json &actual) {
        const bool expected_map = expected.is_object() || (expected.is_null() && actual.is_object());
        const bool actual_map = actual.is_object() || (actual.is_null() && expected.is_object());
        if (expected_map && actual_map)
            return compare_maps(property, expected, actual);
        const bool expected_list = expected.is_array() || (expected.is_null() && actual.is_array());
        const bool actual_list = actual.is_array() || (actual.is_null() && expected.is_array());
        if (expected_list && actual_list)
            return compare_lists(property, expected.is_null() ? json::array() : expected,
                                 actual.is_null() ? json::array() : actual, turn_of(expected, actual));
        if (expected == actual)
            return;
        if (expected.is_string() && actual.is_string() && values_.equivalent &&
            values_.equivalent(property, expected.get<std::string>(), actual.get<std::string>()))
            return;
        found_.push_back(
            {Change::changed, property, shown(expected), shown(actual), turn_of(expected, actual)});
    }

    void compare_maps(const std::string &property, json expected, const json &actual) {
        if (expected.is_null())
            expected = json::object();
        if (property == "privileges" && values_.old_owner != values_.new_owner)
            expected =
                after_change_of_owner(expected, key_of(expected, values_.old_owner),
                                      key_of(actual.is_object() ? actual : expected, values_.new_owner));
        json all = expected;
        if (actual.is_object())
            all.update(actual);
        for (const auto &[key, unused] : all.items()) {
            const json left = expected.value(key, json());
            const json right = actual.is_object() ? actual.value(key, json()) : json();
            if (left != right)
                found_.push_back({Change::changed, property_of_key(property, key), shown(left), shown(right),
                                  turn_of(left, right)});
        }
    }

    void compare_lists(const std::string &property, const json &expected, const json &actual, Turn turn) {
        const auto common = [&](const json &list, const json &other) {
            json elements = json::array();
            for (const json &element : list) {
                const bool remade = element.is_string() &&
                                    values_.remade_parts.contains(unquoted(element.get<std::string>()));
                if (!remade && std::find(other.begin(), other.end(), element) != other.end())
                    elements.push_back(element);
            }
            return elements;
        };
        const auto tells_by_itself = [&](const json &element) {
            return element.is_string() && values_.known_parts.contains(unquoted(element.get<std::string>()));
        };
        const auto lacks = [&](const json &list, const json &other) {
            return std::any_of(list.begin(), list.end(), [&](const json &element) {
                return std::find(other.begin(), other.end(), element) == other.end() &&
                       !tells_by_itself(element);
            });
        };
        json left = common(expected, actual);
        json right = common(actual, expected);
        if (property == "roles") {
            std::sort(left.begin(), left.end());
            std::sort(right.begin(), right.end());
        }
        if (lacks(expected, actual) || lacks(actual, expected))
            found_.push_back({Change::changed, property, shown(expected), shown(actual), turn});
        else if (left != right)
            found_.push_back({Change::reordered, property, shown(left), shown(right), Turn::other});
    }

    const ComparedValues &values_;
    json before_;
    json after_;
    json old_meanings_;
    json new_meanings_;
    std::vector<ValueDifference> found_;
};

} // namespace

std::string property_of_key(std::string_view property, const std::string &key) {
    if (property == "privileges" || property == "identity sequence privileges")
        return std::string(property) + " of " + key;
    if (property.ends_with("xes"))
        property.remove_suffix(2);
    else if (property.ends_with('s'))
        property.remove_suffix(1);
    return std::string(property) + ' ' + key;
}

std::vector<ValueDifference> differing_values(const ComparedValues &values) {
    return Comparer(values).run();
}

} // namespace turnstone::core
