#include "turnstone/core/blame.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "turnstone/core/values.hpp"

namespace turnstone::core {

namespace {

using nlohmann::json;
using What = BlameRow::What;

constexpr const char *privileges = "privileges";

Origin origin_of(const Origins &origins, const std::string &key, const Origin &otherwise) {
    const auto found = origins.find(key);
    return found == origins.end() ? otherwise : found->second;
}

// Keys of those entries that are about a property of the object itself.
bool is_of_part(const SchemaObject &object, const std::string &key) {
    return std::any_of(object.parts.begin(), object.parts.end(), [&](const Part &part) {
        const std::string own = part_key(part);
        return key == own || key.starts_with(own + '/');
    });
}

std::set<std::string> granted_keys(const std::string &properties) {
    std::set<std::string> keys;
    const json all = json::parse(properties, nullptr, false);
    if (!all.is_object() || !all.contains(privileges) || !all[privileges].is_object())
        return keys;
    for (const auto &[role, unused] : all[privileges].items())
        keys.insert(std::string(privileges) + '/' + role);
    return keys;
}

std::string shown(const std::string &property) {
    const std::size_t slash = property.find('/');
    return slash == std::string::npos
               ? property
               : property_of_key(property.substr(0, slash), property.substr(slash + 1));
}

// The whole, and below it its properties: `later` are those with an entry of their own.
void add(const ObjectKey &object, const Origin &made, const std::map<std::string, Origin> &later,
         const std::string &properties, std::vector<BlameRow> &rows) {
    const auto removed = later.find("removed");
    rows.push_back({What::made, object, {}, made});
    for (const auto &[property, origin] : later) {
        if (property != "removed")
            rows.push_back({What::changed, object, shown(property), origin});
    }
    for (const std::string &property : granted_keys(properties)) {
        if (!later.contains(property))
            rows.push_back({What::made, object, shown(property), made});
    }
    if (removed != later.end())
        rows.push_back({What::removed, object, {}, removed->second});
}

void add_part(const ObjectKey &key, const Part &part, const Origin &of_object, const Origins &origins,
              std::vector<BlameRow> &rows) {
    const std::string own = part_key(part);
    std::map<std::string, Origin> later;
    for (auto entry = origins.lower_bound(own + '/');
         entry != origins.end() && entry->first.starts_with(own + '/'); ++entry)
        later.emplace(entry->first.substr(own.size() + 1), entry->second);
    add({part_identity(key, part), part.type}, origin_of(origins, own, of_object), later, part.properties,
        rows);
}

} // namespace

const char *blame_name(BlameRow::What what) {
    switch (what) {
    case What::made:
        return "made";
    case What::changed:
        return "changed";
    case What::removed:
        return "removed";
    }
    return "?";
}

std::vector<BlameRow> blame_rows(const ObjectKey &key, const SchemaObject &object, const Origins &origins,
                                 const Part *only) {
    std::vector<BlameRow> rows;
    const Origin made = origin_of(origins, "", {});
    if (only != nullptr) {
        add_part(key, *only, made, origins, rows);
        return rows;
    }
    std::map<std::string, Origin> later;
    for (const auto &[entry, origin] : origins) {
        if (!entry.empty() && !is_of_part(object, entry))
            later.emplace(entry, origin);
    }
    add(key, made, later, object.properties, rows);
    std::vector<const Part *> parts;
    parts.reserve(object.parts.size());
    for (const Part &part : object.parts)
        parts.push_back(&part);
    const auto is_column = [](const Part *part) { return part->type.ends_with("column"); };
    const auto others = std::stable_partition(parts.begin(), parts.end(), is_column);
    std::stable_sort(parts.begin(), others, [](const Part *left, const Part *right) {
        return left->physical.id < right->physical.id;
    });
    for (const Part *part : parts)
        add_part(key, *part, made, origins, rows);
    return rows;
}

} // namespace turnstone::core
