// Any bytes as one of the JSON texts that turnstone writes and reads again: the document of an object, where
// it comes from, the export of a schema, the entry of a folder. What can be read is written as a text that is
// read as the same, and all else is refused with an error of core.
#include <string>

#include "input.hpp"
#include "turnstone/core/blame.hpp"
#include "turnstone/core/error.hpp"
#include "turnstone/core/folder_entry.hpp"
#include "turnstone/core/origin.hpp"
#include "turnstone/core/schema_documents.hpp"
#include "turnstone/core/schema_export.hpp"
#include "turnstone/core/script_dependencies.hpp"

using namespace turnstone::core;
using turnstone::fuzz::require;

namespace {

const ObjectKey key{"public.t", "table"};

// What a reader does with any text but its own.
template <class Body>
void read(ErrorCode refusal, const Body &body) {
    try {
        body();
    } catch (const Error &error) {
        require(error.code() == refusal && !error.message().empty());
    }
}

void read_object(const std::string &text) {
    SchemaObject object = object_of(key, text);
    const std::string written = document_of(object);
    SchemaObject again = object_of(key, written);
    require(document_of(again) == written);
    require(portable(key, portable(key, written)) == portable(key, written));
    parents_of(key, written);
    const SchemaDocuments with{{key, written}};
    const SchemaDocuments without;
    require(advanced(with, with, with) == with);
    advanced(with, with, without);
    states_to_compare(with, without);
}

void read_origins(const std::string &text) {
    const Origins origins = origins_of(text);
    require(origins_of(origins_text(origins)) == origins);
    blame_rows(key, SchemaObject{"{}", {}, {{"table column", "n", "{}", {}}}}, origins);
}

void read_schema(const std::string &text) {
    const std::string written = export_text(read_export(text));
    require(export_text(read_export(written)) == written);
}

void read_migration(const std::string &text) {
    const std::string written = entry_document(read_entry(text, "select 1", {}));
    require(entry_document(read_entry(written, "select 1", {})) == written);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string text(reinterpret_cast<const char *>(data), size);
    read(ErrorCode::internal, [&] { read_object(text); });
    read(ErrorCode::internal, [&] { read_origins(text); });
    read(ErrorCode::invalid_argument, [&] { read_schema(text); });
    read(ErrorCode::invalid_argument, [&] { read_migration(text); });
    require(canonical_properties(canonical_properties(text)) == canonical_properties(text));
    dependencies_beside(text, {});
    return 0;
}
