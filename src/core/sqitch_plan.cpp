#include "turnstone/core/sqitch_plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/foreign_identity.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

namespace {

constexpr const char *line_hint = "A line of the plan is: name [requirement !conflict] 2026-01-02T03:04:05Z "
                                  "Name <mail> # note; or the same with a "
                                  "tag, @name.";

SqitchDependency dependency_of(std::string_view text) {
    SqitchDependency dependency;
    dependency.conflicts = text.starts_with('!');
    if (dependency.conflicts)
        text.remove_prefix(1);
    dependency.text = text;
    if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
        dependency.project = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    const std::size_t at = std::min(text.find('@'), text.size());
    dependency.change = text.substr(0, at);
    dependency.tag = text.substr(std::min(at + 1, text.size()));
    return dependency;
}

bool is_date(std::string_view word) {
    constexpr std::string_view form = "0000-00-00T00:00:00Z";
    return word.size() == form.size() &&
           std::equal(word.begin(), word.end(), form.begin(),
                      [](char c, char wanted) { return wanted == '0' ? c >= '0' && c <= '9' : c == wanted; });
}

class Reader {
  public:
    explicit Reader(std::string_view path) : path_(path) {}

    SqitchPlan run(std::string_view text) {
        for (const TextLine &line : lines_of(text)) {
            const std::string_view content = trimmed(line.text);
            if (content.starts_with('%'))
                read_pragma(line.number, content.substr(1));
            else if (!content.empty() && !content.starts_with('#'))
                read_entry(line.number, content);
        }
        if (plan_.project.empty())
            throw file_error(path_, 1, "there is no line \"%project=...\"",
                             "It stands at the top of the plan.");
        return std::move(plan_);
    }

  private:
    void read_pragma(int number, std::string_view content) {
        const std::size_t equals = std::min(content.find('='), content.size());
        const std::string_view name = trimmed(content.substr(0, equals));
        const std::string_view value = trimmed(content.substr(std::min(equals + 1, content.size())));
        if (name == "project")
            plan_.project = value;
        else if (name == "uri")
            plan_.uri = value;
        else if (name == "syntax-version" && !value.starts_with("1.0"))
            throw unsupported_error(path_, number, fmt::format("the plan's syntax is {}", value),
                                    "Syntax 1.0.0 is understood.");
    }

    void read_entry(int number, std::string_view content) {
        SqitchPlannedChange change;
        change.line = number;
        // A note is behind a "#" with a blank before it.
        for (std::size_t hash = content.find('#'); hash != std::string_view::npos;
             hash = content.find('#', hash + 1)) {
            if (content[hash - 1] != ' ' && content[hash - 1] != '\t')
                continue;
            change.note = unescaped(trimmed(content.substr(hash + 1)), "nr\\");
            content = trimmed(content.substr(0, hash));
            break;
        }
        if (content.starts_with('+'))
            content = trimmed(content.substr(1));
        else if (content.starts_with('-'))
            throw unsupported_error(path_, number, "the plan reverts a change",
                                    "Take both lines out of the plan.");
        const std::size_t end = std::min(content.find_first_of(blank_characters), content.size());
        change.name = content.substr(0, end);
        content = trimmed(content.substr(end));
        if (content.starts_with('[')) {
            const std::size_t close = content.find(']');
            if (close == std::string_view::npos)
                throw file_error(path_, number, "the list of dependencies has no end", line_hint);
            for (const std::string_view word : words_of(content.substr(1, close - 1)))
                change.dependencies.push_back(dependency_of(word));
            content = trimmed(content.substr(close + 1));
        }
        const std::vector<std::string_view> words = words_of(content);
        if (words.size() < 2 || !is_date(words.front()))
            throw file_error(path_, number, "there is no date and planner", line_hint);
        change.date = words.front();
        change.planner = trimmed(content.substr(change.date.size()));
        if (change.name.starts_with('@'))
            add_tag(number, change.name.substr(1));
        else
            add_change(std::move(change));
    }

    void add_tag(int number, const std::string &tag) {
        if (plan_.changes.empty())
            throw file_error(path_, number, fmt::format("tag @{} stands before the first change", tag),
                             line_hint);
        for (const SqitchPlannedChange &change : plan_.changes) {
            if (std::find(change.tags.begin(), change.tags.end(), tag) != change.tags.end())
                throw file_error(path_, number, fmt::format("tag @{} stands here for the second time", tag),
                                 line_hint);
        }
        plan_.changes.back().tags.push_back(tag);
    }

    void add_change(SqitchPlannedChange change) {
        SqitchChange identity{plan_.project, plan_.uri, change.name, {},         change.planner,
                              change.date,   {},        {},          change.note};
        if (!plan_.changes.empty())
            identity.parent = plan_.changes.back().id;
        for (const SqitchDependency &dependency : change.dependencies)
            (dependency.conflicts ? identity.conflicts : identity.requirements).push_back(dependency.text);
        change.id = sqitch_change_id(identity);
        plan_.changes.push_back(std::move(change));
    }

    std::string_view path_;
    SqitchPlan plan_;
};

// "./sql" as "sql/"; empty for ".".
std::string directory_of(std::string_view value) {
    while (value.starts_with("./"))
        value.remove_prefix(2);
    while (value.ends_with('/'))
        value.remove_suffix(1);
    return value.empty() || value == "." ? std::string{} : std::string(value) + '/';
}

std::string file_of(std::string_view value) {
    while (value.starts_with("./"))
        value.remove_prefix(2);
    return std::string(value);
}

} // namespace

SqitchLayout read_sqitch_layout(std::string_view text, std::string_view path) {
    SqitchLayout layout;
    std::string section;
    std::string top;
    std::string plan;
    std::string deploy;
    std::string revert;
    std::string verify;
    for (const TextLine &line : lines_of(text)) {
        const std::string_view content = trimmed(line.text);
        if (content.starts_with('['))
            section = lower_case(trimmed(content.substr(1, content.find(']') - 1)));
        const std::size_t equals = content.find('=');
        if (section != "core" || equals == std::string_view::npos || content.starts_with('#') ||
            content.starts_with(';'))
            continue;
        const std::string key = lower_case(trimmed(content.substr(0, equals)));
        std::string_view value = trimmed(content.substr(equals + 1));
        if (value.size() > 1 && value.starts_with('"') && value.ends_with('"'))
            value = value.substr(1, value.size() - 2);
        if (key == "top_dir")
            top = directory_of(value);
        else if (key == "plan_file")
            plan = file_of(value);
        else if (key == "deploy_dir")
            deploy = directory_of(value);
        else if (key == "revert_dir")
            revert = directory_of(value);
        else if (key == "verify_dir")
            verify = directory_of(value);
        else if (key == "engine" && value != "pg")
            throw unsupported_error(path, line.number, fmt::format("the engine is {}, not pg", value), {});
        else if (key == "extension" && value != "sql")
            throw unsupported_error(path, line.number, fmt::format("scripts end in .{}, not in .sql", value),
                                    {});
    }
    layout.plan = plan.empty() ? top + layout.plan : plan;
    layout.deploy = deploy.empty() ? top + layout.deploy : deploy;
    layout.revert = revert.empty() ? top + layout.revert : revert;
    layout.verify = verify.empty() ? top + layout.verify : verify;
    return layout;
}

SqitchPlan read_sqitch_plan(std::string_view text, std::string_view path) {
    return Reader(path).run(text);
}

} // namespace turnstone::core
