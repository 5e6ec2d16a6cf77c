// graphile-migrate's folders: committed migrations, each with the hash of itself and of all before it.
#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/foreign_identity.hpp"
#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

namespace {

constexpr std::string_view committed = "committed/";
constexpr const char *header_hint =
    "graphile-migrate commit writes \"--! Previous:\" and \"--! Hash:\", and an empty line behind them.";

// The digits of "000001.sql" and "000001-words.sql"; empty for other names.
std::string_view number_of(std::string_view name) {
    const std::string_view digits = leading_digits(name);
    const std::string_view rest = without_sql(name).substr(std::min(digits.size(), without_sql(name).size()));
    const bool fits =
        name.ends_with(".sql") &&
        (rest.empty() ||
         (rest.starts_with('-') &&
          rest.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
              std::string_view::npos));
    return fits ? digits : std::string_view{};
}

std::string_view why_not(std::string_view path) {
    if (path == "current.sql" || path.starts_with("current/"))
        return "is the migration in work: graphile-migrate commit makes a script of it";
    return is_sql(path) ? "is no committed migration" : "is no SQL script";
}

} // namespace

void list_graphile_migrate(const Files &files, Folder &folder) {
    // The folder of the migrations, or that of the committed ones itself.
    const bool whole = std::any_of(files.begin(), files.end(),
                                   [](const SourceFile *file) { return file->path.starts_with(committed); });
    Files fixtures;
    std::string last_hash;
    const SourceFile *last = nullptr;
    for (const SourceFile *file : files) {
        std::string_view name = file->path;
        if (whole && name.starts_with(committed))
            name.remove_prefix(committed.size());
        else if (whole)
            name = {};
        const std::string_view digits = at_top(name) ? number_of(name) : std::string_view{};
        if (digits.empty() && file->path.starts_with("fixtures/")) {
            fixtures.push_back(file);
            continue;
        }
        if (digits.empty()) {
            pass_over(folder, file->path, why_not(file->path));
            continue;
        }
        const std::string_view text = script_text(file->bytes);
        const GraphileHeader header = graphile_header(text);
        if (!header.complete)
            throw file_error(file->path, 1, "the header is not complete", header_hint);
        if (header.previous != last_hash)
            throw file_error(file->path, 1,
                             last == nullptr
                                 ? fmt::format("it follows {}, and no script is before it", header.previous)
                                 : fmt::format("it does not follow \"{}\", the hash of which is {}",
                                               last->path, last_hash),
                             "Restore the scripts in the order in which they were committed.");
        const std::string hash = graphile_hash(text.substr(header.body), header.previous);
        if (hash != header.hash && !header.allows_invalid_hash)
            throw file_error(
                file->path, 2, fmt::format("its hash is {}", hash),
                "It was edited after it had been committed: restore it, or allow the edit with a line "
                "\"--! AllowInvalidHash\" in the header.");
        if (hash != header.hash)
            remark(folder, file->path, 2, fmt::format("its hash is {}, which the header allows", hash));
        folder.migrations.push_back(
            single(*file, *Version::parse(digits), description_of(without_sql(name).substr(digits.size()))));
        folder.migrations.back().foreign_id = header.hash;
        last_hash = header.hash;
        last = file;
    }
    pass_over_folders(folder, fixtures, "which the migrations that include them hold");
    require_rising_versions(folder, "graphile-migrate");
}

} // namespace turnstone::core
