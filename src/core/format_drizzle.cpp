// Drizzle's marks between statements.
#include <vector>

#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

constexpr std::string_view breakpoint = "--> statement-breakpoint";

// Drizzle cuts the text at each mark, wherever it stands. Inside of a quotation that would tear it in two, so
// there it is text here. To learn where that is, the marks are lexed as line feeds.
std::vector<std::size_t> breakpoints_outside_quotations(std::string_view text, bool standard_strings) {
    std::vector<std::size_t> marks;
    std::string probe(text);
    for (std::size_t at = text.find(breakpoint); at != std::string_view::npos;
         at = text.find(breakpoint, at + breakpoint.size())) {
        marks.push_back(at);
        probe.replace(at, breakpoint.size(), breakpoint.size(), ' ');
        probe[at + breakpoint.size() - 1] = '\n';
    }
    probe += 'x'; // so that there is a line behind the last one
    const std::vector<SqlLine> lines = sql_lines(probe, standard_strings);
    auto line = lines.begin();
    std::erase_if(marks, [&](std::size_t mark) {
        while (line->begin != mark + breakpoint.size())
            ++line;
        return !line->plain;
    });
    return marks;
}

} // namespace

Script read_drizzle(std::string_view text, bool standard_conforming_strings) {
    Script script;
    script.up = whole_section(text);
    for (const std::size_t mark : breakpoints_outside_quotations(text, standard_conforming_strings)) {
        const std::string_view line_before =
            text.substr(0, mark).substr(text.substr(0, mark).rfind('\n') + 1);
        const std::string_view behind = text.substr(mark + breakpoint.size());
        if (!trimmed(behind.substr(0, behind.find('\n'))).empty() &&
            line_before.find("--") != std::string_view::npos) {
            int number = 1;
            for (const char c : text.substr(0, mark))
                number += c == '\n' ? 1 : 0;
            throw script_error(number, "text stands behind a statement-breakpoint that is in a comment",
                               "Drizzle would run that text. Put it on a line of its own.");
        }
        // The statement ends here for Drizzle, semicolon or not, and what follows on the line is no comment.
        script.up.text.replace(mark, breakpoint.size(), breakpoint.size(), ' ');
        script.up.text[mark] = ';';
    }
    return script;
}

} // namespace turnstone::core
