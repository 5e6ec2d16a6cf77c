// How long something takes, by a clock that nobody can set: the server's own may be put forward and back.
#pragma once

#include <chrono>
#include <cstdint>

namespace turnstone::server {

class Stopwatch {
  public:
    [[nodiscard]] std::int64_t microseconds() const { return now() - start_; }
    [[nodiscard]] long milliseconds() const { return static_cast<long>(microseconds() / 1000); }

    // Since the machine was started: comparable between processes.
    static std::int64_t now() {
        return std::chrono::duration_cast<std::chrono::microseconds>(
                   std::chrono::steady_clock::now().time_since_epoch())
            .count();
    }

  private:
    std::int64_t start_ = now();
};

} // namespace turnstone::server
