// Owns the timer behind a script's Timeout.
#include "turnstone/server/statement_timer.hpp"

#include <csignal>

namespace turnstone::server {

namespace {

TimeoutId timer_id = MAX_TIMEOUTS; // until it is registered, once a session
volatile std::sig_atomic_t has_fired = 0;

// In a signal handler: what the server does where a client cancels (StatementCancelHandler), without the way
// through the kernel.
void cancel_statement() {
    has_fired = 1;
    if (!proc_exit_inprogress) {
        InterruptPending = 1;
        QueryCancelPending = 1;
    }
    SetLatch(MyLatch);
}

} // namespace

std::optional<int> milliseconds_of(const std::string &duration) {
    int milliseconds = 0;
    const bool read = pg([&] { return parse_int(duration.c_str(), &milliseconds, GUC_UNIT_MS, nullptr); });
    return read && milliseconds >= 0 ? std::optional(milliseconds) : std::nullopt;
}

StatementTimer::StatementTimer(const std::string &limit)
    : limit_(limit), milliseconds_(limit.empty() ? 0 : milliseconds_of(limit).value_or(0)) {
    if (milliseconds_ > 0 && timer_id == MAX_TIMEOUTS)
        timer_id = pg([] { return RegisterTimeout(USER_TIMEOUT, cancel_statement); });
}

void StatementTimer::start() const {
    if (milliseconds_ == 0)
        return;
    has_fired = 0;
    enable_timeout_after(timer_id, milliseconds_);
}

void StatementTimer::stop() const {
    if (milliseconds_ == 0)
        return;
    disable_timeout(timer_id, false);
    if (has_fired != 0)
        CHECK_FOR_INTERRUPTS();
}

void StatementTimer::explain(ErrorData *error) const {
    disarm();
    if (milliseconds_ == 0 || has_fired == 0 || error->sqlerrcode != ERRCODE_QUERY_CANCELED)
        return;
    has_fired = 0;
    pg([&] {
        error->message = MemoryContextStrdup(
            error->assoc_context,
            psprintf("canceling statement due to the script's Timeout of %s", limit_.c_str()));
    });
}

void StatementTimer::disarm() const noexcept {
    if (milliseconds_ > 0)
        disable_timeout(timer_id, false);
}

} // namespace turnstone::server
