// Which row of the journal and which statement made what a run has changed: the log of what its statements
// touched, put to the objects that are recorded.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "turnstone/core/origin.hpp"

#include "turnstone/server/touched.hpp"

namespace turnstone::server {

// In the order of the objects that they are asked for.
struct ChangedOrigins {
    std::vector<std::string> removals; // as core::removals() has them; empty for none
    std::vector<std::string> origins;
};

// The id of the journal's last row.
std::int64_t last_journal_row();

// A part as the server names it when it tells of a change. No object for a part of which it tells nothing by
// itself.
TouchedObject object_of_part(const core::Physical &object, const core::Part &part);

class Attribution {
  public:
    // log: of the run, null for none. otherwise: where that comes from which no statement is known to have
    // touched; a row of the journal, or nothing for what was there before the first run.
    Attribution(const TouchLog *log, core::Origin otherwise);

    // For what is recorded and is so no more, and for what is to be recorded in its place.
    [[nodiscard]] ChangedOrigins of_changes(const core::Snapshot &gone, const core::Snapshot &fresh) const;

  private:
    struct Hash {
        std::size_t operator()(const TouchedObject &what) const noexcept;
    };

    [[nodiscard]] core::Evidence evidence_on(const core::Physical &object) const;
    [[nodiscard]] std::vector<core::Touched> touches_of(const core::Physical &object,
                                                        const core::Part *part) const;
    void take_over(const Succession &succession);
    void add(const TouchedObject &what, std::vector<std::size_t> &found) const;

    const TouchLog *log_;
    core::Origin otherwise_;
    std::unordered_map<TouchedObject, std::vector<std::size_t>, Hash> by_object_; // indexes in the log
    std::vector<std::string> names_;                                              // of the log, in UTF-8
    bool some_in_schemas_ = false; // what is done to all objects of a schema
    bool roles_renamed_ = false;
};

} // namespace turnstone::server
