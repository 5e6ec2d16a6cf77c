// Any bytes as a migration of any format: a Script or a core::Error comes out, and every section has the
// lines of its file. The first letter chooses the format, the second the meaning of backslashes; "=== down"
// on a line of its own begins the second file.
#include <algorithm>

#include "input.hpp"
#include "turnstone/core/error.hpp"
#include "turnstone/core/format.hpp"

using namespace turnstone::core;
using turnstone::fuzz::require;

namespace {

// Whether what is not in the file is put in: variables, or a semicolon for a delimiter of line feeds.
bool may_grow(Format format, const Script &script) {
    return format == Format::atlas || format == Format::goose || format == Format::flyway ||
           format == Format::liquibase || format == Format::graphile_migrate ||
           script.options.placeholders.value_or(false);
}

void check(const ScriptSection &section, std::string_view text, bool same_size) {
    if (!section.present)
        return;
    require(std::count(section.text.begin(), section.text.end(), '\n') ==
            std::count(text.begin(), text.end(), '\n'));
    require(!same_size || section.text.size() == text.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    turnstone::fuzz::Input input(data, size);
    const auto format = static_cast<Format>(input.choice(static_cast<std::size_t>(Format::plain) + 1));
    const bool standard_strings = !input.flag();
    const std::string_view up = input.up_to("\n=== down\n");
    const std::string_view down = has_down_file(format) ? input.rest() : std::string_view();
    static const Variables variables{{"A", "1"}, {"B", ""}, {"QUOTE", "'"}, {"DOLLARS", "$$"}};
    try {
        const Script script = read_migration(format, up, down, variables, standard_strings);
        const bool same_size = !may_grow(format, script);
        check(script.up, script_text(up), same_size);
        check(script.down, script_text(down.empty() ? up : down), same_size);
    } catch (const Error &error) {
        require(error.code() != ErrorCode::internal && !error.message().empty());
    }
    return 0;
}
