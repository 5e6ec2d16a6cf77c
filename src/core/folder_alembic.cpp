// Alembic's migrations, which are programs, by the SQL that "alembic upgrade base:head --sql" writes for
// them, and "alembic downgrade head:base --sql" for the way back. Each step of such an output is a migration.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

constexpr const char *output_hint =
    "Write it anew: alembic upgrade base:head --sql > upgrade.sql, and alembic downgrade "
    "head:base --sql > downgrade.sql.";

// What one step does, and where.
struct Step {
    AlembicStep says;
    const SourceFile *file = nullptr;
    int line = 1;       // of its comment
    int first_line = 1; // of its bytes: what stands before the first step belongs to that one
    std::string bytes;
};

std::vector<Step> steps_of(const SourceFile &file) {
    const std::string_view text = script_text(file.bytes);
    std::vector<Step> steps;
    std::vector<std::size_t> begins;
    for (const SqlLine &line : sql_lines(text)) {
        if (!line.plain)
            continue;
        auto step = alembic_step(text.substr(line.begin, line.end - line.begin));
        if (!step)
            continue;
        begins.push_back(steps.empty() ? 0 : line.begin);
        steps.push_back({std::move(*step), &file, line.number, steps.empty() ? 1 : line.number, {}});
    }
    begins.push_back(text.size());
    for (std::size_t i = 0; i < steps.size(); ++i)
        steps[i].bytes = text.substr(begins[i], begins[i + 1] - begins[i]);
    return steps;
}

void remark_on_bookkeeping(const SourceFile &file, Folder &folder) {
    for (const TextLine &line : lines_of(file.bytes)) {
        if (is_alembic_bookkeeping(line.text)) {
            remark(folder, file.path, line.number,
                   "this and the other statements on alembic_version are left out: turnstone keeps its own "
                   "journal");
            return;
        }
    }
}

void add_upgrade(const Step &step, std::set<std::string> &known, Folder &folder) {
    if (step.says.to.size() != 1)
        throw file_error(step.file->path, step.line, "the step leads to no revision, or to several",
                         output_hint);
    for (const std::string &before : step.says.from) {
        if (!known.contains(before))
            throw file_error(step.file->path, step.line,
                             fmt::format("it follows revision {}, and no step before leads there", before),
                             output_hint);
    }
    const std::string &revision = step.says.to.front();
    if (!known.insert(revision).second)
        throw file_error(step.file->path, step.line,
                         fmt::format("revision {} stands here for the second time", revision), output_hint);
    FolderMigration migration;
    migration.version = Version::parse(std::to_string(folder.migrations.size() + 1));
    migration.name = migration.foreign_id = revision;
    migration.up_path = step.file->path;
    migration.up_bytes = at_line(step.bytes, step.first_line);
    migration.up_line = step.line;
    folder.migrations.push_back(std::move(migration));
}

void add_downgrade(const Step &step, Folder &folder) {
    const auto migration = std::find_if(
        folder.migrations.begin(), folder.migrations.end(), [&](const FolderMigration &candidate) {
            return step.says.from.size() == 1 && candidate.name == step.says.from.front();
        });
    if (migration == folder.migrations.end())
        return remark(folder, step.file->path, step.line,
                      "there is no upgrade to the revision that this step leaves");
    if (!migration->down_path.empty())
        throw file_error(step.file->path, step.line,
                         fmt::format("revision {} is left here for the second time", migration->name),
                         output_hint);
    migration->down_path = step.file->path;
    migration->down_bytes = at_line(step.bytes, step.first_line);
    migration->down_line = step.line;
}

} // namespace

void list_alembic(const Files &files, Folder &folder) {
    std::vector<Step> steps;
    for (const SourceFile *file : top_level(files, folder)) {
        if (passes_over_other_files(folder, *file, "Alembic"))
            continue;
        std::vector<Step> found = steps_of(*file);
        if (found.empty())
            throw Error(ErrorCode::invalid_script, fmt::format("\"{}\" holds no step of Alembic", file->path),
                        {}, output_hint);
        remark_on_bookkeeping(*file, folder);
        std::move(found.begin(), found.end(), std::back_inserter(steps));
    }
    std::set<std::string> known;
    for (const Step &step : steps) {
        if (step.says.direction == Direction::up)
            add_upgrade(step, known, folder);
    }
    for (const Step &step : steps) {
        if (step.says.direction == Direction::down)
            add_downgrade(step, folder);
    }
}

} // namespace turnstone::core
