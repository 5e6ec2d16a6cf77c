// Owns the course of a long call. Progress is read over a second connection, which is made when the call has
// taken a while, so that short ones pay nothing for it.
#include "turnstone/cli/long_call.hpp"

#include <cerrno>
#include <chrono>
#include <poll.h>
#include <regex>

#include <fmt/format.h>

#include "turnstone/cli/progress_watcher.hpp"
#include "turnstone/cli/terminal.hpp"

namespace turnstone::cli {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds before_first_look{250};
constexpr milliseconds between_looks{200};
constexpr milliseconds between_lines{10000}; // without a terminal

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

class LongCall {
  public:
    LongCall(Context &context, CallOutcome &outcome)
        : context_(context), output_(context.output), server_(context.server()), outcome_(outcome),
          bar_(output_) {
        server_.connection().on_notice([this](const Notice &notice) { hear(notice); });
    }
    ~LongCall() {
        server_.connection().on_notice([&context = context_](const Notice &notice) { context.hear(notice); });
    }
    LongCall(const LongCall &) = delete;
    LongCall &operator=(const LongCall &) = delete;

    Result run(const std::string &sql, const Parameters &parameters) {
        Connection &connection = server_.connection();
        if (PQsendQueryParams(connection.raw(), sql.c_str(), parameters.count(), nullptr, parameters.values(),
                              parameters.lengths(), parameters.formats(), 0) == 0)
            connection.throw_lost();
        while (PQisBusy(connection.raw()) != 0)
            wait_a_little();
        bar_.clear();
        PGresult *first = PQgetResult(connection.raw());
        while (PGresult *more =
                   PQgetResult(connection.raw())) // what comes behind an error that ends the connection
            PQclear(more);
        return connection.checked(first);
    }

  private:
    void wait_a_little() {
        PGconn *raw = server_.connection().raw();
        // A file of -1 is passed over.
        pollfd files[3]{{PQsocket(raw), POLLIN, 0}, {interrupts_.file(), POLLIN, 0}, {-1, 0, 0}};
        if (watcher_)
            files[2] = {watcher_->file(), watcher_->events(), 0};
        const auto wait = std::chrono::ceil<milliseconds>(next_look_ - Clock::now()).count();
        if (poll(files, 3, static_cast<int>(std::max<long>(wait, 0))) < 0 && errno != EINTR)
            server_.connection().throw_lost();
        if (interrupts_.take())
            cancel();
        if ((files[0].revents & (POLLIN | POLLERR | POLLHUP)) != 0)
            (void)PQconsumeInput(raw); // a lost connection is found by PQgetResult()
        if (watcher_ && files[2].revents != 0)
            watcher_->go_on();
        show_progress();
        if (Clock::now() >= next_look_)
            look();
    }

    void cancel() {
        bar_.clear();
        const bool asked = server_.connection().cancel();
        output_.note(output_.painted_note(asked ? "cancelling; waiting for the server to end the run"
                                                : "the server could not be asked to cancel the run",
                                          Colour::yellow));
    }

    void look() {
        next_look_ = Clock::now() + between_looks;
        if (output_.quiet || (!output_.bar && Clock::now() < next_line_))
            return;
        if (!watcher_)
            watcher_.emplace(server_.address(), ProgressQuestion(server_.backend(), server_.is_pooled()));
        else
            watcher_->ask();
        // No second connection, no right to read it: the run goes on all the same.
        if (output_.verbosity > 0 && !told_why_ && !watcher_->failure().empty()) {
            told_why_ = true;
            output_.note(fmt::format("no progress is shown: {}", watcher_->failure()));
        }
    }

    void show_progress() {
        const auto progress = watcher_ ? watcher_->take() : std::nullopt;
        if (!progress)
            return;
        if (output_.bar)
            bar_.draw(*progress);
        else if (Clock::now() >= next_line_ && (progress->migrations > 0 || progress->state == "queued")) {
            next_line_ = Clock::now() + between_lines;
            std::string line = progress_words(*progress);
            if (progress->percent)
                line += fmt::format("  {:.0f} %", *progress->percent);
            output_.note(line);
        }
    }

    void hear(const Notice &notice) {
        static const std::regex done(R"re(^migration "(.*)" is (applied|rolled back) \((\d+) of (\d+)\)$)re");
        static const std::regex statement(
            R"re(^migration "[^\n]*" \((?:up|down)\), statement (\d+) of (\d+): ([^]*)$)re");
        outcome_.notices.push_back(notice);
        bar_.clear();
        std::smatch match;
        if (std::regex_match(notice.message, match, done)) {
            outcome_.done.push_back({match[1].str(), match[2].str(), milliseconds_since(last_end_)});
            last_end_ = Clock::now();
            if (!output_.quiet && !output_.json)
                tell_of(outcome_.done.back(), match[3].str() + "/" + match[4].str());
            return;
        }
        if (notice.message == "nothing is pending" || notice.message == "nothing is to be rolled back")
            return; // the command says so itself
        if (std::regex_match(notice.message, match, statement)) {
            // The bar shows it; a log has it as the one sign of life of a long statement.
            if (!output_.bar || output_.verbosity > 0)
                output_.note(output_.painted_note(
                    fmt::format("  statement {} of {}: {}", match[1].str(), match[2].str(), match[3].str()),
                    Colour::faint));
            return;
        }
        context_.hear(notice);
    }

    void tell_of(const MigrationDone &one, const std::string &count) const {
        output_.line(fmt::format("{} {}  {}",
                                 output_.painted(fmt::format("{} {}", count, one.state), Colour::green),
                                 one.name, output_.painted(duration_text(one.milliseconds), Colour::faint)));
        std::fflush(stdout);
    }

    Context &context_;
    const Output &output_;
    Server &server_;
    CallOutcome &outcome_;
    ProgressBar bar_;
    InterruptWatch interrupts_;
    std::optional<ProgressWatcher> watcher_;
    bool told_why_ = false;
    Clock::time_point next_look_ = Clock::now() + before_first_look;
    Clock::time_point next_line_ = Clock::now() + between_lines;
    Clock::time_point last_end_ = Clock::now();
};

} // namespace

Result long_call(Context &context, const std::string &sql, const Parameters &parameters,
                 CallOutcome &outcome) {
    try {
        return LongCall(context, outcome).run(sql, parameters);
    } catch (const Failure &failure) {
        if (failure.code() != ExitCode::no_connection)
            throw;
        throw Failure(
            ExitCode::no_connection, failure.what(), "The connection was lost while migrations ran.",
            "What had been committed is there: \"turnstone status\" shows it. The next \"turnstone up\" goes "
            "on where this one stopped.");
    }
}

} // namespace turnstone::cli
