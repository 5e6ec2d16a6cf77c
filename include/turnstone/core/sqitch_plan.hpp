// The plan of Sqitch: which changes there are, in which order, what each requires, and the tags between them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace turnstone::core {

// "users", "users@v1", "@v1", "other:users", "other:users@v1".
struct SqitchDependency {
    std::string text; // as it is written
    std::string project;
    std::string change;
    std::string tag; // without its "@"
    bool conflicts = false;
};

struct SqitchPlannedChange {
    int line = 1; // of the plan
    std::string name;
    std::string date;
    std::string planner;
    std::string note;
    std::vector<SqitchDependency> dependencies;
    std::vector<std::string> tags; // that stand behind it, without their "@"
    std::string id;                // change_id, by which Sqitch's own tables know it
};

struct SqitchPlan {
    std::string project;
    std::string uri;
    std::vector<SqitchPlannedChange> changes;
};

// Where the files are, as sqitch.conf says; all relative to the folder that holds it.
struct SqitchLayout {
    std::string plan = "sqitch.plan";
    std::string deploy = "deploy/";
    std::string revert = "revert/";
    std::string verify = "verify/";
};

// Of the [core] section. Throws unsupported, with `path` and the line, for an engine that is not PostgreSQL
// and for scripts that do not end in .sql.
SqitchLayout read_sqitch_layout(std::string_view text, std::string_view path);

// Throws invalid_script, with `path` and the line.
SqitchPlan read_sqitch_plan(std::string_view text, std::string_view path);

} // namespace turnstone::core
