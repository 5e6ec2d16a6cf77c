// Looks at turnstone.progress over a connection of its own, without ever waiting: behind a pooler an answer
// may come no sooner than the run has ended.
#pragma once

#include <memory>
#include <optional>

#include "turnstone/cli/progress.hpp"

namespace turnstone::cli {

class ProgressWatcher {
  public:
    ProgressWatcher(const Address &address, ProgressQuestion question);

    // To be polled with the caller's own files; -1 for nothing to wait for.
    [[nodiscard]] int file() const;
    [[nodiscard]] short events() const { return events_; }
    // Goes on as far as it can; to be called when the file is ready, or a while has passed.
    void go_on();
    // Asks, unless an answer is still to come.
    void ask();
    // The answer, once.
    std::optional<RunProgress> take();
    // Whether nothing more is to be expected; why.
    [[nodiscard]] const std::string &failure() const { return failure_; }

  private:
    enum class State { connecting, idle, asked, failed };

    void fail();
    void read_answer();

    Address address_;
    ProgressQuestion question_;
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
    State state_ = State::connecting;
    short events_ = 0;
    std::optional<RunProgress> answer_;
    std::string failure_;
};

} // namespace turnstone::cli
