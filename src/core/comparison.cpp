// Owns the comparison as a whole: what is paired with what (pairing.cpp) is renamed, recreated or changed in
// some property (values.cpp); what is in one state only came or went. What came or went with the object that
// it belongs to is not listed; nor is what is only an echo of another difference (echoes.cpp).
//
//  - The server's numbers (OIDs, numbers of columns) tell a renamed thing. The name of an object may also
//    read differently because something else was renamed: its schema, the type of an argument, a role. That
//    is no difference, and is known by the meaning of its own name.
//  - A table, materialized view or sequence of the same name and another number is another one: its rows are
//    not those of before. So is a column; those of such a table are not listed beside it. For views,
//    functions, indexes, constraints, triggers another number means nothing.
//  - Roles belong to the cluster: of them only renames are told, and everything that names them is compared
//    by the names that they have now.
//  - The members of an extension are those of its version: where that differs, they are not compared.
#include "turnstone/core/comparison.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include <nlohmann/json.hpp>

#include "turnstone/core/echoes.hpp"
#include "turnstone/core/identity.hpp"
#include "turnstone/core/values.hpp"

namespace turnstone::core {

namespace {

using nlohmann::json;

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
    return std::find(types.begin(), types.end(), type) != types.end();
}

// Whose rows are gone when they are dropped and made again.
bool holds_rows(const ObjectKey &key) {
    return is_one_of(key.type, {"table", "materialized view", "sequence"});
}

bool column_holds_rows(const ObjectKey &root, const Part &part) {
    return (part.type == "table column" && root.type == "table") || part.type == "composite type column";
}

// They are there always, or by themselves: there is a fact of them only where something is set. That they
// have none is that nothing is.
bool is_told_where_set(const std::string &type) {
    return is_one_of(type, {"system object", "role setting", "default acl", "parameter ACL"});
}

bool part_is_told_where_set(const Part &part) {
    return is_one_of(part.type, {"view column", "materialized view column"}) ||
           (part.type == "rule" && part.name == "\"_RETURN\"");
}

// Where it is not known what the one was, it is taken for the other.
bool are_other_ones(const Physical &expected, const Physical &actual) {
    return expected.id != 0 && actual.id != 0 && expected.id != actual.id;
}

// Their identities are made of the names of other things.
bool has_own_name(const std::string &type) {
    return !is_one_of(type, {"default acl", "user mapping", "cast", "transform", "database", "system object",
                             "role setting", "database setting", "large object"});
}

bool part_has_own_name(const std::string &type) {
    return is_one_of(type, {"table column", "view column", "composite type column", "foreign table column",
                            "table constraint", "domain constraint", "index", "trigger", "rule", "policy",
                            "enum label"});
}

// What the server has stored for the object's own name; empty where that is not recorded.
std::string meaning_of_name(const SchemaObject &object) {
    const json meanings = json::parse(object.physical.meanings, nullptr, false);
    if (!meanings.is_object())
        return {};
    const auto found = meanings.find("");
    return found != meanings.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The schema's OID, with which that begins ("2200.t.23 25").
std::string_view schema_in(std::string_view meaning) {
    const std::size_t end = std::min(meaning.find('.'), meaning.size());
    const std::string_view number = meaning.substr(0, end);
    const bool digits = !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
    return digits && end < meaning.size() ? number : std::string_view{};
}

std::string owner_of(const SchemaObject &object) {
    const json properties = json::parse(object.properties, nullptr, false);
    const bool known =
        properties.is_object() && properties.contains("owner") && properties["owner"].is_string();
    return known ? properties["owner"].get<std::string>() : std::string();
}

class Comparison {
  public:
    Comparison(const Snapshot &expected, const Snapshot &actual, const ComparedStates &how)
        : how_(how), objects_(paired(expected, actual, how.same_place)) {
        for (const PairedObject &object : objects_) {
            if (!object.same || object.expected->first.identity == object.actual->first.identity)
                continue;
            const std::string &from = object.expected->first.identity;
            const std::string &to = object.actual->first.identity;
            if (object.key().type == "role") {
                roles_.emplace(from, to);
                roles_.emplace(unquoted(from), unquoted(to));
            } else {
                renames_.emplace(from, to);
            }
        }
    }

    std::vector<Finding> findings() {
        for (const PairedObject &object : objects_) {
            if (object.key().type == "role")
                compare_role(object);
            else if (object.in_both())
                compare_object(object);
            else if (is_told_where_set(object.key().type))
                compare_settings(object);
            else
                add(object, nullptr, object.actual != nullptr ? Change::added : Change::removed, {});
        }
        return std::move(findings_);
    }

    [[nodiscard]] const std::vector<PairedObject> &objects() const { return objects_; }

  private:
    void add(const PairedObject &object, const PairedPart *part, Change change,
             const ValueDifference &value) {
        Finding finding;
        finding.object = &object;
        finding.part = part;
        finding.turn = value.turn;
        Difference &row = finding.row;
        row.change = change;
        row.root = object.key();
        row.root_catalog = object.either().second.physical.catalog;
        row.root_id = object.either().second.physical.id;
        row.object_type = object.key().type;
        row.identity = object.key().identity;
        if (part != nullptr) {
            row.part = part->either().name;
            row.part_id = part->either().physical.id;
            row.object_type = part->either().type;
            row.identity = part_identity(row.root, part->either());
        }
        row.property = value.property;
        row.expected = value.expected;
        row.actual = value.actual;
        findings_.push_back(std::move(finding));
    }

    void compare_role(const PairedObject &role) {
        if (role.same && role.expected->first.identity != role.actual->first.identity)
            add(role, nullptr, Change::renamed,
                {Change::renamed, "name", role.expected->first.identity, role.actual->first.identity,
                 Turn::other});
    }

    void compare_object(const PairedObject &object) {
        if (object.same)
            compare_names(object);
        else if (how_.same_place && holds_rows(object.key()) &&
                 are_other_ones(object.expected->second.physical, object.actual->second.physical))
            add(object, nullptr, Change::recreated, {});
        prepare(object);
        compare_values(object, nullptr);
        const bool of_another_version =
            object.key().type == "extension" &&
            std::any_of(findings_.begin(), findings_.end(), [&](const Finding &finding) {
                return finding.object == &object && finding.row.property == "version";
            });
        if (of_another_version)
            return;
        for (const PairedPart &part : object.parts)
            compare_part(object, part);
    }

    void compare_names(const PairedObject &object) {
        const std::string &from = object.expected->first.identity;
        const std::string &to = object.actual->first.identity;
        if (from == to || !has_own_name(object.key().type))
            return;
        const std::string old_meaning = meaning_of_name(object.expected->second);
        const std::string new_meaning = meaning_of_name(object.actual->second);
        const bool known = !old_meaning.empty() && !new_meaning.empty();
        if (known && old_meaning == new_meaning)
            return; // its schema, or a type in its name, is called otherwise
        const QualifiedName was = qualified_name(from);
        const QualifiedName is = qualified_name(to);
        const bool schemas_known =
            known && !schema_in(old_meaning).empty() && !schema_in(new_meaning).empty();
        const bool moved =
            schemas_known ? schema_in(old_meaning) != schema_in(new_meaning) : was.schema != is.schema;
        const bool renamed = own_name(from) != own_name(to);
        if (moved)
            add(object, nullptr, Change::renamed,
                {Change::renamed, "schema", std::string(was.schema), std::string(is.schema), Turn::other});
        if (renamed || !moved)
            add(object, nullptr, Change::renamed,
                {Change::renamed, "name", std::string(own_name(from)), std::string(own_name(to)),
                 Turn::other});
    }

    [[nodiscard]] bool is_remade(const PairedObject &object, const PairedPart &part) const {
        return object.same && part.expected != nullptr && part.actual != nullptr &&
               are_other_ones(part.expected->physical, part.actual->physical) &&
               column_holds_rows(object.key(), *part.actual);
    }

    void compare_settings(const PairedObject &object) {
        old_owner_.clear();
        new_owner_.clear();
        part_renames_.clear();
        known_parts_.clear();
        remade_parts_.clear();
        compare_values(object, nullptr);
    }

    void prepare(const PairedObject &object) {
        old_owner_ = owner_of(object.expected->second);
        new_owner_ = owner_of(object.actual->second);
        const auto now = roles_.find(old_owner_);
        if (now != roles_.end())
            old_owner_ = now->second;
        part_renames_.clear();
        known_parts_.clear();
        remade_parts_.clear();
        for (const PairedPart &part : object.parts) {
            if (part.expected != nullptr)
                known_parts_.insert(unquoted(part.expected->name));
            if (part.actual != nullptr)
                known_parts_.insert(unquoted(part.actual->name));
            if (part.same && part.expected != nullptr && part.actual != nullptr &&
                part.expected->name != part.actual->name)
                part_renames_.emplace(part.expected->name, part.actual->name);
            if (is_remade(object, part))
                remade_parts_.insert(unquoted(part.actual->name));
        }
    }

    void compare_part(const PairedObject &object, const PairedPart &part) {
        if ((part.expected == nullptr || part.actual == nullptr) && part_is_told_where_set(part.either()))
            return compare_values(object, &part);
        if (part.expected == nullptr)
            return add(object, &part, Change::added, {});
        if (part.actual == nullptr)
            return add(object, &part, Change::removed, {});
        if (part.same && part.expected->name != part.actual->name && part_has_own_name(part.actual->type))
            add(object, &part, Change::renamed,
                {Change::renamed, "name", part.expected->name, part.actual->name, Turn::other});
        else if (is_remade(object, part))
            add(object, &part, Change::recreated, {});
        compare_values(object, &part);
    }

    void compare_values(const PairedObject &object, const PairedPart *part) {
        static const Part nothing;
        static const SchemaObject no_object;
        static const std::string &none = nothing.properties;
        const Part &old_part = part != nullptr && part->expected != nullptr ? *part->expected : nothing;
        const Part &new_part = part != nullptr && part->actual != nullptr ? *part->actual : nothing;
        const SchemaObject &old_object = object.expected != nullptr ? object.expected->second : no_object;
        const SchemaObject &new_object = object.actual != nullptr ? object.actual->second : no_object;
        const std::string &expected = part != nullptr ? old_part.properties : old_object.properties;
        const std::string &actual = part != nullptr ? new_part.properties : new_object.properties;
        if (expected == actual)
            return;
        const Physical &was = part != nullptr ? old_part.physical : old_object.physical;
        const Physical &is = part != nullptr ? new_part.physical : new_object.physical;
        const ComparedValues values{
            expected,
            actual,
            how_.same_place ? was.meanings : none,
            how_.same_place ? is.meanings : none,
            roles_,
            renames_,
            part_renames_,
            old_owner_,
            new_owner_,
            known_parts_,
            remade_parts_,
            [&](const std::string &property, const std::string &left, const std::string &right) {
                return how_.equivalent &&
                       how_.equivalent({object.key(), new_object.physical.id, new_part.type, new_part.name,
                                        is.id, property, left, right});
            }};
        for (const ValueDifference &value : differing_values(values))
            add(object, part, value.change, value);
    }

    const ComparedStates &how_;
    std::vector<PairedObject> objects_;
    Renames roles_;
    Renames renames_;
    // Of the object that is being compared.
    std::string old_owner_;
    std::string new_owner_;
    Renames part_renames_;
    std::set<std::string> known_parts_;
    std::set<std::string> remade_parts_;
    std::vector<Finding> findings_;
};

} // namespace

std::vector<Difference> differences(const Snapshot &expected, const Snapshot &actual,
                                    const ComparedStates &how) {
    Comparison comparison(expected, actual, how);
    std::vector<Finding> findings = comparison.findings();
    drop_echoes(findings, comparison.objects());
    std::vector<Difference> rows;
    rows.reserve(findings.size());
    for (Finding &finding : findings) {
        finding.row.severity =
            severity_of(finding.row.object_type, finding.row.change, finding.row.property, finding.turn);
        rows.push_back(std::move(finding.row));
    }
    const auto place = [](const Difference &row) {
        return std::tuple<const ObjectKey &, bool, const std::string &, const std::string &>(
            row.root, !row.part.empty(), row.object_type, row.identity);
    };
    std::stable_sort(rows.begin(), rows.end(), [&](const Difference &left, const Difference &right) {
        return place(left) < place(right);
    });
    return rows;
}

void keep_schemas(std::vector<Difference> &found, const std::vector<std::string> &schemas) {
    if (schemas.empty())
        return;
    const auto asked_for = [&](std::string_view schema) {
        return std::find(schemas.begin(), schemas.end(), schema) != schemas.end();
    };
    std::erase_if(found, [&](const Difference &row) {
        if (row.root.type == "schema")
            return !asked_for(row.root.identity) &&
                   !(row.change == Change::renamed && asked_for(row.expected));
        return !asked_for(qualified_name(row.root.identity).schema) &&
               !(row.change == Change::renamed && row.property == "schema" && asked_for(row.expected));
    });
}

} // namespace turnstone::core
