// Any lines as another tool's journal and as scripts beside it: each script has one verdict, each row at most
// one, and none of them points beyond the end. The first letter chooses the tool; of each line the first one
// says what it is, and blanks part its fields.
#include <set>
#include <string>

#include "input.hpp"
#include "turnstone/core/foreign_checksum.hpp"
#include "turnstone/core/foreign_history.hpp"

using namespace turnstone::core;
using turnstone::fuzz::Input;
using turnstone::fuzz::require;

namespace {

std::string field(std::string_view &line) {
    const std::size_t end = std::min(line.find(' '), line.size());
    std::string text(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
    return text;
}

ForeignRow row_of(std::size_t choice, std::string_view line) {
    ForeignRow row;
    row.state = static_cast<ForeignRow::State>(choice % 5);
    row.id = field(line);
    row.name = field(line);
    row.checksum = field(line);
    row.detail = line;
    return row;
}

OwnScript script_of(std::size_t choice, std::string_view line) {
    OwnScript script;
    script.kind = static_cast<MigrationKind>(choice % 5);
    script.in_journal = choice > 4;
    script.version = field(line);
    script.name = field(line);
    script.foreign_id = field(line);
    script.bytes = line;
    return script;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    Input input(data, size);
    const auto tool =
        static_cast<ForeignTool>(input.choice(static_cast<std::size_t>(ForeignTool::supabase) + 1));
    input.line();
    std::vector<ForeignRow> rows;
    std::vector<OwnScript> scripts;
    while (!input.empty() && rows.size() + scripts.size() < 40) {
        const std::size_t choice = input.choice(20);
        if (choice < 10)
            rows.push_back(row_of(choice, input.line()));
        else
            scripts.push_back(script_of(choice - 10, input.line()));
    }
    for (const ForeignRow &row : rows) {
        for (const OwnScript &script : scripts)
            has_foreign_checksum(tool, row, script);
    }
    std::set<std::size_t> seen_scripts;
    std::set<std::size_t> seen_rows;
    for (const Adoption &adoption : match_history(tool, rows, scripts)) {
        require(adoption.script || adoption.row);
        if (adoption.script)
            require(*adoption.script < scripts.size() && seen_scripts.insert(*adoption.script).second);
        if (adoption.row)
            require(*adoption.row < rows.size());
        if (adoption.row && !adoption.script)
            require(seen_rows.insert(*adoption.row).second);
        require(!is_adoptable(adoption.verdict) || adoption.script);
    }
    require(seen_scripts.size() == scripts.size());
    return 0;
}
