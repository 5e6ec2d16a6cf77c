#include "turnstone/core/snapshot.hpp"

#include <iterator>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "turnstone/core/identity.hpp"

namespace turnstone::core {

namespace {

using nlohmann::json;

std::string text_of(const json &value) {
    return value.dump(-1, ' ', false, json::error_handler_t::ignore);
}

json parsed(const std::string &text) {
    return text.empty() ? json::object() : json::parse(text, nullptr, false);
}

// Those keys that differ between before and after are taken from after; within maps, key by key.
json merged(json recorded, const json &before, const json &after) {
    json all = before;
    all.update(after);
    for (const auto &entry : all.items()) { // (no lambda may capture a structured binding)
        const std::string &key = entry.key();
        const bool was = before.contains(key);
        const bool is = after.contains(key);
        if (was && is && before[key] == after[key])
            continue;
        const auto is_map = [&](const json &state) { return !state.contains(key) || state[key].is_object(); };
        if (is_map(recorded) && is_map(before) && is_map(after)) {
            const auto map = [&](const json &state) { return state.value(key, json::object()); };
            json value = merged(map(recorded), map(before), map(after));
            if (value.empty())
                recorded.erase(key);
            else
                recorded[key] = std::move(value);
        } else if (is) {
            recorded[key] = after[key];
        } else {
            recorded.erase(key);
        }
    }
    return recorded;
}

// The same of texts; of a text that is no JSON (a database without an encoding may hold any bytes), whole.
std::string merged_text(const std::string &recorded, const std::string &before, const std::string &after) {
    if (before == after)
        return recorded;
    const json known = parsed(recorded);
    const json left = parsed(before);
    const json right = parsed(after);
    if (known.is_discarded() || left.is_discarded() || right.is_discarded())
        return after;
    const json result = merged(known, left, right);
    return result.empty() && after.empty() ? std::string() : text_of(result);
}

Physical merged_physical(const Physical &recorded, const Physical &before, const Physical &after) {
    return {after.catalog, after.id, merged_text(recorded.meanings, before.meanings, after.meanings)};
}

SchemaObject advanced_object(const SchemaObject &recorded, const SchemaObject &before,
                             const SchemaObject &after) {
    SchemaObject result;
    result.properties = merged_text(recorded.properties, before.properties, after.properties);
    result.physical = merged_physical(recorded.physical, before.physical, after.physical);
    std::set<const Part *> told; // of the recorded ones
    for (const Part &part : after.parts) {
        const Part *old = counterpart(before, part);
        const Part *known = counterpart(recorded, old != nullptr ? *old : part);
        if (known != nullptr)
            told.insert(known);
        if (old == nullptr) { // the run made it
            result.parts.push_back(part);
        } else if (known != nullptr) { // where it is not known, it was there before the run and is drift
            Part next = *known;
            if (old->name != part.name)
                next.name = part.name;
            next.properties = merged_text(known->properties, old->properties, part.properties);
            next.physical = merged_physical(known->physical, old->physical, part.physical);
            result.parts.push_back(std::move(next));
        }
    }
    for (const Part &part : before.parts) { // what the run dropped
        if (counterpart(after, part) == nullptr) {
            if (const Part *known = counterpart(recorded, part); known != nullptr)
                told.insert(known);
        }
    }
    for (const Part &part : recorded.parts) { // gone before the run
        if (!told.contains(&part))
            result.parts.push_back(part);
    }
    return result;
}

// The meanings of those properties that are the same in both; of the object's own name, which is.
std::string meanings_of_equal(const std::string &recorded, const std::string &here,
                              const std::string &meanings) {
    const json left = parsed(recorded);
    const json right = parsed(here);
    json kept = parsed(meanings);
    if (left.is_discarded() || right.is_discarded() || !kept.is_object())
        return {};
    for (auto meaning = kept.begin(); meaning != kept.end();) {
        const std::string &property = meaning.key();
        const bool equal = property.empty() || left.value(property, json()) == right.value(property, json());
        meaning = equal ? std::next(meaning) : kept.erase(meaning);
    }
    return kept.empty() ? std::string() : text_of(kept);
}

} // namespace

ById::ById(const Snapshot &objects) {
    for (const auto &object : objects) {
        const Physical &physical = object.second.physical;
        if (physical.id != 0)
            by_id_.emplace(std::pair(physical.catalog, physical.id), &object);
    }
}

const Snapshot::value_type *ById::find(const Physical &physical) const {
    const auto found = by_id_.find({physical.catalog, physical.id});
    return physical.id == 0 || found == by_id_.end() ? nullptr : found->second;
}

const Snapshot::value_type *counterpart(const Snapshot &objects, const ById &by_id,
                                        const Snapshot::value_type &object) {
    if (const auto *same = by_id.find(object.second.physical); same != nullptr)
        return same;
    const auto found = objects.find(object.first);
    return found == objects.end() ? nullptr : &*found;
}

const Part *counterpart(const SchemaObject &object, const Part &part) {
    const Part *of_that_name = nullptr;
    for (const Part &candidate : object.parts) {
        if (candidate.type != part.type)
            continue;
        if (part.physical.id != 0 && candidate.physical.id == part.physical.id)
            return &candidate;
        if (candidate.name == part.name)
            of_that_name = &candidate;
    }
    return of_that_name;
}

void settle_in(SchemaObject &recorded, const SchemaObject &here) {
    recorded.physical.catalog = here.physical.catalog;
    recorded.physical.id = here.physical.id;
    recorded.physical.meanings =
        meanings_of_equal(recorded.properties, here.properties, here.physical.meanings);
    for (Part &part : recorded.parts) {
        part.physical = {};
        for (const Part &other : here.parts) {
            if (other.type == part.type && other.name == part.name)
                part.physical = {
                    0, other.physical.id,
                    meanings_of_equal(part.properties, other.properties, other.physical.meanings)};
        }
    }
}

std::string part_identity(const ObjectKey &root, const Part &part) {
    if (part.type.ends_with(" column"))
        return root.identity + '.' + part.name;
    if (part.type == "index") // in the schema of its table
        return std::string(qualified_name(root.identity).schema) + '.' + part.name;
    for (const char *type : {"table constraint", "domain constraint", "trigger", "rule", "policy"}) {
        if (part.type == type)
            return part.name + " on " + root.identity;
    }
    return part.name + " of " + root.identity;
}

Snapshot advanced(const Snapshot &recorded, const Snapshot &before, const Snapshot &after) {
    const ById known_by_id(recorded);
    const ById old_by_id(before);
    Snapshot result;
    std::set<ObjectKey> told;
    for (const auto &object : after) {
        const auto *old = counterpart(before, old_by_id, object);
        const auto *known = counterpart(recorded, known_by_id, old != nullptr ? *old : object);
        if (known != nullptr)
            told.insert(known->first);
        if (old == nullptr)
            result.insert_or_assign(object.first, object.second);
        else if (known != nullptr)
            result.insert_or_assign(old->first == object.first ? known->first : object.first,
                                    advanced_object(known->second, old->second, object.second));
    }
    const ById now_by_id(after);
    for (const auto &object : before) {
        if (counterpart(after, now_by_id, object) == nullptr) {
            if (const auto *known = counterpart(recorded, known_by_id, object); known != nullptr)
                told.insert(known->first);
        }
    }
    for (const auto &[key, object] : recorded) {
        if (!told.contains(key))
            result.emplace(key, object);
    }
    return result;
}

} // namespace turnstone::core
