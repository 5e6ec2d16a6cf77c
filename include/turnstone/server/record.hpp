// What is recorded of the schema: turnstone.snapshot, turnstone.recorded_object.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/schema_documents.hpp"

#include "turnstone/server/root_id.hpp"

namespace turnstone::server {

class Attribution;

// The last row of turnstone.snapshot.
struct LastRecord {
    bool exists = false;
    bool stale = false;
    // Taken in this database, of this cluster, by this major version of the server: OIDs and stored
    // expressions are still what they were. Not so behind a restore, a copy or an upgrade.
    bool of_this_place = false;
};

LastRecord last_record();

core::SchemaDocuments recorded_schema();

// Of those objects, by their OIDs, and of what is recorded under one of the given names; with them what is
// recorded without an OID (what was gone when the record was taken over from another place).
core::SchemaDocuments recorded_objects(const std::vector<RootId> &roots,
                                       const core::SchemaDocuments &and_under_names_of);

// A SHA-256 of the document without what is only known in this database.
std::string digest_of(const core::ObjectKey &key, const std::string &document);
std::map<core::ObjectKey, std::string> recorded_digests();

// Adds a row for what the last row of the journal left behind.
std::int64_t add_snapshot(bool stale);

// Turns what is recorded of these objects into `now`, as of the snapshot. attribution: of what has changed;
// null where nothing has but the numbers of objects, and all comes from where it came from.
void write_record(std::int64_t snapshot, const core::SchemaDocuments &recorded,
                  const core::SchemaDocuments &now, const Attribution *attribution);

// What a run that commits on its way found when it began, and that was not as recorded.
struct FoundObject {
    RootId root;
    std::int64_t raw_hash = 0; // as in RawState; of what was gone, 0
};
struct FoundDrift {
    std::vector<FoundObject> roots;
    core::SchemaDocuments documents; // of those that were there
};

void keep_found_drift(const FoundDrift &found);
FoundDrift found_drift();

} // namespace turnstone::server
