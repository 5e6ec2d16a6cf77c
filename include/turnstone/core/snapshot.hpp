// The state of a schema as a set of objects, each with its properties as text, and the difference of two such
// states.
#pragma once

#include <compare>
#include <map>
#include <string>
#include <vector>

namespace turnstone::core {

// What makes an object the same one in two snapshots: its kind ("table", "table column", as
// pg_identify_object() names them) and its qualified, quoted name.
struct ObjectKey {
    std::string identity;
    std::string type;

    friend auto operator<=>(const ObjectKey &, const ObjectKey &) = default;
};

struct ObjectState {
    ObjectKey parent;       // the object it belongs to; empty for none
    std::string properties; // a JSON object of scalars, and of arrays for an order, in UTF-8
};

using Snapshot = std::map<ObjectKey, ObjectState>;

enum class Change { added, removed, changed };

const char *change_name(Change change);

struct Difference {
    Change change = Change::changed;
    ObjectKey object;
    std::string property; // empty for added and removed objects
    std::string expected; // as text; empty where there is none
    std::string actual;
};

// What `actual` has that `expected` has not, and the other way round, in the order of identities. An object
// that came or went with its parent is not listed beside it.
std::vector<Difference> differences(const Snapshot &expected, const Snapshot &actual);

// The state to be recorded behind a run that found the schema as `before` and left it as `after`: what the
// run itself changed, put upon `recorded`. What was drift before the run (between `recorded` and `before`)
// stays drift.
Snapshot advanced(const Snapshot &recorded, const Snapshot &before, const Snapshot &after);

// What must be written to turn `before` into `after`.
struct SnapshotDelta {
    std::vector<ObjectKey> removed;
    std::vector<const Snapshot::value_type *> written; // point into `after`
};

SnapshotDelta delta(const Snapshot &before, const Snapshot &after);

} // namespace turnstone::core
