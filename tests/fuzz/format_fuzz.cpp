// Any bytes as a script of any format, the first byte chooses which: a Script or a core::Error comes out, and
// every section has the lines of the text.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "turnstone/core/error.hpp"
#include "turnstone/core/folder.hpp"

using namespace turnstone::core;

namespace {

constexpr Format every_format[] = {Format::native, Format::goose,   Format::dbmate, Format::golang_migrate,
                                   Format::flyway, Format::drizzle, Format::diesel, Format::sqlx};

void require(bool holds) {
    if (!holds)
        std::abort();
}

void check(const ScriptSection &section, std::string_view text, bool same_size) {
    if (!section.present)
        return;
    require(std::count(section.text.begin(), section.text.end(), '\n') ==
            std::count(text.begin(), text.end(), '\n'));
    require(!same_size || section.text.size() == text.size());
}

void read(Format format, std::string_view text, bool standard_strings) {
    static const Variables variables{{"A", "1"}, {"B", ""}, {"QUOTE", "'"}, {"DOLLARS", "$$"}};
    try {
        const Script script = read_migration(format, text, {}, variables, standard_strings);
        const bool as_it_is = format != Format::goose && format != Format::flyway;
        check(script.up, script_text(text), as_it_is);
        check(script.down, script_text(text), as_it_is);
    } catch (const Error &error) {
        require(!error.message().empty());
    }
}

// The same bytes as a folder: each line is a path.
void read_as_folder(std::optional<Format> format, std::string_view text) {
    std::vector<SourceFile> files{{"meta/_journal.json", std::string(text)}};
    while (!text.empty() && files.size() < 50) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        files.push_back({std::string(text.substr(0, end)), std::string(text)});
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    try {
        const Folder folder = read_folder(files, format);
        for (const FolderMigration &migration : folder.migrations)
            require(!migration.name.empty() &&
                    (migration.version || migration.kind == MigrationKind::repeatable));
    } catch (const Error &error) {
        require(!error.message().empty());
    }
    files.erase(files.begin());
    try {
        read_folder(files, format);
    } catch (const Error &) { // checked above
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char *>(data) + 1, size - 1);
    const Format format = every_format[data[0] % 8];
    if ((data[0] & 0x80) != 0)
        read_as_folder((data[0] & 0x40) != 0 ? std::nullopt : std::optional(format), text);
    else
        read(format, text, (data[0] & 0x40) == 0);
    return 0;
}
