// Breaking the glass: a role passes sealed schemas for a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace turnstone::server {

struct BrokenGlass {
    std::int64_t id = 0;
    std::string role;
    std::string until;
};

// The newest that is open for the present user or the session's.
std::optional<BrokenGlass> open_break_glass();

} // namespace turnstone::server
