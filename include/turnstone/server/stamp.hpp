// Stamping a row: what turnstone_set_updated_at() does once a row, and the values that it writes.
#pragma once

#include <string>

#include "turnstone/core/stamp_options.hpp"

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// How a column's values are made. Plain data.
struct StampType {
    Oid type; // as declared: may be a domain
    Oid base; // timestamptz, timestamp, date, bigint or integer
    int32 typmod;
    bool is_domain;
};

// Fills in the type of a column; throws wrong_type where it cannot be kept with these options. `table` is for
// the message.
StampType stamp_type(Oid type, int32 typmod, const core::StampOptions &options, const std::string &table);

// True for the types that stamp_type() takes, domains over them included.
bool is_stamp_type(Oid type);

} // namespace turnstone::server
