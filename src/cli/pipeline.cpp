// Owns libpq's pipeline mode: what is sent in it is never waited for while the server waits to be read from.
#include <cerrno>
#include <exception>
#include <poll.h>

#include "turnstone/cli/connection.hpp"

namespace turnstone::cli {

Pipeline::Pipeline(Connection &connection) : connection_(connection) {
    PGconn *raw = connection_.raw();
    if (PQenterPipelineMode(raw) == 0 || PQsetnonblocking(raw, 1) != 0)
        connection_.throw_lost();
}

Pipeline::~Pipeline() {
    PGconn *raw = connection_.raw();
    PQsetnonblocking(raw, 0);
    PQexitPipelineMode(raw); // fails where an exception left answers behind; the connection is closed then
}

void Pipeline::send(const char *sql, const Parameters &parameters) {
    if (PQsendQueryParams(connection_.raw(), sql, parameters.count(), nullptr, parameters.values(),
                          parameters.lengths(), parameters.formats(), 0) == 0)
        connection_.throw_lost();
    ++sent_;
    exchange(false);
}

// Both sides would wait for ever if the one only wrote while the other one's answers fill the way back.
void Pipeline::exchange(bool until_sent) {
    PGconn *raw = connection_.raw();
    for (;;) {
        const int left = PQflush(raw);
        if (left < 0)
            connection_.throw_lost();
        if (left == 0)
            return;
        pollfd socket{PQsocket(raw), POLLIN | POLLOUT, 0};
        if (poll(&socket, 1, until_sent ? -1 : 0) < 0 && errno != EINTR)
            connection_.throw_lost();
        if ((socket.revents & POLLIN) != 0 && PQconsumeInput(raw) == 0)
            connection_.throw_lost();
        if (!until_sent && (socket.revents & POLLOUT) == 0)
            return; // libpq keeps the rest
    }
}

std::vector<Result> Pipeline::finish() {
    PGconn *raw = connection_.raw();
    if (PQpipelineSync(raw) == 0)
        connection_.throw_lost();
    exchange(true);
    PQsetnonblocking(raw, 0);
    std::vector<Result> results;
    std::exception_ptr failure;
    for (std::size_t query = 0; query < sent_; ++query) {
        PGresult *result = PQgetResult(raw);
        if (result == nullptr)
            connection_.throw_lost();
        try {
            if (failure) // what stood behind a failure has not run
                PQclear(result);
            else
                results.push_back(connection_.checked(result));
        } catch (const ServerError &) {
            failure = std::current_exception();
        }
        while (PGresult *more = PQgetResult(raw)) // up to the null behind each
            PQclear(more);
    }
    PQclear(PQgetResult(raw)); // of the sync
    if (failure)
        std::rethrow_exception(failure);
    return results;
}

} // namespace turnstone::cli
