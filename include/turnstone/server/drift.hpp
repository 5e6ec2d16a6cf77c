// Drift: the schema as it is against the schema as the last run left it.
#pragma once

#include <string>
#include <vector>

#include "turnstone/core/comparison.hpp"
#include "turnstone/core/schema_documents.hpp"

namespace turnstone::server {

// Throws wrong_state while no run has been recorded, and where the last one was not. Schemas: unquoted names;
// empty for all.
std::vector<core::Difference> schema_drift(const std::vector<std::string> &schemas);

// The same, and makes it the state that is expected: a row of the journal gives the reason.
std::vector<core::Difference> accept_drift(const std::string &reason,
                                           const std::vector<std::string> &schemas);

// A SHA-256 of the schema: the same for the same schema in any database.
std::string schema_fingerprint(const std::vector<std::string> &schemas);
std::string fingerprint_of(const core::SchemaDocuments &documents);

// What differs between two states, in the database's encoding. Names of schemas: quoted, in UTF-8.
std::vector<core::Difference> compared(const core::SchemaDocuments &expected,
                                       const core::SchemaDocuments &actual, bool same_place,
                                       const std::vector<std::string> &quoted_schemas);

std::vector<std::string> quoted_names(const std::vector<std::string> &schemas);

// Keeps what is in one of the schemas, and the schemas; everything where none is named.
void keep_schemas(core::SchemaDocuments &documents, const std::vector<std::string> &quoted_schemas);

// capture_schema(), again where another session changed something meanwhile.
core::SchemaDocuments schema_as_it_is();

} // namespace turnstone::server
