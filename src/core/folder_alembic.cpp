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
    int first_line = 1; // of its bytes
    std::string bytes;
};

bool is_transaction_line(std::string_view line) {
    line = trimmed(line);
    return line.empty() || line == "BEGIN;" || line == "COMMIT;";
}

// Without transaction commands at its end: whether they are there depends on what comes behind.
std::string_view without_end(std::string_view text) {
    for (;;) {
        while (text.ends_with('\n') || text.ends_with('\r'))
            text.remove_suffix(1);
        const std::size_t feed = text.rfind('\n');
        const std::size_t last = feed == std::string_view::npos ? 0 : feed + 1;
        if (text.empty() || !is_transaction_line(text.substr(last)))
            return text;
        text = text.substr(0, last);
    }
}

// What stands before the first step belongs to that one.
std::vector<Step> steps_of(const SourceFile &file) {
    const std::string_view text = script_text(file.bytes);
    std::vector<Step> steps;
    std::vector<std::size_t> begins;
    bool only_transaction = true; // before the first step
    for (const SqlLine &line : sql_lines(text)) {
        const std::string_view content = text.substr(line.begin, line.end - line.begin);
        auto step = line.plain ? alembic_step(content) : std::nullopt;
        only_transaction = only_transaction && (!steps.empty() || step || is_transaction_line(content));
        if (!step)
            continue;
        const bool whole = steps.empty() && !only_transaction;
        begins.push_back(whole ? 0 : line.begin);
        steps.push_back({std::move(*step), &file, line.number, whole ? 1 : line.number, {}});
    }
    begins.push_back(text.size());
    for (std::size_t i = 0; i < steps.size(); ++i)
        steps[i].bytes = std::string(without_end(text.substr(begins[i], begins[i + 1] - begins[i]))) + '\n';
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
    // Its lines are its own: in an output that goes back from the newest they move with every new one.
    migration->down_bytes = step.bytes;
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
