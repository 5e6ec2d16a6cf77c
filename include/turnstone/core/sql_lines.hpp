// Which lines of an SQL text begin outside of every quotation: the only places where an annotation may stand.
// Follows the lexical rules of PostgreSQL's scan.l for strings, quoted identifiers, dollar quotes and
// comments, and psql's for what only psql reads: its meta-commands, and the data of COPY ... FROM STDIN.
// Nothing more: statements are split by the server's own parser.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace turnstone::core {

struct SqlLine {
    int number = 1;        // from 1
    std::size_t begin = 0; // byte offset of the line's first byte
    std::size_t end = 0;   // byte offset behind its line feed
    // Its first byte is outside of strings, quoted names, dollar quotes, block comments, data of COPY.
    bool plain = true;
    bool has_code = false; // holds something that is neither blank nor comment
};

// Every line of the text, in order; none for an empty text. With standard_conforming_strings off (the
// server's setting of that name) a backslash escapes in plain strings too.
std::vector<SqlLine> sql_lines(std::string_view text, bool standard_conforming_strings = true);

// The words and marks of the text outside of quotations and comments, in order: names and keywords as they
// are written, every other character by itself.
std::vector<std::string_view> sql_words(std::string_view text, bool standard_conforming_strings = true);

// Where `needle` stands outside of strings, quoted names, dollar quotes and comments (though it may itself
// look like the beginning of one), each behind the end of the one before.
std::vector<std::size_t> plain_occurrences(std::string_view text, std::string_view needle,
                                           bool standard_conforming_strings = true);

// The lines behind a "COPY ... FROM STDIN;" up to the one that is "\.".
struct CopyData {
    std::size_t begin = 0;
    std::size_t end = 0;    // of the last line of data, behind its line feed
    bool terminated = true; // false: the text ends before there is a "\."
};

// A psql meta-command outside of quotations. It goes on to the end of its line.
struct MetaCommand {
    std::size_t offset = 0; // of its backslash
    std::string name;       // "\connect"
};

struct PsqlParts {
    // The text with blanks in place of data and of "\restrict" and "\unrestrict", which pg_dump writes and
    // which mean something to psql alone. Byte for byte as long as the text.
    std::string sql;
    std::vector<CopyData> data;        // in order: one for each COPY ... FROM STDIN
    std::vector<MetaCommand> commands; // but those two
};

PsqlParts psql_parts(std::string_view text, bool standard_conforming_strings = true);

// What to do about a meta-command that a script holds: a sentence.
std::string meta_command_hint(std::string_view name);

// The offset of the first byte at or behind `offset` that is neither blank, comment nor a lone semicolon; the
// text's size where there is none. `offset` must be outside of every quotation.
std::size_t first_code(std::string_view text, std::size_t offset);

} // namespace turnstone::core
