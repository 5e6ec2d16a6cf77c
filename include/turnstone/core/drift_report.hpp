// The report of drift for machines and for people.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/comparison.hpp"

namespace turnstone::core {

// The logged statement that made a difference, all of it as text; empty where it is not known.
struct Culprit {
    std::string at;
    std::string role;
    std::string application;
    std::string client_address;
    std::string statement;
};

struct ReportedDifference {
    Difference difference;
    std::optional<Culprit> culprit;
};

using DriftReport = std::vector<ReportedDifference>;

enum class ReportFormat {
    text,    // some lines a difference
    json,    // an object: "summary" with the numbers, "differences" with a member for each column that has a
             // value
    summary, // one line
};

std::optional<ReportFormat> report_format(std::string_view name);

// Ends without a line feed.
std::string drift_report(const DriftReport &report, ReportFormat format);

} // namespace turnstone::core
