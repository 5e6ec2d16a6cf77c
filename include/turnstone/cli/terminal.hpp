// The terminal: its width, questions that are asked on it, and signals that come from it.
#pragma once

#include <cstddef>
#include <string>

namespace turnstone::cli {

// Columns of the terminal behind stderr; 80 where nothing tells.
std::size_t terminal_width();

// Asks without showing what is typed. Empty at the end of input.
std::string read_password(const char *question);

// True for yes; false where nobody is there to be asked.
bool confirmed(const std::string &question);

// While one lives, SIGINT, SIGTERM and SIGHUP do not end the process: they are told of by a file that becomes
// readable.
class InterruptWatch {
  public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch &) = delete;
    InterruptWatch &operator=(const InterruptWatch &) = delete;

    [[nodiscard]] int file() const;
    // Whether a signal has come since the last call.
    bool take();
};

} // namespace turnstone::cli
