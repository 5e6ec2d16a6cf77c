// Owns the comparison of a folder with what is registered, and the sending of the difference.
#include "turnstone/cli/upload.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/folder_entry.hpp"

namespace turnstone::cli {

std::vector<RegisteredScript> registered_scripts(Server &server) {
    const Result rows = server.select("migrate_registered");
    std::vector<RegisteredScript> scripts;
    scripts.reserve(static_cast<std::size_t>(rows.rows()));
    for (int row = 0; row < rows.rows(); ++row)
        scripts.push_back({std::string(rows.text(row, 0)), std::string(rows.text(row, 1)),
                           std::string(rows.text(row, 4)), rows.truth(row, 5), std::string(rows.text(row, 6)),
                           std::string(rows.text(row, 7))});
    return scripts;
}

namespace {

std::unordered_map<std::string_view, const RegisteredScript *>
scripts_by_name(const std::vector<RegisteredScript> &registered) {
    std::unordered_map<std::string_view, const RegisteredScript *> by_name;
    by_name.reserve(registered.size());
    for (const RegisteredScript &script : registered)
        by_name.emplace(script.name, &script);
    return by_name;
}

// Whether what the folder says beside the script is registered. The script itself may say more.
bool tells_all(const RegisteredScript &registered, const core::ScriptOptions &beside) {
    if (beside == core::ScriptOptions{})
        return true;
    const auto told = nlohmann::json::parse(registered.dependencies, nullptr, false);
    if (!told.is_object())
        return false;
    for (const auto &[key, wanted] :
         {std::pair("requirements", &beside.requirements), std::pair("conflicts", &beside.conflicts),
          std::pair("tags", &beside.tags)}) {
        const auto found = told.find(key);
        const auto texts =
            found == told.end() ? std::vector<std::string>{} : found->get<std::vector<std::string>>();
        for (const std::string &one : *wanted) {
            if (std::find(texts.begin(), texts.end(), one) == texts.end())
                return false;
        }
    }
    return true;
}

} // namespace

bool has_all(const FolderGlance &glance, const std::vector<RegisteredScript> &registered) {
    const auto by_name = scripts_by_name(registered);
    return std::all_of(glance.entries.begin(), glance.entries.end(), [&](const FolderGlance::Entry &entry) {
        const auto found = by_name.find(entry.name);
        return found != by_name.end() && !found->second->stale && found->second->checksum == entry.checksum &&
               found->second->foreign_id == entry.foreign_id;
    });
}

Comparison compare(const LocalFolder &local, const std::vector<RegisteredScript> &registered) {
    const auto by_name = scripts_by_name(registered);
    Comparison comparison;
    std::unordered_set<std::string_view> names;
    for (std::size_t i = 0; i < local.folder.migrations.size(); ++i) {
        const core::FolderMigration &migration = local.folder.migrations[i];
        names.insert(migration.name);
        const auto found = by_name.find(migration.name);
        if (found == by_name.end())
            comparison.unknown.push_back(&migration);
        else if (found->second->stale || found->second->checksum != local.checksums[i] ||
                 found->second->foreign_id != migration.foreign_id ||
                 !tells_all(*found->second, migration.beside))
            comparison.edited.push_back(&migration);
        else
            ++comparison.same;
    }
    for (const RegisteredScript &script : registered) {
        if (!names.contains(script.name))
            comparison.without_file.push_back(script);
    }
    return comparison;
}

std::vector<Uploaded> upload(Server &server, const LocalFolder &local, const Comparison &comparison) {
    if (comparison.is_equal())
        return {};
    std::vector<const core::FolderMigration *> all = comparison.unknown;
    all.insert(all.end(), comparison.edited.begin(), comparison.edited.end());
    std::sort(all.begin(), all.end()); // they stand in the folder's own order, in one array
    const std::string sql =
        fmt::format("select * from {}($1, $2, $3, $4)", server.function("migrate_upload"));
    Pipeline pipeline(server.connection());
    for (const core::FolderMigration *migration : all) {
        Parameters parameters;
        parameters.text(core::format_name(local.folder.format));
        parameters.text(core::entry_document(*migration));
        parameters.bytes(migration->up_bytes);
        if (migration->down_bytes.empty())
            parameters.null();
        else
            parameters.bytes(migration->down_bytes);
        pipeline.send(sql.c_str(), parameters);
    }
    std::vector<Uploaded> uploaded;
    for (const Result &result : pipeline.finish())
        uploaded.push_back(
            {std::string(result.text(0, 0)), std::string(result.text(0, 1)), std::string(result.text(0, 2))});
    return uploaded;
}

} // namespace turnstone::cli
