// Owns turnstone.drift_check: the look for drift before a run that applies migrations.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"

#include "turnstone/server/drift.hpp"
#include "turnstone/server/run_checks.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"

namespace turnstone::server {

namespace {

// Why there is nothing to compare with; empty where there is something.
std::string obstacle() {
    static Query query{"select stale from turnstone.snapshot order by id desc limit 1"};
    const Rows rows = run(query);
    if (rows.empty())
        return "No run has recorded the schema yet.";
    return rows.boolean(0, 0) ? "The last run was not recorded (turnstone.record_schema was off), or the "
                                "extension was updated since."
                              : "";
}

std::string described(const std::vector<core::Difference> &differences) {
    constexpr std::size_t most = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, differences.size()); ++i) {
        const core::Difference &one = differences[i];
        text += fmt::format("{}{} {}: {}{}", i > 0 ? "\n" : "", one.object_type, one.identity,
                            core::change_name(one.change), one.property.empty() ? "" : " " + one.property);
    }
    if (differences.size() > most)
        text += fmt::format("\nand {} more", differences.size() - most);
    return text;
}

} // namespace

void check_drift() {
    const DriftCheck check = settings::drift_check();
    if (check == DriftCheck::off)
        return;
    const std::string why_not = obstacle();
    if (!why_not.empty()) {
        pg([&] {
            ereport(NOTICE, (errmsg("drift is not looked for"), errdetail_internal("%s", why_not.c_str())));
        });
        return;
    }
    const std::vector<core::Difference> found = schema_drift({});
    if (found.empty())
        return;
    const std::string message = fmt::format("the schema has drifted: {} {}", found.size(),
                                            found.size() == 1 ? "difference" : "differences");
    const std::string detail = described(found);
    if (check == DriftCheck::refuse)
        throw core::Error(core::ErrorCode::wrong_state, message, detail,
                          "migrate_drift() shows what should be and what is. Take it back, or accept it with "
                          "migrate_accept_drift(reason); or set turnstone.drift_check to warn or off.");
    pg([&] {
        ereport(WARNING, (errmsg_internal("%s", message.c_str()), errdetail_internal("%s", detail.c_str()),
                          errhint("migrate_drift() shows what should be and what is.")));
    });
}

} // namespace turnstone::server
