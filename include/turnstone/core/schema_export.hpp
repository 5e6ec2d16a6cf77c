// A schema as one JSON text that is good in any database: what migrate_export_schema() writes and
// migrate_expect() reads.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "turnstone/core/schema_documents.hpp"

namespace turnstone::core {

// The format that is written, and the newest that is understood.
constexpr int schema_export_format = 1;

struct SchemaExport {
    std::int64_t server_version_num = 0; // of the server that wrote the texts
    std::string database;
    std::string time; // as text; what the schema was then
    std::string fingerprint;
    std::int64_t journal_id = 0;      // of a state of the past: the last row of its run; else 0
    std::vector<std::string> schemas; // unquoted; empty for all
    // Kinds of objects that the documents tell nothing of, and how many of them there were.
    std::map<std::string, std::string> unmodelled;
    SchemaDocuments documents;
};

// The same text for the same contents: keys and objects have their order, a line each. Without numbers and
// meanings.
std::string export_text(const SchemaExport &schema);

// Throws core::Error (invalid_argument) on what is no such text, and on one of a newer format.
SchemaExport read_export(const std::string &text);

} // namespace turnstone::core
