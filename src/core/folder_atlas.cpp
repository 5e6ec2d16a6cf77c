// Atlas's folders: scripts by the order of their names, and atlas.sum, which must fit them.
#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/foreign_identity.hpp"
#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

namespace {

constexpr const char *sum_hint =
    "Somebody has edited, added or removed a script behind Atlas's back: restore it, or, where "
    "that is meant, renew the sums with \"atlas migrate hash\".";
constexpr const char *name_hint = "Name it like 20240101120000_create_users.sql.";

Error sum_error(std::string message, std::string detail = {}) {
    return {ErrorCode::invalid_script, std::move(message), std::move(detail), sum_hint};
}

bool is_ignored(std::string_view text) {
    const auto directives = atlas_directives(text);
    return !directives.empty() && directives.front().line == 1 && directives.front().name == "sum" &&
           directives.front().value == "ignore";
}

// Of each script what stands behind "h1:" in its line; empty where it has none.
std::vector<std::string> sums_of(const Files &scripts, std::string *total) {
    AtlasSum sum;
    std::vector<std::string> sums;
    for (const SourceFile *script : scripts)
        sums.push_back(sum.add(script->path, script->bytes, is_ignored(script->bytes)));
    *total = sum.total();
    return sums;
}

void verify(const SourceFile &file, const Files &scripts, const std::vector<std::string> &sums,
            const std::string &total) {
    const std::vector<TextLine> lines = lines_of(file.bytes);
    std::size_t next = 1;
    for (std::size_t i = 0; i < scripts.size(); ++i) {
        if (sums[i].empty())
            continue;
        const std::string_view line = next < lines.size() ? lines[next].text : std::string_view{};
        const std::size_t mark = line.rfind("h1:");
        const std::string_view name =
            mark == std::string_view::npos ? std::string_view{} : trimmed(line.substr(0, mark));
        if (name.empty() || name > scripts[i]->path)
            throw sum_error(fmt::format("\"{}\" does not know \"{}\"", file.path, scripts[i]->path));
        if (name != scripts[i]->path)
            throw sum_error(
                fmt::format("\"{}\", line {}: \"{}\" is not there", file.path, lines[next].number, name));
        if (line.substr(mark + 3) != sums[i])
            throw sum_error(fmt::format("\"{}\", line {}: the sum of \"{}\" is another one", file.path,
                                        lines[next].number, scripts[i]->path),
                            fmt::format("It is h1:{}.", sums[i]));
        ++next;
    }
    if (next < lines.size())
        throw sum_error(fmt::format("\"{}\", line {}: there is no script for \"{}\"", file.path,
                                    lines[next].number, lines[next].text));
    const std::string_view first = lines.empty() ? std::string_view{} : lines.front().text;
    if (first != "h1:" + total)
        throw sum_error(fmt::format("\"{}\", line 1: the sum of all scripts is another one", file.path),
                        fmt::format("It is h1:{}.", total));
}

void remark_on_directives(const SourceFile &script, Folder &folder) {
    for (const AtlasDirective &directive : atlas_directives(script.bytes)) {
        const std::string &name = directive.name;
        if (name == "delimiter" && directive.line != 1)
            remark(folder, script.path, directive.line, "a delimiter counts in the first line only");
        else if (name != "delimiter" && name != "txmode" && name != "checkpoint" && name != "sum" &&
                 name != "nolint" && name != "txtar")
            remark(folder, script.path, directive.line, fmt::format("directive atlas:{} is not known", name));
    }
    for (const AtlasPart &part : atlas_parts(script.bytes)) {
        if (part.name != "migration.sql" && part.name != "down.sql")
            remark(folder, script.path, part.line - 1,
                   part.name.starts_with("checks") ? fmt::format("the checks of {} are not made", part.name)
                                                   : fmt::format("{} is not run", part.name));
    }
}

} // namespace

void list_atlas(const Files &files, Folder &folder) {
    Files scripts;
    const SourceFile *sum_file = nullptr;
    for (const SourceFile *file : top_level(files, folder)) {
        if (file->path == atlas_sum)
            sum_file = file;
        else if (file->path.ends_with(".sql"))
            scripts.push_back(file);
        else
            pass_over(folder, file->path, "is no SQL script");
    }
    std::string total;
    const std::vector<std::string> sums = sums_of(scripts, &total);
    if (sum_file != nullptr)
        verify(*sum_file, scripts, sums, total);
    else
        folder.remarks.emplace_back("there is no atlas.sum, so the scripts are not verified");
    for (std::size_t i = 0; i < scripts.size(); ++i) {
        const std::string_view stem = without_sql(scripts[i]->path);
        const std::string_view number = stem.substr(0, stem.find('_'));
        const auto version = Version::parse(number);
        if (!version)
            throw name_error(scripts[i]->path, "turnstone wants a number up to the first underscore.",
                             name_hint);
        folder.migrations.push_back(
            single(*scripts[i], *version, description_of(stem.substr(number.size()))));
        FolderMigration &migration = folder.migrations.back();
        migration.foreign_id = sums[i];
        for (const AtlasDirective &directive : atlas_directives(scripts[i]->bytes)) {
            if (directive.name != "checkpoint")
                continue;
            migration.kind = MigrationKind::baseline;
            if (!directive.value.empty())
                migration.beside.tags.push_back(directive.value);
        }
        remark_on_directives(*scripts[i], folder);
    }
    require_rising_versions(folder, "Atlas");
}

} // namespace turnstone::core
