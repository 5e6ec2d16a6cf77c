// Owns the connection over which progress is looked at.
#include "turnstone/cli/progress_watcher.hpp"

#include <poll.h>

namespace turnstone::cli {

ProgressWatcher::ProgressWatcher(const Address &address, ProgressQuestion question)
    : address_(address), question_(std::move(question)), connection_(nullptr, &PQfinish) {
    const ConnectionWords words(address_, "turnstone progress");
    connection_.reset(PQconnectStartParams(words.keywords(), words.values(), 1));
    if (!connection_ || PQstatus(connection_.get()) == CONNECTION_BAD)
        fail();
    else
        events_ = POLLOUT;
}

int ProgressWatcher::file() const {
    return state_ == State::connecting || state_ == State::asked ? PQsocket(connection_.get()) : -1;
}

void ProgressWatcher::fail() {
    failure_ = connection_ ? PQerrorMessage(connection_.get()) : "out of memory";
    if (failure_.empty())
        failure_ = "no answer";
    state_ = State::failed;
}

void ProgressWatcher::go_on() {
    if (state_ == State::asked)
        read_answer();
    if (state_ != State::connecting)
        return;
    switch (PQconnectPoll(connection_.get())) {
    case PGRES_POLLING_READING:
        events_ = POLLIN;
        break;
    case PGRES_POLLING_WRITING:
        events_ = POLLOUT;
        break;
    case PGRES_POLLING_OK:
        state_ = State::idle;
        events_ = POLLIN;
        PQsetNoticeProcessor(
            connection_.get(), [](void *, const char *) {}, nullptr);
        ask();
        break;
    default:
        fail();
    }
}

void ProgressWatcher::ask() {
    if (state_ != State::idle)
        return;
    const Parameters &values = question_.parameters();
    if (PQsendQueryParams(connection_.get(), ProgressQuestion::sql(), values.count(), nullptr,
                          values.values(), values.lengths(), values.formats(), 0) == 0)
        fail();
    else
        state_ = State::asked;
}

void ProgressWatcher::read_answer() {
    if (PQconsumeInput(connection_.get()) == 0)
        return fail();
    if (PQisBusy(connection_.get()) != 0)
        return;
    PGresult *raw = PQgetResult(connection_.get());
    if (raw == nullptr)
        return fail();
    const Result row(raw);
    if (PQresultStatus(raw) != PGRES_TUPLES_OK) // no right to look, say
        return fail();
    answer_ = progress_in(row);
    while (PGresult *more = PQgetResult(connection_.get()))
        PQclear(more);
    state_ = State::idle;
}

std::optional<RunProgress> ProgressWatcher::take() {
    std::optional<RunProgress> answer;
    answer.swap(answer_);
    return answer;
}

} // namespace turnstone::cli
