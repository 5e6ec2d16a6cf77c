// The schema as it is, as documents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "turnstone/core/schema_documents.hpp"

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

struct CapturedSchema {
    core::SchemaDocuments documents;
    std::size_t objects = 0;      // with the parts
    std::int64_t fingerprint = 0; // of the catalogs that it was read from, or of older ones
};

// The live catalog as facts, under pinned settings. Objects of extensions, temporary objects, the system's
// schemas and the engine's own are left out.
CapturedSchema capture_schema();

// The same by the queries alone, without the short way for plain tables; has no fingerprint. For tests.
CapturedSchema capture_schema_by_queries();

struct RootId {
    Oid catalog;
    Oid object;
};

// Of those objects that are still there.
core::SchemaDocuments capture_objects(const std::vector<RootId> &roots);

// As that of a capture: equal ones mean that nothing has changed that a capture would tell.
std::int64_t schema_fingerprint();

// Kinds of user objects that capture_schema() does not model, as a sentence's end ("2 policies, 1 domain");
// empty for none.
std::string unmodelled_objects();

} // namespace turnstone::server
