#include "turnstone/core/severity.hpp"

#include <optional>

namespace turnstone::core {

namespace {

// The first rule that fits decides. A word ends with * where it stands for all that begin so; "" fits the
// whole object only, "*" everything.
struct Rule {
    std::string_view object_type;
    std::optional<Change> change;
    std::string_view property;
    std::optional<Turn> turn;
    Severity severity;
};

constexpr std::nullopt_t any = std::nullopt;

constexpr Rule rules[] = {
    // What has no bearing on what the schema does.
    {"*", any, "comment", any, Severity::info},
    {"*", Change::reordered, "column order", any, Severity::info},
    {"index", Change::renamed, "*", any, Severity::info},
    {"policy", Change::renamed, "*", any, Severity::info},
    {"statistics object", Change::renamed, "*", any, Severity::info},
    {"*", any, "inherited", any, Severity::info},
    {"*", Change::unmodelled, "*", any, Severity::info},

    // Rows are gone.
    {"*", Change::recreated, "", any, Severity::critical},
    {"schema", Change::removed, "", any, Severity::critical},
    {"table", Change::removed, "", any, Severity::critical},
    {"table column", Change::removed, "", any, Severity::critical},
    {"composite type column", Change::removed, "", any, Severity::critical},
    {"materialized view", Change::removed, "", any, Severity::critical},
    {"sequence", Change::removed, "", any, Severity::critical},
    {"large object", Change::removed, "", any, Severity::critical},
    {"*", any, "persistence", any, Severity::critical},
    {"*", any, "partition of", Turn::lost, Severity::critical},

    // Who may do what.
    {"*", any, "owner", any, Severity::critical},
    {"*", any, "privileges*", any, Severity::critical},
    {"*", any, "column privilege *", any, Severity::critical},
    {"*", any, "identity sequence privileges*", any, Severity::critical},
    {"default acl", any, "*", any, Severity::critical},
    {"*", any, "row security", any, Severity::critical},
    {"*", any, "forced row security", any, Severity::critical},
    {"policy", any, "*", any, Severity::critical},
    {"*", any, "option security_invoker", any, Severity::critical},
    {"*", any, "option security_barrier", any, Severity::critical},
    {"*", any, "option check_option", any, Severity::critical},
    {"*", any, "security definer", any, Severity::critical},
    {"*", any, "leakproof", any, Severity::critical},
    {"*", any, "setting search_path", any, Severity::critical},
    {"*", any, "security label*", any, Severity::critical},
    {"user mapping", any, "*", any, Severity::critical},

    // What kept wrong rows out, or acted on them.
    {"table constraint", Change::removed, "", any, Severity::critical},
    {"domain constraint", Change::removed, "", any, Severity::critical},
    {"*", any, "validated", any, Severity::critical},
    {"*", any, "enforced", any, Severity::critical},
    {"*", any, "not null", Turn::lost, Severity::critical},
    {"trigger", Change::removed, "", any, Severity::critical},
    {"rule", Change::removed, "", any, Severity::critical},
    {"event trigger", Change::removed, "", any, Severity::critical},
    {"*", any, "enabled", any, Severity::critical},

    // Speed and storage.
    {"*", any, "storage", any, Severity::minor},
    {"*", any, "compression", any, Severity::minor},
    {"*", any, "statistic*", any, Severity::minor},
    {"*", any, "index statistic*", any, Severity::minor},
    {"statistics object", any, "*", any, Severity::minor},
    {"*", any, "tablespace", any, Severity::minor},
    {"*", any, "access method", any, Severity::minor},
    {"*", any, "clustered*", any, Severity::minor},
    {"*", any, "cost", any, Severity::minor},
    {"*", any, "rows", any, Severity::minor},
    {"*", any, "parallel", any, Severity::minor},
    {"*", any, "support", any, Severity::minor},
    {"*", any, "cache", any, Severity::minor},
    {"*", any, "identity cache", any, Severity::minor},
    {"*", any, "toast option *", any, Severity::minor},
    {"table", any, "option *", any, Severity::minor},
    {"table column", any, "option n_distinct*", any, Severity::minor},
    {"materialized view", any, "option *", any, Severity::minor},
    {"index", any, "option *", any, Severity::minor},
    {"index", Change::added, "", any, Severity::minor},
};

bool fits(std::string_view pattern, std::string_view word) {
    if (pattern.ends_with('*'))
        return word.starts_with(pattern.substr(0, pattern.size() - 1));
    return pattern == word;
}

} // namespace

std::string_view change_name(Change change) {
    switch (change) {
    case Change::added:
        return "added";
    case Change::removed:
        return "removed";
    case Change::changed:
        return "changed";
    case Change::renamed:
        return "renamed";
    case Change::recreated:
        return "recreated";
    case Change::reordered:
        return "reordered";
    case Change::unmodelled:
        return "unmodelled";
    }
    return "?";
}

std::string_view severity_name(Severity severity) {
    switch (severity) {
    case Severity::critical:
        return "critical";
    case Severity::major:
        return "major";
    case Severity::minor:
        return "minor";
    case Severity::info:
        return "info";
    }
    return "?";
}

Severity severity_of(std::string_view object_type, Change change, std::string_view property, Turn turn) {
    for (const Rule &rule : rules) {
        if (fits(rule.object_type, object_type) && (!rule.change || *rule.change == change) &&
            fits(rule.property, property) && (!rule.turn || *rule.turn == turn))
            return rule.severity;
    }
    return Severity::major;
}

} // namespace turnstone::core
