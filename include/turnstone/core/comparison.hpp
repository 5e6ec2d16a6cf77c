// The difference of two states of a schema: one row for each thing that somebody did.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "turnstone/core/severity.hpp"
#include "turnstone/core/snapshot.hpp"

namespace turnstone::core {

struct Difference {
    Severity severity = Severity::major;
    Change change = Change::changed;
    std::string object_type; // of the object or of the part
    std::string identity;    // as it is now called; of what is gone, as it was
    std::string property;    // empty where it is about the whole object
    std::string expected;    // as text, whole; empty where there is none
    std::string actual;
    // For looking up who did it.
    ObjectKey root;                // the object, or that which the part belongs to, called as in identity
    std::int64_t root_catalog = 0; // its catalog's OID; 0 where it is not known, as for the next
    std::int64_t root_id = 0;      // as it is now; of what is gone, as it was
    std::string part;              // the part's own name, quoted; empty for the object itself
    std::int64_t part_id = 0;
};

// Two texts of one property that are not equal.
struct TextPair {
    const ObjectKey &root;        // as it is called in the actual state
    std::int64_t root_id;         // there
    const std::string &part_type; // empty where it is a property of the object itself
    const std::string &part;
    std::int64_t part_id;
    const std::string &property;
    const std::string &expected;
    const std::string &actual;
};

struct ComparedStates {
    // States of one database, seen by one major version of the server: its own numbers of things (OIDs) mean
    // the same in both, so that a renamed object is told from one that was dropped and another one made.
    bool same_place = false;
    // Whether both texts say the same; asked only where they are not equal, and nothing else tells. May be
    // empty.
    std::function<bool(const TextPair &)> equivalent;
};

// In the order of identities, the parts of an object behind it. What must be different is, exactly once; what
// only follows from another difference is not listed (the rules: comparison.cpp, echoes.cpp).
std::vector<Difference> differences(const Snapshot &expected, const Snapshot &actual,
                                    const ComparedStates &how);

// Keeps what concerns one of the schemas: what is in it, the schema itself, what was moved into it or out of
// it. Names are quoted; without any, everything is kept.
void keep_schemas(std::vector<Difference> &found, const std::vector<std::string> &schemas);

} // namespace turnstone::core
