// Who made the drift: its differences, joined with the log of DDL that was no migration.
#pragma once

#include <vector>

#include "turnstone/core/drift_report.hpp"

namespace turnstone::server {

// Of each difference the last logged statement that named what differs, of those that ran since drift was
// last accepted. Of two statements about one object (a comment, an option) it is the last one, whichever it
// was.
core::DriftReport with_culprits(std::vector<core::Difference> differences);

} // namespace turnstone::server
