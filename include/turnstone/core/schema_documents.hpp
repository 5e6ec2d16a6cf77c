// A schema as documents: one text for each object that belongs to no other, with all that belongs to it. What
// is recorded is written and kept in this form: most of a schema does not change in a run, and a document
// that is equal as text needs no closer look.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "turnstone/core/snapshot.hpp"

namespace turnstone::core {

// By the key of the object that the document is about. Everything is UTF-8.
using SchemaDocuments = std::map<ObjectKey, std::string>;

// A JSON object in the one form that documents hold: keys in order, no blanks. What is no JSON stays as it
// is.
std::string canonical_properties(const std::string &json);

// {"id":[catalog, oid],"meanings":{},"parts":[[type, name, {properties}, id, {meanings}]],"properties":{}};
// an empty "meanings" is left out. The text is the same for the same contents, whatever the order of the
// parts, which are put in order.
std::string document_of(SchemaObject &object);
SchemaDocuments documents_of(const Snapshot &objects);

// Throws core::Error (internal) on a text that document_of() did not write.
SchemaObject object_of(const ObjectKey &root, const std::string &document);
Snapshot objects_of(const SchemaDocuments &documents);

// The document without what is only known here, ids and meanings: equal in every database for the same
// object.
std::string portable(const ObjectKey &root, const std::string &document);

// The objects of those documents that are not the same in all of the given states, for each state.
std::vector<Snapshot> objects_that_differ(const std::vector<const SchemaDocuments *> &states);

// Of two states, with the tables that such an object is a child of, though they be the same: what differs may
// have come from them (echoes.cpp).
std::vector<Snapshot> states_to_compare(const SchemaDocuments &expected, const SchemaDocuments &actual);

// The OIDs of the tables that the object is a child of, as far as they are recorded.
std::vector<std::int64_t> parents_of(const ObjectKey &root, const std::string &document);

// advanced() of snapshot.hpp on documents.
SchemaDocuments advanced(const SchemaDocuments &recorded, const SchemaDocuments &before,
                         const SchemaDocuments &after);

} // namespace turnstone::core
