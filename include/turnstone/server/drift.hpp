// Drift: the schema as it is against the schema as the last run left it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/schema_documents.hpp"
#include "turnstone/core/snapshot.hpp"

namespace turnstone::server {

struct CapturedSchema {
    core::SchemaDocuments documents;
    std::size_t objects = 0;
    std::int64_t fingerprint = 0; // of the catalogs that it was read from, or of older ones
};

// The live catalog as facts, under pinned settings. Objects of extensions, temporary objects, the system's
// schemas and the engine's own are left out.
CapturedSchema capture_schema();

// The same by the queries alone, without the short way for plain tables; has no fingerprint. For tests.
CapturedSchema capture_schema_by_queries();

// As that of a capture: equal ones mean that nothing has changed that a capture would tell.
std::int64_t schema_fingerprint();

// Kinds of user objects that capture_schema() does not model, as a sentence's end ("2 policies, 1 domain");
// empty for none.
std::string unmodelled_objects();

// Records what a run does to the schema: what was drift before the run stays drift after it. With
// turnstone.record_schema off it marks the record as stale.
class SchemaRecorder {
  public:
    SchemaRecorder(); // before the run's first statement
    // For a run that commits on its way: in its first transaction. What settle_interrupted_run() needs.
    void keep_found_drift() const;
    void finish(); // behind its last journal row

  private:
    friend void settle_interrupted_run();
    explicit SchemaRecorder(std::optional<core::SchemaDocuments> before);

    bool recording_;
    bool takes_over_ = false;                     // what is there becomes what is expected
    std::optional<core::SchemaDocuments> before_; // none where it is what is recorded
};

// Ends the run, if there is one, whose process ended before it could: records what it did to the schema. To
// be called by the holder of the run lock, before it reads anything.
void settle_interrupted_run();

// Throws wrong_state while no run has been recorded, and where the last one was not. Schemas: unquoted names;
// empty for all.
std::vector<core::Difference> schema_drift(const std::vector<std::string> &schemas);

} // namespace turnstone::server
