// The output of "alembic upgrade --sql": one text of many steps, each begun by a comment, with transaction
// commands and with Alembic's own bookkeeping between them.
#include <algorithm>

#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/sql_lines.hpp"

namespace turnstone::core {

namespace {

constexpr std::string_view book = "alembic_version";

std::vector<std::string> revisions_of(std::string_view list) {
    std::vector<std::string> revisions;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string_view revision = trimmed(list.substr(0, comma));
        if (!revision.empty())
            revisions.emplace_back(revision);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return revisions;
}

// Whether the table's name stands there, with or without a schema.
bool names_book(std::string_view rest) {
    rest = rest.substr(0, rest.find_first_of(" (;"));
    return rest == book || rest.ends_with(".alembic_version");
}

} // namespace

std::optional<AlembicStep> alembic_step(std::string_view line) {
    for (const auto &[head, direction] :
         {std::pair{std::string_view("-- Running upgrade "), Direction::up},
          std::pair{std::string_view("-- Running downgrade "), Direction::down}}) {
        const std::size_t arrow = line.find("->", std::min(head.size(), line.size()));
        if (line.starts_with(head) && arrow != std::string_view::npos)
            return AlembicStep{direction, revisions_of(line.substr(head.size(), arrow - head.size())),
                               revisions_of(line.substr(arrow + 2))};
    }
    return std::nullopt;
}

bool is_alembic_bookkeeping(std::string_view line) {
    for (const std::string_view command :
         {"CREATE TABLE ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "DROP TABLE "}) {
        if (line.starts_with(command))
            return names_book(line.substr(command.size()));
    }
    return false;
}

Script read_alembic(std::string_view text, bool standard_conforming_strings) {
    Script script;
    std::string kept;
    kept.reserve(text.size());
    bool transactional = true;
    bool outside = false; // behind a COMMIT, before the next BEGIN
    bool in_book = false; // in a statement of Alembic's own
    for (const SqlLine &line : sql_lines(text, standard_conforming_strings)) {
        const std::string_view content = text.substr(line.begin, line.end - line.begin);
        const std::string_view words = trimmed(content);
        bool left_out = in_book;
        if (!in_book && line.plain && is_alembic_bookkeeping(content))
            left_out = in_book = true;
        else if (!in_book && line.plain && (words == "COMMIT;" || words == "BEGIN;")) {
            left_out = true;
            outside = words == "COMMIT;";
        } else if (!in_book && line.has_code && outside)
            transactional = false; // of an autocommit_block()
        in_book = in_book && !words.ends_with(';');
        if (!left_out) {
            kept += content;
            continue;
        }
        for (const char c : content)
            kept += c == '\n' ? '\n' : ' ';
    }
    script.up = whole_section(kept, transactional);
    return script;
}

bool has_alembic_step(std::string_view text) {
    return any_plain_line(text, "-- running ", [](std::string_view line) { return !!alembic_step(line); });
}

} // namespace turnstone::core
