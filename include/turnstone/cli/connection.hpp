// A connection to the server: queries with their parameters, several of them in one go, notices, cancelling.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

#include "turnstone/cli/failure.hpp"

namespace turnstone::cli {

// Where to connect to; what is empty is left to libpq and the PG* variables.
struct Address {
    std::string database; // a name, a URL or a connection string
    std::string host;
    std::string port;
    std::string user;
    std::string password; // asked for on the terminal
};

// An address as libpq is given it; points into the address.
class ConnectionWords {
  public:
    ConnectionWords(const Address &address, const char *application);
    [[nodiscard]] const char *const *keywords() const { return keywords_.data(); }
    [[nodiscard]] const char *const *values() const { return values_.data(); }

  private:
    std::vector<const char *> keywords_;
    std::vector<const char *> values_;
};

// The values of a query's $1, $2 ...
class Parameters {
  public:
    Parameters() = default;
    Parameters(std::initializer_list<std::optional<std::string>> texts);
    ~Parameters() = default;
    // A copy would point to the texts of the first one; a list that is moved keeps its texts where they are.
    Parameters(const Parameters &) = delete;
    Parameters &operator=(const Parameters &) = delete;
    Parameters(Parameters &&) = default;
    Parameters &operator=(Parameters &&) = default;

    Parameters &text(std::string value);
    Parameters &bytes(std::string_view value); // sent as they are; must live until the query is sent
    Parameters &null();

    [[nodiscard]] int count() const { return static_cast<int>(values_.size()); }
    [[nodiscard]] const char *const *values() const { return values_.data(); }
    [[nodiscard]] const int *lengths() const { return lengths_.data(); }
    [[nodiscard]] const int *formats() const { return formats_.data(); }

  private:
    void add(const char *value, std::size_t length, int format);

    std::list<std::string> kept_;
    std::vector<const char *> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

// The names of an array's elements as its input function reads them.
std::string array_literal(const std::vector<std::string> &elements);

class Result {
  public:
    explicit Result(PGresult *result) : result_(result, &PQclear) {}

    [[nodiscard]] int rows() const { return PQntuples(result_.get()); }
    [[nodiscard]] int columns() const { return PQnfields(result_.get()); }
    [[nodiscard]] std::string_view name(int column) const { return PQfname(result_.get(), column); }
    [[nodiscard]] Oid type(int column) const { return PQftype(result_.get(), column); }
    [[nodiscard]] bool is_null(int row, int column) const {
        return PQgetisnull(result_.get(), row, column) != 0;
    }
    // An empty text for null.
    [[nodiscard]] std::string_view text(int row, int column) const {
        return {PQgetvalue(result_.get(), row, column),
                static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
    }
    [[nodiscard]] bool truth(int row, int column) const { return text(row, column) == "t"; }

  private:
    std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

struct Notice {
    std::string severity;
    std::string message;
    std::string detail;
    std::string hint;
};

class Connection {
  public:
    // Throws Failure(no_connection).
    explicit Connection(const Address &address, const char *application = "turnstone");

    // Throws ServerError; Failure(no_connection) where the connection is lost.
    Result query(const char *sql, const Parameters &parameters = {});
    void command(const char *sql);

    using NoticeHandler = std::function<void(const Notice &)>;
    void on_notice(NoticeHandler handler) { handler_ = std::move(handler); }

    // Asks the server to cancel what the connection is doing; false where it could not be asked.
    bool cancel();

    [[nodiscard]] PGconn *raw() const { return connection_.get(); }
    [[nodiscard]] bool is_alive() const { return PQstatus(connection_.get()) == CONNECTION_OK; }
    [[nodiscard]] bool in_transaction() const {
        return PQtransactionStatus(connection_.get()) != PQTRANS_IDLE;
    }
    [[nodiscard]] std::string quoted(std::string_view identifier) const;

    // The result of something that has been sent; throws like query().
    Result checked(PGresult *result);
    [[noreturn]] void throw_lost() const;

  private:
    static void receive_notice(void *self, const PGresult *result);

    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
    NoticeHandler handler_;
};

// Queries sent one behind the other without waiting for the answers: one round trip for all of them. The
// first that fails ends those behind it.
class Pipeline {
  public:
    explicit Pipeline(Connection &connection);
    ~Pipeline();
    Pipeline(const Pipeline &) = delete;
    Pipeline &operator=(const Pipeline &) = delete;

    void send(const char *sql, const Parameters &parameters = {});
    // The answers, in order; throws like query() for the first that is an error.
    std::vector<Result> finish();

  private:
    void exchange(bool until_sent);

    Connection &connection_;
    std::size_t sent_ = 0;
};

// A transaction, rolled back unless it was committed.
class Transaction {
  public:
    explicit Transaction(Connection &connection) : connection_(connection) { connection_.command("BEGIN"); }
    ~Transaction();
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    void commit() { connection_.command("COMMIT"); }

  private:
    Connection &connection_;
};

} // namespace turnstone::cli
