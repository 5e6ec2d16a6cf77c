// Drift: the schema as it is against the schema as the last run left it.
#pragma once

#include <string>
#include <vector>

#include "turnstone/core/snapshot.hpp"

#include "turnstone/server/sql.hpp"

namespace turnstone::server {

// The live catalog as facts, under pinned settings. Objects of extensions, temporary objects, the system's
// schemas and the engine's own are left out.
core::Snapshot capture_schema();

// From rows of object type, identity, the parent's type and identity, and properties.
core::Snapshot snapshot_of(const Rows &rows);

// Kinds of user objects that capture_schema() does not model, as a sentence's end ("2 policies, 1 domain");
// empty for none.
std::string unmodelled_objects();

// Records what a run does to the schema: what was drift before the run stays drift after it.
class SchemaRecorder {
  public:
    SchemaRecorder(); // before the run's first statement
    void finish();    // behind its last journal row

  private:
    bool first_;
    core::Snapshot before_;
};

// Throws wrong_state while no run has been recorded. Schemas: unquoted names; empty for all.
std::vector<core::Difference> schema_drift(const std::vector<std::string> &schemas);

} // namespace turnstone::server
