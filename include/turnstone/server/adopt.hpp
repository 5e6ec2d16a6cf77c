// Taking over the history that another tool has kept: migrate_adopt().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/foreign_history.hpp"
#include "turnstone/server/pg.hpp"

namespace turnstone::server {

struct AdoptRequest {
    std::optional<core::ForeignTool> tool; // none: whichever has a journal here
    std::optional<Oid> journal;            // none: by its usual name
    bool dry_run = true;
    bool force = false; // what is certain, though something else is not
};

struct AdoptedRow {
    std::string version; // empty for a missing file
    std::string name;    // of the script; empty for a missing file
    core::Verdict verdict;
    core::ForeignRow row; // of the other journal; empty for none
    std::string detail;
};

// Throws wrong_state where something is in the way and force is not given; then nothing is written.
std::vector<AdoptedRow> adopt(const AdoptRequest &request);

} // namespace turnstone::server
