// A limit of time for each statement of a script: what statement_timeout is for each command of a client. The
// server arms statement_timeout once for the whole call that a run is, so this one has a timer of its own;
// the session's statement_timeout goes on beside it.
#pragma once

#include <optional>
#include <string>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// "500", "30s", "5min" as the server's settings of time read them; none for what is no duration, or a
// negative one.
std::optional<int> milliseconds_of(const std::string &duration);

class StatementTimer {
  public:
    // Empty or zero: no limit.
    explicit StatementTimer(const std::string &limit);
    StatementTimer(const StatementTimer &) = delete;
    StatementTimer &operator=(const StatementTimer &) = delete;
    ~StatementTimer() { disarm(); }

    // Around one statement, inside pg(). A statement that has come to its end as the time ran out ends with
    // the error all the same.
    void start() const;
    void stop() const;

    // Behind an error of that statement: where the timer was its cause, lets it say so, and keeps its
    // SQLSTATE (57014).
    void explain(ErrorData *error) const;

  private:
    void disarm() const noexcept;

    const std::string &limit_;
    int milliseconds_;
};

} // namespace turnstone::server
