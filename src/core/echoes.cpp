// The rule: what the server does by itself along with a statement is an echo of it. What the statement had to
// ask for (CASCADE) is listed, for each of it must be put right. So echoes are
//  - what was in a schema that is gone; the partitions of a table that is gone;
//  - the indexes and constraints of a column that is gone; the statistics of a column or table that is gone;
//    a table's place in a publication;
//  - the sequence of a serial column that came, went or was made again, or moved, changed hands or became
//    unlogged with its table;
//  - in children and partitions, in tables of a type: what happened to the same column or constraint of the
//    parent;
//  - NOT NULL of the columns of a new primary key; the index that became a constraint; the family that was
//    made for an operator class;
//  - of a partition attached or detached: its indexes and keys that became the parent's or were, that its
//    columns are inherited; parent and bound are one row ("partition of");
//  - the limits of a sequence whose type changed, or whose column's; the sequence of a column that became an
//    identity column, or ceased to be one.
// A cause that has been put right hides nothing any more: what is then still missing is listed.
#include "turnstone/core/echoes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include <nlohmann/json.hpp>

#include "turnstone/core/identity.hpp"

namespace turnstone::core {

namespace {

using nlohmann::json;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

json properties_of(const std::string &text) {
    json properties = text.empty() ? json::object() : json::parse(text, nullptr, false);
    return properties.is_object() ? properties : json::object();
}

std::string text_property(const json &properties, const char *name) {
    const auto found = properties.find(name);
    return found != properties.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The strings among the values, also those within lists.
std::vector<std::string> texts_in(const json &value) {
    if (value.is_string())
        return {value.get<std::string>()};
    std::vector<std::string> texts;
    if (value.is_structured()) {
        for (const json &element : value) {
            for (std::string &text : texts_in(element))
                texts.push_back(std::move(text));
        }
    }
    return texts;
}

bool is_whole(const Finding &finding, Change change) {
    return finding.part == nullptr && finding.row.change == change;
}

bool is_table(std::string_view type) {
    return is_one_of(type, {"table", "foreign table"});
}

bool is_column(std::string_view type) {
    return is_one_of(type, {"table column", "foreign table column", "composite type column"});
}

// What an index or constraint is, without its name and table. Of "CREATE INDEX name ON table USING ...", as
// the server writes it, what is behind USING.
json essence_of(const Part &part) {
    json essence = properties_of(part.properties);
    for (const char *of_one_alone : {"comment", "inherited", "clustered", "replica identity", "tablespace",
                                     "valid", "statistics", "options"})
        essence.erase(of_one_alone);
    const std::string definition = text_property(essence, "definition");
    const std::size_t method = definition.find(" USING ");
    if (definition.starts_with("CREATE ") && method != std::string::npos) {
        essence["definition"] = definition.substr(method);
        essence["unique"] = definition.starts_with("CREATE UNIQUE ");
    }
    return essence;
}

class Echoes {
  public:
    Echoes(const std::vector<Finding> &findings, const std::vector<PairedObject> &objects) {
        for (const PairedObject &object : objects) {
            if (object.expected != nullptr)
                was_called_.emplace(object.expected->first.identity, &object);
            if (object.actual != nullptr)
                is_called_.emplace(object.actual->first.identity, &object);
        }
        for (const Finding &finding : findings) {
            of_object_[finding.object].push_back(&finding);
            const Difference &row = finding.row;
            if (row.property.empty())
                whole_.emplace(row.change, row.object_type, row.identity);
            if (is_whole(finding, Change::removed) && row.object_type == "schema")
                removed_schemas_.insert(row.identity);
        }
    }

    [[nodiscard]] bool is_echo(const Finding &finding) const {
        return in_removed_schema(finding) || of_removed_partitioned(finding) || of_serial_column(finding) ||
               of_removed_column(finding) || statistics_of_removed(finding) || published_removed(finding) ||
               of_parent(finding) || of_primary_key(finding) || became_constraint(finding) ||
               family_of_class(finding) || of_attachment(finding) || of_changed_type(finding) ||
               of_identity(finding);
    }

  private:
    using ObjectFindings = std::vector<const Finding *>;

    [[nodiscard]] const ObjectFindings &of(const PairedObject *object) const {
        static const ObjectFindings none;
        const auto found = of_object_.find(object);
        return found == of_object_.end() ? none : found->second;
    }

    [[nodiscard]] bool has_whole(Change change, std::string_view type, const std::string &identity) const {
        return whole_.contains({change, std::string(type), identity});
    }

    [[nodiscard]] const PairedObject *find(const std::string &identity, bool expected) const {
        const auto &names = expected ? was_called_ : is_called_;
        const auto found = names.find(identity);
        return found == names.end() ? nullptr : found->second;
    }

    static json expected_of(const PairedObject &object) {
        return object.expected == nullptr ? json::object()
                                          : properties_of(object.expected->second.properties);
    }

    static json actual_of(const PairedObject &object) {
        return object.actual == nullptr ? json::object() : properties_of(object.actual->second.properties);
    }

    [[nodiscard]] std::vector<const PairedObject *> parents(const PairedObject &object, bool expected) const {
        const json properties = expected ? expected_of(object) : actual_of(object);
        std::vector<const PairedObject *> found;
        for (const char *property : {"parents", "of type"}) {
            for (const std::string &identity : texts_in(properties.value(property, json()))) {
                if (const PairedObject *parent = find(identity, expected);
                    parent != nullptr && parent != &object)
                    found.push_back(parent);
            }
        }
        return found;
    }

    // ------------------------------------------------------------------------------------ gone with another

    [[nodiscard]] bool in_removed_schema(const Finding &finding) const {
        return is_whole(finding, Change::removed) && finding.row.object_type != "schema" &&
               removed_schemas_.contains(qualified_name(finding.row.identity).schema);
    }

    [[nodiscard]] bool of_removed_partitioned(const Finding &finding) const {
        if (!is_whole(finding, Change::removed) || !is_table(finding.row.object_type))
            return false;
        if (!expected_of(*finding.object).contains("partition bound"))
            return false;
        const auto above = parents(*finding.object, true);
        return std::any_of(above.begin(), above.end(),
                           [](const PairedObject *parent) { return parent->actual == nullptr; });
    }

    [[nodiscard]] bool of_removed_column(const Finding &finding) const {
        if (finding.part == nullptr || finding.row.change != Change::removed ||
            !is_one_of(finding.row.object_type, {"index", "table constraint"}))
            return false;
        const std::vector<std::string> texts = texts_in(properties_of(finding.part->expected->properties));
        return mentions_removed_column(of(finding.object), texts);
    }

    static bool mentions_removed_column(const ObjectFindings &of_table,
                                        const std::vector<std::string> &texts) {
        return std::any_of(of_table.begin(), of_table.end(), [&](const Finding *other) {
            return other->row.change == Change::removed && is_column(other->row.object_type) &&
                   std::any_of(texts.begin(), texts.end(), [&](const std::string &text) {
                       std::string_view own = text; // not the columns that a foreign key refers to
                       own = own.substr(0, own.find(" REFERENCES "));
                       const std::size_t method = own.find(" USING ");
                       if (own.starts_with("CREATE ") && method != std::string_view::npos)
                           own.remove_prefix(method);
                       return mentions(own, unquoted(other->row.part));
                   });
        });
    }

    [[nodiscard]] bool statistics_of_removed(const Finding &finding) const {
        if (!is_whole(finding, Change::removed) || finding.row.object_type != "statistics object")
            return false;
        const std::vector<std::string> texts = texts_in(expected_of(*finding.object));
        for (const std::string &text : texts) {
            const std::size_t from = text.rfind(" FROM ");
            const PairedObject *table =
                find(from == std::string::npos ? text : text.substr(from + sizeof " FROM " - 1), true);
            if (table == nullptr || table == finding.object)
                continue;
            if (table->actual == nullptr || mentions_removed_column(of(table), texts))
                return true;
        }
        return false;
    }

    [[nodiscard]] bool published_removed(const Finding &finding) const {
        if (finding.part == nullptr || finding.row.change != Change::removed ||
            !finding.row.object_type.starts_with("publication "))
            return false;
        const PairedObject *published = find(finding.row.part, true);
        return published != nullptr && published->actual == nullptr;
    }

    // ---------------------------------------------------------------------------------- sequences of columns

    [[nodiscard]] bool of_serial_column(const Finding &finding) const {
        if (finding.part != nullptr || finding.object->key().type != "sequence")
            return false;
        const Difference &row = finding.row;
        const bool gone = row.change == Change::removed;
        const json properties = gone ? expected_of(*finding.object) : actual_of(*finding.object);
        const std::string column = text_property(properties, "owned by");
        if (column.empty())
            return false;
        const QualifiedName in_schema = qualified_name(column);
        const std::size_t dot = qualified_name(in_schema.name).schema.size();
        if (dot == 0)
            return false;
        const std::string table = column.substr(0, in_schema.schema.size() + 1 + dot);
        if (row.property.empty())
            return has_whole(row.change, "table column", column) || has_whole(row.change, "table", table) ||
                   has_whole(row.change, "foreign table", table);
        if (!is_one_of(row.property, {"owner", "persistence", "schema"}))
            return false;
        return has_same_row(of(find(table, false)), finding);
    }

    // Of the object that they are about, not of its parts.
    static bool has_same_row(const ObjectFindings &others, const Finding &finding) {
        return std::any_of(others.begin(), others.end(), [&](const Finding *other) {
            return other->part == nullptr && same_values(other->row, finding.row);
        });
    }

    static bool same_values(const Difference &left, const Difference &right) {
        return std::tie(left.change, left.property, left.expected, left.actual) ==
               std::tie(right.change, right.property, right.expected, right.actual);
    }

    // --------------------------------------------------------------------------------------------- parents

    // The properties that ALTER TABLE hands down. Grants, comments, options it does not.
    static bool is_handed_down(const Difference &row) {
        if (row.object_type == "table constraint")
            return row.property != "comment";
        return is_column(row.object_type) &&
               (row.change != Change::changed ||
                is_one_of(row.property, {"type", "collation", "not null", "default", "generated", "identity",
                                         "storage", "statistics"}) ||
                row.property.starts_with("identity "));
    }

    [[nodiscard]] bool of_parent(const Finding &finding) const {
        if (finding.part == nullptr || !finding.object->in_both() || !is_handed_down(finding.row))
            return false;
        for (const bool expected : {false, true}) {
            for (const PairedObject *parent : parents(*finding.object, expected)) {
                const ObjectFindings &above = of(parent);
                if (std::any_of(above.begin(), above.end(), [&](const Finding *other) {
                        return other->part != nullptr &&
                               is_column(other->row.object_type) == is_column(finding.row.object_type) &&
                               other->row.part == finding.row.part && same_values(other->row, finding.row);
                    }))
                    return true;
            }
        }
        return false;
    }

    // ------------------------------------------------------------------------- done along with something new

    [[nodiscard]] bool of_primary_key(const Finding &finding) const {
        if (finding.part == nullptr || finding.row.property != "not null" || finding.turn != Turn::gained)
            return false;
        const ObjectFindings &others = of(finding.object);
        return std::any_of(others.begin(), others.end(), [&](const Finding *other) {
            if (other->row.change != Change::added || other->row.object_type != "table constraint")
                return false;
            const std::vector<std::string> texts = texts_in(properties_of(other->part->actual->properties));
            return std::any_of(texts.begin(), texts.end(), [&](const std::string &text) {
                return text.starts_with("PRIMARY KEY") && mentions(text, unquoted(finding.row.part));
            });
        });
    }

    // ALTER TABLE ... ADD ... USING INDEX: no other index may have the constraint's name.
    [[nodiscard]] bool became_constraint(const Finding &finding) const {
        if (finding.row.change != Change::removed || finding.row.object_type != "index")
            return false;
        const ObjectFindings &others = of(finding.object);
        return std::any_of(others.begin(), others.end(), [&](const Finding *other) {
            return other->row.change == Change::added && other->row.object_type == "table constraint" &&
                   other->row.part == finding.row.part &&
                   !text_property(properties_of(other->part->actual->properties), "definition")
                        .starts_with("CHECK");
        });
    }

    [[nodiscard]] bool family_of_class(const Finding &finding) const {
        const Change change = finding.row.change;
        return finding.part == nullptr && finding.row.object_type == "operator family" &&
               (change == Change::added || change == Change::removed) &&
               has_whole(change, "operator class", finding.row.identity);
    }

    // -------------------------------------------------------------------------------- attached and detached

    // Whether the object has other parents than were expected.
    [[nodiscard]] bool has_other_parents(const PairedObject *object) const {
        const ObjectFindings &rows = of(object);
        return std::any_of(rows.begin(), rows.end(), [](const Finding *finding) {
            return finding->part == nullptr && is_one_of(finding->row.property, {"parents", "of type"});
        });
    }

    [[nodiscard]] bool of_attachment(const Finding &finding) const {
        if (finding.part == nullptr || !finding.object->in_both())
            return false;
        if (finding.row.property == "inherited")
            return has_other_parents(finding.object) || was_kept(finding);
        if (!is_one_of(finding.row.object_type, {"index", "table constraint", "trigger"}) ||
            !has_other_parents(finding.object))
            return false;
        if (finding.row.change == Change::removed)
            return is_of_an_ancestor(*finding.object, *finding.part->expected, false);
        if (finding.row.change == Change::added)
            return is_of_an_ancestor(*finding.object, *finding.part->actual, true);
        return false;
    }

    // A column that the child has of its own since the parent's is gone.
    [[nodiscard]] bool was_kept(const Finding &finding) const {
        for (const PairedObject *parent : parents(*finding.object, false)) {
            const ObjectFindings &rows = of(parent);
            if (std::any_of(rows.begin(), rows.end(), [&](const Finding *other) {
                    return other->part != nullptr && other->row.property.empty() &&
                           other->row.object_type == finding.row.object_type &&
                           other->row.part == finding.row.part;
                }))
                return true;
        }
        return false;
    }

    // Each ancestor is looked at once, by however many ways it is one; a snapshot from elsewhere may also go
    // in circles.
    [[nodiscard]] bool is_of_an_ancestor(const PairedObject &object, const Part &part, bool expected) const {
        const json essence = essence_of(part);
        std::set<const PairedObject *> seen{&object};
        std::vector<const PairedObject *> children{&object};
        while (!children.empty()) {
            const PairedObject &child = *children.back();
            children.pop_back();
            for (const PairedObject *parent : parents(child, expected)) {
                const Snapshot::value_type *state = expected ? parent->expected : parent->actual;
                if (state == nullptr || !seen.insert(parent).second)
                    continue;
                const std::vector<Part> &parts = state->second.parts;
                if (std::any_of(parts.begin(), parts.end(), [&](const Part &other) {
                        return other.type == part.type && essence_of(other) == essence;
                    }))
                    return true;
                children.push_back(parent);
            }
        }
        return false;
    }

    // ----------------------------------------------------------------------------------------------- types

    // The limits of a sequence follow its type, and an identity column's sequence follows the column.
    [[nodiscard]] bool of_changed_type(const Finding &finding) const {
        if (finding.row.change != Change::changed)
            return false;
        const bool of_identity =
            is_one_of(finding.row.property, {"identity type", "identity minimum", "identity maximum"});
        const bool of_sequence = finding.object->key().type == "sequence" &&
                                 is_one_of(finding.row.property, {"minimum", "maximum"});
        if (!of_identity && !of_sequence)
            return false;
        const ObjectFindings &others = of(finding.object);
        return std::any_of(others.begin(), others.end(), [&](const Finding *other) {
            return other->part == finding.part && other->row.property == "type";
        });
    }

    // A column that became an identity column, or is none any more: its sequence comes and goes with that.
    [[nodiscard]] bool of_identity(const Finding &finding) const {
        if (finding.part == nullptr || !finding.row.property.starts_with("identity "))
            return false;
        const ObjectFindings &others = of(finding.object);
        return std::any_of(others.begin(), others.end(), [&](const Finding *other) {
            return other->part == finding.part && other->row.property == "identity" &&
                   other->turn != Turn::other;
        });
    }

    std::map<std::string, const PairedObject *, std::less<>> was_called_;
    std::map<std::string, const PairedObject *, std::less<>> is_called_;
    std::map<const PairedObject *, ObjectFindings> of_object_;
    std::set<std::tuple<Change, std::string, std::string>> whole_; // came, went, made again
    std::set<std::string, std::less<>> removed_schemas_;
};

std::string partition_of(const Snapshot::value_type &object) {
    const json properties = properties_of(object.second.properties);
    const std::string bound = text_property(properties, "partition bound");
    if (bound.empty())
        return {};
    const std::vector<std::string> parents = texts_in(properties.value("parents", json()));
    return (parents.empty() ? std::string() : parents.front() + ' ') + bound;
}

// Of a partition, another parent and the bound that goes with it are one thing.
void unite_parent_and_bound(std::vector<Finding> &findings) {
    std::set<const PairedObject *> united;
    for (Finding &finding : findings) {
        if (finding.part != nullptr || finding.row.property != "parents")
            continue;
        const std::string was = partition_of(*finding.object->expected);
        const std::string is = partition_of(*finding.object->actual);
        if (was.empty() && is.empty())
            continue;
        finding.row.property = "partition of";
        finding.row.expected = was;
        finding.row.actual = is;
        finding.turn = was.empty() ? Turn::gained : is.empty() ? Turn::lost : Turn::other;
        united.insert(finding.object);
    }
    std::erase_if(findings, [&](const Finding &finding) {
        return finding.part == nullptr && finding.row.property == "partition bound" &&
               united.contains(finding.object);
    });
}

} // namespace

void drop_echoes(std::vector<Finding> &findings, const std::vector<PairedObject> &objects) {
    const Echoes echoes(findings, objects);
    std::vector<Finding> kept;
    for (const Finding &finding : findings) {
        if (!echoes.is_echo(finding))
            kept.push_back(finding);
    }
    findings = std::move(kept);
    unite_parent_and_bound(findings);
}

} // namespace turnstone::core
