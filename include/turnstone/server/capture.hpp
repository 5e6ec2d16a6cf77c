// The schema as it is, as documents.
#pragma once

#include <string>
#include <vector>

#include "turnstone/core/schema_documents.hpp"

#include "turnstone/server/root_id.hpp"

namespace turnstone::server {

// The live catalog as facts, under pinned settings. Objects of extensions, temporary objects, the system's
// schemas and the engine's own are left out.
core::SchemaDocuments capture_schema();

// The same by the queries alone, without the short way for plain tables. For tests.
core::SchemaDocuments capture_schema_by_queries();

// Of those objects that are still there.
core::SchemaDocuments capture_objects(const std::vector<RootId> &roots);

} // namespace turnstone::server
