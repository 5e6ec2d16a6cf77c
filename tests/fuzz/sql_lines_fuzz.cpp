// Any bytes as SQL, the first byte chooses the meaning of backslashes: the lines cover the text without a
// gap, each ends at its line feed.
#include <cstdint>
#include <cstdlib>

#include "turnstone/core/sql_lines.hpp"

using namespace turnstone::core;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    if (size == 0)
        return 0;
    const auto require = [](bool holds) {
        if (!holds)
            std::abort();
    };
    const std::string_view text(reinterpret_cast<const char *>(data) + 1, size - 1);
    const bool standard_strings = (data[0] & 1) == 0;
    std::size_t at = 0;
    int number = 0;
    for (const SqlLine &line : sql_lines(text, standard_strings)) {
        require(line.number == ++number && line.begin == at && line.end > at && line.end <= text.size());
        require(text.substr(line.begin, line.end - line.begin).find('\n') >= line.end - line.begin - 1);
        at = line.end;
        if (line.plain) {
            const std::size_t code = first_code(text, line.begin);
            require(code >= line.begin && code <= text.size());
        }
    }
    require(at == text.size());
    return 0;
}
