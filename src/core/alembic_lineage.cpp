#include "turnstone/core/alembic_lineage.hpp"

#include <algorithm>
#include <set>

#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

std::optional<std::vector<std::string>> alembic_parents(std::string_view script) {
    for (const TextLine &line : lines_of(script)) {
        auto step = alembic_step(line.text);
        if (step && step->direction == Direction::up)
            return std::move(step->from);
    }
    return std::nullopt;
}

std::vector<AlembicRevision> alembic_lineage(const std::vector<AlembicScript> &in_order) {
    std::vector<AlembicRevision> lineage;
    for (const AlembicScript &script : in_order) {
        auto parents = alembic_parents(script.text);
        if (!parents) {
            parents.emplace();
            if (!lineage.empty())
                parents->push_back(lineage.back().id);
        }
        lineage.push_back({script.id, std::move(*parents)});
    }
    return lineage;
}

std::vector<std::string> alembic_heads(const std::vector<AlembicRevision> &applied) {
    std::set<std::string> stood_on;
    for (const AlembicRevision &revision : applied)
        stood_on.insert(revision.parents.begin(), revision.parents.end());
    std::vector<std::string> heads;
    for (const AlembicRevision &revision : applied) {
        if (!stood_on.contains(revision.id))
            heads.push_back(revision.id);
    }
    return heads;
}

std::vector<std::string> alembic_ancestors(const std::vector<AlembicRevision> &known,
                                           const std::vector<std::string> &heads) {
    std::vector<std::string> ancestors;
    std::vector<std::string> open = heads;
    while (!open.empty()) {
        const std::string id = std::move(open.back());
        open.pop_back();
        const auto revision = std::find_if(known.begin(), known.end(),
                                           [&](const AlembicRevision &one) { return one.id == id; });
        if (revision == known.end())
            continue;
        for (const std::string &parent : revision->parents) {
            if (std::find(ancestors.begin(), ancestors.end(), parent) == ancestors.end()) {
                ancestors.push_back(parent);
                open.push_back(parent);
            }
        }
    }
    return ancestors;
}

} // namespace turnstone::core
