// Owns the crossing to libpq.
#include "turnstone/cli/connection.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace turnstone::cli {

namespace {

std::string field(const PGresult *result, int code) {
    const char *text = PQresultErrorField(result, code);
    return text == nullptr ? std::string{} : std::string(text);
}

std::string without_line_end(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    return text;
}

} // namespace

Parameters::Parameters(std::initializer_list<std::optional<std::string>> texts) {
    for (const auto &value : texts) {
        if (value)
            text(*value);
        else
            null();
    }
}

void Parameters::add(const char *value, std::size_t length, int format) {
    values_.push_back(value);
    lengths_.push_back(static_cast<int>(length));
    formats_.push_back(format);
}

Parameters &Parameters::text(std::string value) {
    kept_.push_back(std::move(value));
    add(kept_.back().c_str(), kept_.back().size(), 0);
    return *this;
}

Parameters &Parameters::bytes(std::string_view value) {
    add(value.empty() ? "" : value.data(), value.size(), 1);
    return *this;
}

Parameters &Parameters::null() {
    add(nullptr, 0, 0);
    return *this;
}

std::string array_literal(const std::vector<std::string> &elements) {
    std::string literal = "{";
    for (const std::string &element : elements) {
        literal += literal.size() > 1 ? ",\"" : "\"";
        for (const char letter : element) {
            if (letter == '"' || letter == '\\')
                literal += '\\';
            literal += letter;
        }
        literal += '"';
    }
    return literal + "}";
}

ConnectionWords::ConnectionWords(const Address &address, const char *application) {
    const auto add = [&](const char *keyword, const std::string &value) {
        if (value.empty())
            return;
        keywords_.push_back(keyword);
        values_.push_back(value.c_str());
    };
    // What stands behind dbname goes before what a URL says, as in psql.
    add("dbname", address.database);
    add("host", address.host);
    add("port", address.port);
    add("user", address.user);
    add("password", address.password);
    for (const auto &[keyword, value] :
         {std::pair{"client_encoding", "UTF8"}, std::pair{"fallback_application_name", application}}) {
        keywords_.push_back(keyword);
        values_.push_back(value);
    }
    keywords_.push_back(nullptr);
    values_.push_back(nullptr);
}

Connection::Connection(const Address &address, const char *application) : connection_(nullptr, &PQfinish) {
    const ConnectionWords words(address, application);
    connection_.reset(PQconnectdbParams(words.keywords(), words.values(), 1));
    if (!connection_)
        throw std::bad_alloc();
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
        const std::string message = without_line_end(PQerrorMessage(connection_.get()));
        if (PQconnectionNeedsPassword(connection_.get()) != 0)
            throw PasswordNeeded(
                ExitCode::no_connection, message, {},
                "Set PGPASSWORD, keep the password in ~/.pgpass, or run this on a terminal.");
        throw Failure(ExitCode::no_connection, message, {},
                      "Name the database with --database URL, DATABASE_URL, --env or the PG* variables.");
    }
    PQsetNoticeReceiver(connection_.get(), &Connection::receive_notice, this);
}

void Connection::receive_notice(void *self, const PGresult *result) {
    const auto *connection = static_cast<Connection *>(self);
    if (connection->handler_)
        connection->handler_({field(result, PG_DIAG_SEVERITY_NONLOCALIZED),
                              field(result, PG_DIAG_MESSAGE_PRIMARY), field(result, PG_DIAG_MESSAGE_DETAIL),
                              field(result, PG_DIAG_MESSAGE_HINT)});
}

void Connection::throw_lost() const {
    throw Failure(ExitCode::no_connection, without_line_end(PQerrorMessage(connection_.get())));
}

Result Connection::checked(PGresult *raw_result) {
    if (raw_result == nullptr)
        throw_lost();
    Result result(raw_result);
    switch (PQresultStatus(raw_result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
        return result;
    default:
        break;
    }
    const std::string sqlstate = field(raw_result, PG_DIAG_SQLSTATE);
    std::string message = field(raw_result, PG_DIAG_MESSAGE_PRIMARY);
    if (sqlstate.empty()) // libpq's own words: nothing came from the server
        throw Failure(is_alive() ? ExitCode::failed : ExitCode::no_connection,
                      without_line_end(PQresultErrorMessage(raw_result)));
    if (sqlstate.starts_with("57P0")) // shut down, crashed, terminated: the connection ends with it
        throw Failure(ExitCode::no_connection, fmt::format("{} (SQLSTATE {})", message, sqlstate));
    throw ServerError(sqlstate, message, field(raw_result, PG_DIAG_MESSAGE_DETAIL),
                      field(raw_result, PG_DIAG_MESSAGE_HINT), field(raw_result, PG_DIAG_CONTEXT),
                      std::atoi(field(raw_result, PG_DIAG_STATEMENT_POSITION).c_str()));
}

Result Connection::query(const char *sql, const Parameters &parameters) {
    return checked(PQexecParams(connection_.get(), sql, parameters.count(), nullptr, parameters.values(),
                                parameters.lengths(), parameters.formats(), 0));
}

void Connection::command(const char *sql) {
    (void)checked(PQexec(connection_.get(), sql));
}

bool Connection::cancel() {
    const std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> key(PQgetCancel(connection_.get()),
                                                                 &PQfreeCancel);
    char reason[256];
    return key && PQcancel(key.get(), reason, sizeof reason) != 0;
}

std::string Connection::quoted(std::string_view identifier) const {
    char *text = PQescapeIdentifier(connection_.get(), identifier.data(), identifier.size());
    if (text == nullptr)
        throw_lost();
    std::string copy = text;
    PQfreemem(text);
    return copy;
}

Transaction::~Transaction() {
    if (connection_.is_alive() && connection_.in_transaction())
        PQclear(PQexec(connection_.raw(), "ROLLBACK"));
}

} // namespace turnstone::cli
