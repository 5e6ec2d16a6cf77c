#include "turnstone/core/pairing.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace turnstone::core {

namespace {

// Things by their number; a number that two of them have tells nothing.
template <class Key, class Thing>
class ByNumber {
  public:
    void add(const Key &key, const Thing *thing) {
        const auto [found, fresh] = things_.emplace(key, thing);
        if (!fresh)
            found->second = nullptr;
    }
    [[nodiscard]] const Thing *find(const Key &key) const {
        const auto found = things_.find(key);
        return found == things_.end() ? nullptr : found->second;
    }

  private:
    std::map<Key, const Thing *> things_;
};

using ObjectNumber = std::tuple<std::string, std::int64_t, std::int64_t>;
using PartNumber = std::pair<std::string, std::int64_t>;

ObjectNumber number_of(const Snapshot::value_type &object) {
    return {object.first.type, object.second.physical.catalog, object.second.physical.id};
}

PartNumber number_of(const Part &part) {
    return {part.type, part.physical.id};
}

template <class Things>
auto by_number(const Things &things) {
    using Thing = typename Things::value_type;
    ByNumber<decltype(number_of(std::declval<const Thing &>())), Thing> numbered;
    for (const Thing &thing : things)
        numbered.add(number_of(thing), &thing);
    return numbered;
}

std::vector<PairedPart> paired_parts(const SchemaObject &expected, const SchemaObject &actual, bool numbers) {
    std::vector<PairedPart> pairs;
    std::set<const Part *> told;
    if (numbers) {
        const auto old_parts = by_number(expected.parts);
        const auto new_parts = by_number(actual.parts);
        for (const Part &part : expected.parts) {
            const Part *same = part.physical.id == 0 ? nullptr : new_parts.find(number_of(part));
            if (same == nullptr || old_parts.find(number_of(part)) == nullptr)
                continue;
            pairs.push_back({&part, same, true});
            told.insert({&part, same});
        }
    }
    std::map<std::pair<std::string, std::string>, PairedPart> by_name;
    for (const Part &part : expected.parts) {
        if (!told.contains(&part))
            by_name[{part.type, part.name}].expected = &part;
    }
    for (const Part &part : actual.parts) {
        if (!told.contains(&part))
            by_name[{part.type, part.name}].actual = &part;
    }
    for (const auto &[name, pair] : by_name)
        pairs.push_back(pair);
    return pairs;
}

} // namespace

std::vector<PairedObject> paired(const Snapshot &expected, const Snapshot &actual, bool same_place) {
    std::vector<PairedObject> pairs;
    std::set<const Snapshot::value_type *> told;
    if (same_place) {
        const auto old_objects = by_number(expected);
        const auto new_objects = by_number(actual);
        for (const Snapshot::value_type &object : expected) {
            const Snapshot::value_type *same =
                object.second.physical.id == 0 ? nullptr : new_objects.find(number_of(object));
            if (same == nullptr || old_objects.find(number_of(object)) == nullptr)
                continue;
            pairs.push_back({&object, same, true, {}});
            told.insert({&object, same});
        }
    }
    std::map<ObjectKey, PairedObject> by_name;
    for (const Snapshot::value_type &object : expected) {
        if (!told.contains(&object))
            by_name[object.first].expected = &object;
    }
    for (const Snapshot::value_type &object : actual) {
        if (!told.contains(&object))
            by_name[object.first].actual = &object;
    }
    for (auto &[key, pair] : by_name)
        pairs.push_back(std::move(pair));
    for (PairedObject &pair : pairs) {
        if (pair.in_both())
            pair.parts = paired_parts(pair.expected->second, pair.actual->second, pair.same);
    }
    return pairs;
}

} // namespace turnstone::core
