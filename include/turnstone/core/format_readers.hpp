// The readers of the single formats, behind read_migration() (format.hpp). They get texts, not bytes: no byte
// order mark, no NUL.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "turnstone/core/format.hpp"
#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

Script read_goose(std::string_view text, const Variables &variables, bool standard_conforming_strings);
Script read_dbmate(std::string_view text, bool standard_conforming_strings);
Script read_drizzle(std::string_view text, bool standard_conforming_strings);

Script read_atlas(std::string_view text, bool standard_conforming_strings);
Script read_graphile_migrate(std::string_view text, const Variables &variables,
                             bool standard_conforming_strings);
Script read_node_pg_migrate(std::string_view text, bool standard_conforming_strings);
// One block of Alembic's output, or of a Liquibase changelog: what list_alembic() and list_liquibase() have
// cut out.
Script read_alembic(std::string_view text, bool standard_conforming_strings);
Script read_liquibase(std::string_view text, const Variables &variables, bool standard_conforming_strings);

// The directives of Atlas at the top of a file: comments with a blank line behind them.
struct AtlasDirective {
    int line;
    std::string name; // "txmode"
    std::string value;
};
std::vector<AtlasDirective> atlas_directives(std::string_view text);

// The files of a txtar archive: "-- name --" lines, each with what follows up to the next.
struct AtlasPart {
    int line; // of its first line of content
    std::string name;
    std::size_t begin;
    std::size_t end;
};
std::vector<AtlasPart> atlas_parts(std::string_view text); // none where the text is no archive

// "--! Key: value" lines at the top of graphile-migrate's files, and where what they speak of begins.
struct GraphileHeader {
    std::string previous; // empty for "-"
    std::string hash;
    bool allows_invalid_hash = false;
    bool complete = false; // both hashes are there, and an empty line behind the header
    std::size_t body = 0;
};
GraphileHeader graphile_header(std::string_view text);

// "Running upgrade a -> b" in Alembic's output: a line that begins a block.
struct AlembicStep {
    Direction direction;
    std::vector<std::string> from;
    std::vector<std::string> to;
};
std::optional<AlembicStep> alembic_step(std::string_view line);
// Whether a statement on the table alembic_version begins there: Alembic writes each on one line, but for
// CREATE TABLE.
bool is_alembic_bookkeeping(std::string_view line);

// What the line "--changeset author:id ..." says.
struct LiquibaseChangeset {
    std::string author;
    std::string id;
    std::vector<std::pair<std::string, std::string>> attributes;     // keys in small letters
    [[nodiscard]] std::string attribute(std::string_view key) const; // empty for none
};
// None for other lines. Throws invalid_script, with the line, where author or id are missing.
std::optional<LiquibaseChangeset> liquibase_changeset(std::string_view line, int number);
// Of "--rollback words": what stands behind the keyword; none where the line is no such comment.
std::optional<std::string_view> liquibase_comment(std::string_view line, std::string_view keyword);
// Whether the list of an attribute dbms has PostgreSQL in it; an empty one has.
bool liquibase_is_for_postgresql(std::string_view dbms);
// With blanks in place of what "--ignoreLines" takes out. Throws invalid_script.
std::string liquibase_without_ignored_lines(std::string_view text);

// Whether `is_wanted` holds for a line that begins outside of every quotation. `mark` is in each such line,
// in small letters: without it nothing is lexed.
bool any_plain_line(std::string_view text, std::string_view mark, bool (*is_wanted)(std::string_view));

// Whether any line of the text is an annotation of that format; quotations are known, the rest is not
// checked.
bool has_goose_annotation(std::string_view text);
bool has_dbmate_annotation(std::string_view text);
bool has_native_annotation(std::string_view text);
bool has_sqlx_annotation(std::string_view text); // "-- no-transaction" as the very first bytes
bool has_atlas_directive(std::string_view text);
bool has_node_pg_migrate_marker(std::string_view text);
bool has_alembic_step(std::string_view text);
bool has_liquibase_head(
    std::string_view text); // "-- liquibase formatted sql" as the first line that is not blank

} // namespace turnstone::core
