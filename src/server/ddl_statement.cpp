// Owns the search for the text of the statement at work. An event trigger is given a parse tree and nothing
// of its text, so it has to be found by what the server keeps for its error messages.
#include "turnstone/server/ddl_statement.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "turnstone/core/secrets.hpp"
#include "turnstone/core/sql_lines.hpp"

#include "turnstone/server/plpgsql_tokens.hpp"
#include "turnstone/server/raii.hpp"

namespace turnstone::server {

namespace {

// A number at the end of the text's first line; 0 for none.
int number_at_end_of_first_line(const std::string &text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::size_t begin = end;
    while (begin > 0 && end - begin < 6 && std::isdigit(static_cast<unsigned char>(text[begin - 1])) != 0)
        --begin;
    return begin == end ? 0 : std::stoi(text.substr(begin, end - begin));
}

struct Enclosing {
    std::string
        text; // what a function, a DO block or another one has given to SPI, or the body of an SQL function
    int statement = 0; // number of the statement in it, where an SQL function says so
};

// An error that has a place in the statement at work: whoever runs it moves the place into the text that it
// runs
// (_SPI_error_callback(), sql_exec_error_callback()). None where nobody does so, as for what the client has
// sent.
std::optional<Enclosing> enclosing_text() {
    try {
        pg([] { ereport(ERROR, (errmsg_internal("which statement is this"), errposition(1))); });
    } catch (const PgError &error) { // it holds nothing but memory, so it needs no rollback
        std::optional<Enclosing> enclosing;
        ErrorData *data = error.data();
        if (data->internalquery != nullptr)
            enclosing = Enclosing{data->internalquery,
                                  number_at_end_of_first_line(data->context != nullptr ? data->context : "")};
        FreeErrorData(data);
        return enclosing;
    }
    return std::nullopt;
}

struct Slice {
    int location;
    int length; // 0 for all that follows
};

// As event triggers have it.
CommandTag tag_of(const RawStmt *raw) {
    if (IsA(raw->stmt, SelectStmt) && reinterpret_cast<const SelectStmt *>(raw->stmt)->intoClause != nullptr)
        return CMDTAG_SELECT_INTO;
    return CreateCommandTag(raw->stmt);
}

// In a leaf: the statement of this kind in the text, the one with the number if it is one; all of it where
// that does not tell.
Slice find_statement(const char *text, int number, CommandTag tag) {
    const List *statements = raw_parser(text, RAW_PARSE_DEFAULT);
    const RawStmt *found = nullptr;
    if (number >= 1 && number <= list_length(statements) &&
        tag_of(static_cast<const RawStmt *>(list_nth(statements, number - 1))) == tag)
        found = static_cast<const RawStmt *>(list_nth(statements, number - 1));
    ListCell *cell = nullptr;
    if (found == nullptr) {
        int candidates = 0;
        foreach (cell, statements) {
            const auto *raw = static_cast<const RawStmt *>(lfirst(cell));
            if (tag_of(raw) == tag && ++candidates == 1)
                found = raw;
        }
        if (candidates != 1)
            return {0, 0};
    }
    return {found->stmt_location, found->stmt_len};
}

std::string statement_in(const Enclosing &enclosing, CommandTag tag) {
    const MemoryScope memory;
    Slice slice{0, 0};
    try {
        slice = pg([&] { return find_statement(enclosing.text.c_str(), enclosing.statement, tag); });
    } catch (const PgError &error) { // what a language gives to SPI need not be SQL as such
        FreeErrorData(error.data());
    }
    return slice_of_text(enclosing.text, slice.location, slice.length);
}

std::string text_at_top_level() {
    struct View {
        const char *text;
        int location;
        int length;
    };
    const View view = pg([] {
        if (ActivePortal == nullptr || ActivePortal->sourceText == nullptr)
            return View{debug_query_string != nullptr ? debug_query_string : "", 0, 0};
        const List *statements = ActivePortal->stmts;
        if (list_length(statements) != 1)
            return View{ActivePortal->sourceText, 0, 0};
        const auto *statement = static_cast<const PlannedStmt *>(linitial(statements));
        return View{ActivePortal->sourceText, statement->stmt_location, statement->stmt_len};
    });
    return slice_of_text(view.text, view.location, view.length);
}

std::string masked(const std::string &text) {
    if (!core::may_hold_secrets(text))
        return text;
    const auto tokens = placed_tokens(text);
    return tokens ? core::without_secrets(text, *tokens) : "(not kept: it may hold a password)";
}

} // namespace

std::string text_of_statement(const EventTriggerData &data) {
    const auto enclosing = enclosing_text();
    return enclosing ? statement_in(*enclosing, data.tag) : text_at_top_level();
}

std::string slice_of_text(const std::string &text, int location, int length) {
    const auto from = static_cast<std::size_t>(std::max(location, 0));
    const std::size_t to =
        length > 0 ? std::min(from + static_cast<std::size_t>(length), text.size()) : text.size();
    const std::size_t begin = core::first_code(text, std::min(from, to));
    std::string slice = text.substr(begin, std::max(to, begin) - begin);
    const auto is_end = [](unsigned char c) { return std::isspace(c) != 0 || c == ';'; };
    while (!slice.empty() && is_end(static_cast<unsigned char>(slice.back())))
        slice.pop_back();
    return masked(slice);
}

} // namespace turnstone::server
