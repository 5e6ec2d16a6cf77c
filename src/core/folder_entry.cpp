// Owns the form in which one migration of a folder travels.
#include "turnstone/core/folder_entry.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/digest.hpp"
#include "turnstone/core/error.hpp"

namespace turnstone::core {

namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string &detail) {
    throw Error(ErrorCode::invalid_argument, "this is no entry of a folder of migrations", detail,
                "Entries are written by the client \"turnstone\"; its version should be the server's.");
}

std::string text_of(const std::string &key, const json &value) {
    if (!value.is_string())
        refuse(fmt::format("\"{}\" is no text.", key));
    return value.get<std::string>();
}

bool truth_of(const std::string &key, const json &value) {
    if (!value.is_boolean())
        refuse(fmt::format("\"{}\" is neither true nor false.", key));
    return value.get<bool>();
}

std::vector<std::string> texts_of(const std::string &key, const json &value) {
    if (!value.is_array())
        refuse(fmt::format("\"{}\" is no list of texts.", key));
    std::vector<std::string> texts;
    for (const json &item : value)
        texts.push_back(text_of(key, item));
    return texts;
}

void read_key(const std::string &key, const json &value, FolderMigration &migration) {
    if (key == "kind") {
        const auto kind = parse_kind(text_of(key, value));
        if (!kind)
            refuse(fmt::format("\"{}\" is no kind of migration.", text_of(key, value)));
        migration.kind = *kind;
    } else if (key == "version")
        migration.version = Version::from_text(text_of(key, value));
    else if (key == "name")
        migration.name = text_of(key, value);
    else if (key == "description")
        migration.description = text_of(key, value);
    else if (key == "up_transactional")
        migration.up_transactional = truth_of(key, value);
    else if (key == "down_transactional")
        migration.down_transactional = truth_of(key, value);
    else if (key == "foreign_id")
        migration.foreign_id = text_of(key, value);
    else if (key == "requirements")
        migration.beside.requirements = texts_of(key, value);
    else if (key == "conflicts")
        migration.beside.conflicts = texts_of(key, value);
    else if (key == "tags")
        migration.beside.tags = texts_of(key, value);
    else
        refuse(fmt::format("The key \"{}\" is unknown.", key));
}

} // namespace

Version registered_version(const FolderMigration &migration) {
    if (migration.version)
        return migration.kind == MigrationKind::baseline ? Version::baseline(*migration.version)
                                                         : *migration.version;
    std::string_view stem = migration.name;
    if (stem.ends_with(".sql"))
        stem.remove_suffix(4);
    return Version::repeatable(stem);
}

std::string registered_checksum(const FolderMigration &migration) {
    Sha256 digest;
    digest.add(migration.up_bytes);
    if (!migration.down_bytes.empty()) {
        digest.add(std::string_view("\0", 1));
        digest.add(migration.down_bytes);
    }
    return hexadecimal(digest.bytes());
}

std::string entry_document(const FolderMigration &migration) {
    json document{{"kind", kind_name(migration.kind)},
                  {"name", migration.name},
                  {"description", migration.description}};
    if (migration.version)
        document["version"] = migration.version->text();
    if (!migration.up_transactional)
        document["up_transactional"] = false;
    if (!migration.down_transactional)
        document["down_transactional"] = false;
    if (!migration.foreign_id.empty())
        document["foreign_id"] = migration.foreign_id;
    for (const auto &[key, texts] :
         {std::pair("requirements", &migration.beside.requirements),
          std::pair("conflicts", &migration.beside.conflicts), std::pair("tags", &migration.beside.tags)}) {
        if (!texts->empty())
            document[key] = *texts;
    }
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

FolderMigration read_entry(std::string_view document, std::string up_bytes, std::string down_bytes) {
    const json parsed = json::parse(document, nullptr, false);
    if (!parsed.is_object())
        refuse("It is no JSON object.");
    FolderMigration migration;
    for (const auto &[key, value] : parsed.items())
        read_key(key, value, migration);
    if (migration.name.empty())
        refuse("It has no \"name\".");
    // Repeatable ones, seeds and hooks have their name for a version; only those that are ordered by number
    // need one.
    const bool numbered =
        migration.kind == MigrationKind::versioned || migration.kind == MigrationKind::baseline;
    if (numbered && (!migration.version || migration.version->is_repeatable()))
        refuse(fmt::format("\"{}\" has no number for a version.", migration.name));
    migration.up_bytes = std::move(up_bytes);
    migration.down_bytes = std::move(down_bytes);
    return migration;
}

} // namespace turnstone::core
