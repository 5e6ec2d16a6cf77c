// The states of the schema that were recorded: which one is meant, and what it was.
#pragma once

#include <cstdint>
#include <string>

#include "turnstone/core/schema_documents.hpp"

namespace turnstone::server {

// A row of turnstone.snapshot.
struct RecordedState {
    std::int64_t snapshot = 0;
    std::int64_t journal_id = 0;
    std::string taken_at;
    std::int64_t server_version_num = 0;
    std::string place; // cluster, database, major version: OIDs mean the same where it is the same
};

// Behind the run that wrote that row of the journal; of a run that recorded nothing (a failure, a tag), what
// was recorded before it. Throws undefined for a row that is none, wrong_state where nothing is recorded.
RecordedState state_behind_entry(std::int64_t journal_id);

// Behind the last run that applied that version.
RecordedState state_behind_version(const std::string &version);

// What was last recorded by then; the time as ISO text.
RecordedState state_at(const std::string &time);

core::SchemaDocuments documents_at(const RecordedState &state);

} // namespace turnstone::server
