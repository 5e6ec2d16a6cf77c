// The state of a schema: its objects, each with what belongs to it, and each with its properties as text.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace turnstone::core {

// What makes an object that belongs to no other the same one in two states: its kind ("table", "function",
// as pg_identify_object() names them) and its qualified, quoted name.
struct ObjectKey {
    std::string identity;
    std::string type;

    friend auto operator<=>(const ObjectKey &, const ObjectKey &) = default;
};

// What the server itself knows an object by. Comparable only between states of one database and one major
// version of the server.
struct Physical {
    std::int64_t catalog = 0; // OID of the object's catalog; 0 for a part
    std::int64_t id = 0;      // OID; of a column, its number; 0 where it is not known
    // A JSON object in canonical form, empty for none: for a property, what the server has stored for it, in
    // OIDs instead of names. Where that is equal, texts differ only because something else was renamed. ""
    // stands for the object's own name.
    std::string meanings;
};

// What belongs to an object: a column, a constraint, an index, a trigger.
struct Part {
    std::string type;
    std::string name;       // its own, quoted
    std::string properties; // canonical JSON object
    Physical physical;
};

// An object that belongs to no other. Values of properties: a string, a number, true; an array for an order
// of things; an object for a map (privileges by role). What has its default value is left out.
struct SchemaObject {
    std::string properties; // canonical JSON object; empty where the object itself is not there, only parts
    Physical physical;
    std::vector<Part> parts;
};

using Snapshot = std::map<ObjectKey, SchemaObject>;

// What finds an object of a state under another name; the state must outlive it.
class ById {
  public:
    explicit ById(const Snapshot &objects);
    [[nodiscard]] const Snapshot::value_type *find(const Physical &physical) const;

  private:
    std::map<std::pair<std::int64_t, std::int64_t>, const Snapshot::value_type *> by_id_;
};

// The object of that state that is this one, by what the server knows it by, else by its name; null for none.
const Snapshot::value_type *counterpart(const Snapshot &objects, const ById &by_id,
                                        const Snapshot::value_type &object);

// The part of that object that is this one, by what the server knows it by, else by its name; null for none.
const Part *counterpart(const SchemaObject &object, const Part &part);

// The name under which a part is shown.
std::string part_identity(const ObjectKey &root, const Part &part);

// The state to be recorded behind a run that found the objects as `before` and left them as `after`: what
// the run itself changed, put upon `recorded`. What was drift before the run (between `recorded` and
// `before`) stays drift. All three tell the same objects, under whatever name.
Snapshot advanced(const Snapshot &recorded, const Snapshot &before, const Snapshot &after);

// Gives an object that was recorded elsewhere the numbers of the one that is here under its name, and the
// meanings of what is equal. Where there is none here, neither.
void settle_in(SchemaObject &recorded, const SchemaObject &here);

} // namespace turnstone::core
