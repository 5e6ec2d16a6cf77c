// Who made an object what it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnstone/core/blame.hpp"

namespace turnstone::server {

// A row of the journal, and the statement of its script.
struct BlamedStatement {
    std::int64_t journal_id = 0;
    std::int64_t run = 0;
    std::string version;
    std::string name;
    std::string event;
    int statement = 0; // 0 where it is not known
    int line = 0;      // in the script, 0 where its text is not there any more
    std::string text;
    std::string role;
    std::string at;
};

struct Blamed {
    core::BlameRow row;
    std::optional<BlamedStatement> by; // none for what was there before the first run
};

// By a name as it is written in SQL (relation, schema.relation, relation.column, function, function(types),
// type, schema), looked up along the search_path; or by an identity as drift shows it. Of what is no more,
// its last state. Throws undefined where nothing of that name is recorded.
std::vector<Blamed> blame(const std::string &name);

} // namespace turnstone::server
