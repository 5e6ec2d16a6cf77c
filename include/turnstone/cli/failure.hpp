// What ends a command, and the exit codes of the client, which docs/client.md lists.
#pragma once

#include <stdexcept>
#include <string>

namespace turnstone::cli {

enum class ExitCode {
    done = 0,
    failed = 1,        // the server refused, or a script failed
    drift = 2,         // drift, check: the schema is not what its history says
    pending = 3,       // check: migrations are pending
    unregistered = 4,  // check: the files are not what is registered
    malformed = 5,     // check: a file cannot be read as a migration
    no_connection = 6, // no connection, or it was lost
    no_extension = 7,  // the extension is not in the database
    usage = 64,        // the command line or turnstone.toml
    interrupted = 130, // Ctrl-C, or SIGTERM
};

// A failure that is the client's own to tell of.
class Failure : public std::runtime_error {
  public:
    Failure(ExitCode code, const std::string &message, std::string detail = {}, std::string hint = {})
        : std::runtime_error(message), code_(code), detail_(std::move(detail)), hint_(std::move(hint)) {}

    [[nodiscard]] ExitCode code() const noexcept { return code_; }
    [[nodiscard]] const std::string &detail() const noexcept { return detail_; }
    [[nodiscard]] const std::string &hint() const noexcept { return hint_; }

  private:
    ExitCode code_;
    std::string detail_;
    std::string hint_;
};

// The server asks for a password that is in no file and no variable.
class PasswordNeeded : public Failure {
  public:
    using Failure::Failure;
};

// An error as the server gave it.
class ServerError : public std::runtime_error {
  public:
    ServerError(std::string sqlstate, const std::string &message, std::string detail, std::string hint,
                std::string context, int position = 0)
        : std::runtime_error(message), sqlstate_(std::move(sqlstate)), detail_(std::move(detail)),
          hint_(std::move(hint)), context_(std::move(context)), position_(position) {}

    [[nodiscard]] const std::string &sqlstate() const noexcept { return sqlstate_; }
    [[nodiscard]] const std::string &detail() const noexcept { return detail_; }
    [[nodiscard]] const std::string &hint() const noexcept { return hint_; }
    [[nodiscard]] const std::string &context() const noexcept { return context_; }
    // Of a character in the statement that was sent, from 1; 0 where the server does not say.
    [[nodiscard]] int position() const noexcept { return position_; }
    [[nodiscard]] bool is_cancel() const noexcept { return sqlstate_ == "57014"; }

  private:
    std::string sqlstate_;
    std::string detail_;
    std::string hint_;
    std::string context_;
    int position_;
};

} // namespace turnstone::cli
