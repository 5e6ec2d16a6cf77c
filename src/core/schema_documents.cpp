#include "turnstone/core/schema_documents.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/error.hpp"

namespace turnstone::core {

namespace {

using nlohmann::json;

std::string text_of(const json &value) {
    return value.dump(-1, ' ', false, json::error_handler_t::ignore);
}

void append_quoted(std::string &text, const std::string &value) {
    const bool plain = std::none_of(value.begin(), value.end(), [](char letter) {
        return static_cast<unsigned char>(letter) < 0x20 || letter == '"' || letter == '\\';
    });
    if (!plain) {
        text += text_of(json(value));
        return;
    }
    text += '"';
    text += value;
    text += '"';
}

void append_part(std::string &text, const Part &part) {
    text += '[';
    append_quoted(text, part.type);
    text += ',';
    append_quoted(text, part.name);
    text += ',';
    text += part.properties;
    text += ',';
    text += std::to_string(part.physical.id);
    if (!part.physical.meanings.empty()) {
        text += ',';
        text += part.physical.meanings;
    }
    text += ']';
}

std::size_t size_of(const SchemaObject &object) {
    std::size_t size = object.properties.size() + object.physical.meanings.size() + 80;
    for (const Part &part : object.parts)
        size +=
            part.type.size() + part.name.size() + part.properties.size() + part.physical.meanings.size() + 32;
    return size;
}

// Throws what the library throws where it is no document.
SchemaObject read_object(const json &whole) {
    SchemaObject object;
    if (!whole.at("properties").is_null())
        object.properties = text_of(whole["properties"]);
    object.physical.catalog = whole.at("id").at(0).get<std::int64_t>();
    object.physical.id = whole["id"].at(1).get<std::int64_t>();
    if (whole.contains("meanings"))
        object.physical.meanings = text_of(whole["meanings"]);
    for (const json &entry : whole.at("parts")) {
        Part &part = object.parts.emplace_back();
        part.type = entry.at(0).get<std::string>();
        part.name = entry.at(1).get<std::string>();
        part.properties = text_of(entry.at(2));
        part.physical.id = entry.at(3).get<std::int64_t>();
        if (entry.size() > 4)
            part.physical.meanings = text_of(entry.at(4));
    }
    return object;
}

} // namespace

std::string canonical_properties(const std::string &text) {
    const json properties = json::parse(text, nullptr, false);
    return properties.is_discarded() ? text : text_of(properties);
}

std::string document_of(SchemaObject &object) {
    std::sort(object.parts.begin(), object.parts.end(), [](const Part &left, const Part &right) {
        return std::tie(left.type, left.name) < std::tie(right.type, right.name);
    });
    std::string text;
    text.reserve(size_of(object));
    text += fmt::format(R"({{"id":[{},{}],)", object.physical.catalog, object.physical.id);
    if (!object.physical.meanings.empty()) {
        text += R"("meanings":)";
        text += object.physical.meanings;
        text += ',';
    }
    text += R"("parts":[)";
    bool first = true;
    for (const Part &part : object.parts) {
        text += first ? "\n" : ",\n";
        first = false;
        append_part(text, part);
    }
    text += R"(],"properties":)";
    text += object.properties.empty() ? "null" : object.properties;
    text += '}';
    return text;
}

SchemaDocuments documents_of(const Snapshot &objects) {
    SchemaDocuments documents;
    for (const auto &[root, object] : objects) {
        SchemaObject ordered = object;
        documents.emplace_hint(documents.end(), root, document_of(ordered));
    }
    return documents;
}

SchemaObject object_of(const ObjectKey &root, const std::string &document) {
    try {
        return read_object(json::parse(document));
    } catch (const json::exception &) {
        throw Error(ErrorCode::internal, fmt::format("the record of \"{}\" is no document", root.identity));
    }
}

std::string portable(const ObjectKey &root, const std::string &document) {
    SchemaObject object = object_of(root, document);
    object.physical = {};
    for (Part &part : object.parts)
        part.physical = {};
    return document_of(object);
}

Snapshot objects_of(const SchemaDocuments &documents) {
    Snapshot objects;
    for (const auto &[root, document] : documents)
        objects.emplace_hint(objects.end(), root, object_of(root, document));
    return objects;
}

std::vector<Snapshot> objects_that_differ(const std::vector<const SchemaDocuments *> &states) {
    std::set<ObjectKey> different;
    for (const SchemaDocuments *state : states) {
        for (const auto &[root, document] : *state) {
            for (const SchemaDocuments *other : states) {
                const auto found = other->find(root);
                if (found == other->end() || found->second != document)
                    different.insert(root);
            }
        }
    }
    std::vector<Snapshot> objects(states.size());
    for (std::size_t i = 0; i < states.size(); ++i) {
        for (const ObjectKey &root : different) {
            const auto found = states[i]->find(root);
            if (found != states[i]->end())
                objects[i].emplace_hint(objects[i].end(), root, object_of(root, found->second));
        }
    }
    return objects;
}

std::vector<Snapshot> states_to_compare(const SchemaDocuments &expected, const SchemaDocuments &actual) {
    std::vector<Snapshot> objects = objects_that_differ({&expected, &actual});
    std::vector<std::string> wanted;
    const auto want_parents_of = [&](const SchemaObject &object) {
        const json properties = json::parse(object.properties, nullptr, false);
        const json parents = properties.is_object() ? properties.value("parents", json()) : json();
        for (const json &parent : parents) {
            if (parent.is_string())
                wanted.push_back(parent.get<std::string>());
        }
    };
    for (const Snapshot &state : objects) {
        for (const auto &[root, object] : state)
            want_parents_of(object);
    }
    while (!wanted.empty()) {
        const std::string identity = std::move(wanted.back());
        wanted.pop_back();
        for (const char *type : {"table", "foreign table"}) {
            const ObjectKey root{identity, type};
            for (std::size_t i = 0; i < objects.size(); ++i) {
                const SchemaDocuments &state = i == 0 ? expected : actual;
                const auto found = state.find(root);
                if (found == state.end() || objects[i].contains(root))
                    continue;
                want_parents_of(objects[i].emplace(root, object_of(root, found->second)).first->second);
            }
        }
    }
    return objects;
}

std::vector<std::int64_t> parents_of(const ObjectKey &root, const std::string &document) {
    const json meanings = json::parse(object_of(root, document).physical.meanings, nullptr, false);
    std::vector<std::int64_t> parents;
    if (!meanings.is_object() || !meanings.value("parents", json()).is_string())
        return parents;
    std::istringstream numbers(meanings["parents"].get<std::string>());
    for (std::int64_t number = 0; numbers >> number;)
        parents.push_back(number);
    return parents;
}

SchemaDocuments advanced(const SchemaDocuments &recorded, const SchemaDocuments &before,
                         const SchemaDocuments &after) {
    const std::vector<Snapshot> states = objects_that_differ({&recorded, &before, &after});
    SchemaDocuments result = documents_of(advanced(states[0], states[1], states[2]));
    for (const auto &[root, document] : recorded) { // those that are the same in all three
        const auto old = before.find(root);
        const auto now = after.find(root);
        if (old != before.end() && now != after.end() && old->second == document && now->second == document)
            result.emplace(root, document);
    }
    return result;
}

} // namespace turnstone::core
