// The one error type of core. It carries what a PostgreSQL error carries (message, detail, hint); the server
// maps the code to a SQLSTATE (src/server/guard.cpp), the client to an exit code.
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace turnstone::core {

// What went wrong, in the terms of the user's own doing.
enum class ErrorCode {
    invalid_name,     // a file name that yields no version
    invalid_text,     // bytes that are no text: NUL, UTF-16
    invalid_script,   // annotations that do not add up
    invalid_argument, // a value that the argument cannot have
    wrong_type,       // a column of a type that cannot be kept
    undefined,        // a version that nobody knows
    duplicate,        // two scripts claim one version or one name
    wrong_state,      // the operation does not fit the migration's state
    out_of_order,     // a late arrival below the newest applied version
    sealed,           // DDL in a sealed schema that is no migration
    unsupported,      // understood, and not offered
    internal,         // a fault of turnstone itself
};

class Error final : public std::exception {
  public:
    Error(ErrorCode code, std::string message, std::string detail = {}, std::string hint = {})
        : code_(code), message_(std::move(message)), detail_(std::move(detail)), hint_(std::move(hint)) {}

    [[nodiscard]] ErrorCode code() const noexcept { return code_; }
    [[nodiscard]] const std::string &message() const noexcept { return message_; }
    // A sentence, or empty.
    [[nodiscard]] const std::string &detail() const noexcept { return detail_; }
    // A sentence that says what to do, or empty.
    [[nodiscard]] const std::string &hint() const noexcept { return hint_; }
    [[nodiscard]] const char *what() const noexcept override { return message_.c_str(); }

  private:
    ErrorCode code_;
    std::string message_;
    std::string detail_;
    std::string hint_;
};

} // namespace turnstone::core
