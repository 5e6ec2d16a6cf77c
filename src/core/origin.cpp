#include "turnstone/core/origin.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/error.hpp"

namespace turnstone::core {

namespace {

using nlohmann::json;

std::string text_of(const json &value) {
    return value.dump(-1, ' ', false, json::error_handler_t::ignore);
}

json parsed(const std::string &text) {
    return text.empty() ? json::object() : json::parse(text, nullptr, false);
}

std::string_view head_of(std::string_view property) {
    return property.substr(0, property.find('/'));
}

// ------------------------------------------------------------------------------ which properties changed

// What belongs to an order comes and goes by itself: only a change of the order is one of this property.
bool is_order(std::string_view property) {
    return property.ends_with("order");
}

json common_elements(const json &of, const json &other) {
    json common = json::array();
    for (const json &element : of) {
        if (std::find(other.begin(), other.end(), element) != other.end())
            common.push_back(element);
    }
    return common;
}

bool same_value(const std::string &property, const json &before, const json &after) {
    if (is_order(property) && before.is_array() && after.is_array())
        return common_elements(before, after) == common_elements(after, before);
    return before == after;
}

bool same_meaning(const json &before, const json &after, const std::string &property) {
    return before.contains(property) && after.contains(property) && before[property] == after[property];
}

// A change, as keys of Origins; `same_as`: the key that a role's privileges had before the role was renamed.
struct Changed {
    std::string property;
    std::string same_as = {};
};

void changes_in_map(const std::string &property, const json &before, const json &after,
                    std::vector<Changed> &found) {
    json all = before;
    all.update(after);
    for (const auto &[key, unused] : all.items()) {
        const bool was = before.contains(key);
        const bool is = after.contains(key);
        if (was && is && before[key] == after[key])
            continue;
        Changed changed{fmt::format("{}/{}", property, key)};
        for (const auto &[other, value] : before.items()) {
            if (!was && !after.contains(other) && value == after[key])
                changed.same_as = fmt::format("{}/{}", property, other);
        }
        found.push_back(std::move(changed));
    }
}

std::vector<Changed> changes(const std::string &before, const Physical &before_physical,
                             const std::string &after, const Physical &after_physical) {
    std::vector<Changed> found;
    if (before == after)
        return found;
    const json left = parsed(before);
    const json right = parsed(after);
    if (!left.is_object() || !right.is_object()) // a database without an encoding may hold any bytes
        return {{"properties"}};
    const json left_meanings = parsed(before_physical.meanings);
    const json right_meanings = parsed(after_physical.meanings);
    json all = left;
    all.update(right);
    for (const auto &[property, unused] : all.items()) {
        const json was = left.value(property, json());
        const json is = right.value(property, json());
        if (same_value(property, was, is) || same_meaning(left_meanings, right_meanings, property))
            continue;
        const auto is_map = [](const json &value) { return value.is_null() || value.is_object(); };
        if (is_map(was) && is_map(is))
            changes_in_map(property, was.is_null() ? json::object() : was, is.is_null() ? json::object() : is,
                           found);
        else
            found.push_back({property});
    }
    return found;
}

// ---------------------------------------------------------------------------------------- what did it

using Touches = std::vector<Touched>;

template <class Condition>
const Touched *last_of_all(const Touches &touches, const Condition &condition) {
    const auto found = std::find_if(touches.rbegin(), touches.rend(), condition);
    return found == touches.rend() ? nullptr : &*found;
}

template <class Condition>
const Touched *last(const Touches &touches, const Condition &condition) {
    return last_of_all(touches, [&](const Touched &touched) {
        return touched.how != Touched::How::dropped && condition(touched);
    });
}

const Touched *last_created(const Touches &touches) {
    return last(touches, [](const Touched &touched) { return touched.how == Touched::How::created; });
}

const Touched *last_of_any_kind(const Touches &touches) {
    return last(touches, [](const Touched &) { return true; });
}

// By what is said of that property, or of another key of the same map.
const Touched *last_naming(const Touches &touches, const std::string &property) {
    if (const Touched *exact = last(touches, [&](const Touched &t) { return t.property == property; });
        exact != nullptr)
        return exact;
    const std::string_view head = head_of(property);
    return last(touches,
                [&](const Touched &t) { return !t.property.empty() && head_of(t.property) == head; });
}

// What a run did, seen from one object.
class Course {
  public:
    explicit Course(const Evidence &evidence) : evidence_(evidence), of_object_(evidence.touches(nullptr)) {}

    [[nodiscard]] const Touches &of_object() const { return of_object_; }
    [[nodiscard]] Touches of(const Part &part) const { return evidence_.touches(&part); }
    [[nodiscard]] const Evidence &evidence() const { return evidence_; }

    // `part`: the touches of the part whose property it is; null for one of the object itself. None where
    // nothing but a role's name has changed.
    [[nodiscard]] std::optional<Origin> of_property(const std::string &prefix, const Touches *part,
                                                    const std::string &property) const {
        const Touches &own = part != nullptr ? *part : of_object_;
        if (const Touched *named = last_naming(own, property); named != nullptr)
            return named->origin;
        if (part != nullptr) {
            const std::string key = prefix + property;
            if (const Touched *named =
                    last(of_object_, [&](const Touched &touched) { return touched.property == key; });
                named != nullptr)
                return named->origin;
        }
        if (evidence_.roles_renamed && names_roles(property))
            return std::nullopt;
        // A statement that is not known to have altered something else.
        if (const Touched *any = last(own, [](const Touched &touched) { return touched.property.empty(); });
            any != nullptr)
            return any->origin;
        if (const Touched *any = last_of_any_kind(own); any != nullptr)
            return any->origin;
        if (const Touched *any = last_of_any_kind(of_object_); any != nullptr)
            return any->origin;
        return evidence_.otherwise;
    }

    [[nodiscard]] Origin of_new_part(const std::string &key, const Touches &touches,
                                     const std::optional<Origin> &of_new_object) const {
        if (const Touched *made = last_created(touches); made != nullptr)
            return made->origin;
        if (const Touched *made =
                last(touches, [](const Touched &touched) { return touched.how == Touched::How::rebuilt; });
            made != nullptr)
            return made->origin;
        if (const Touched *named =
                last(of_object_, [&](const Touched &touched) { return touched.property == key; });
            named != nullptr)
            return named->origin;
        if (of_new_object)
            return *of_new_object;
        if (const Touched *any = last_of_any_kind(touches); any != nullptr)
            return any->origin;
        if (const Touched *any = last_of_any_kind(of_object_); any != nullptr)
            return any->origin;
        return evidence_.otherwise;
    }

  private:
    static bool names_roles(std::string_view property) {
        const std::string_view head = head_of(property);
        return head == "owner" || head == "privileges" || head == "roles";
    }

    const Evidence &evidence_;
    const Touches of_object_;
};

// What statements of the same run have changed behind the one that made it, as far as they say what.
void add_later_changes(const Touches &touches, const std::string &prefix, const Origin &made,
                       Origins &origins) {
    const Touched *creation = last_created(touches);
    bool behind = creation == nullptr;
    for (const Touched &touched : touches) {
        if (behind && touched.how == Touched::How::altered && !touched.property.empty()) {
            if (touched.origin == made)
                origins.erase(prefix + touched.property);
            else
                origins.insert_or_assign(prefix + touched.property, touched.origin);
        }
        behind = behind || &touched == creation;
    }
}

void erase_part(Origins &origins, const std::string &key) {
    std::erase_if(
        origins, [&](const auto &entry) { return entry.first == key || entry.first.starts_with(key + '/'); });
}

bool is_new(const Part *old, const Part &part, const Touches &touches) {
    if (old == nullptr)
        return true;
    if (old->physical.id == part.physical.id || last_created(touches) == nullptr)
        return false;
    // An index or a constraint that was made again as it was, is what it was.
    return part.type.ends_with("column") || old->properties != part.properties || old->type != part.type;
}

// Parts that statements of the run name though they are parts of the object (labels of an enum) are no
// properties of it.
bool names_part(const SchemaObject &object, const std::string &property) {
    for (const Part &part : object.parts) {
        if (property.starts_with(part.type + '/'))
            return true;
    }
    return false;
}

Origins of_new_object(const SchemaObject &after, const Course &course) {
    Origins origins;
    const Touched *creation = last_created(course.of_object());
    const Origin made = creation != nullptr ? creation->origin : course.evidence().otherwise;
    add_later_changes(course.of_object(), {}, made, origins);
    std::erase_if(origins, [&](const auto &entry) { return names_part(after, entry.first); });
    for (const Part &part : after.parts) {
        const std::string key = part_key(part);
        const Touches touches = course.of(part);
        const Origin own = course.of_new_part(key, touches, made);
        if (own != made)
            origins.insert_or_assign(key, own);
        add_later_changes(touches, key + '/', own, origins);
    }
    origins.insert_or_assign("", made);
    return origins;
}

void note_changes(const std::vector<Changed> &found, const std::string &prefix, const Touches *of_part,
                  const Course &course, const Origins &known, Origins &origins) {
    for (const Changed &changed : found) {
        const auto origin = course.of_property(prefix, of_part, changed.property);
        if (origin) {
            origins.insert_or_assign(prefix + changed.property, *origin);
            continue;
        }
        const auto old = known.find(prefix + changed.same_as);
        if (!changed.same_as.empty() && old != known.end())
            origins.insert_or_assign(prefix + changed.property, old->second);
        else if (head_of(changed.property) != changed.property) // of a role, under its former name
            origins.erase(prefix + changed.property);
    }
}

bool is_renamed(const Snapshot::value_type &before, const Snapshot::value_type &after) {
    return before.first != after.first &&
           !same_meaning(parsed(before.second.physical.meanings), parsed(after.second.physical.meanings), "");
}

// Those of a part, under the name that it has now.
void move_part(const Origins &known, const std::string &old_key, const std::string &key, Origins &origins) {
    for (const auto &[entry, origin] : known) {
        if (entry == old_key || entry.starts_with(old_key + '/'))
            origins.insert_or_assign(key + entry.substr(old_key.size()), origin);
    }
}

Origins of_known_object(const Snapshot::value_type &before, const Origins &known,
                        const Snapshot::value_type &after, const Course &course) {
    const SchemaObject &old_object = before.second;
    Origins origins = known;
    for (const Part &part : old_object.parts)
        erase_part(origins, part_key(part));
    origins.try_emplace("", Origin{});
    const Origin made = origins[""];
    if (is_renamed(before, after)) {
        if (const auto origin = course.of_property({}, nullptr, "name"); origin)
            origins.insert_or_assign("name", *origin);
    }
    note_changes(
        changes(old_object.properties, old_object.physical, after.second.properties, after.second.physical),
        {}, nullptr, course, known, origins);
    for (const Part &part : after.second.parts) {
        const Part *old = counterpart(old_object, part);
        const std::string key = part_key(part);
        if (old != nullptr && old->name == part.name && old->properties == part.properties &&
            old->physical.id == part.physical.id) {
            move_part(known, key, key, origins);
            continue;
        }
        const Touches touches = course.of(part);
        if (is_new(old, part, touches)) {
            const Origin own = course.of_new_part(key, touches, std::nullopt);
            if (own != made)
                origins.insert_or_assign(key, own);
            add_later_changes(touches, key + '/', own, origins);
            continue;
        }
        move_part(known, part_key(*old), key, origins);
        if (old->name != part.name)
            note_changes({{"name"}}, key + '/', &touches, course, known, origins);
        note_changes(changes(old->properties, old->physical, part.properties, part.physical), key + '/',
                     &touches, course, known, origins);
    }
    return origins;
}

} // namespace

std::string origins_text(const Origins &origins) {
    json text = json::object();
    for (const auto &[key, origin] : origins) {
        if (origin.journal == 0)
            text[key] = nullptr;
        else
            text[key] = {origin.journal, origin.statement == 0 ? json() : json(origin.statement)};
    }
    return text_of(text);
}

namespace {

[[noreturn]] void refuse_record() {
    throw Error(ErrorCode::internal, "the record of where an object comes from cannot be read");
}

Origin origin_of(const json &entry) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number_integer() ||
        !(entry[1].is_null() || entry[1].is_number_integer()))
        refuse_record();
    const auto journal = entry[0].get<std::int64_t>();
    const auto statement = entry[1].is_null() ? std::int64_t{0} : entry[1].get<std::int64_t>();
    if (journal < 1 || statement < (entry[1].is_null() ? 0 : 1) ||
        statement > std::numeric_limits<int>::max())
        refuse_record();
    return {journal, static_cast<int>(statement)};
}

} // namespace

Origins origins_of(const std::string &text) {
    Origins origins;
    const json entries = parsed(text);
    if (!entries.is_object())
        refuse_record();
    for (const auto &[key, entry] : entries.items()) {
        Origin origin;
        if (!entry.is_null())
            origin = origin_of(entry);
        origins.emplace(key, origin);
    }
    return origins;
}

std::string part_key(const Part &part) {
    return part.type + '/' + part.name;
}

Origins origins_behind(const Snapshot::value_type *before, const Origins &known,
                       const Snapshot::value_type &after, const Evidence &evidence) {
    const Course course(evidence);
    if (before == nullptr || (before->second.physical.id != after.second.physical.id &&
                              last_created(course.of_object()) != nullptr))
        return of_new_object(after.second, course);
    return of_known_object(*before, known, after, course);
}

Origins removals(const Snapshot::value_type &before, const Snapshot::value_type *after,
                 const Evidence &evidence_of_before) {
    const auto dropped = [](const Touches &touches) {
        return last_of_all(touches,
                           [](const Touched &touched) { return touched.how == Touched::How::dropped; });
    };
    Origins origins;
    const Touches of_object = evidence_of_before.touches(nullptr);
    const Touched *object_dropped = dropped(of_object);
    const bool made_again = after != nullptr && after->second.physical.id != before.second.physical.id;
    if (after == nullptr || (made_again && object_dropped != nullptr)) {
        origins.emplace("removed",
                        object_dropped != nullptr ? object_dropped->origin : evidence_of_before.otherwise);
        return origins;
    }
    for (const Part &part : before.second.parts) {
        if (counterpart(after->second, part) != nullptr)
            continue;
        const Touches touches = evidence_of_before.touches(&part);
        const Touched *part_dropped = dropped(touches);
        origins.emplace(part_key(part) + "/removed",
                        part_dropped != nullptr ? part_dropped->origin : evidence_of_before.otherwise);
    }
    return origins;
}

} // namespace turnstone::core
