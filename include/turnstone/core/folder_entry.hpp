// One migration of a folder on its way from a client to the server: what the folder says of it beside its
// bytes, as one JSON text, and the checksum by which both sides know it.
#pragma once

#include <string>
#include <string_view>

#include "turnstone/core/folder.hpp"

namespace turnstone::core {

// By which it is registered: its number, or its name where it has none.
Version registered_version(const FolderMigration &migration);

// SHA-256 of the bytes, in hexadecimal; of both files' bytes with a zero byte between them where there are
// two.
std::string registered_checksum(const FolderMigration &migration);

// All but the bytes and the paths, which are the client's own.
std::string entry_document(const FolderMigration &migration);

// The migration again; throws invalid_argument for what is no such document, a key that is unknown included:
// a newer client says something there that would be dropped.
FolderMigration read_entry(std::string_view document, std::string up_bytes, std::string down_bytes);

} // namespace turnstone::core
