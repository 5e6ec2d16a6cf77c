// Owns the forms that a report of drift has besides that of a table.
#include "turnstone/core/drift_report.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace turnstone::core {

namespace {

using json = nlohmann::ordered_json;

constexpr std::array severities{Severity::critical, Severity::major, Severity::minor, Severity::info};

std::size_t number_of(const DriftReport &report, Severity severity) {
    std::size_t number = 0;
    for (const ReportedDifference &one : report)
        number += one.difference.severity == severity ? 1 : 0;
    return number;
}

std::string summary(const DriftReport &report) {
    if (report.empty())
        return "no drift";
    std::string numbers;
    for (const Severity severity : severities) {
        if (const std::size_t number = number_of(report, severity); number > 0)
            numbers += fmt::format("{}{} {}", numbers.empty() ? "" : ", ", number, severity_name(severity));
    }
    return fmt::format("drift: {} {} ({})", report.size(), report.size() == 1 ? "difference" : "differences",
                       numbers);
}

std::string as_json(const DriftReport &report) {
    json numbers{{"differences", report.size()}};
    for (const Severity severity : severities)
        numbers[std::string(severity_name(severity))] = number_of(report, severity);
    json rows = json::array();
    for (const auto &[difference, culprit] : report) {
        json row{{"severity", severity_name(difference.severity)},
                 {"change", change_name(difference.change)},
                 {"object_type", difference.object_type},
                 {"identity", difference.identity}};
        const auto add = [&](const char *name, const std::string &value) {
            if (!value.empty())
                row[name] = value;
        };
        add("property", difference.property);
        add("expected", difference.expected);
        add("actual", difference.actual);
        if (culprit) {
            add("changed_at", culprit->at);
            add("changed_by", culprit->role);
            add("application", culprit->application);
            add("client_address", culprit->client_address);
            add("statement", culprit->statement);
        }
        rows.push_back(std::move(row));
    }
    // A database without an encoding may hold any bytes.
    return json{{"summary", std::move(numbers)}, {"differences", std::move(rows)}}.dump(
        2, ' ', false, json::error_handler_t::replace);
}

// Under a line's first word, where there are several.
std::string indented(const std::string &value) {
    constexpr std::string_view margin = "\n            ";
    std::string text;
    for (const char letter : value) {
        if (letter == '\n')
            text += margin;
        else
            text += letter;
    }
    return text;
}

std::string as_text(const DriftReport &report) {
    std::string text;
    for (const auto &[difference, culprit] : report) {
        text += fmt::format("{:<8}  {} {} {}", severity_name(difference.severity),
                            change_name(difference.change), difference.object_type, difference.identity);
        if (!difference.property.empty())
            text += ": " + difference.property;
        text += '\n';
        if (!difference.expected.empty())
            text += fmt::format("  expected  {}\n", indented(difference.expected));
        if (!difference.actual.empty())
            text += fmt::format("  actual    {}\n", indented(difference.actual));
        if (culprit) {
            text += fmt::format("  by        {} at {}", culprit->role, culprit->at);
            if (!culprit->application.empty())
                text += fmt::format(", {}", culprit->application);
            if (!culprit->client_address.empty())
                text += fmt::format(", from {}", culprit->client_address);
            text += fmt::format("\n  with      {}\n", indented(culprit->statement));
        }
    }
    return text + summary(report);
}

} // namespace

std::optional<ReportFormat> report_format(std::string_view name) {
    if (name == "text")
        return ReportFormat::text;
    if (name == "json")
        return ReportFormat::json;
    if (name == "summary")
        return ReportFormat::summary;
    return std::nullopt;
}

std::string drift_report(const DriftReport &report, ReportFormat format) {
    switch (format) {
    case ReportFormat::json:
        return as_json(report);
    case ReportFormat::summary:
        return summary(report);
    case ReportFormat::text:
        break;
    }
    return as_text(report);
}

} // namespace turnstone::core
