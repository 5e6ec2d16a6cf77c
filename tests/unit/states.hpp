// Small states of a schema for the tests of their comparison.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "turnstone/core/comparison.hpp"

namespace turnstone::core {

// An object by its type and identity, with a number.
struct Object {
    std::string type;
    std::string identity;
    std::int64_t id = 0;
    std::string properties = "{}";
    std::string meanings = {};
    std::vector<Part> parts = {};
};

inline Snapshot state(const std::vector<Object> &objects) {
    Snapshot snapshot;
    for (const Object &object : objects)
        snapshot[{object.identity, object.type}] = {
            object.properties, {0, object.id, object.meanings}, object.parts};
    return snapshot;
}

// {"definition":"..."} and further properties; nothing in it is escaped.
inline std::string definition(const std::string &text, const std::string &more = {}) {
    return R"({"definition":")" + text + '"' + more + '}';
}

inline Part part(std::string type, std::string name, std::int64_t id, std::string properties = "{}",
                 std::string meanings = {}) {
    return {std::move(type), std::move(name), std::move(properties), {0, id, std::move(meanings)}};
}

inline Part column(std::string name, std::int64_t number, std::string properties = "{}",
                   std::string meanings = {}) {
    return part("table column", std::move(name), number, std::move(properties), std::move(meanings));
}

inline Object table(std::string identity, std::int64_t id, std::vector<Part> parts = {},
                    std::string properties = "{}") {
    return {"table", std::move(identity), id, std::move(properties), {}, std::move(parts)};
}

inline std::string shown(const std::vector<Difference> &rows) {
    std::string text;
    for (const Difference &row : rows) {
        text += std::string(change_name(row.change)) + ' ' + row.object_type + ' ' + row.identity;
        if (!row.property.empty())
            text += ": " + row.property + " [" + row.expected + "] [" + row.actual + ']';
        text += '\n';
    }
    return text;
}

// As of one database; `elsewhere`, as of two.
inline std::string drift(const std::vector<Object> &expected, const std::vector<Object> &actual) {
    return shown(differences(state(expected), state(actual), {true, {}}));
}
inline std::string elsewhere(const std::vector<Object> &expected, const std::vector<Object> &actual) {
    return shown(differences(state(expected), state(actual), {false, {}}));
}

} // namespace turnstone::core
