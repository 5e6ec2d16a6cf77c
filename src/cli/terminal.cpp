// Owns what is done with the terminal itself.
#include "turnstone/cli/terminal.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <fmt/format.h>

namespace turnstone::cli {

namespace {

constexpr std::array<int, 3> watched_signals{SIGINT, SIGTERM, SIGHUP};

// A signal handler can reach nothing but what is global.
std::array<int, 2> signal_pipe{-1, -1};
std::array<struct sigaction, watched_signals.size()> former_actions{};

extern "C" void tell_of_signal(int) {
    const int kept = errno;
    const char one = 1;
    (void)!write(signal_pipe[1], &one, 1);
    errno = kept;
}

std::string typed_line() {
    std::string line;
    for (int letter = std::getchar(); letter != EOF && letter != '\n'; letter = std::getchar())
        line += static_cast<char>(letter);
    return line;
}

} // namespace

std::size_t terminal_width() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    const char *columns = std::getenv("COLUMNS");
    const int number = columns == nullptr ? 0 : std::atoi(columns);
    return number > 0 ? static_cast<std::size_t>(number) : 80;
}

std::string read_password(const char *question) {
    fmt::print(stderr, "{}", question);
    termios shown{};
    const bool is_terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
    if (is_terminal) {
        termios hidden = shown;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    std::string line = typed_line();
    if (is_terminal)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fmt::print(stderr, "\n");
    return line;
}

bool confirmed(const std::string &question) {
    if (isatty(STDIN_FILENO) == 0)
        return false;
    fmt::print(stderr, "{} [y/N] ", question);
    const std::string answer = typed_line();
    return answer == "y" || answer == "Y" || answer == "yes";
}

InterruptWatch::InterruptWatch() {
    if (pipe2(signal_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // signals then do what they always do
    struct sigaction action {};
    action.sa_handler = tell_of_signal;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < watched_signals.size(); ++i) {
        sigaction(watched_signals[i], nullptr, &former_actions[i]);
        if (former_actions[i].sa_handler != SIG_IGN) // nohup
            sigaction(watched_signals[i], &action, nullptr);
    }
}

InterruptWatch::~InterruptWatch() {
    if (signal_pipe[0] < 0)
        return;
    for (std::size_t i = 0; i < watched_signals.size(); ++i)
        sigaction(watched_signals[i], &former_actions[i], nullptr);
    for (int &end : signal_pipe) {
        close(end);
        end = -1;
    }
}

int InterruptWatch::file() const {
    return signal_pipe[0];
}

bool InterruptWatch::take() {
    char bytes[16];
    bool any = false;
    while (signal_pipe[0] >= 0 && read(signal_pipe[0], bytes, sizeof bytes) > 0)
        any = true;
    return any;
}

} // namespace turnstone::cli
