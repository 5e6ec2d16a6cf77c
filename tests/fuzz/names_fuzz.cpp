// Any line as a version, the name of a script, a name in SQL, a word of some list: versions keep one order,
// and what is taken is given out as what is read again.
#include <string>

#include "input.hpp"
#include "turnstone/core/drift_report.hpp"
#include "turnstone/core/error.hpp"
#include "turnstone/core/folder.hpp"
#include "turnstone/core/foreign_history.hpp"
#include "turnstone/core/identity.hpp"
#include "turnstone/core/script_name.hpp"
#include "turnstone/core/version.hpp"

using namespace turnstone::core;
using turnstone::fuzz::require;

namespace {

void check_versions(std::string_view one_text, std::string_view other_text) {
    const Version one = Version::from_text(one_text);
    const Version other = Version::from_text(other_text);
    require(Version::from_text(one.text()) == one && (one <=> one) == std::strong_ordering::equal);
    require((one < other) == (other > one) && (one == other) == (other == one));
    require((one == other) == (one.sort_key() == other.sort_key()) || one.is_repeatable() ||
            other.is_repeatable() || one.is_baseline() || other.is_baseline());
    if (is_baseline_version(other_text))
        is_summed_up(one_text, other_text);
    if (const auto number = Version::parse(one_text)) {
        const Version baseline = Version::baseline(*number);
        require(baseline < *number && is_baseline_version(baseline.text()));
        require(Version::from_text(baseline.text()) == baseline);
        require(is_summed_up(number->text(), baseline.text()));
    }
}

void check_script_name(std::string_view path) {
    naming_fault(path);
    kind_of_name(path);
    use_of_file(path);
    try {
        const ScriptName name = parse_script_name(path);
        require(!name.name.empty() && name.name.find('/') == std::string::npos);
        require(parse_script_name(name.name).version == name.version);
    } catch (const Error &error) {
        require(error.code() == ErrorCode::invalid_name && !error.hint().empty());
    }
}

void check_identity(std::string_view name) {
    require(names_in(name).size() <= name.size() && unquoted(name).size() <= name.size());
    const QualifiedName parts = qualified_name(name);
    require(parts.schema.size() + parts.name.size() <= name.size());
    require(own_name(name).size() <= name.size());
    mentions(name, name);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    turnstone::fuzz::Input input(data, size);
    const std::string_view one = input.line();
    const std::string_view other = input.line();
    check_versions(one, other);
    check_versions(other, one);
    check_script_name(one);
    check_identity(one);
    if (const auto format = parse_format(one))
        require(parse_format(format_name(*format)) == format);
    if (const auto tool = parse_tool(one))
        require(parse_tool(tool_name(*tool)) == tool);
    if (const auto kind = parse_kind(one))
        require(one == kind_name(*kind));
    report_format(one);
    return 0;
}
