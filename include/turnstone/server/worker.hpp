// Errands for a background worker: something to be done in a transaction of its own, beside the session that
// asks for it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

struct Errand {
    const char *function; // exported by this library; must call do_errand()
    const char *title;    // as pg_stat_activity shows it
    Oid user;             // whose session the worker has; InvalidOid for the bootstrap superuser's
    std::vector<std::string> fields;
};

struct ErrandEnd {
    bool started = false;
    bool ended = false;                 // it, or the wait for its answer; otherwise it goes on by itself
    std::optional<std::int64_t> answer; // none where the worker ended with an error
};

enum class Until {
    its_end, // 5 seconds at most; not open to interrupts: the session is on its way out with an error already
    its_answer, // 10 seconds at most; the worker goes on by itself
};

// Starts the worker and waits.
ErrandEnd send_worker(const Errand &errand, Until until = Until::its_end);

// The worker's side, to be called inside entry(). Connects to the asking session's database and reads the
// fields; none where whoever asked has gone. The argument of the worker's main function is the handle of a
// shared memory segment.
class TakenErrand {
  public:
    explicit TakenErrand(Datum segment_handle);
    [[nodiscard]] bool asked() const noexcept { return bytes_ != nullptr; }
    [[nodiscard]] const std::vector<std::string> &fields() const noexcept { return fields_; }
    void answer(std::int64_t value) const;

  private:
    char *bytes_;
    std::vector<std::string> fields_;
};

// The same for work in one transaction: connects to the asking session's database and does the work
// in a transaction.
void do_errand(Datum segment_handle,
               const std::function<std::int64_t(const std::vector<std::string> &)> &work);

} // namespace turnstone::server
