#include "turnstone/core/schema_documents.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include <nlohmann/json.hpp>

#include "turnstone/core/error.hpp"

namespace turnstone::core {

namespace {

using nlohmann::json;

void append_quoted(std::string &text, const std::string &value) {
    const bool plain = std::none_of(value.begin(), value.end(), [](char letter) {
        return static_cast<unsigned char>(letter) < 0x20 || letter == '"' || letter == '\\';
    });
    if (!plain) {
        text += json(value).dump(-1, ' ', false, json::error_handler_t::ignore);
        return;
    }
    text += '"';
    text += value;
    text += '"';
}

std::string text_of(const json &value) {
    return value.dump(-1, ' ', false, json::error_handler_t::ignore);
}

} // namespace

std::string canonical_properties(const std::string &text) {
    const json properties = json::parse(text, nullptr, false);
    return properties.is_discarded() ? text : text_of(properties);
}

std::string document_of(ObjectGroup &group) {
    std::sort(group.parts.begin(), group.parts.end(),
              [](const ObjectGroup::Part &left, const ObjectGroup::Part &right) {
                  return std::tie(left.type, left.identity) < std::tie(right.type, right.identity);
              });
    std::size_t size = group.properties.size() + 32;
    for (const ObjectGroup::Part &part : group.parts)
        size += part.type.size() + part.identity.size() + part.properties.size() + 16;
    std::string text;
    text.reserve(size);
    text += R"({"properties":)";
    text += group.properties.empty() ? "null" : group.properties;
    text += R"(,"parts":[)";
    bool first = true;
    for (const ObjectGroup::Part &part : group.parts) {
        text += first ? "\n[" : ",\n[";
        first = false;
        append_quoted(text, part.type);
        text += ',';
        append_quoted(text, part.identity);
        text += ',';
        text += part.properties;
        text += ']';
    }
    text += "]}";
    return text;
}

SchemaDocuments documents_of(const Snapshot &objects) {
    ObjectGroups groups;
    for (const auto &[key, state] : objects) {
        if (state.parent.identity.empty())
            groups[key].properties = state.properties;
        else
            groups[state.parent].parts.push_back({key.type, key.identity, state.properties});
    }
    SchemaDocuments documents;
    for (auto &[root, group] : groups)
        documents.emplace(root, document_of(group));
    return documents;
}

void add_objects(const ObjectKey &root, const std::string &document, Snapshot &objects) {
    const json whole = json::parse(document, nullptr, false);
    if (!whole.is_object() || !whole.contains("properties") || !whole.contains("parts"))
        throw Error(ErrorCode::internal, "the record of \"" + root.identity + "\" is no document");
    if (!whole["properties"].is_null())
        objects.insert_or_assign(root, ObjectState{{}, text_of(whole["properties"])});
    for (const json &part : whole["parts"])
        objects.insert_or_assign(ObjectKey{part.at(1).get<std::string>(), part.at(0).get<std::string>()},
                                 ObjectState{root, text_of(part.at(2))});
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
                add_objects(root, found->second, objects[i]);
        }
    }
    return objects;
}

SchemaDocuments advanced(const SchemaDocuments &recorded, const SchemaDocuments &before,
                         const SchemaDocuments &after) {
    const std::vector<Snapshot> objects = objects_that_differ({&recorded, &before, &after});
    SchemaDocuments result = documents_of(advanced(objects[0], objects[1], objects[2]));
    for (const auto &[root, document] : recorded) { // those that are the same in all three
        const auto old = before.find(root);
        const auto now = after.find(root);
        if (old != before.end() && now != after.end() && old->second == document && now->second == document)
            result.emplace(root, document);
    }
    return result;
}

} // namespace turnstone::core
