// Where a recorded object comes from: the row of the journal and the statement that made it what it is, part
// by part and property by property.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "turnstone/core/snapshot.hpp"

namespace turnstone::core {

struct Origin {
    std::int64_t journal = 0; // id of the row; 0: it was there before the first run
    int statement = 0;        // its number in the script; 0 where it is not known

    friend bool operator==(const Origin &, const Origin &) = default;
};

// The key is "" for the object itself, "property" or "property/key" for what was changed later than it was
// made, "part type/part name" for a part, and with "/property" behind it for what was changed later of that.
// What has no entry comes from where its part or else the object does. A property may be one that is gone.
using Origins = std::map<std::string, Origin>;

// {"":[12,1],"table column/email":[14,null]}; null for what was there before the first run.
std::string origins_text(const Origins &origins);
// Throws core::Error (internal) on what origins_text() did not write. None for an empty text.
Origins origins_of(const std::string &text);

std::string part_key(const Part &part);

// What a statement did to an object or a part of one.
struct Touched {
    enum class How { created, rebuilt, altered, dropped };
    How how = How::altered;
    Origin origin;
    std::string property; // key as in Origins, as far as it is known what was altered; empty where it is not
};

// What is known of a run.
struct Evidence {
    // All that its statements did to the object (null), or to a part of it, in their order.
    std::function<std::vector<Touched>(const Part *part)> touches;
    Origin otherwise;           // for what no statement is known to have touched
    bool roles_renamed = false; // then owners and the keys of privileges may differ without having changed
};

// Those of `after`, whose counterpart was `before` (null for none) with the origins `known`.
Origins origins_behind(const Snapshot::value_type *before, const Origins &known,
                       const Snapshot::value_type &after, const Evidence &evidence);

// For an object that is no more (`after` is null) or another one of that name: the key "removed". For one
// that has lost parts, "part type/part name/removed" of each. Empty where nothing was removed.
Origins removals(const Snapshot::value_type &before, const Snapshot::value_type *after,
                 const Evidence &evidence_of_before);

} // namespace turnstone::core
