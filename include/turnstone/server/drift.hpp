// Drift: the schema as it is against the schema as the last run left it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/comparison.hpp"
#include "turnstone/core/schema_documents.hpp"

#include "turnstone/server/touched.hpp"

namespace turnstone::server {

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
    std::optional<TouchLog> log_;                 // none where the run itself is over
    std::optional<core::SchemaDocuments> before_; // none where it is what is recorded
};

// Ends the run, if there is one, whose process ended before it could: records what it did to the schema. To
// be called by the holder of the run lock, before it reads anything.
void settle_interrupted_run();

// Throws wrong_state while no run has been recorded, and where the last one was not. Schemas: unquoted names;
// empty for all.
std::vector<core::Difference> schema_drift(const std::vector<std::string> &schemas);

} // namespace turnstone::server
