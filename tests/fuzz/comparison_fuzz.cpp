// Any bytes as two states of a schema, in a few words of a small language: equal states have no difference,
// every difference names an object, the order of parts means nothing, and texts of any kind are endured.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "input.hpp"
#include "turnstone/core/comparison.hpp"

using namespace turnstone::core;
using turnstone::fuzz::require;

namespace {

constexpr std::array object_types{"table",          "schema",         "role",        "sequence",
                                  "view",           "extension",      "publication", "statistics object",
                                  "operator class", "operator family"};
constexpr std::array part_types{"table column",    "index",  "table constraint",
                                "trigger",         "policy", "publication relation",
                                "extension member"};
constexpr std::array names{"a", "b", "a.a", "a.b", "b.a", "a.a.a", "a.b.b", "\"a.b\".\"", "c"};
constexpr std::array properties{"owner",           "privileges", "roles",      "parents",
                                "partition bound", "owned by",   "definition", "version",
                                "column order",    "not null",   "type",       "maximum",
                                "persistence",     "inherited",  "of type",    "unmodelled"};
constexpr std::array values{R"("a")",
                            R"("b")",
                            R"("a.a")",
                            R"(["a","b"])",
                            R"(["b.a","a.a"])",
                            R"({"a":"x, y*"})",
                            R"({"b":"x","a":"y"})",
                            "true",
                            "null",
                            R"("a.a.a")",
                            "\"CREATE INDEX a ON b USING c (a)\"",
                            "\"PRIMARY KEY (b)\"",
                            R"("CREATE STATISTICS s ON a FROM a.b")",
                            R"([1,{"a":[]}])"};

class Reader {
  public:
    explicit Reader(turnstone::fuzz::Input &input) : input_(input) {}

    std::size_t number(std::size_t below) { return input_.choice(below); }
    template <class Words>
    std::string word(const Words &words) {
        return words[number(words.size())];
    }
    std::string object() {
        std::string json = "{";
        for (std::size_t left = number(4); left > 0; --left)
            json += (json.size() > 1 ? ",\"" : "\"") + word(properties) + "\":" + word(values);
        return json + '}';
    }
    std::string meanings() {
        switch (number(4)) {
        case 0:
            return R"({"":"1.a","definition":"5"})";
        case 1:
            return R"({"":"2.b","parents":"7"})";
        case 2:
            return std::string(input_.rest().substr(0, number(20)));
        default:
            return {};
        }
    }
    Snapshot state() {
        Snapshot snapshot;
        for (std::size_t left = number(6); left > 0; --left) {
            const ObjectKey key{word(names), word(object_types)};
            SchemaObject &object = snapshot[key];
            object.properties = number(16) == 0 ? std::string(input_.rest().substr(0, 9)) : this->object();
            object.physical = {0, static_cast<std::int64_t>(number(5)), meanings()};
            for (std::size_t parts = number(4); parts > 0; --parts) {
                Part part{word(part_types), word(names), this->object(), {}};
                part.physical.id = static_cast<std::int64_t>(number(5));
                part.physical.meanings = meanings();
                if (std::none_of(object.parts.begin(), object.parts.end(), [&](const Part &other) {
                        return other.type == part.type && other.name == part.name;
                    }))
                    object.parts.push_back(std::move(part));
            }
        }
        return snapshot;
    }

  private:
    turnstone::fuzz::Input &input_;
};

bool same(const std::vector<Difference> &left, const std::vector<Difference> &right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const Difference &one, const Difference &other) {
                          return one.change == other.change && one.identity == other.identity &&
                                 one.property == other.property && one.expected == other.expected &&
                                 one.actual == other.actual && one.severity == other.severity;
                      });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    turnstone::fuzz::Input input(data, size);
    Reader reader(input);
    const ComparedStates how{reader.number(2) == 1, {}};
    const Snapshot expected = reader.state();
    Snapshot actual = reader.state();
    require(differences(expected, expected, how).empty());
    std::vector<Difference> rows = differences(expected, actual, how);
    for (const Difference &row : rows) {
        require(!row.identity.empty() && !row.object_type.empty() && !row.root.identity.empty());
        require(row.property.empty() == (row.change == Change::added || row.change == Change::removed ||
                                         row.change == Change::recreated));
        require(expected.contains(row.root) || actual.contains(row.root));
    }
    for (auto &[key, object] : actual)
        std::reverse(object.parts.begin(), object.parts.end());
    require(same(rows, differences(expected, actual, how)));
    const std::size_t all = rows.size();
    keep_schemas(rows, {"a"});
    require(rows.size() <= all);

    return 0;
}
