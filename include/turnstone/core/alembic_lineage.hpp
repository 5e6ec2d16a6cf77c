// Which of Alembic's revisions stands on which: its journal keeps the heads only, of which there are several
// where the history has branches.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace turnstone::core {

struct AlembicRevision {
    std::string id;
    std::vector<std::string> parents;
};

// As the comment says that Alembic writes before each step; nothing where there is none.
std::optional<std::vector<std::string>> alembic_parents(std::string_view script);

struct AlembicScript {
    std::string id;
    std::string_view text;
};

// One that says nothing stands on the one before it.
std::vector<AlembicRevision> alembic_lineage(const std::vector<AlembicScript> &in_order);

// Those that no other one stands on, in the same order.
std::vector<std::string> alembic_heads(const std::vector<AlembicRevision> &applied);

// Those that the heads stand on, directly or not; without the heads themselves, unless one stands on another.
std::vector<std::string> alembic_ancestors(const std::vector<AlembicRevision> &known,
                                           const std::vector<std::string> &heads);

} // namespace turnstone::core
