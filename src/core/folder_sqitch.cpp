// Sqitch's folders: the plan says which changes there are; each has a script to deploy, one to revert, one to
// verify. A change's version is its place in the plan: its identity for Sqitch, too, is made of all that is
// before it.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/sqitch_plan.hpp"

namespace turnstone::core {

namespace {

class Lister {
  public:
    Lister(const Files &files, const SqitchLayout &layout, const SqitchPlan &plan, Folder &folder)
        : files_(files), layout_(layout), plan_(plan), folder_(folder) {
        used_.insert(layout.plan);
    }

    void run() {
        for (std::size_t place = 0; place < plan_.changes.size(); ++place)
            add(place);
        report_checks();
        report_others();
    }

  private:
    [[nodiscard]] const SqitchPlannedChange &change(std::size_t place) const { return plan_.changes[place]; }

    // The last change of that name in [0, end), or npos.
    [[nodiscard]] std::size_t find_change(std::string_view name, std::size_t end) const {
        while (end-- > 0) {
            if (change(end).name == name)
                return end;
        }
        return std::string::npos;
    }

    [[nodiscard]] std::size_t find_tag(std::string_view tag) const {
        for (std::size_t place = 0; place < plan_.changes.size(); ++place) {
            const auto &tags = change(place).tags;
            if (std::find(tags.begin(), tags.end(), tag) != tags.end())
                return place;
        }
        return std::string::npos;
    }

    [[nodiscard]] bool is_reworked(std::size_t place) const {
        return find_change(change(place).name, plan_.changes.size()) != place;
    }

    // The names that the change's files may have. One that is reworked later goes by a tag that stands
    // between the two.
    [[nodiscard]] std::vector<std::string> file_names(std::size_t place) const {
        std::vector<std::string> names;
        const std::string &name = change(place).name;
        for (std::size_t later = place + 1; later < plan_.changes.size(); ++later) {
            if (change(later).name != name)
                continue;
            for (std::size_t between = place; between < later; ++between) {
                for (const std::string &tag : change(between).tags)
                    names.push_back(fmt::format("{}@{}", name, tag));
            }
            if (names.empty())
                throw file_error(
                    sqitch_plan, change(later).line,
                    fmt::format("change \"{}\" stands here for the second time, without a tag between", name),
                    "To rework a change, tag the plan first.");
            return names;
        }
        return {name};
    }

    const SourceFile *find(std::string_view directory, const std::vector<std::string> &names) {
        for (const std::string &name : names) {
            const SourceFile *file = find_file(files_, fmt::format("{}{}.sql", directory, name));
            if (file != nullptr) {
                used_.insert(file->path);
                return file;
            }
        }
        return nullptr;
    }

    void add(std::size_t place) {
        const SqitchPlannedChange &planned = change(place);
        const std::vector<std::string> names = file_names(place);
        const SourceFile *deploy = find(layout_.deploy, names);
        const SourceFile *revert = find(layout_.revert, names);
        const SourceFile *verify = find(layout_.verify, names);
        if (deploy == nullptr)
            throw file_error(layout_.plan, planned.line,
                             fmt::format("\"{}{}.sql\" is not there", layout_.deploy, names.front()),
                             "Restore the script, or take the change out of the plan.");
        FolderMigration migration;
        migration.version = Version::parse(std::to_string(place + 1));
        migration.name = without_sql(std::string_view(deploy->path).substr(layout_.deploy.size()));
        migration.description = planned.note.substr(0, planned.note.find('\n'));
        migration.up_path = deploy->path;
        migration.up_bytes = deploy->bytes;
        migration.foreign_id = planned.id;
        migration.beside.tags = planned.tags;
        if (revert != nullptr) {
            migration.down_path = revert->path;
            migration.down_bytes = revert->bytes;
        } else
            remark(
                folder_, layout_.plan, planned.line,
                fmt::format("\"{}{}.sql\" is not there, so there is no Down", layout_.revert, names.front()));
        if (verify != nullptr && !is_reworked(place)) { // Sqitch passes those over, too
            migration.verify_path = verify->path;
            migration.verify_bytes = verify->bytes;
            checks_.push_back(verify);
        }
        for (const SqitchDependency &dependency : planned.dependencies)
            depend(place, dependency, migration.beside);
        folder_.migrations.push_back(std::move(migration));
    }

    void depend(std::size_t place, const SqitchDependency &dependency, ScriptOptions &beside) {
        const SqitchPlannedChange &planned = change(place);
        if (!dependency.project.empty() && dependency.project != plan_.project)
            return remark(folder_, layout_.plan, planned.line,
                          fmt::format("that \"{}\" {} \"{}\", of another project, is not checked",
                                      planned.name, dependency.conflicts ? "conflicts with" : "requires",
                                      dependency.text));
        // "users@v1" is the last change of that name up to the tag; a conflict may be with what comes later.
        std::size_t end = dependency.conflicts ? plan_.changes.size() : place;
        std::size_t found = std::string::npos;
        if (!dependency.tag.empty()) {
            const std::size_t tagged = dependency.tag == "HEAD" || dependency.tag == "ROOT"
                                           ? std::string::npos
                                           : find_tag(dependency.tag);
            end = tagged == std::string::npos ? 0 : tagged + 1;
            found = tagged;
        }
        if (!dependency.change.empty())
            found = find_change(dependency.change, end);
        if (found != std::string::npos && (dependency.conflicts || found < place))
            (dependency.conflicts ? beside.conflicts : beside.requirements)
                .push_back(std::to_string(found + 1));
        else if (dependency.conflicts) // with what nobody has planned, or not yet
            beside.conflicts.push_back(dependency.change.empty() ? dependency.text : dependency.change);
        else
            throw file_error(
                sqitch_plan, planned.line,
                fmt::format("\"{}\" requires \"{}\", which is not before it", planned.name, dependency.text),
                "Put the one that is required before the one that requires it.");
    }

    // The server has nothing that they would be.
    void report_checks() {
        if (!checks_.empty())
            remark(
                folder_, checks_.front()->path, 1,
                checks_.size() == 1
                    ? "the check is made by \"turnstone verify\" alone"
                    : fmt::format("the check is made by \"turnstone verify\" alone, as are those of {} more",
                                  checks_.size() - 1));
    }

    // What lies among the scripts is named; of other folders only how many files are in them.
    void report_others() {
        Files others;
        for (const SourceFile *file : files_) {
            const std::string_view path = file->path;
            if (used_.contains(path) || path == sqitch_configuration)
                continue;
            if (path == sqitch_plan)
                pass_over(folder_, path, "is not the plan that sqitch.conf names");
            else if ((at_top(path) && is_sql(path)) || path.starts_with(layout_.deploy) ||
                     path.starts_with(layout_.revert) || path.starts_with(layout_.verify))
                pass_over(folder_, path, "is not in the plan");
            else if (!at_top(path))
                others.push_back(file);
        }
        pass_over_folders(folder_, others, "beside the plan");
    }

    Files checks_;
    const Files &files_;
    const SqitchLayout &layout_;
    const SqitchPlan &plan_;
    Folder &folder_;
    std::set<std::string_view> used_;
};

} // namespace

void list_sqitch(const Files &files, Folder &folder) {
    const SourceFile *configuration = find_file(files, sqitch_configuration);
    const SqitchLayout layout = configuration != nullptr
                                    ? read_sqitch_layout(configuration->bytes, sqitch_configuration)
                                    : SqitchLayout{};
    const SourceFile *plan_file = find_file(files, layout.plan);
    if (plan_file == nullptr)
        throw Error(
            ErrorCode::invalid_script, fmt::format("there is no {}", layout.plan), {},
            "Load the folder that holds sqitch.conf, or the plan with deploy, revert and verify beside it.");
    const SqitchPlan plan = read_sqitch_plan(script_text(plan_file->bytes), layout.plan);
    Lister(files, layout, plan, folder).run();
}

} // namespace turnstone::core
