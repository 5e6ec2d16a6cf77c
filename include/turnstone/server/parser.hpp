// Scripts through the server's own parser: statements with their places, and errors that point into the
// script.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "turnstone/core/script.hpp"
#include "turnstone/core/script_name.hpp"
#include "turnstone/core/text_position.hpp"

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// One statement of a section; lives as long as the memory context it was parsed in.
struct Statement {
    RawStmt *raw;
    std::size_t begin; // byte offset of its first token
    int number;        // from 1, in its section
    // COPY ... FROM STDIN: where in the section its data are
    bool reads_data = false;
    std::size_t data_begin = 0;
    std::size_t data_end = 0;
};

// What an error message must name.
struct ScriptPlace {
    const std::string &name; // of the script's file
    core::Direction direction;
    const std::string &text; // of the section (core::ScriptSection), in the server's encoding
    core::MigrationKind kind = core::MigrationKind::versioned;
};

// Keeps the positions of errors, warnings and notices in a script from the client, which would apply them to
// its own query, the call of migrate_apply(). Plain data, to be begun and ended inside one pg(); an error
// ends it by itself.
struct PositionKeeper {
    int position = 0; // of the latest message; 0 for none
    ErrorContextCallback callback{};

    void begin();
    void end() const;
};

// Parses a section and refuses, before anything runs, what can run in no migration: transaction commands,
// COPY to the client, or from it where no data stand behind it, psql meta-commands. BEGIN and COMMIT around
// the whole are dropped: `wrapped`, if given, says so.
std::vector<Statement> parse_section(const ScriptPlace &place, bool *wrapped = nullptr);

// Refuses what cannot run in a transaction block (25001), naming script, line and statement.
void require_transactional(const ScriptPlace &place, const std::vector<Statement> &statements);

// True if both sections hold the same statements for the parser: they differ in comments and white space
// only.
bool same_statements(const std::string &left, const std::string &right);

// Turns an error that came up in a script into one that names script, direction, statement, line and column,
// and shows the line with a caret. Keeps SQLSTATE, message, detail, hint. `statement` is 0 where none is
// known. `offset` is used where the error itself has no position in the script.
core::TextPosition locate_error(ErrorData *error, const ScriptPlace &place, int statement,
                                std::size_t offset);

// Bytes of a character in the database's encoding.
int character_length(const char *character);

} // namespace turnstone::server
