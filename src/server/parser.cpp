// Owns the split of scripts into statements by raw_parser(), and the places that errors name.
#include "turnstone/server/parser.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/sql_lines.hpp"

#include "turnstone/server/raii.hpp"
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

bool is_client_copy(const RawStmt *raw) {
    if (!IsA(raw->stmt, CopyStmt))
        return false;
    return reinterpret_cast<const CopyStmt *>(raw->stmt)->filename == nullptr;
}

constexpr const char *copy_hint = "Write INSERT statements, or COPY from a file or program of the server; "
                                  "load the data with psql's \\copy.";

Refusal client_copy_refusal() {
    return {ERRCODE_FEATURE_NOT_SUPPORTED, "COPY from or to the client is not possible in a migration",
            copy_hint};
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

// The data rows behind a COPY ... FROM STDIN are no SQL: the parser stops in them. Tells this case by parsing
// what stands before: the offset of the COPY, or npos.
std::size_t copy_before(const std::string &text, std::size_t stop) {
    constexpr int most_tries = 32;
    std::size_t end = stop;
    for (int tries = 0; tries < most_tries && end > 0; ++tries) {
        end = text.rfind(';', end - 1);
        if (end == std::string::npos || end == 0)
            break;
        List *list = try_parse(text.substr(0, end));
        if (list == NIL)
            continue;
        const auto *last = static_cast<const RawStmt *>(llast(list));
        if (is_client_copy(last))
            return core::first_code(text, static_cast<std::size_t>(last->stmt_location));
    }
    return std::string::npos;
}

// A psql meta-command at `offset`: its name, or an empty text.
std::string meta_command(const std::string &text, std::size_t offset) {
    if (offset >= text.size() || text[offset] != '\\')
        return {};
    const std::size_t end = std::min(text.find_first_of(" \t\r\n;", offset), text.size());
    return text.substr(offset, end - offset);
}

[[noreturn]] void explain_syntax_error(const ScriptPlace &place, ErrorData *error) {
    if (error->cursorpos > 0 && error->sqlerrcode == ERRCODE_SYNTAX_ERROR) {
        const std::size_t offset = core::offset_of_character(place.text, error->cursorpos, character_length);
        const std::size_t copy = copy_before(place.text, offset);
        if (copy != std::string::npos)
            refuse(place, 0, copy, client_copy_refusal());
        const std::string command = meta_command(place.text, offset);
        if (!command.empty())
            refuse(place, 0, offset,
                   {ERRCODE_FEATURE_NOT_SUPPORTED, fmt::format("psql meta-command {} is no SQL", command),
                    "Write out what it stands for: the server reads the script, not psql."});
    }
    locate_error(error, place, 0, 0);
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
        if (is_client_copy(statement.raw))
            refuse(place, statement.number, statement.begin, client_copy_refusal());
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
    List *list = NIL;
    try {
        list = parse_text(place.text);
    } catch (const PgError &error) {
        explain_syntax_error(place, error.data());
    }
    std::vector<Statement> statements;
    statements.reserve(static_cast<std::size_t>(list_length(list)));
    for (int i = 0; i < list_length(list); ++i) {
        auto *raw = static_cast<RawStmt *>(list_nth(list, i));
        const auto location = static_cast<std::size_t>(std::max<int>(raw->stmt_location, 0));
        statements.push_back({raw, core::first_code(place.text, location), i + 1});
    }
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
    List *left_list = try_parse(left);
    List *right_list = try_parse(right);
    if (list_length(left_list) != list_length(right_list))
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
                         core::excerpt(place.text, offset, character_length));
    error->cursorpos = 0; // the client would apply it to its own query
    add_context(error, where);
    return position;
}

} // namespace turnstone::server
