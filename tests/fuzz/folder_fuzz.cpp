// Any bytes as a folder of files, of a format or of one to be found out: a Folder or a core::Error comes out,
// each migration of it can be read, and survives its way from a client to the server. The first letter
// chooses the format, "=== path" on a line of its own begins a file. scripts/fuzz makes such inputs of
// tests/data/formats too.
#include <set>
#include <string>

#include "input.hpp"
#include "turnstone/core/alembic_lineage.hpp"
#include "turnstone/core/error.hpp"
#include "turnstone/core/folder.hpp"
#include "turnstone/core/folder_entry.hpp"

using namespace turnstone::core;
using turnstone::fuzz::require;

namespace {

constexpr std::size_t formats = static_cast<std::size_t>(Format::plain) + 1;

void check_lineage(const Folder &folder) {
    std::vector<AlembicScript> scripts;
    for (const FolderMigration &migration : folder.migrations)
        scripts.push_back({migration.foreign_id, migration.up_bytes});
    const auto lineage = alembic_lineage(scripts);
    require(lineage.size() == scripts.size());
    alembic_ancestors(lineage, alembic_heads(lineage));
}

void check_migration(Format format, const FolderMigration &migration) {
    require(!migration.name.empty());
    require(migration.up_line >= 1 && migration.down_line >= 1);
    const std::string document = entry_document(migration);
    require(entry_document(read_entry(document, migration.up_bytes, migration.down_bytes)) == document);
    registered_checksum(migration);
    try {
        read_migration(format, migration, Variables{});
    } catch (const Error &error) {
        require(error.code() != ErrorCode::internal && !error.message().empty());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    turnstone::fuzz::Input input(data, size);
    const std::size_t choice = input.choice(formats + 1);
    const std::optional<Format> format =
        choice == formats ? std::nullopt : std::optional(static_cast<Format>(choice));
    input.up_to("=== ");
    std::vector<SourceFile> files;
    std::set<std::string> paths; // as on a disk, each but once
    while (!input.empty() && files.size() < 50) {
        const std::string path(input.line());
        const std::string bytes(input.up_to("\n=== "));
        if (!path.empty() && paths.insert(path).second)
            files.push_back({path, use_of_file(path) == FileUse::bytes ? bytes : std::string()});
    }
    try {
        const Folder folder = read_folder(files, format);
        std::set<std::string> names;
        for (const FolderMigration &migration : folder.migrations) {
            check_migration(folder.format, migration);
            require(names.insert(migration.name).second);
        }
        check_lineage(folder);
    } catch (const Error &error) {
        require(error.code() != ErrorCode::internal && !error.message().empty());
    }
    return 0;
}
