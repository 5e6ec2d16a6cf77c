#include "turnstone/core/drift_report.hpp"

#include <gtest/gtest.h>

namespace turnstone::core {
namespace {

DriftReport report() {
    Difference type;
    type.severity = Severity::major;
    type.object_type = "table column";
    type.identity = "public.t.\"a\"\"b\"";
    type.property = "type";
    type.expected = "integer";
    type.actual = "bigint";
    Difference view;
    view.severity = Severity::info;
    view.change = Change::added;
    view.object_type = "view";
    view.identity = "public.v";
    return {{type, Culprit{"2026-01-02 03:04:05+00", "ann", "psql", "10.0.0.7", "ALTER TABLE t\n  ..."}},
            {view, std::nullopt}};
}

TEST(DriftReport, Summary) {
    EXPECT_EQ(drift_report({}, ReportFormat::summary), "no drift");
    EXPECT_EQ(drift_report(report(), ReportFormat::summary), "drift: 2 differences (1 major, 1 info)");
    DriftReport one = report();
    one.pop_back();
    EXPECT_EQ(drift_report(one, ReportFormat::summary), "drift: 1 difference (1 major)");
}

TEST(DriftReport, Text) {
    EXPECT_EQ(drift_report({}, ReportFormat::text), "no drift");
    EXPECT_EQ(drift_report(report(), ReportFormat::text),
              "major     changed table column public.t.\"a\"\"b\": type\n"
              "  expected  integer\n"
              "  actual    bigint\n"
              "  by        ann at 2026-01-02 03:04:05+00, psql, from 10.0.0.7\n"
              "  with      ALTER TABLE t\n"
              "              ...\n"
              "info      added view public.v\n"
              "drift: 2 differences (1 major, 1 info)");
}

TEST(DriftReport, Json) {
    EXPECT_EQ(drift_report({}, ReportFormat::json),
              "{\n  \"summary\": {\n    \"differences\": 0,\n    \"critical\": 0,\n    \"major\": 0,\n"
              "    \"minor\": 0,\n    \"info\": 0\n  },\n  \"differences\": []\n}");
    const std::string text = drift_report(report(), ReportFormat::json);
    EXPECT_NE(text.find(R"("identity": "public.t.\"a\"\"b\"",)"), std::string::npos);
    EXPECT_NE(text.find(R"("statement": "ALTER TABLE t\n  ...")"), std::string::npos);
    EXPECT_NE(text.find(R"("major": 1)"), std::string::npos);
    DriftReport odd = report();
    odd.front().difference.actual = "\xff";
    EXPECT_NE(drift_report(odd, ReportFormat::json).find("\xef\xbf\xbd"), std::string::npos);
}

TEST(DriftReport, NamesOfFormats) {
    EXPECT_EQ(report_format("json"), ReportFormat::json);
    EXPECT_EQ(report_format("text"), ReportFormat::text);
    EXPECT_EQ(report_format("summary"), ReportFormat::summary);
    EXPECT_EQ(report_format("yaml"), std::nullopt);
}

} // namespace
} // namespace turnstone::core
