// Owns the split of scripts into statements by raw_parser(), and the places that errors name.
#include "turnstone/server/parser.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/secrets.hpp"
#include "turnstone/core/sql_lines.hpp"

#include "turnstone/server/plpgsql_tokens.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/script_copy.hpp"
#include "turnstone/server/statement_rules.hpp"

namespace turnstone::server {

namespace {

struct Refusal {
    int sqlstate;
    std::string message;
    std::string hint;
};

[[noreturn]] void refuse(const ScriptPlace &place, int statement, std::size_t offset,
                         const Refusal &refusal) {
    try {
        pg([&] {
            ereport(ERROR, (errcode(refusal.sqlstate), errmsg_internal("%s", refusal.message.c_str()),
                            errhint("%s", refusal.hint.c_str())));
        });
    } catch (const PgError &error) {
        locate_error(error.data(), place, statement, offset);
        throw;
    }
    pg_unreachable();
}

const CopyStmt *client_copy(const RawStmt *raw) {
    if (!IsA(raw->stmt, CopyStmt))
        return nullptr;
    const auto *copy = reinterpret_cast<const CopyStmt *>(raw->stmt);
    return copy->filename == nullptr ? copy : nullptr;
}

void keep_position(void *keeper) {
    const int position = geterrposition();
    static_cast<PositionKeeper *>(keeper)->position = position;
    if (position > 0)
        errposition(0);
}

List *parse_text(const std::string &text) {
    PositionKeeper keeper;
    try {
        return pg([&] {
            keeper.begin();
            List *list = raw_parser(text.c_str(), RAW_PARSE_DEFAULT);
            keeper.end();
            return list;
        });
    } catch (const PgError &error) {
        error.data()->cursorpos = keeper.position;
        throw;
    }
}

// No list where the text has a syntax error. The parser holds nothing but memory, so the error needs no
// rollback.
List *try_parse(const std::string &text) {
    try {
        return parse_text(text);
    } catch (const PgError &error) {
        FreeErrorData(error.data());
        return nullptr;
    }
}

// Whether psql would put the value of a variable there: ":name", ":'name'" or ":\"name\"".
bool is_psql_variable(std::string_view text) {
    return text.size() > 1 && text[0] == ':' && text[1] != ':' && text[1] != '=' && text[1] != ' ';
}

[[noreturn]] void explain_syntax_error(const ScriptPlace &place, const core::PsqlParts &parts,
                                       ErrorData *error) {
    std::size_t offset = 0;
    if (error->cursorpos > 0 && error->sqlerrcode == ERRCODE_SYNTAX_ERROR) {
        // The parser has counted the characters of a text with blanks in place of data.
        offset = core::offset_of_character(parts.sql, error->cursorpos, character_length);
        error->cursorpos = 0;
        for (const core::MetaCommand &command : parts.commands) {
            if (command.offset == offset)
                refuse(place, 0, offset,
                       {ERRCODE_FEATURE_NOT_SUPPORTED,
                        fmt::format("psql meta-command {} is no SQL", command.name),
                        core::meta_command_hint(command.name)});
        }
        if (error->hint == nullptr && is_psql_variable(std::string_view(parts.sql).substr(offset)))
            pg([&] {
                error->hint = MemoryContextStrdup(
                    error->assoc_context, "A variable of psql means nothing to the server. For a value that "
                                          "is put in, write ${name} and give it one with "
                                          "migrate_set_variable().");
            });
    }
    locate_error(error, place, 0, offset);
    throw PgError(error);
}

bool has_directions(core::MigrationKind kind) {
    return kind != core::MigrationKind::seed && kind != core::MigrationKind::hook;
}

const TransactionStmt *transaction_command(const Statement &statement) {
    Node *node = statement.raw->stmt;
    return IsA(node, TransactionStmt) ? reinterpret_cast<const TransactionStmt *>(node) : nullptr;
}

// BEGIN ... COMMIT around the whole script means what the engine does anyway.
bool is_wrapped(const std::vector<Statement> &statements) {
    if (statements.size() < 2)
        return false;
    const TransactionStmt *first = transaction_command(statements.front());
    const TransactionStmt *last = transaction_command(statements.back());
    return first != nullptr && (first->kind == TRANS_STMT_BEGIN || first->kind == TRANS_STMT_START) &&
           first->options == NIL && last != nullptr && last->kind == TRANS_STMT_COMMIT && !last->chain;
}

// Gives each COPY ... FROM STDIN its data, and refuses it where it cannot have them.
void assign_data(const ScriptPlace &place, const core::PsqlParts &parts, std::vector<Statement> &statements) {
    auto data = parts.data.begin();
    for (Statement &statement : statements) {
        const CopyStmt *copy = client_copy(statement.raw);
        if (copy == nullptr)
            continue;
        if (!copy->is_from)
            refuse(place, statement.number, statement.begin,
                   {ERRCODE_FEATURE_NOT_SUPPORTED, "COPY to the client is not possible in a migration",
                    "Take it out, or copy to a file or program of the server."});
        if (data == parts.data.end() || data->begin < statement.begin || !data->terminated)
            refuse(place, statement.number, statement.begin,
                   {ERRCODE_FEATURE_NOT_SUPPORTED,
                    data == parts.data.end() || data->terminated ? "COPY FROM STDIN has no data behind it"
                                                                 : "the data of COPY FROM STDIN have no end",
                    "The data stand on the lines behind the statement, up to a line \"\\.\"."});
        if (const CopyObstacle obstacle = copy_obstacle(copy); obstacle.message != nullptr)
            refuse(place, statement.number, statement.begin,
                   {ERRCODE_FEATURE_NOT_SUPPORTED, obstacle.message, obstacle.hint});
        statement.reads_data = true;
        statement.data_begin = data->begin;
        statement.data_end = data->end;
        ++data;
    }
    if (data != parts.data.end()) // what was blanked for them must not get lost
        refuse(place, 0, data->begin,
               {ERRCODE_INTERNAL_ERROR, "lines that look like data of a COPY belong to none",
                "Write COPY ... FROM STDIN as a statement of its own."});
}

void refuse_what_never_runs(const ScriptPlace &place, const std::vector<Statement> &statements) {
    for (const Statement &statement : statements) {
        if (transaction_command(statement) != nullptr)
            refuse(place, statement.number, statement.begin,
                   {ERRCODE_INVALID_TRANSACTION_TERMINATION,
                    fmt::format("{} is not possible in a migration",
                                GetCommandTagName(CreateCommandTag(statement.raw->stmt))),
                    "A migration runs in one transaction: take the command out, or split the script there. "
                    "Only a plain "
                    "BEGIN and COMMIT around the whole script are accepted."});
    }
}

} // namespace

void PositionKeeper::begin() {
    position = 0;
    callback = {error_context_stack, keep_position, this};
    error_context_stack = &callback;
}

void PositionKeeper::end() const {
    error_context_stack = callback.previous;
}

int character_length(const char *character) {
    return pg_encoding_mblen(GetDatabaseEncoding(), character);
}

std::vector<Statement> parse_section(const ScriptPlace &place, bool *wrapped) {
    const core::PsqlParts parts = core::psql_parts(place.text, compat::strings_are_standard());
    List *list = NIL;
    try {
        list = parse_text(parts.sql);
    } catch (const PgError &error) {
        explain_syntax_error(place, parts, error.data());
    }
    std::vector<Statement> statements;
    statements.reserve(static_cast<std::size_t>(list_length(list)));
    for (int i = 0; i < list_length(list); ++i) {
        auto *raw = static_cast<RawStmt *>(list_nth(list, i));
        const auto location = static_cast<std::size_t>(std::max<int>(raw->stmt_location, 0));
        statements.push_back({raw, core::first_code(parts.sql, location), i + 1});
    }
    assign_data(place, parts, statements);
    const bool drop_wrapper = is_wrapped(statements);
    if (drop_wrapper) {
        statements.pop_back();
        statements.erase(statements.begin());
    }
    if (wrapped != nullptr)
        *wrapped = drop_wrapper;
    refuse_what_never_runs(place, statements);
    return statements;
}

void require_transactional(const ScriptPlace &place, const std::vector<Statement> &statements) {
    for (const Statement &statement : statements) {
        const TransactionNeed need = transaction_need(statement.raw);
        if (need.own() && need.certain)
            refuse(place, statement.number, statement.begin,
                   {ERRCODE_ACTIVE_SQL_TRANSACTION,
                    fmt::format("{} cannot run inside a transaction block", need.command),
                    "This call runs all its migrations in one transaction. CALL migrate_deploy() and CALL "
                    "migrate_revert() run such statements by themselves."});
    }
}

bool same_statements(const std::string &left, const std::string &right) {
    const MemoryScope memory;
    const core::PsqlParts left_parts = core::psql_parts(left, compat::strings_are_standard());
    const core::PsqlParts right_parts = core::psql_parts(right, compat::strings_are_standard());
    List *left_list = try_parse(left_parts.sql);
    List *right_list = try_parse(right_parts.sql);
    const auto same_data = [&](const core::CopyData &a, const core::CopyData &b) {
        return std::string_view(left).substr(a.begin, a.end - a.begin) ==
               std::string_view(right).substr(b.begin, b.end - b.begin);
    };
    if (list_length(left_list) != list_length(right_list) ||
        !std::equal(left_parts.data.begin(), left_parts.data.end(), right_parts.data.begin(),
                    right_parts.data.end(), same_data))
        return false;
    for (int i = 0; i < list_length(left_list); ++i) {
        const auto *left_raw = static_cast<const RawStmt *>(list_nth(left_list, i));
        const auto *right_raw = static_cast<const RawStmt *>(list_nth(right_list, i));
        // equal() passes over the places of parse nodes, but not over a RawStmt's length
        // (nodes/equalfuncs.c).
        if (!pg([&] { return equal(left_raw->stmt, right_raw->stmt); }))
            return false;
    }
    return true;
}

namespace {

// The line of an error for people, who may be others than those who may see the script.
std::string shown_line(const std::string &text, std::size_t offset) {
    if (!core::may_hold_secrets(text))
        return core::excerpt(text, offset, character_length);
    const auto tokens = placed_tokens_behind_error(text);
    return tokens ? core::excerpt(core::with_hidden_secrets(text, *tokens), offset, character_length)
                  : "(not shown: it may hold a password)";
}

} // namespace

core::TextPosition locate_error(ErrorData *error, const ScriptPlace &place, int statement,
                                std::size_t offset) {
    // A position without an internal query is one in the text that was given to the parser: the section.
    if (error->cursorpos > 0)
        offset = core::offset_of_character(place.text, error->cursorpos, character_length);
    offset = std::min(offset, place.text.size());
    const core::TextPosition position = core::locate(place.text, offset, character_length);
    std::string where =
        has_directions(place.kind)
            ? fmt::format("migration \"{}\" ({}), ", place.name, core::direction_name(place.direction))
            : fmt::format("{} \"{}\", ", core::kind_name(place.kind), place.name);
    if (statement > 0)
        where += fmt::format("statement {}, ", statement);
    where += fmt::format("line {}, column {}:\n{}", position.line, position.column,
                         shown_line(place.text, offset));
    error->cursorpos = 0; // the client would apply it to its own query
    add_context(error, where);
    return position;
}

} // namespace turnstone::server
