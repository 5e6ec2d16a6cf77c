// The one crossing between PostgreSQL's errors (longjmp) and C++ exceptions. Rules:
//  - every function that the server calls is one line: return entry([&] { ... });
//  - every call of the server that can raise an error, made from a frame with C++ objects, goes through
//  pg([&]{ ... }),
//    whose body is a leaf: nothing in it has a destructor, its result is trivially copyable;
//  - a caught PgError reaches entry() again, or is caught outside of a SubTransaction that is rolled back;
//  - no raw PG_TRY anywhere else.
// Unlike PostgreSQL's own PG_TRY, FATAL passes neither: a process that ends runs no destructor.
#pragma once

#include <csetjmp>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

// A PostgreSQL error on its way through C++ frames. Owns nothing: the data live in the transaction's memory
// context.
class PgError final : public std::exception {
  public:
    explicit PgError(ErrorData *data) noexcept : data_(data) {}
    [[nodiscard]] ErrorData *data() const noexcept { return data_; }
    [[nodiscard]] const char *what() const noexcept override {
        return data_->message != nullptr ? data_->message : "unknown error";
    }

  private:
    ErrorData *data_;
};

// Adds a line to an error's context, in the memory that the error itself lives in.
void add_context(ErrorData *error, const std::string &line);

// While it lives, errors that pg() catches are kept in `context` and not in the transaction's memory: for
// code that outlives the transaction in which they came up.
class ErrorMemory {
  public:
    explicit ErrorMemory(MemoryContext context) noexcept : outer_(current_) { current_ = context; }
    ErrorMemory(const ErrorMemory &) = delete;
    ErrorMemory &operator=(const ErrorMemory &) = delete;
    ~ErrorMemory() { current_ = outer_; }

    [[nodiscard]] static MemoryContext current() noexcept { return current_; }

  private:
    static inline MemoryContext current_ = nullptr;
    MemoryContext outer_;
};

namespace guard_detail {

// What left a C++ frame, in a form without destructors. Texts are malloc'd.
struct Raised {
    ErrorData *pg;
    int sqlstate;
    char *message;
    char *detail;
    char *hint;
};

// To be called in a catch block: classifies the exception in flight. Calls nothing of PostgreSQL.
Raised capture() noexcept;
// Raises it as a PostgreSQL error. No frame with C++ objects may be left.
[[noreturn]] void raise(Raised raised);
// Takes the error that PostgreSQL has just raised and throws it.
[[noreturn]] void throw_pg_error(MemoryContext context);

} // namespace guard_detail

// PostgreSQL -> C++: an error raised in `body` arrives as PgError.
template <class Body>
[[gnu::noinline]] auto pg(Body &&body) -> std::invoke_result_t<Body> {
    using Result = std::invoke_result_t<Body>;
    static_assert(std::is_void_v<Result> || std::is_trivially_copyable_v<Result>);
    MemoryContext context = CurrentMemoryContext;
    sigjmp_buf *outer_stack = PG_exception_stack;
    ErrorContextCallback *outer_callbacks = error_context_stack;
    sigjmp_buf here;
    if (sigsetjmp(here, 0) == 0) { // 0: the signal mask is not saved, as in PG_TRY
        PG_exception_stack = &here;
        if constexpr (std::is_void_v<Result>) {
            body();
            PG_exception_stack = outer_stack;
            error_context_stack = outer_callbacks;
            return;
        } else {
            Result result = body();
            PG_exception_stack = outer_stack;
            error_context_stack = outer_callbacks;
            return result;
        }
    }
    PG_exception_stack = outer_stack;
    error_context_stack = outer_callbacks;
    guard_detail::throw_pg_error(context);
}

// An error of core that leaves `body` becomes one of the server on the spot: for those who look at all errors
// as the server's.
template <class Body>
auto as_pg_errors(Body &&body) -> std::invoke_result_t<Body> {
    guard_detail::Raised raised;
    try {
        return body();
    } catch (const PgError &) {
        throw;
    } catch (...) {
        raised = guard_detail::capture();
    }
    pg([&] { guard_detail::raise(raised); });
    pg_unreachable();
}

// C++ -> PostgreSQL: whatever `body` throws becomes an error of the server, with all its fields.
template <class Body>
Datum entry(Body &&body) {
    MemoryContext context = CurrentMemoryContext;
    guard_detail::Raised raised;
    try {
        return body();
    } catch (...) {
        raised = guard_detail::capture();
    }
    MemoryContextSwitchTo(context);
    guard_detail::raise(raised);
}

} // namespace turnstone::server
