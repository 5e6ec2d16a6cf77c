// A schema as documents: one for each object that belongs to no other, with all that belongs to it. What is
// recorded is written, compared and kept in this form: most of a schema does not change in a run, and a
// document that is equal as text needs no closer look.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "turnstone/core/snapshot.hpp"

namespace turnstone::core {

// An object with what belongs to it (a table, its columns, constraints, indexes, triggers). Everything is
// UTF-8.
struct ObjectGroup {
    struct Part {
        std::string type;
        std::string identity;
        std::string properties;
    };

    std::string properties; // canonical; empty where the object itself is not there
    std::vector<Part> parts;
};

using ObjectGroups = std::map<ObjectKey, ObjectGroup>;

// By the key of the object that the document is about.
using SchemaDocuments = std::map<ObjectKey, std::string>;

// A JSON object in the one form that documents hold: keys in order, no blanks. What is no JSON stays as it
// is.
std::string canonical_properties(const std::string &json);

// The text is the same for the same contents, whatever the order of the parts.
std::string document_of(ObjectGroup &group);
SchemaDocuments documents_of(const Snapshot &objects);

// Throws core::Error (internal) on a text that document_of() did not write.
void add_objects(const ObjectKey &root, const std::string &document, Snapshot &objects);

// The objects of those documents that are not the same in all of the given states, for each state.
std::vector<Snapshot> objects_that_differ(const std::vector<const SchemaDocuments *> &states);

// advanced() of snapshot.hpp on documents.
SchemaDocuments advanced(const SchemaDocuments &recorded, const SchemaDocuments &before,
                         const SchemaDocuments &after);

} // namespace turnstone::core
